// The file of JSON beside an array that says what the array cannot.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "ecg/record/array_file.h"
#include "ecg/record/ecg_record.h"

namespace ecg::numpy {

inline constexpr char kSidecarEnding[] = ".json";

std::string FormatSidecar(const record::EcgInfo& info);

// What the file of this name says; nothing where there is none, or it is of another kind: without
// sampling_rate, units and leads.
std::optional<record::ArraysSaid> ReadSidecar(const std::filesystem::path& path);

}  // namespace ecg::numpy
