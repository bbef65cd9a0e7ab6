// What a model bundle says of itself: all that is needed to use the weights rightly.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/core/settings.h"
#include "ecg/data/prepare/preprocess.h"
#include "ecg/model/decision.h"
#include "ecg/model/measurement_scores.h"
#include "ecg/model/se_resnet_config.h"
#include "ecg/model/task.h"

namespace ecg::model {

// The newest format; every older one is read too. 1: without task and checksum; 2: without
// calibration; 3: without criteria; 4: without scales and lead indicator; 5: without states; 6:
// with criteria of the prepared signal; 7: without operating points and definitions; 8: without
// rewards; 9: without ranges; 10: without scores. The oldest that says all is written, so that
// earlier readers refuse only what they would misread.
inline constexpr int kBundleFormat = 11;
inline constexpr int kFormatWithoutScores = 10;
inline constexpr int kFormatWithoutRanges = 9;
inline constexpr int kFormatWithoutRewards = 8;
inline constexpr int kFormatWithoutPoints = 7;
inline constexpr int kFormatWithoutRecordCriteria = 6;
inline constexpr int kFormatWithoutStates = 5;
inline constexpr int kFormatWithoutScales = 4;
inline constexpr int kFormatWithoutCriteria = 3;
inline constexpr int kFormatWithoutCalibration = 2;

// How the probabilities of a record's windows become the record's.
enum class Aggregation { kMean, kMax };

struct WindowConfig {
  int samples = 4992;    // at the network's rate (paper section 2.2)
  double overlap = 0.5;  // of neighbouring windows in prediction
  Aggregation aggregation = Aggregation::kMean;
};

void DescribeSettings(Settings& settings, const std::string& prefix, WindowConfig& config);

// How large the features get that the convolutions of a residual block see, its first ones and its
// second one; what is larger counts as that where they are computed in bytes (Jacob et al.,
// doi:10.1109/CVPR.2018.00286).
struct ActivationRange {
  float first = 0, second = 0;
};

struct ModelInfo : OperatingPoints {
  Task task;
  SeResNetConfig architecture;
  data::PreprocessConfig preprocess;
  WindowConfig window;
  std::vector<ActivationRange> ranges;  // [residual blocks]; empty: it was not quantised
  std::vector<LeadScores> scores;       // of what is measured, for criteria; may be empty
  double peak_threshold = 0.5;          // confidence from which a slot of the grid holds a peak
  std::vector<std::string> lead_sets;   // that it was trained on
  Json provenance = Json::object();     // how it was trained, with its validation scores

  // The sizes of the network that follow from other parts: channels, classes, samples.
  void CompleteArchitecture();

  // Whether the parts fit each other; the error's field is the dotted name in model.json.
  Status Validate() const;

  Json ToJson() const;
  // Reads any format up to kBundleFormat; what comes back is valid.
  static Result<ModelInfo> FromJson(const JsonDocument& document);
};

}  // namespace ecg::model
