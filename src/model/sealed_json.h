// JSON files that hold the checksum of their own text, so that no bit of them changes unnoticed.
#pragma once

#include <string>

#include "ecg/core/json.h"
#include "ecg/core/result.h"

namespace ecg::model {

// The text with its SHA-256 under the key "checksum", in whose place zeros stood when it was taken.
std::string SealJson(Json json);

// An error where `text`, parsed as `document`, does not have the checksum that it names.
Status CheckSeal(const std::string& text, const JsonDocument& document);

}  // namespace ecg::model
