// A network with its weights, ready to be computed; never changes, so threads share it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/model/model_info.h"
#include "src/onednn/convolution.h"
#include "src/runtime/number.h"
#include "src/runtime/state_space.h"
#include "src/runtime/weights.h"

namespace ecg::runtime {

// Normalisations are folded into what stands before them.
struct Block {
  std::size_t rows_in = 0, channels_in = 0;
  bool pools = false;
  // What the convolutions see is bytes, and a 1 of them stands for this.
  std::optional<onednn::ByteScales> bytes;
  std::vector<onednn::Convolution> mix;    // with relu; whose channels stand side by side
  std::optional<StateSpace> mix_by_state;  // instead of them
  std::optional<onednn::Convolution> conv2;
  LinearWeights squeeze, excite;
  std::optional<onednn::Convolution> shortcut;

  std::size_t rows_mixed() const { return pools ? (rows_in + 1) / 2 : rows_in; }
};

struct PeakBranch {
  std::vector<onednn::Convolution> convolutions;
  std::optional<LinearWeights> linear;

  std::size_t size() const {  // of what it finds in a window
    const onednn::ConvolutionShape& last = convolutions.back().shape();
    return linear ? linear->out : last.rows_out() * last.out;
  }
};

struct Net {
  Number number = Number::kFp32;  // of features, and of what convolutions see but in `bytes`
  std::size_t weights = 0;
  std::size_t channels = 0, samples = 0;
  std::optional<onednn::Convolution> stem;
  bool stem_pools = false;
  std::vector<std::vector<Block>> stages;
  std::optional<PeakBranch> peaks;
  std::size_t rows_out = 0, channels_out = 0;  // of the last stage
  bool lead_indicator = false;
  LinearWeights head;

  // Windows that are best computed together: the last stages of short windows have so few rows that
  // fetching the weights takes longer than using them.
  std::size_t WindowsTogether() const;

  // `weights` are the bytes of a safetensors file, `file` is named in errors. An error names what
  // does not fit; nothing is allocated that the weights' size does not
  // warrant.
  // With `ranges`, of each residual block, their convolutions are computed in bytes; weights must
  // then be finite, and the processor one that can (LargestByteWeight).
  static Result<Net> Make(const model::SeResNetConfig& config, std::string_view weights,
                          const std::string& file, Number number,
                          const std::vector<model::ActivationRange>& ranges = {});
};

}  // namespace ecg::runtime
