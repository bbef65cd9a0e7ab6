// Which model made the predictions of a folder, kept beside them, so that no two models' are mixed.
#pragma once

#include <filesystem>
#include <string>

#include "ecg/core/json.h"
#include "ecg/core/result.h"

namespace ecg::jobs {

inline constexpr char kStampFile[] = "ecgpredict.json";

// Writes `stamp` into the folder, which need not exist yet, unless one is there already, be it of
// another process that began at the same time. A folder with predictions of another stamp is an
// error (kUsage) that names what differs.
Status StampFolder(const std::filesystem::path& folder, const Json& stamp);

}  // namespace ecg::jobs
