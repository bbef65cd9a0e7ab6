// The rule-based member of the paper's abstract, which can only say no.
#pragma once

#include <vector>

#include "ecg/data/prepare/preprocess.h"

namespace ecg::infer {

// Whether at least half of the intervals between R peaks (ascending, in samples at `rate` Hz) last
// from 1 to 1.6 s. Fewer than two peaks show no interval and rule nothing out.
bool MayBeBradycardia(const std::vector<int>& r_peaks, double rate);

// The same of a prepared record, by the R peaks of its first lead that shows any, II before others.
bool MayBeBradycardia(const data::SignalView& signal, const data::PreprocessConfig& preparation);

}  // namespace ecg::infer
