// Writing EDF+ (edfplus.info/specs/edfplus.html): one file without gaps.
#pragma once

#include "ecg/core/result.h"
#include "ecg/record/ecg_record.h"
#include "ecg/record/written_record.h"

namespace ecg::edf {

// The recording as one file ".edf" of 16 bits, in uV or mV, each lead with the steps it was
// recorded in where those fit (record::ChooseGain). The header has sex, age (as a further subfield
// of the patient's, "age=64"), recorder, filters, and start and code of the patient where the
// recording names them, else the "X" of the specification; diagnoses, source and statements are
// annotations at the beginning. The duration of a data record is chosen so that all samples and the
// exact rate fit. What does not fit is said: invalid samples become 0 mV, a last data record that
// is not full repeats the last sample. An error: no sample, no lead, or more than fit into the
// fields of the header.
Result<record::WrittenRecord> WriteEdf(const record::EcgRecord& record);

}  // namespace ecg::edf
