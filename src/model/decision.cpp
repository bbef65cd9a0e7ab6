#include "ecg/model/decision.h"

#include <cmath>

namespace ecg::model {

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
