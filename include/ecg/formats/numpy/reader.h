// Arrays of NumPy: .npy, and .npz, a zip archive of such.
#pragma once

#include "ecg/record/reader.h"

namespace ecg::numpy {

const record::RecordReader& Reader();

}  // namespace ecg::numpy
