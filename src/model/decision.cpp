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

}  // namespace ecg::model
