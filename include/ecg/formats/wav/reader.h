// WAV files of signals, whose scale has to be told.
#pragma once

#include "ecg/record/reader.h"

namespace ecg::wav {

const record::RecordReader& Reader();

}  // namespace ecg::wav
