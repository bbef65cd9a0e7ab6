// Probabilities and peaks for records: windows from many records fill each network's batches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/core/settings.h"
#include "ecg/core/stop_token.h"
#include "ecg/data/prepare/ready_record.h"
#include "ecg/dsp/peaks.h"
#include "ecg/infer/ensemble.h"
#include "ecg/model/network.h"

namespace ecg::infer {

struct PredictConfig {
  int batch_size = 64;     // windows at a time
  int loader_threads = 2;  // that read and prepare records ahead
  // Bytes of records that may be in memory at a time; a larger record goes through alone.
  std::size_t memory = std::size_t{512} << 20;
  model::Wanted wanted;
};

// The first two.
void DescribeSettings(Settings& settings, const std::string& prefix, PredictConfig& config);

struct RecordPrediction {
  // [classes of the ensemble]; empty if not asked for. Where the specialists answer, classes that
  // they do not know are 0.
  std::vector<float> probabilities;
  // [classes]: the standard deviation of the members' probabilities, 0 where one answers alone.
  std::vector<float> spread;
  std::vector<dsp::Peak> peaks;  // ascending; empty if not asked for
  double peak_rate = 0;          // Hz of the peaks' samples
  // [classes of the group that classified it]: how far each one's criterion is exceeded (see
  // dsp::Excess); empty where the group has no criteria.
  std::vector<double> excess;
  bool arms_swapped = false;     // as it looks, where the group has criteria (dsp::ArmsLookSwapped)
  float source_probability = 0;  // that the record is the specialists'; 0 without a route
  bool by_specialists = false;   // whose thresholds count then
  bool may_be_bradycardia = true;  // false only by an ensemble with the veto
};

// The records to predict. Ready gives record i as each of Ensemble::Preparations wants it, the
// same number of samples for the same preparation however often it is asked; it is called from
// several threads.
struct RecordFeed {
  std::size_t count = 0;
  std::function<std::size_t(std::size_t i)> bytes;  // that reading and holding it will take
  std::function<Result<std::vector<data::ReadyRecord>>(std::size_t i)> ready;
  std::vector<std::uint8_t> keep;  // [channels]: those that are not zeroed; empty: all are kept
};

// Takes what the model says of record i, or the reason why it says nothing. Called in the order of
// the records, from the calling thread.
using PredictionSink =
    std::function<void(std::size_t i, const Result<RecordPrediction>& prediction)>;

// Runs the records of the feed through the ensemble. What it says of a record does not depend on
// which other records share its batch. Where windows overlap, peaks are taken from the window
// whose edge is further away. An output that is not finite is that record's failure, of kind
// kDiverged. Returns whether all records were handed over: where a stop is wished, no more are.
bool PredictRecords(const Ensemble& ensemble, const PredictConfig& config, const RecordFeed& feed,
                    const PredictionSink& sink, const StopToken& stop = {});

}  // namespace ecg::infer
