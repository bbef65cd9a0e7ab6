// Names of the files below a folder, a hundred thousand in a few ten milliseconds.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::score {

// Paths relative to `folder`, sorted bytewise, of the regular files (or links to such) whose name
// ends in `extension` in any case, as in ".hea". Hidden files and folders are passed over. Links
// to folders are not followed.
Result<std::vector<std::string>> ListFiles(const std::filesystem::path& folder,
                                           const std::string& extension, bool recursive);

}  // namespace ecg::score
