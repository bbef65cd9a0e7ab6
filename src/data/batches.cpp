#include "ecg/data/batches.h"

#include <algorithm>
#include <numeric>

#include "ecg/core/random.h"
#include "ecg/data/window.h"

namespace ecg::data {

TrainingBatches::TrainingBatches(std::vector<Example> examples, const RecordStore& store,
                                 BatchConfig config)
    : examples_(std::move(examples)), store_(store), config_(std::move(config)) {
  for (const std::string& name : config_.lead_sets) {
    channels_of_lead_sets_.push_back(ChannelsOfLeadSet(name, store_.preprocess().leads).value());
  }
}

std::size_t TrainingBatches::batches() const {
  return std::max<std::size_t>(examples_.empty() ? 0 : 1, examples_.size() / config_.batch_size);
}

std::vector<std::size_t> TrainingBatches::Order(std::uint64_t epoch) const {
  std::vector<std::size_t> order(examples_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Rng rng({config_.seed, HashName("order"), epoch});
  rng.Shuffle(order);
  return order;
}

Batch TrainingBatches::Make(std::uint64_t epoch, const std::vector<std::size_t>& order,
                            std::size_t b) const {
  const std::size_t begin = b * config_.batch_size;
  const std::size_t end = std::min(begin + config_.batch_size, order.size());
  const std::size_t stride = store_.preprocess().leads.size() * config_.window;
  const std::size_t grid_size = config_.peak_grid ? config_.peak_grid->Size(config_.window) : 0;
  Batch batch;
  batch.signal.resize((end - begin) * stride);
  batch.peaks.resize((end - begin) * grid_size);
  for (std::size_t i = begin; i < end; ++i) {
    const Example& example = examples_[order[i]];
    const Result<LearningRecord> record = store_.Read(example.record.header);
    if (!record.ok()) {
      batch.failed.push_back({example.record.id, record.error()});
      continue;
    }
    Rng rng({config_.seed, HashName("augment"), epoch, HashName(example.record.id)});
    float* signal = batch.signal.data() + batch.size * stride;
    const std::size_t start = RandomStart(record->signal.samples, config_.window, rng);
    CopyWindow(record->signal, start, config_.window, signal);
    if (!channels_of_lead_sets_.empty()) {
      KeepChannels(channels_of_lead_sets_[rng.Below(channels_of_lead_sets_.size())], config_.window,
                   signal);
    }
    if (config_.peak_grid) {
      batch.peaks_left_out += config_.peak_grid->Encode(
          record->peaks, start, config_.window, batch.peaks.data() + batch.size * grid_size);
      batch.has_peaks.push_back(record->peaks.empty() ? 0.0F : 1.0F);
    }
    batch.labels.insert(batch.labels.end(), example.labels.begin(), example.labels.end());
    batch.mask.insert(batch.mask.end(), example.mask.begin(), example.mask.end());
    ++batch.size;
  }
  batch.signal.resize(batch.size * stride);
  batch.peaks.resize(batch.size * grid_size);
  return batch;
}

}  // namespace ecg::data
