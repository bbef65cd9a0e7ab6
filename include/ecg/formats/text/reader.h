// Tables of numbers in text: CSV, TSV and what recorders export so, a column or a row a lead.
#pragma once

#include "ecg/record/reader.h"

namespace ecg::text {

const record::RecordReader& Reader();

}  // namespace ecg::text
