// SCP-ECG (EN 1064): rhythm with Huffman codes, differences and subtracted reference beats; the
// reference beat itself.
#pragma once

#include "ecg/record/reader.h"

namespace ecg::scp {

const record::RecordReader& Reader();

}  // namespace ecg::scp
