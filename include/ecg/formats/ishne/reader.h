// ISHNE Holter files (ISHNE 1.0).
#pragma once

#include "ecg/record/reader.h"

namespace ecg::ishne {

const record::RecordReader& Reader();

}  // namespace ecg::ishne
