// What computes a network, where and how exactly.
#pragma once

#include <string>

#include "ecg/core/settings.h"

namespace ecg::model {

// The engine that suits the device.
inline constexpr char kAutoEngine[] = "auto";

enum class Precision { kAuto, kFp32, kBf16, kInt8 };

struct ComputeConfig {
  std::string engine = kAutoEngine;  // see engines/networks.h
  std::string device = "auto";
  Precision precision = Precision::kAuto;
  int threads = 0;  // 0 = the processors that this process may use
};

void DescribeSettings(Settings& settings, const std::string& prefix, ComputeConfig& config);

}  // namespace ecg::model
