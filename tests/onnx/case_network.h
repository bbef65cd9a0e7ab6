// Networks and windows that tests compute with: weights as training might leave them, so that
// answers are spread over (0, 1).
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ecg/model/bundle.h"
#include "tests/runtime/made_weights.h"

namespace ecg::onnx::test {

inline bool EndsWith(const std::string& name, const std::string& end) {
  return name.size() >= end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
}

inline model::Bundle MakeNetwork(const model::SeResNetConfig& config) {
  std::map<std::string, std::vector<std::int64_t>> shapes;
  for (const model::TensorInfo& tensor : model::TensorsOf(model::LayOut(config))) {
    shapes[tensor.name] = tensor.shape;
  }
  const auto change = [&shapes](const std::string& name, std::vector<float>& values) {
    float scale = 0.4F, offset = 0;  // of numbers in [-0.5, 0.5)
    const std::vector<std::int64_t>& shape = shapes.at(name);
    if (EndsWith(name, ".weight") && shape.size() > 1) {  // variances of 2 / inputs
      std::int64_t inputs = 1;
      for (std::size_t d = 1; d < shape.size(); ++d) inputs *= shape[d];
      scale = std::sqrt(24.0F / static_cast<float>(inputs));
    } else if (EndsWith(name, ".weight")) {
      offset = 1;
    } else if (EndsWith(name, ".running_var")) {
      scale = 1;
    } else if (EndsWith(name, ".log_step")) {
      scale = 2, offset = -4;
    } else if (EndsWith(name, ".log_decay")) {
      scale = 2;
    } else if (EndsWith(name, ".frequency")) {
      scale = 20;
    }
    for (float& value : values) value = scale * value + offset;
  };
  model::Bundle bundle;
  bundle.info.architecture = config;
  bundle.weights = ecg::test::MakeWeights(config, change);
  bundle.path = "w";
  return bundle;
}

// float [windows][channels][samples]; the last window lacks its first channel.
inline std::vector<float> MakeWindows(const model::SeResNetConfig& config, std::size_t windows) {
  const auto channels = static_cast<std::size_t>(config.in_channels);
  const auto samples = static_cast<std::size_t>(config.samples);
  std::vector<float> signal(windows * channels * samples);
  for (std::size_t i = 0; i < signal.size(); ++i) {
    const bool missing = i / samples == (windows - 1) * channels;
    const auto mixed = static_cast<std::uint32_t>(i) * 2246822519U >> 8;
    const float noise = static_cast<float>(mixed) / (1 << 24) - 0.5F;
    const float wave = std::sin(0.05F * static_cast<float>(i % samples + 37 * (i / samples)));
    signal[i] = missing ? 0.0F : wave + noise;
  }
  return signal;
}

}  // namespace ecg::onnx::test
