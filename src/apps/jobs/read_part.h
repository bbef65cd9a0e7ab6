// Some seconds of a recording, so that a day is not read for a picture of it.
#pragma once

#include "ecg/record/reader.h"

namespace ecg::jobs {

// What lasts longer is looked at in part where a page or a picture shows one recording.
inline constexpr double kLongestWhole = 3600;  // s

// Of a recording, s; 0 where its file does not tell.
double LengthOf(const record::EcgInfo& info);

inline bool IsLong(const record::EcgInfo& info) { return LengthOf(info) > kLongestWhole; }

// The seconds from `from` on that a recording has of `seconds`, as a recording that begins there.
// Where it has none, its last sample, so that whoever draws it says so. `begins`: where that is, s.
Status ReadPart(const record::RecordFile& file, double from, double seconds,
                record::EcgRecord& record, double* begins);

// Bytes that it takes.
double BytesOfPart(const record::RecordFile& file, double seconds);

}  // namespace ecg::jobs
