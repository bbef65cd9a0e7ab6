// DICOM waveforms: 12-lead, general and ambulatory ECG, of 8, 16 and 32 bits.
#pragma once

#include "ecg/record/reader.h"

namespace ecg::dicom {

const record::RecordReader& Reader();

}  // namespace ecg::dicom
