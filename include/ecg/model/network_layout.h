// The layers of a network and their tensors, for whatever computes it: names, shapes and order are
// said here alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ecg/model/se_resnet_config.h"

namespace ecg::model {

// Padded by half its length on both sides.
struct ConvolutionLayer {
  std::string name;  // with those of what it lies in, as in "stage1.0.conv1"
  std::int64_t in = 0, out = 0;
  std::int64_t kernel = 1, stride = 1;
  bool bias = false;
};

// Batch normalisation of each channel.
struct NormLayer {
  std::string name;
  std::int64_t channels = 0;
};

struct LinearLayer {
  std::string name;
  std::int64_t in = 0, out = 0;
};

// See model/nn/state_space.h.
struct StateSpaceLayer {
  std::string name;
  std::int64_t channels = 0;
  std::int64_t pairs = 0;  // of conjugate states
};

// x -> relu(gate * norm2(conv2(relu(norm1(mix(x))))) + shortcut(x)); max-pooling first where it
// pools.
struct BlockLayout {
  bool pools = false;
  std::vector<ConvolutionLayer> mix;            // whose outputs stand side by side
  std::optional<StateSpaceLayer> mix_by_state;  // instead of them
  NormLayer norm1;
  ConvolutionLayer conv2;
  NormLayer norm2;
  LinearLayer squeeze, excite;               // of the gate
  std::optional<ConvolutionLayer> shortcut;  // where the shape changes; else x itself
  std::optional<NormLayer> shortcut_norm;
};

// From the features before the last stage: two convolutions, or one and a linear layer over all.
struct PeakBranchLayout {
  std::vector<ConvolutionLayer> convolutions;
  std::optional<LinearLayer> linear;
};

struct NetworkLayout {
  ConvolutionLayer stem;
  NormLayer stem_norm;
  bool stem_pools = false;
  std::vector<std::vector<BlockLayout>> stages;
  std::optional<PeakBranchLayout> peaks;
  LinearLayer head;
};

NetworkLayout LayOut(const SeResNetConfig& config);

struct TensorInfo {
  std::string name;
  std::string dtype;  // as safetensors has it: "F32" or "I64"
  std::vector<std::int64_t> shape;

  std::uint64_t Elements() const;
  bool operator==(const TensorInfo& other) const {
    return name == other.name && dtype == other.dtype && shape == other.shape;
  }
};

// In the order in which weights.safetensors holds them: what is learnt, then running statistics. A
// bundle may have F16 in the place of F32.
std::vector<TensorInfo> TensorsOf(const NetworkLayout& layout);

// Bytes of features that one window takes at once while its network is computed, and all that it
// makes, which are kept where gradients are wanted. Estimates, in single precision.
struct WindowCost {
  double at_once = 0;
  double all = 0;
};
WindowCost CostOfWindow(const SeResNetConfig& config);

// The numbers in all of them.
std::uint64_t CountElements(const NetworkLayout& layout);

}  // namespace ecg::model
