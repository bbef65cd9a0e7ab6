// From probabilities to decisions: what a bundle says of it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/core/settings.h"
#include "ecg/score/logit_map.h"

namespace ecg::model {

// Paper section 2.7. Each rule applies where its classes are among the model's.
struct PostProcessing {
  bool normal_if_none = true;    // no positive class -> sinus rhythm
  bool tinv_implies_tab = true;  // T wave inversion -> T wave abnormal
};

void DescribeSettings(Settings& settings, const std::string& prefix, PostProcessing& config);

struct Decision {
  std::vector<double> thresholds;  // one a class: positive from there on, after the calibration
  std::vector<score::LogitMap> calibration;  // one a class; empty: probabilities stay as they are
  PostProcessing post_processing;
};

// A calibration as a list of [slope, offset]. Reading: false where `json` is none of `classes`
// maps.
Json CalibrationToJson(const std::vector<score::LogitMap>& calibration);
bool ReadCalibration(const Json& json, std::size_t classes,
                     std::vector<score::LogitMap>& calibration);

}  // namespace ecg::model
