// The choice of precision, without LibTorch.
#pragma once

#include <string>

#include "ecg/core/settings.h"

namespace ecg::nn {

enum class Precision { kAuto, kFp32, kBf16 };

struct DeviceConfig {
  std::string device = "auto";
  Precision precision = Precision::kAuto;
  int threads = 0;  // 0 = the processors that this process may use
};

void DescribeSettings(Settings& settings, const std::string& prefix, DeviceConfig& config);

}  // namespace ecg::nn
