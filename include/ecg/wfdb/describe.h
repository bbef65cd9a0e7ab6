// What a record holds, for people who look at it.
#pragma once

#include <filesystem>

#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/wfdb/record.h"

namespace ecg::wfdb {

// Reads a record (.hea), a MATLAB v4 file on its own (.mat) or an annotation file (any other
// ending) and tells about it. A record's samples are not kept, so its length costs no memory. It
// gives:
//   file, name, sampling_rate (Hz), frames, seconds, segments, start (where known), checks
//   ("passed", "failed" or "none"), age, sex, dx, info and warnings, and for every signal: lead,
//   file, format, sampling_rate, samples, invalid, units, gain, baseline, first, min, max, mean
//   (physical units; null where all samples are invalid).
// A .mat file gives its matrices, an annotation file how often each type occurs.
Result<Json> Describe(const std::filesystem::path& path, const ReadOptions& options = {});

}  // namespace ecg::wfdb
