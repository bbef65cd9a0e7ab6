// Bytes that stand for a network: its kind in the first one, see NetworkKind, then as that says.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ecg/model/se_resnet_config.h"

namespace ecg::fuzz {

enum class NetworkKind {
  kBundle,   // model.json, a zero byte, weights.safetensors
  kWeights,  // settings, weights.safetensors
  kNumbers,  // settings, numbers that the weights get in turn
  kCount,
};

// As it stands in the first byte.
inline std::string TextOf(NetworkKind kind) {
  return std::string(1, static_cast<char>(static_cast<int>(kind)));
}

inline constexpr std::size_t kSettingBytes = 12;

// A small network, whatever the bytes; sound or not.
inline model::SeResNetConfig SettingsOf(std::string_view bytes) {
  std::array<unsigned, kSettingBytes> b{};
  for (std::size_t i = 0; i < kSettingBytes && i < bytes.size(); ++i) {
    b[i] = static_cast<unsigned char>(bytes[i]);
  }
  const auto upto = [&b](std::size_t i, unsigned most) {
    return static_cast<int>(b[i] % (most + 1));
  };
  model::SeResNetConfig config;
  config.in_channels = 1 + upto(0, 2);
  config.classes = 1 + upto(1, 2);
  config.samples = 1 + upto(2, 150);
  config.blocks.clear();
  for (unsigned rest = b[3]; config.blocks.size() < 3 && rest > 0; rest /= 6) {
    config.blocks.push_back(static_cast<int>(rest % 3));
  }
  config.width = 1 + upto(4, 6);
  config.stem_kernel = 1 + upto(5, 20);
  config.kernel = 1 + upto(6, 20);
  if (b[7] % 4 == 3) config.scales = {1 + upto(7, 40)};
  config.states = b[8] % 2 == 0 ? 0 : upto(8, 12);
  config.reduction = 1 + upto(9, 8);
  config.downsampling =
      b[10] % 2 == 0 ? model::Downsampling::kMaxPool : model::Downsampling::kStrided;
  config.lead_indicator = b[10] % 4 >= 2;
  config.peak_grid = static_cast<data::PeakGridKind>(b[11] % 3);
  return config;
}

}  // namespace ecg::fuzz
