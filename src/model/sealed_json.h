// JSON files that hold the checksum of their own text, so that no bit of them changes unnoticed.
#pragma once

#include <string>

#include "ecg/core/json.h"

namespace ecg::model {

// The text with its SHA-256 under the key "checksum", in whose place zeros stood when it was taken.
std::string SealJson(Json json);

// Whether `text`, whose root is `root`, has the checksum that it names.
bool IsSealed(std::string text, const Json& root);

}  // namespace ecg::model
