// Files of Contec's ECG90A.
#pragma once

#include "ecg/record/reader.h"

namespace ecg::contec {

const record::RecordReader& Reader();

}  // namespace ecg::contec
