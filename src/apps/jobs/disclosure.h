// What of a recording's description may be told, by what was asked for.
#pragma once

#include <string>
#include <vector>

#include "ecg/apps/jobs/convert_folder.h"
#include "ecg/record/ecg_record.h"

namespace ecg::jobs {

// Takes out of a description what may not be told; returns what that was, in words. Age, sex and
// the codes of diagnoses always stay.
std::vector<std::string> Withhold(record::EcgInfo& info, Disclosure disclosure);

}  // namespace ecg::jobs
