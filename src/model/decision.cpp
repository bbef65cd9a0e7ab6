#include "ecg/model/decision.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "ecg/core/text.h"

namespace ecg::model {
namespace {

constexpr std::size_t kMostPoints = 100;
constexpr std::size_t kLongestName = 60;
constexpr char kThresholds[] = "thresholds";
constexpr char kCalibration[] = "calibration";
constexpr char kPostProcessing[] = "post_processing";

Json NameToJson(const PointName& point) {
  return {{"name", point.name}, {"about", point.about}, {"figures", point.figures}};
}

// Text that is told to people, in a line.
bool IsLine(const Json& json) {
  if (!json.is_string()) return false;
  const std::string& text = json.get_ref<const std::string&>();
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

bool IsName(const std::string& name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  return !name.empty() && name.size() <= kLongestName &&
         std::all_of(name.begin(), name.end(), fits);
}

bool ReadName(const Json& json, PointName& point) {
  if (!json.is_object() || !json.contains("name") || !json.contains("about") ||
      !json.contains("figures") || !IsLine(json["name"]) || !IsLine(json["about"]) ||
      !json["figures"].is_object()) {
    return false;
  }
  point = {json["name"].get<std::string>(), json["about"].get<std::string>(), json["figures"]};
  return true;
}

Json PostProcessingToJson(PostProcessing config) {
  Settings settings;
  DescribeSettings(settings, "", config);
  return settings.ToJson();
}

bool Same(const PostProcessing& a, const PostProcessing& b) {
  return a.normal_if_none == b.normal_if_none && a.tinv_implies_tab == b.tinv_implies_tab;
}

// What a point says of itself; `usual` is the decision that counts.
Json PointToJson(const Decision& decision, const Decision& usual) {
  Json json = NameToJson(decision.point);
  json[kThresholds] = decision.thresholds;
  json["definitions"] = DefinitionsToJson(decision.definitions);
  if (decision.calibration != usual.calibration) {
    json[kCalibration] = CalibrationToJson(decision.calibration);
  }
  if (decision.criteria != usual.criteria || decision.measured != usual.measured) {
    json[CriteriaKey(decision.measured)] = CriteriaToJson(decision.criteria);
  }
  if (!Same(decision.post_processing, usual.post_processing)) {
    json[kPostProcessing] = PostProcessingToJson(decision.post_processing);
  }
  return json;
}

// A point may have none of what the decision that counts has.
bool IsNone(const Json& json) { return json.is_array() && json.empty(); }

// `decision` holds what counts where the point says nothing. Empty: it is read.
std::string ReadPoint(const Json& json, std::size_t classes, Decision& decision) {
  if (!ReadName(json, decision.point)) return "must have name, about and figures";
  std::size_t known = 3;
  if (json.contains(kThresholds)) {
    ++known;
    decision.thresholds.clear();
    if (!ReadThresholds(json[kThresholds], classes, decision.thresholds)) {
      return "thresholds must be one number a class";
    }
  }
  if (json.contains(kCalibration)) {
    ++known;
    decision.calibration.clear();
    if (!IsNone(json[kCalibration]) &&
        !ReadCalibration(json[kCalibration], classes, decision.calibration)) {
      return "calibration must be a slope above 0 and an offset for each class";
    }
  }
  if (const auto measured = FindCriteria(json)) {
    ++known;
    decision.measured = *measured;
    decision.criteria.clear();
    const Json& criteria = json[CriteriaKey(*measured)];
    if (!IsNone(criteria) && !ReadCriteria(criteria, classes, decision.criteria)) {
      return "criteria must be null or a criterion's name and four numbers for each class";
    }
  }
  if (json.contains(kPostProcessing)) {
    ++known;
    Settings settings;
    DescribeSettings(settings, "", decision.post_processing);
    if (const Status status = settings.Apply({json[kPostProcessing], {}, {}}); !status.ok()) {
      return "post_processing: " + status.error().message;
    }
  }
  if (json.contains("definitions")) {
    ++known;
    decision.definitions.clear();
    if (!ReadDefinitions(json["definitions"], decision.definitions)) {
      return "definitions must be a list of them";
    }
  }
  return json.size() == known ? "" : "has a key that is not known";
}

Error Fail(const std::string& field, const std::string& message) {
  return UsageError(message, {}, 0, field);
}

}  // namespace

std::vector<std::string> OperatingPoints::PointNames() const {
  std::vector<std::string> names;
  if (!decision.point.name.empty()) names.push_back(decision.point.name);
  for (const Decision& other : other_points) names.push_back(other.point.name);
  return names;
}

Status OperatingPoints::ChoosePoint(const std::string& name) {
  if (decision.point.name == name) return {};
  const auto found = std::find_if(other_points.begin(), other_points.end(),
                                  [&](const Decision& other) { return other.point.name == name; });
  if (found != other_points.end()) {
    std::swap(decision, *found);
    return {};
  }
  if (PointNames().empty())
    return UsageError("the model has no operating points to choose from: " + name);
  return UsageError("the model has no operating point \"" + name + "\"; it has " +
                    Join(PointNames(), ", "));
}

Status OperatingPoints::ValidatePoints(std::size_t classes) const {
  std::set<std::string> names;
  const auto check = [&](const Decision& of, const std::string& field) -> Status {
    const bool in_order = std::all_of(of.thresholds.begin(), of.thresholds.end(),
                                      [](double value) { return std::isfinite(value); });
    if (of.thresholds.size() != classes || !in_order) {
      return Fail(field + kThresholds, "must be one number a class");
    }
    if (!of.calibration.empty() && of.calibration.size() != classes) {
      return Fail(field + kCalibration, "must be one map a class");
    }
    if (!of.criteria.empty() && of.criteria.size() != classes) {
      return Fail(field + "criteria", "must be one a class");
    }
    if (&of == &decision && of.point.name.empty() && other_points.empty()) return {};
    if (!IsName(of.point.name)) {
      return Fail(field + "point", "needs a name of letters, digits, '-', '_' and '.'");
    }
    if (names.insert(of.point.name).second) return {};
    return Fail(field + "point", "names a point twice: " + of.point.name);
  };
  if (Status status = check(decision, ""); !status.ok()) return status;
  for (const Decision& other : other_points) {
    if (Status status = check(other, "points."); !status.ok()) return status;
  }
  return {};
}

bool OperatingPoints::ArePlain() const {
  return other_points.empty() && decision.definitions.empty() && decision.point.name.empty();
}

void PointsToJson(const OperatingPoints& points, Json& object) {
  if (points.ArePlain()) return;
  object["point"] = NameToJson(points.decision.point);
  object["definitions"] = DefinitionsToJson(points.decision.definitions);
  object["points"] = Json::array();
  for (const Decision& other : points.other_points) {
    object["points"].push_back(PointToJson(other, points.decision));
  }
}

Status ReadPoints(const Json& object, std::size_t classes, OperatingPoints& points) {
  Decision& decision = points.decision;
  if (object.contains("point") && !ReadName(object["point"], decision.point)) {
    return Fail("point", "must have name, about and figures");
  }
  if (object.contains("definitions") &&
      !ReadDefinitions(object["definitions"], decision.definitions)) {
    return Fail("definitions", "must be a list of definitions");
  }
  if (!object.contains("points")) return {};
  const Json& list = object["points"];
  if (!list.is_array() || list.size() > kMostPoints) return Fail("points", "must be a short list");
  for (const Json& item : list) {
    Decision& other = points.other_points.emplace_back(decision);
    if (const std::string wrong = ReadPoint(item, classes, other); !wrong.empty()) {
      return Fail("points", wrong);
    }
  }
  return {};
}

bool ReadThresholds(const Json& json, std::size_t classes, std::vector<double>& thresholds) {
  if (!json.is_array() || json.size() != classes) return false;
  for (const Json& value : json) {
    if (!value.is_number()) return false;
    thresholds.push_back(value.get<double>());
  }
  return true;
}

void DescribeSettings(Settings& settings, const std::string& prefix, PostProcessing& config) {
  settings.Add(prefix + "normal_if_none", config.normal_if_none,
               "Sinus rhythm where no class is positive.");
  settings.Add(prefix + "tinv_implies_tab", config.tinv_implies_tab,
               "T wave abnormal wherever T wave inversion is positive.");
}

Json CalibrationToJson(const std::vector<score::LogitMap>& calibration) {
  Json json = Json::array();
  for (const score::LogitMap& map : calibration) json.push_back({map.slope, map.offset});
  return json;
}

bool ReadCalibration(const Json& json, std::size_t classes,
                     std::vector<score::LogitMap>& calibration) {
  if (!json.is_array() || json.size() != classes) return false;
  for (const Json& pair : json) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number() || !pair[1].is_number()) {
      return false;
    }
    const score::LogitMap map{pair[0].get<double>(), pair[1].get<double>()};
    if (!std::isfinite(map.slope) || !std::isfinite(map.offset) || map.slope <= 0) return false;
    calibration.push_back(map);
  }
  return true;
}

Json CriteriaToJson(const std::vector<ClassCriterion>& criteria) {
  Json json = Json::array();
  for (const ClassCriterion& entry : criteria) {
    if (entry.criterion == dsp::Criterion::kNone) {
      json.push_back(nullptr);
      continue;
    }
    const score::CriterionMap& map = entry.map;
    json.push_back({dsp::CriterionNames().NameOf(entry.criterion), map.slope, map.offset, map.below,
                    map.above});
  }
  return json;
}

bool ReadCriteria(const Json& json, std::size_t classes, std::vector<ClassCriterion>& criteria) {
  if (!json.is_array() || json.size() != classes) return false;
  for (const Json& item : json) {
    ClassCriterion& entry = criteria.emplace_back();
    if (item.is_null()) continue;
    if (!item.is_array() || item.size() != 5 || !item[0].is_string()) return false;
    const auto named = dsp::CriterionNames().Find(item[0].get<std::string>());
    if (!named) return false;
    entry.criterion = *named;
    double* values[] = {&entry.map.slope, &entry.map.offset, &entry.map.below, &entry.map.above};
    for (std::size_t i = 0; i < 4; ++i) {
      if (!item[i + 1].is_number()) return false;
      *values[i] = item[i + 1].get<double>();
      if (!std::isfinite(*values[i])) return false;
    }
  }
  return true;
}

const char* CriteriaKey(MeasuredSignal measured) {
  return measured == MeasuredSignal::kRecord ? kRecordCriteriaKey : kPreparedCriteriaKey;
}

std::optional<MeasuredSignal> FindCriteria(const Json& object) {
  for (const auto measured : {MeasuredSignal::kRecord, MeasuredSignal::kPrepared}) {
    if (object.is_object() && object.contains(CriteriaKey(measured))) return measured;
  }
  return std::nullopt;
}

}  // namespace ecg::model
