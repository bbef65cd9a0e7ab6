// Writing recordings as tables of numbers.
#pragma once

#include "ecg/record/ecg_record.h"
#include "ecg/record/written_record.h"

namespace ecg::text {

// One file ".csv": what is known of the recording in comment lines ("# Sampling rate (Hz): 500"),
// the line "time_s,I,II,...", and a line a sample: the time in seconds to the microsecond and each
// lead in mV with the fewest digits that give back the float, "nan" where a sample is invalid. Our
// reader takes all of it back.
record::WrittenRecord WriteCsv(const record::EcgRecord& record);

}  // namespace ecg::text
