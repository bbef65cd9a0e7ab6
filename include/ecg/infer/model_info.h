// What a model bundle says of itself: all that is needed to use the weights rightly.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/core/settings.h"
#include "ecg/data/preprocess.h"
#include "ecg/nn/se_resnet_config.h"

namespace ecg::infer {

inline constexpr int kBundleFormat = 1;

// How the probabilities of a record's windows become the record's.
enum class Aggregation { kMean, kMax };

struct WindowConfig {
  int samples = 4992;    // at the network's rate (paper section 2.2)
  double overlap = 0.5;  // of neighbouring windows in prediction
  Aggregation aggregation = Aggregation::kMean;
};

void DescribeSettings(Settings& settings, const std::string& prefix, WindowConfig& config);

// Paper section 2.7.
struct PostProcessing {
  bool normal_if_none = true;  // no positive class -> sinus rhythm
  bool tinv_implies_tab = true;
};

void DescribeSettings(Settings& settings, const std::string& prefix, PostProcessing& config);

struct ModelInfo {
  // The sizes of the network that follow from other parts: channels, classes, samples.
  void CompleteArchitecture();

  nn::SeResNetConfig architecture;
  std::vector<challenge::DiagnosisClass> classes;
  data::PreprocessConfig preprocess;
  WindowConfig window;
  std::vector<double> thresholds;  // one a class: positive from there on
  PostProcessing post_processing;
  double peak_threshold = 0.5;         // confidence from which a slot of the grid holds a peak
  std::vector<std::string> lead_sets;  // that it was trained on
  Json provenance = Json::object();    // how it was trained, with its validation scores

  Json ToJson() const;
  static Result<ModelInfo> FromJson(const JsonDocument& document);
};

// The classes' decisions, uint8, from their probabilities: thresholds, then post-processing.
std::vector<std::uint8_t> Decide(const float* probabilities, const ModelInfo& info);

// Post-processing alone, in place on uint8 [classes].
void PostProcess(std::uint8_t* decisions, const std::vector<challenge::DiagnosisClass>& classes,
                 const PostProcessing& config);

}  // namespace ecg::infer
