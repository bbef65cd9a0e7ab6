// EDF, EDF+, BDF and BDF+ (edfplus.info/specs), with the unit and rate of each signal.
#pragma once

#include "ecg/record/reader.h"

namespace ecg::edf {

const record::RecordReader& Reader();

}  // namespace ecg::edf
