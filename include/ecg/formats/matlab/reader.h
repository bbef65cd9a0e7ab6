// MATLAB files of version 5 (save -v6, -v7, SciPy's savemat, Octave's save -7) as files of arrays.
#pragma once

#include "ecg/record/reader.h"

namespace ecg::matlab {

const record::RecordReader& Reader();

}  // namespace ecg::matlab
