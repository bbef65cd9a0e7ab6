// Weights of any network, without LibTorch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ecg/model/network_layout.h"
#include "ecg/model/safetensors.h"

namespace ecg::test {

// Every weight follows from its place, and looks as if drawn at random; `change` may set some of a
// tensor.
inline std::string MakeWeights(
    const model::SeResNetConfig& config,
    const std::function<void(const std::string&, std::vector<float>&)>& change = nullptr) {
  const std::vector<model::TensorInfo> tensors = model::TensorsOf(model::LayOut(config));
  std::vector<std::string> bytes;
  for (const model::TensorInfo& tensor : tensors) {
    std::vector<float> values(tensor.Elements());
    const bool variance = tensor.name.find("running_var") != std::string::npos;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto place = static_cast<std::uint32_t>(i + 7919 * bytes.size());
      const float mixed = static_cast<float>(place * 2654435761U >> 8) / (1 << 24);  // in [0, 1)
      values[i] = variance ? 0.5F + mixed : mixed - 0.5F;
    }
    if (change) change(tensor.name, values);
    const auto* raw = reinterpret_cast<const char*>(values.data());
    bytes.emplace_back(raw, values.size() * sizeof(float));
    if (tensor.dtype == "I64") bytes.back().assign(8, '\0');
  }
  std::vector<model::TensorView> views;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    views.push_back({tensors[i].name, tensors[i].dtype, tensors[i].shape, bytes[i]});
  }
  return model::FormatSafetensors(views);
}

}  // namespace ecg::test
