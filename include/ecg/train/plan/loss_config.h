// Which loss is trained with, without LibTorch.
#pragma once

#include <string>

#include "ecg/core/settings.h"

namespace ecg::train {

enum class LossKind {
  kAsymmetric,          // Ben-Baruch et al. 2020 (arXiv:2009.14119), paper equation (1)
  kBinaryCrossEntropy,  // paper Table 2, "CE"
  kSign,                // the sign loss that the paper's abstract names
};

struct LossConfig {
  LossKind kind = LossKind::kAsymmetric;
  double gamma_positive = 1;  // lambda+ in the paper
  double gamma_negative = 4;  // lambda-
  double margin = 0.05;       // m
  bool masked = true;
  double label_smoothing = 0;  // labels are moved so far towards 1/2
  double metric_weight = 0;    // of the soft challenge metric, beside the rest
};

void DescribeSettings(Settings& settings, const std::string& prefix, LossConfig& config);

// Paper section 2.4.
struct PeakLossConfig {
  double coordinate_weight = 5;  // lambda_coord in equation (2)
  double empty_weight = 0.2;     // lambda_noobj
  double weight = 0.1;           // alpha in equation (3)
};

void DescribeSettings(Settings& settings, const std::string& prefix, PeakLossConfig& config);

}  // namespace ecg::train
