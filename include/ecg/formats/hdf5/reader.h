// HDF5 as files of arrays: .h5, .hdf5, and MATLAB's .mat of version 7.3, which is HDF5.
#pragma once

#include "ecg/record/reader.h"

namespace ecg::hdf5 {

const record::RecordReader& Reader();

}  // namespace ecg::hdf5
