#include "ecg/infer/model_info.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace ecg::infer {
namespace {

constexpr std::size_t kMaxClasses = 1000;

std::optional<std::size_t> Find(const std::vector<challenge::DiagnosisClass>& classes,
                                const char* abbreviation) {
  for (std::size_t k = 0; k < classes.size(); ++k) {
    if (classes[k].abbreviation == abbreviation) return k;
  }
  return std::nullopt;
}

// The parts of a model that are settings; they share their names with the training configuration.
Settings DescribeParts(ModelInfo& info) {
  Settings settings;
  nn::DescribeSettings(settings, "architecture.", info.architecture);
  data::DescribeSettings(settings, "preprocess.", info.preprocess);
  DescribeSettings(settings, "window.", info.window);
  DescribeSettings(settings, "post_processing.", info.post_processing);
  settings.Add("peak_threshold", info.peak_threshold,
               "Confidence from which the network's peaks count.", {0, 1});
  settings.Add("lead_sets", info.lead_sets, "Lead sets that the model was trained on.");
  return settings;
}

bool ReadClasses(const Json& json, std::vector<challenge::DiagnosisClass>& classes) {
  if (!json.is_array() || json.empty() || json.size() > kMaxClasses) return false;
  for (const Json& item : json) {
    if (!item.is_object() || !item.contains("abbreviation") || !item.contains("codes"))
      return false;
    try {
      classes.push_back({item["abbreviation"].get<std::string>(), item.value("name", ""),
                         item["codes"].get<std::vector<std::string>>()});
    } catch (const Json::exception&) {
      return false;
    }
    if (classes.back().codes.empty()) return false;
  }
  return true;
}

}  // namespace

void DescribeSettings(Settings& settings, const std::string& prefix, WindowConfig& config) {
  settings.Add(prefix + "samples", config.samples,
               "Samples that the network sees at a time, at preprocess.sampling_rate.",
               {64, 1000000});
  settings.Add(prefix + "overlap", config.overlap,
               "Share of a window that the next one covers again, in prediction.", {0, 0.95});
  settings.Add(prefix + "aggregation", config.aggregation,
               "How the probabilities of a long record's windows become one: their mean or max.",
               {{"mean", Aggregation::kMean}, {"max", Aggregation::kMax}});
}

void DescribeSettings(Settings& settings, const std::string& prefix, PostProcessing& config) {
  settings.Add(prefix + "normal_if_none", config.normal_if_none,
               "Sinus rhythm where no class is positive.");
  settings.Add(prefix + "tinv_implies_tab", config.tinv_implies_tab,
               "T wave abnormal wherever T wave inversion is positive.");
}

Json ModelInfo::ToJson() const {
  ModelInfo copy = *this;
  Json json = {{"format", kBundleFormat}};
  json.update(DescribeParts(copy).ToJson());
  json["classes"] = Json::array();
  for (std::size_t k = 0; k < classes.size(); ++k) {
    json["classes"].push_back({{"abbreviation", classes[k].abbreviation},
                               {"name", classes[k].name},
                               {"codes", classes[k].codes}});
  }
  json["thresholds"] = thresholds;
  json["provenance"] = provenance;
  return json;
}

Result<ModelInfo> ModelInfo::FromJson(const JsonDocument& document) {
  const std::string& file = document.file;
  const auto fail = [&](const std::string& field, const std::string& message) {
    return InputError(message, file, document.LineOf(field), field);
  };
  if (!document.root.is_object()) return fail("", "is no model description");
  if (document.root.value("format", Json()) != kBundleFormat) {
    return fail("format", "must be " + std::to_string(kBundleFormat) +
                              "; written by another version of this program?");
  }
  ModelInfo info;
  if (!ReadClasses(document.root.value("classes", Json()), info.classes)) {
    return fail("classes", "must be a list of objects with abbreviation, name and codes");
  }
  const Json thresholds = document.root.value("thresholds", Json());
  if (!thresholds.is_array() || thresholds.size() != info.classes.size() ||
      !std::all_of(thresholds.begin(), thresholds.end(),
                   [](const Json& value) { return value.is_number(); })) {
    return fail("thresholds", "must be one number a class");
  }
  info.thresholds = thresholds.get<std::vector<double>>();
  info.provenance = document.root.value("provenance", Json::object());

  JsonDocument settings = document;
  for (const char* key : {"format", "classes", "thresholds", "provenance", "weights"}) {
    settings.root.erase(key);
  }
  if (Status status = DescribeParts(info).Apply(settings); !status.ok()) {
    Error error = status.error();
    error.kind = ErrorKind::kInput;
    return error;
  }
  info.CompleteArchitecture();
  return info;
}

void ModelInfo::CompleteArchitecture() {
  architecture.in_channels = static_cast<std::int64_t>(preprocess.leads.size());
  architecture.classes = static_cast<std::int64_t>(classes.size());
  architecture.samples = window.samples;
}

void PostProcess(std::uint8_t* decisions, const std::vector<challenge::DiagnosisClass>& classes,
                 const PostProcessing& config) {
  if (config.normal_if_none && std::count(decisions, decisions + classes.size(), 1) == 0) {
    if (const auto normal = Find(classes, "NSR")) decisions[*normal] = 1;
  }
  if (config.tinv_implies_tab) {
    const auto inverted = Find(classes, "TInv");
    const auto abnormal = Find(classes, "TAb");
    if (inverted && abnormal && decisions[*inverted]) decisions[*abnormal] = 1;
  }
}

std::vector<std::uint8_t> Decide(const float* probabilities, const ModelInfo& info) {
  std::vector<std::uint8_t> decisions(info.classes.size());
  for (std::size_t k = 0; k < decisions.size(); ++k) {
    decisions[k] = static_cast<double>(probabilities[k]) >= info.thresholds[k] ? 1 : 0;
  }
  PostProcess(decisions.data(), info.classes, info.post_processing);
  return decisions;
}

}  // namespace ecg::infer
