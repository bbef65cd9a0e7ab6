#include "ecg/model/decision.h"

namespace ecg::model {

void DescribeSettings(Settings& settings, const std::string& prefix, PostProcessing& config) {
  settings.Add(prefix + "normal_if_none", config.normal_if_none,
               "Sinus rhythm where no class is positive.");
  settings.Add(prefix + "tinv_implies_tab", config.tinv_implies_tab,
               "T wave abnormal wherever T wave inversion is positive.");
}

}  // namespace ecg::model
