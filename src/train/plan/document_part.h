// Parts of configurations: of a run, of a study, of an ensemble.
#pragma once

#include <filesystem>
#include <string>

#include "ecg/core/json.h"

namespace ecg::train {

// Part of a document as one of its own, which still knows its lines: `prefix` is where it stands,
// with the dot behind it, as in "members.a.set.".
JsonDocument PartOf(const JsonDocument& document, const Json& part, const std::string& prefix);

// Makes a path that is relative to `base` absolute; an empty one stays empty.
void ResolvePath(std::string& path, const std::filesystem::path& base);

}  // namespace ecg::train
