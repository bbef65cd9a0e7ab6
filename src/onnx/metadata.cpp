#include "src/onnx/metadata.h"

#include <vector>

#include "ecg/core/json.h"
#include "ecg/core/text.h"

namespace ecg::onnx {
namespace {

// Says how and on what a model was trained, at length: that stays with the bundle, which the
// checksum names.
constexpr char kProvenance[] = "provenance";

std::string Number(double value) { return FormatDouble(value); }

// What is taken off a lead, as the last word before resampling.
std::string Baseline(const data::PreprocessConfig& config) {
  if (config.highpass_hz > 0) {
    return "A Butterworth high-pass of order 2 at " + Number(config.highpass_hz) +
           " Hz is run over the lead, forwards and backwards. ";
  }
  return config.remove_mean ? "That mean is then taken off the lead. " : "";
}

std::string PatientChannels(const std::vector<std::string>& channels) {
  std::string text;
  for (const std::string& name : channels) {
    if (name == data::kAgeChannel) text += "Channel age: (years - 60) / 20 in every sample. ";
    if (name == data::kSexChannel) text += "Channel sex: 1 (female) or -1 in every sample. ";
  }
  return text.empty() ? text : text + "Zero where these are not known. ";
}

}  // namespace

std::string DescribeInput(const model::ModelInfo& info) {
  const data::PreprocessConfig& config = info.preprocess;
  const std::string rate = Number(config.sampling_rate) + " Hz";
  const std::string samples = std::to_string(info.window.samples);
  return "Windows of a recording: float [batch][" + std::to_string(config.leads.size()) + "][" +
         samples + "], " + samples + " samples at " + rate + " of the channels " +
         Join(config.leads, ", ") + ", " + Number(config.units_per_mv) +
         " to a mV. Each lead of the whole recording by itself, in mV: samples that are missing "
         "take the mean of the others. " +
         Baseline(config) + "Where its rate is not " + rate +
         ", it is resampled as scipy.signal.resample_poly(padtype=\"line\") does. Values beyond " +
         Number(config.limit_mv) + " mV of either sign become that, and all are multiplied by " +
         Number(config.units_per_mv) +
         ". Limb leads follow from two others (III = II - I) where they are not recorded; any "
         "other "
         "lead that is not there is zero. " +
         PatientChannels(config.leads) + "Windows begin at sample 0 and each further one " +
         Number(100 * (1 - info.window.overlap)) +
         " % of a window after the one before it, the last one so that it ends with the recording, "
         "unless 5 % of a window or less is left; where the recording is shorter, zeros follow it.";
}

std::string DescribeOutput(const model::ModelInfo& info) {
  const bool mean = info.window.aggregation == model::Aggregation::kMean;
  std::string text = std::string(
                         "Probabilities of the classes in ecg.classes, in that order, for "
                         "each window; the recording's are the ") +
                     (mean ? "means" : "largest") + " over its windows. ";
  if (!info.decision.calibration.empty()) {
    text += "ecg.calibration then turns the logit of each into slope * logit + offset. ";
  }
  if (!info.decision.criteria.empty()) {
    text += "ecg.record_criteria or ecg.criteria add what is measured in the recording";
    text += info.scores.empty() ? ". "
                                : ", what is called measurements there by the regressions in "
                                  "ecg.measurement_scores. ";
  }
  text += "A class is found where its probability is at least its number in ecg.thresholds. ";
  if (!info.decision.definitions.empty()) {
    text += "ecg.definitions then decide by what is measured in the recording. ";
  }
  const model::PostProcessing& last = info.decision.post_processing;
  if (last.normal_if_none) text += "Then sinus rhythm is found where no class is found. ";
  if (last.tinv_implies_tab) text += "T wave abnormal is found with T wave inversion. ";
  return text + "None of this is in the network.";
}

std::map<std::string, std::string> MetadataOf(const model::Bundle& bundle,
                                              const model::EnsembleInfo* ensemble) {
  std::map<std::string, std::string> properties = {{"ecg.input", DescribeInput(bundle.info)},
                                                   {"ecg.output", DescribeOutput(bundle.info)},
                                                   {"ecg.checksum", bundle.checksum}};
  const Json description = bundle.info.ToJson();
  for (const auto& [key, value] : description.items()) {
    if (key != kProvenance) properties["ecg." + key] = DumpJsonLine(value);
  }
  if (ensemble != nullptr) {
    Json whole = ensemble->ToJson();
    whole.erase(kProvenance);
    properties["ecg.ensemble"] = DumpJsonLine(whole);
  }
  return properties;
}

}  // namespace ecg::onnx
