// WFDB records as one of the formats that recordings come in.
#pragma once

#include "ecg/record/reader.h"

namespace ecg::wfdb {

// Of .hea files with their signal files, by their record line.
const record::RecordReader& Reader();

}  // namespace ecg::wfdb
