// From probabilities to decisions: what a bundle says of it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/core/settings.h"
#include "ecg/dsp/measure/criteria.h"
#include "ecg/score/criterion_map.h"
#include "ecg/score/logit_map.h"

namespace ecg::model {

// Paper section 2.7. Each rule applies where its classes are among the model's.
struct PostProcessing {
  bool normal_if_none = true;    // no positive class -> sinus rhythm
  bool tinv_implies_tab = true;  // T wave inversion -> T wave abnormal
};

void DescribeSettings(Settings& settings, const std::string& prefix, PostProcessing& config);

// A textbook criterion beside the network's probability of a class; kNone adds nothing.
struct ClassCriterion {
  dsp::Criterion criterion = dsp::Criterion::kNone;
  score::CriterionMap map;

  bool operator==(const ClassCriterion& other) const {
    return criterion == other.criterion && map == other.map;
  }
};

// In this order: calibration, criteria, thresholds, post-processing.
struct Decision {
  std::vector<double> thresholds;            // one a class: positive from there on
  std::vector<score::LogitMap> calibration;  // one a class; empty: probabilities stay as they are
  PostProcessing post_processing;
  std::vector<ClassCriterion> criteria;  // one a class; empty: none
};

// A calibration as a list of [slope, offset]. Reading: false where `json` is none of `classes`
// maps.
Json CalibrationToJson(const std::vector<score::LogitMap>& calibration);
bool ReadCalibration(const Json& json, std::size_t classes,
                     std::vector<score::LogitMap>& calibration);

// Criteria as a list of [name, slope, offset, below, above], or null where a class has none.
// Reading: false where `json` is none of `classes` criteria.
Json CriteriaToJson(const std::vector<ClassCriterion>& criteria);
bool ReadCriteria(const Json& json, std::size_t classes, std::vector<ClassCriterion>& criteria);

}  // namespace ecg::model
