// What is doubtful about a recording, before anybody has measured it or asked a model.
#pragma once

#include "ecg/infer/answer.h"
#include "ecg/record/ecg_record.h"

namespace ecg::jobs {

// An answer that holds quality, why nothing can be said (unclassifiable) and otherwise doubts about
// the signals: for infer::FlagsOf.
infer::RecordAnswer GradeSignals(const record::EcgRecord& record);

}  // namespace ecg::jobs
