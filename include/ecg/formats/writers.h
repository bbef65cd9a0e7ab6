// Every format that recordings are written in, by name.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/record/ecg_record.h"
#include "ecg/record/written_record.h"

namespace ecg::formats {

enum class Target { kWfdb16, kWfdb212, kWfdb516, kWfdbMat, kEdf, kCsv, kNumpy };

// By what it is called, as in "edf" or "wfdb-212"; for messages and for what is written down.
std::string NameOf(Target target);

// Whether it is one of WFDB's, whose headers name their records.
bool IsWfdb(Target target);

// By the ending of a file that somebody names to be written: .hea and .dat (format 16), .mat, .edf,
// .csv, .npy. Nothing for other endings.
std::optional<Target> TargetByEnding(const std::filesystem::path& path);

// How the names of a recording's files end, given its number of leads.
std::vector<std::string> EndingsOf(Target target, std::size_t leads);

// A recording as files by this name, each ending among those of EndingsOf, with all that is known
// of it and fits; what does not fit is said. An error: what the format cannot hold at all.
Result<record::WrittenRecord> Write(const record::EcgRecord& record, const std::string& name,
                                    Target target);

}  // namespace ecg::formats
