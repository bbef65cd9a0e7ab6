// Writing recordings as arrays of NumPy.
#pragma once

#include "ecg/record/ecg_record.h"
#include "ecg/record/written_record.h"

namespace ecg::numpy {

// An array ".npy" of float32 [samples][leads], mV, NaN where a sample is invalid, and beside it
// ".json", which says what the array cannot: sampling_rate (Hz), units, leads, and where known age,
// sex, dx, source, device, filters, start, patient_id and statements. Our reader takes both.
record::WrittenRecord WriteNpy(const record::EcgRecord& record);

}  // namespace ecg::numpy
