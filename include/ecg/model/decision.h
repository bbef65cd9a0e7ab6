// From probabilities to decisions: what a bundle says of it.
#pragma once

#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/core/settings.h"

namespace ecg::model {

// Paper section 2.7. Each rule applies where its classes are among the model's.
struct PostProcessing {
  bool normal_if_none = true;    // no positive class -> sinus rhythm
  bool tinv_implies_tab = true;  // T wave inversion -> T wave abnormal
};

void DescribeSettings(Settings& settings, const std::string& prefix, PostProcessing& config);

struct Decision {
  std::vector<double> thresholds;  // one a class: positive from there on
  PostProcessing post_processing;
};

}  // namespace ecg::model
