#include "ecg/model/model_info.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

#include "ecg/challenge/class_table.h"
#include "ecg/data/prepare/window.h"

namespace ecg::model {
namespace {

using challenge::DiagnosisClass;

using challenge::kMaxClasses;

constexpr char kRewards[] = "rewards";
constexpr char kRanges[] = "activation_ranges";
constexpr char kScores[] = "measurement_scores";
constexpr double kLargestReward = 1e6;
constexpr double kLargestRange = 1e30;

// The parts of a model that are settings; they share their names with the training configuration.
Settings DescribeParts(ModelInfo& info, TaskConfig& task) {
  Settings settings;
  DescribeSettings(settings, "task.", task);
  DescribeSettings(settings, "architecture.", info.architecture);
  data::DescribeSettings(settings, "preprocess.", info.preprocess);
  DescribeSettings(settings, "window.", info.window);
  DescribeSettings(settings, "post_processing.", info.decision.post_processing);
  settings.Add("peak_threshold", info.peak_threshold,
               "Confidence from which the network's peaks count.", {0, 1});
  settings.Add("lead_sets", info.lead_sets, "Lead sets that the model was trained on.");
  return settings;
}

// Text that stands in a line of a prediction, as codes do, or of what is told.
bool IsText(const Json& json) {
  if (!json.is_string()) return false;
  const std::string& text = json.get_ref<const std::string&>();
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

bool IsText(const Json& object, const char* key) {
  return object.contains(key) && IsText(object[key]);
}

bool ReadClass(const Json& item, DiagnosisClass& entry) {
  if (!item.is_object() || !IsText(item, "abbreviation") || !IsText(item, "name")) return false;
  if (!item.contains("codes") || !item["codes"].is_array() || item["codes"].empty() ||
      item["codes"].size() > challenge::kMaxCodesOfClass || item.size() != 3) {
    return false;
  }
  entry.abbreviation = item["abbreviation"].get<std::string>();
  entry.name = item["name"].get<std::string>();
  for (const Json& code : item["codes"]) {
    if (!IsText(code)) return false;
    entry.codes.push_back(code.get<std::string>());
    if (entry.codes.back().find(',') != std::string::npos) return false;
  }
  return !entry.abbreviation.empty();
}

bool ReadClasses(const Json& json, std::vector<DiagnosisClass>& classes) {
  if (!json.is_array() || json.empty() || json.size() > kMaxClasses) return false;
  std::set<std::string> names;
  const auto is_new = [&](const std::string& name) { return names.insert(name).second; };
  for (const Json& item : json) {
    if (!ReadClass(item, classes.emplace_back())) return false;
    const DiagnosisClass& entry = classes.back();
    if (!is_new("class " + entry.abbreviation)) return false;
    for (const std::string& code : entry.codes) {
      if (!is_new("code " + code)) return false;
    }
  }
  return true;
}

// A row a class, where they do not follow from the classes.
Json RewardsToJson(const challenge::ClassSet& set) {
  Json rows = Json::array();
  for (std::size_t label = 0; label < set.size(); ++label) {
    Json row = Json::array();
    for (std::size_t output = 0; output < set.size(); ++output) {
      row.push_back(set.Reward(label, output));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

// False where `json` is no symmetric matrix with a diagonal of ones.
bool ReadRewards(const Json& json, std::size_t classes, std::vector<double>& rewards) {
  if (!json.is_array() || json.size() != classes) return false;
  for (const Json& row : json) {
    if (!row.is_array() || row.size() != classes) return false;
    for (const Json& value : row) {
      if (!value.is_number()) return false;
      rewards.push_back(value.get<double>());
      if (!(std::abs(rewards.back()) <= kLargestReward)) return false;
    }
  }
  for (std::size_t a = 0; a < classes; ++a) {
    if (rewards[a * classes + a] != 1) return false;
    for (std::size_t b = 0; b < a; ++b) {
      const double difference = rewards[a * classes + b] - rewards[b * classes + a];
      if (std::abs(difference) > challenge::kRewardTolerance) return false;
    }
  }
  return true;
}

// A pair a block.
Json RangesToJson(const std::vector<ActivationRange>& ranges) {
  Json rows = Json::array();
  for (const ActivationRange& range : ranges) rows.push_back({range.first, range.second});
  return rows;
}

bool ReadRanges(const Json& json, std::vector<ActivationRange>& ranges) {
  if (!json.is_array() || json.empty()) return false;
  const auto is_size = [](const Json& value) {
    return value.is_number() && value.get<double>() >= 1 / kLargestRange &&
           value.get<double>() <= kLargestRange;
  };
  for (const Json& row : json) {
    if (!row.is_array() || row.size() != 2 || !is_size(row[0]) || !is_size(row[1])) return false;
    ranges.push_back({row[0].get<float>(), row[1].get<float>()});
  }
  return true;
}

std::size_t BlocksOf(const SeResNetConfig& config) {
  return static_cast<std::size_t>(std::accumulate(config.blocks.begin(), config.blocks.end(), 0));
}

bool HasStates(const SeResNetConfig& config) { return config.states > 0; }

bool IsPlain(const SeResNetConfig& config) {
  return config.scales.empty() && !config.lead_indicator && !HasStates(config);
}

int FormatOf(const ModelInfo& info) {
  const Decision& decision = info.decision;
  if (!info.scores.empty()) return kBundleFormat;
  if (!info.ranges.empty()) return kFormatWithoutScores;
  if (info.task.HasOwnRewards()) return kFormatWithoutRanges;
  if (!info.ArePlain()) return kFormatWithoutRewards;
  if (!decision.criteria.empty() && decision.measured == MeasuredSignal::kRecord) {
    return kFormatWithoutPoints;
  }
  if (HasStates(info.architecture)) return kFormatWithoutRecordCriteria;
  if (!IsPlain(info.architecture)) return kFormatWithoutStates;
  if (!decision.criteria.empty()) return kFormatWithoutScales;
  return decision.calibration.empty() ? kFormatWithoutCalibration : kFormatWithoutCriteria;
}

const Json& Member(const Json& object, const char* key) {
  static const Json missing;
  const auto found = object.find(key);
  return found == object.end() ? missing : *found;
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

void ModelInfo::CompleteArchitecture() {
  architecture.in_channels = static_cast<std::int64_t>(preprocess.leads.size());
  architecture.classes = static_cast<std::int64_t>(task.size());
  architecture.samples = window.samples;
}

Status ModelInfo::Validate() const {
  const auto fail = [](const char* field, const std::string& message) -> Status {
    return UsageError(message, {}, 0, field);
  };
  ModelInfo copy = *this;
  TaskConfig task_config = task.config();
  if (Status status = DescribeParts(copy, task_config).Check(); !status.ok()) return status;
  if (Status status = task_config.Validate(); !status.ok()) return InField(status, "task.");
  if (Status status = preprocess.Validate(); !status.ok()) return InField(status, "preprocess.");
  if (Status status = architecture.Validate(); !status.ok()) {
    return InField(status, "architecture.");
  }
  if (Status status = ValidatePoints(task.size()); !status.ok()) return status;
  if (!ranges.empty() && ranges.size() != BlocksOf(architecture)) {
    return fail(kRanges, "must be one pair a residual block");
  }
  if (!ranges.empty() && HasStates(architecture)) {
    return fail(kRanges, "are of no use to a network with state-space layers");
  }
  for (const std::string& lead_set : lead_sets) {
    const auto channels = data::ChannelsOfLeadSet(lead_set, preprocess.leads);
    if (!channels.ok()) return fail("lead_sets", channels.error().message);
  }
  return {};
}

Json ModelInfo::ToJson() const {
  ModelInfo copy = *this;
  TaskConfig task_config = task.config();
  Json json = {{"format", FormatOf(*this)}};
  json.update(DescribeParts(copy, task_config).ToJson());
  if (!HasStates(architecture)) json["architecture"].erase("states");
  if (IsPlain(architecture)) {
    for (const char* key : {"scales", "lead_indicator"}) json["architecture"].erase(key);
  }
  json["classes"] = Json::array();
  for (const DiagnosisClass& entry : task.classes()) {
    json["classes"].push_back(
        {{"abbreviation", entry.abbreviation}, {"name", entry.name}, {"codes", entry.codes}});
  }
  if (task.HasOwnRewards()) json[kRewards] = RewardsToJson(task.class_set());
  json["thresholds"] = decision.thresholds;
  if (!decision.calibration.empty()) json["calibration"] = CalibrationToJson(decision.calibration);
  if (!decision.criteria.empty()) {
    json[CriteriaKey(decision.measured)] = CriteriaToJson(decision.criteria);
  }
  if (!ranges.empty()) json[kRanges] = RangesToJson(ranges);
  if (!scores.empty()) json[kScores] = ScoresToJson(scores);
  PointsToJson(*this, json);
  json["provenance"] = provenance;
  return json;
}

Result<ModelInfo> ModelInfo::FromJson(const JsonDocument& document) {
  const std::string& file = document.file;
  const auto fail = [&](const std::string& field, const std::string& message) {
    return InputError(message, file, document.LineOf(field), field);
  };
  // The same text that a wrong setting gets, but it is the file that is wrong, not the user.
  const auto foreign = [&](Error error) {
    error.kind = ErrorKind::kInput;
    error.file = file;
    if (error.line == 0) error.line = document.LineOf(error.field);
    return error;
  };
  const Json& root = document.root;
  if (!root.is_object()) return fail("", "is no model description");
  const Json& format = Member(root, "format");
  if (!format.is_number_integer() || format < 1 || format > kBundleFormat) {
    return fail("format", "must be 1 to " + std::to_string(kBundleFormat) +
                              "; written by a later version of this program?");
  }
  std::vector<DiagnosisClass> classes;
  if (!ReadClasses(Member(root, "classes"), classes)) {
    return fail("classes",
                "must be a list of objects with abbreviation, name and codes, none of them twice, "
                "without control characters and, in codes, commas");
  }
  std::vector<double> rewards;
  if (root.contains(kRewards) && !ReadRewards(root[kRewards], classes.size(), rewards)) {
    return fail(kRewards, "must be a symmetric matrix, a row a class, with ones in its diagonal");
  }
  ModelInfo info;
  if (!ReadThresholds(Member(root, "thresholds"), classes.size(), info.decision.thresholds)) {
    return fail("thresholds", "must be one number a class");
  }
  if (root.contains("calibration") &&
      !ReadCalibration(root["calibration"], classes.size(), info.decision.calibration)) {
    return fail("calibration", "must be a slope above 0 and an offset for each class");
  }
  if (const auto measured = FindCriteria(root)) {
    info.decision.measured = *measured;
    const char* key = CriteriaKey(*measured);
    if (!ReadCriteria(root[key], classes.size(), info.decision.criteria)) {
      return fail(key, "must be null or a criterion's name and four numbers for each class");
    }
  }
  if (root.contains(kRanges) && !ReadRanges(root[kRanges], info.ranges)) {
    return fail(kRanges, "must be two numbers from 1e-30 to 1e30 for each residual block");
  }
  if (root.contains(kScores) && !ReadScores(root[kScores], classes.size(), info.scores)) {
    return fail(kScores,
                "must be a short list with leads, centre, scale and weights, of each class null or "
                "four numbers a value and one");
  }
  info.provenance = Member(root, "provenance");
  JsonDocument settings = document;
  for (const char* key : kPointKeys) settings.root.erase(key);
  for (const char* key :
       {"format", "classes", kRewards, kRanges, kScores, "thresholds", "calibration",
        kPreparedCriteriaKey, kRecordCriteriaKey, "provenance", "weights", "checksum"}) {
    settings.root.erase(key);
  }
  TaskConfig task;
  if (Status status = DescribeParts(info, task).Apply(settings); !status.ok()) {
    return foreign(status.error());
  }
  // After the settings: other points inherit the post-processing that these say.
  if (Status status = ReadPoints(root, classes.size(), info); !status.ok()) {
    return foreign(status.error());
  }
  info.task = rewards.empty()
                  ? Task(std::move(task), std::move(classes))
                  : Task(std::move(task), challenge::ClassSet(std::move(classes), rewards));
  info.CompleteArchitecture();
  if (Status status = info.Validate(); !status.ok()) return foreign(status.error());
  return info;
}

}  // namespace ecg::model
