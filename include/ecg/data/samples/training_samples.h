// What the network learns from: windows of prepared records, cropped and augmented, and batches of
// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/data/prepare/peak_grid.h"
#include "ecg/data/prepare/record_store.h"
#include "ecg/data/records/record_index.h"
#include "ecg/data/samples/augment.h"

namespace ecg::data {

// A record to learn from.
struct Example {
  RecordEntry record;
  std::vector<float> labels;  // [classes], 0 or 1
  std::vector<float> mask;    // [classes], 1 where the label counts
};

// A window of an example as the network sees it in an epoch.
struct Sample {
  std::size_t example = 0;
  std::vector<float> signal;       // [channels][window]
  std::vector<float> all_leads;    // the same before augmentation, with all leads; if asked for
  std::vector<float> peaks;        // [cells][slots][slot size], see PeakGrid
  bool has_peaks = false;          // whether the record's delineation gives any peak
  std::size_t peaks_left_out = 0;  // that found no free slot
  // Where windows are mixed in pairs: this one's weight, the rest is the partner's. With `cut` the
  // partner's part is a stretch that begins at this share of what it leaves over, else it is added.
  double mix = 1;
  std::optional<double> cut;
  std::optional<Error> error;  // why the record could not be read; then there is no signal
};

struct SampleConfig {
  std::size_t batch_size = 256;
  std::size_t window = 4992;           // samples
  std::vector<std::string> lead_sets;  // drawn from uniformly for each record; empty: all leads
  std::optional<PeakGrid> peak_grid;   // none: the samples carry no peaks
  AugmentConfig augment;
  bool with_all_leads = false;
  std::uint64_t seed = 0;
};

// Draws the samples of every epoch. Everything random about a record comes from (seed, epoch,
// record), so threads and their timing change nothing.
class TrainingSamples {
 public:
  // The store must outlive the object.
  TrainingSamples(std::vector<Example> examples, const RecordStore& store, SampleConfig config);

  const std::vector<Example>& examples() const { return examples_; }
  const SampleConfig& config() const { return config_; }

  // Full batches only, unless there is just one: a rest too small for batch statistics is left
  // out, another one each epoch.
  std::size_t batches() const;
  std::size_t batch_size() const;  // that of the only batch, where it is smaller

  // Sample number `place` in the order of an epoch, below batches() x batch_size(). Safe to call
  // from several threads.
  Sample Make(std::uint64_t epoch, std::size_t place) const;

  // Bytes that making it takes where the store has not kept its record.
  std::size_t BytesOf(std::uint64_t epoch, std::size_t place) const;

  // The order of the examples in an epoch.
  std::vector<std::size_t> Order(std::uint64_t epoch) const;

 private:
  std::size_t ExampleAt(std::uint64_t epoch, std::size_t place) const;

  struct EpochOrder {
    std::uint64_t epoch = 0;
    std::vector<std::size_t> order;
  };

  std::vector<Example> examples_;
  const RecordStore& store_;
  SampleConfig config_;
  std::vector<std::vector<std::uint8_t>> channels_of_lead_sets_;
  mutable std::mutex mutex_;
  mutable std::deque<EpochOrder> orders_;  // of the last epochs asked for
};

}  // namespace ecg::data
