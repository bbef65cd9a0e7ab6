// GDF, the general data format for biosignals, versions 1 and 2.
#pragma once

#include "ecg/record/reader.h"

namespace ecg::gdf {

const record::RecordReader& Reader();

}  // namespace ecg::gdf
