// What a file holds, for people who look at it.
#pragma once

#include <filesystem>

#include "ecg/challenge/statements.h"
#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/record/reader.h"

namespace ecg::formats {

// Reads a record, a MATLAB file of plain matrices on its own (.mat, unless something is told of it)
// or an annotation file (any other file that has the structure of one) and tells about it. It gives
// of a record:
//   file, name, sampling_rate (Hz), frames, seconds, segments, checks ("passed", "failed" or
//   "none"), age, sex, dx, info and warnings, and for every signal: lead, file, format,
//   sampling_rate, samples, invalid, units, gain, baseline, first, min, max, mean (physical units;
//   null where all samples are invalid); measurements that the file states, by name
//   (record::NameOf); statements, each with text, findings (code, certainty), of_another and
//   not_in_the_table, as `table` reads them (challenge::StatementMeaning).
// Where `identify` is asked for, also start and patient_id, as far as they are known; else `info`
// and `statements` are without the lines that may name a person or a day (record::MayIdentify), of
// which withheld_lines says how many they are. A .mat file gives its version and matrices, an
// annotation file how often each type occurs. Of formats other than WFDB, `format` is the reader's
// name, values are in mV, and gain and baseline are not told; `info` holds statements.
Result<Json> Describe(
    const std::filesystem::path& path, const record::ReadOptions& options = {},
    const record::OpenOptions& told = {}, bool identify = false,
    const challenge::StatementTable& table = challenge::StatementTable::Default());

}  // namespace ecg::formats
