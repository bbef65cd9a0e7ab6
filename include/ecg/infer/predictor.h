// From recordings to answers: windows from many recordings fill each network's batches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/core/settings.h"
#include "ecg/core/stop_token.h"
#include "ecg/infer/answer.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/source.h"
#include "ecg/model/network.h"

namespace ecg::infer {

struct PredictConfig {
  int batch_size = 64;     // windows at a time
  int loader_threads = 2;  // that read and prepare records ahead
  // Bytes of records that may be in memory at a time; a larger record goes through alone.
  std::size_t memory = std::size_t{512} << 20;
  model::Wanted wanted;            // of the networks
  std::vector<std::uint8_t> keep;  // [channels]: those that are not zeroed; empty: all are kept
  bool quality = false;            // grade it
  bool content = false;            // say what its files held (RecordAnswer::content)
  // Say nothing of recordings of which nothing can be said (RecordAnswer::unclassifiable).
  bool refuse_unclassifiable = true;
  bool measure = false;                   // measure also where no criterion asks for it
  bool mend_electrodes = false;           // undo first what looks exchanged (MendElectrodes)
  bool explain = false;                   // see Explain
  std::vector<std::size_t> explain_only;  // classes of the ensemble; empty: all that are found
};

// The first two.
void DescribeSettings(Settings& settings, const std::string& prefix, PredictConfig& config);

// What a source must know of each recording, so that the ensemble can answer.
Wishes WishesOf(const Ensemble& ensemble, const PredictConfig& config);

// Takes what the model says of record i, or the reason why it says nothing. Called in the order of
// the records, from the calling thread.
using AnswerSink = std::function<void(std::size_t i, Result<RecordAnswer> answer)>;

// Runs the records of the source through the ensemble. What it says of a record does not depend on
// which other records share its batch. Where windows overlap, peaks are taken from the window
// whose edge is further away. An output that is not finite is that record's failure, of kind
// kDiverged. Returns whether all records were handed over: where a stop is wished, no more are.
bool PredictRecords(const Ensemble& ensemble, const PredictConfig& config, RecordSource& source,
                    const AnswerSink& sink, const StopToken& stop = {});

}  // namespace ecg::infer
