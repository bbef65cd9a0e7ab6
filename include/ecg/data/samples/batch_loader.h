// Training batches made ahead of the network, epoch after epoch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "ecg/core/prefetch.h"
#include "ecg/core/stop_token.h"
#include "ecg/data/samples/training_samples.h"

namespace ecg::data {

// This process's part of a batch. Batches are cut into micro-batches, which the processes share as
// ecg::ShareOf says.
struct Batch {
  std::size_t size = 0;  // records
  // The sizes of its micro-batches, in order; a record that cannot be read makes one smaller.
  std::vector<std::size_t> micro_batches;
  std::size_t all_micro_batches = 0;  // of the whole batch
  std::vector<float> signal;          // [size][channels][window]
  std::vector<float> all_leads;       // the same of Sample::all_leads, mixed alike
  std::vector<float> labels;          // [size][classes]
  std::vector<float> mask;            // [size][classes]
  std::vector<float> peaks;           // [size][cells][slots][slot size], see PeakGrid
  std::vector<float> has_peaks;       // [size]: 1 where the record's delineation gives any peak
  std::size_t peaks_left_out = 0;     // that found no free slot
  std::vector<FailedRecord> failed;   // records that could not be read; they are not in the batch
};

struct LoaderConfig {
  int threads = 2;
  std::size_t memory = std::size_t{512} << 20;  // bytes of records being read; one goes anyway
  std::size_t micro_batch = 64;                 // records
  // Which process of how many this is. There must be a micro-batch in each batch for every one.
  std::size_t rank = 0;
  std::size_t ranks = 1;
  StopToken stop;  // ends waiting
};

// Prefetches records, not batches, on threads that live as long as the object: the first records of
// the next epoch are on their way while the last ones of this epoch are learnt from. The batches do
// not depend on the threads.
class BatchLoader {
 public:
  // From batch `first_batch` of epoch `first_epoch` to the last one of epoch `last_epoch`
  // (inclusive). `samples` must outlive the object.
  BatchLoader(const TrainingSamples& samples, std::uint64_t first_epoch, std::size_t first_batch,
              std::uint64_t last_epoch, const LoaderConfig& config);

  // Waits for the records that are being read, and for no others.
  ~BatchLoader() { Stop(); }

  // Empty after the last batch, and where a stop is wished while it waits.
  std::optional<Batch> Next() { return batches_->Next(); }

 private:
  Batch Assemble(std::size_t records) const;
  void Stop();

  const TrainingSamples& samples_;
  const std::size_t micro_batch_;
  std::unique_ptr<OrderedPrefetch<Sample>> ahead_;
  std::unique_ptr<OrderedPrefetch<Batch>> batches_;
  std::optional<StopToken::Callback> on_stop_;  // goes first
};

}  // namespace ecg::data
