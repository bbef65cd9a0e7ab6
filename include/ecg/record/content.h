// What a recording's files hold, as one number: whether it is still the same recording.
#pragma once

#include "ecg/core/checksum.h"
#include "ecg/core/result.h"
#include "ecg/record/reader.h"

namespace ecg::record {

// SHA-256 of all that is in the files of a recording, in their order; of a file over 1 GiB its size
// and its first 1 GiB. Where the files are and what they are called makes no difference, so a copy
// is the same recording.
Result<Sha256Digest> ContentOf(const RecordFile& file);

}  // namespace ecg::record
