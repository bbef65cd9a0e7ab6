// The record that both training and prediction hand to the network: one contract from the disk, or
// the cache, to the windows.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/data/prepare/preprocess.h"
#include "ecg/dsp/peaks.h"
#include "ecg/record/ecg_record.h"

namespace ecg::data {

// A whole record at the network's rate, and who keeps its memory: a mapped file of the cache or the
// record as it was prepared. Copies share the memory.
struct ReadyRecord {
  SignalView signal;
  std::vector<dsp::Peak> peaks;        // ascending, in samples of `signal`; empty unless delineated
  std::shared_ptr<const void> memory;  // what `signal` points into
};

ReadyRecord ToReady(PreparedRecord prepared);

// Bytes that preparing a record in each of these ways takes beside its own leads: the prepared
// channels, and what filtering and resampling one of them needs meanwhile.
double BytesToPrepare(const record::EcgInfo& info, const std::vector<PreprocessConfig>& ways);

// Prepares a record in each of these ways, one at least, and uses it up.
Result<std::vector<ReadyRecord>> PrepareAll(record::EcgRecord&& record,
                                            const std::vector<PreprocessConfig>& ways);

}  // namespace ecg::data
