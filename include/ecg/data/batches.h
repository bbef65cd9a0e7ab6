// Training batches: read, prepared, cropped, augmented.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/data/peak_grid.h"
#include "ecg/data/record_index.h"
#include "ecg/data/record_store.h"

namespace ecg::data {

// A record to learn from.
struct Example {
  RecordEntry record;
  std::vector<float> labels;  // [classes], 0 or 1
  std::vector<float> mask;    // [classes], 1 where the label counts
};

struct Batch {
  std::size_t size = 0;
  std::vector<float> signal;         // [size][channels][window]
  std::vector<float> labels;         // [size][classes]
  std::vector<float> mask;           // [size][classes]
  std::vector<float> peaks;          // [size][cells][slots][slot size], see PeakGrid
  std::vector<float> has_peaks;      // [size]: 1 where the record's delineation gives any peak
  std::size_t peaks_left_out = 0;    // that found no free slot
  std::vector<FailedRecord> failed;  // records that could not be read; they are not in the batch
};

struct BatchConfig {
  std::size_t batch_size = 256;
  std::size_t window = 4992;           // samples
  std::vector<std::string> lead_sets;  // drawn from uniformly for each record; empty: all leads
  std::optional<PeakGrid> peak_grid;   // none: the batches carry no peaks
  std::uint64_t seed = 0;
};

// Draws the batches of an epoch. Everything random about a record comes from (seed, epoch,
// record), so threads and their timing change nothing.
class TrainingBatches {
 public:
  // The store must outlive the object.
  TrainingBatches(std::vector<Example> examples, const RecordStore& store, BatchConfig config);

  std::size_t examples() const { return examples_.size(); }

  // Full batches only, unless there is just one: a rest too small for batch statistics is left
  // out, another one each epoch.
  std::size_t batches() const;

  // The order of the examples in an epoch.
  std::vector<std::size_t> Order(std::uint64_t epoch) const;

  // Batch number `b` of an epoch with that order. Safe to call from several threads.
  Batch Make(std::uint64_t epoch, const std::vector<std::size_t>& order, std::size_t b) const;

 private:
  std::vector<Example> examples_;
  const RecordStore& store_;
  BatchConfig config_;
  std::vector<std::vector<std::uint8_t>> channels_of_lead_sets_;
};

}  // namespace ecg::data
