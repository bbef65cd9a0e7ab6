// Some seconds of a recording, so that a day is not read for a picture of it.
#pragma once

#include "ecg/record/reader.h"

namespace ecg::jobs {

// The seconds from `from` on that a recording has of `seconds`, as a recording that begins there.
// Where it has none, all of it, as Read gives it, so that whoever draws it says so. `read_from`:
// where it begins now, s.
Status ReadPart(const record::RecordFile& file, double from, double seconds,
                record::EcgRecord& record, double* read_from);

// Bytes that it takes.
double BytesOfPart(const record::RecordFile& file, double seconds);

}  // namespace ecg::jobs
