#include "ecg/data/batches.h"

#include <algorithm>
#include <numeric>

#include "ecg/core/random.h"
#include "ecg/data/window.h"

namespace ecg::data {

TrainingBatches::TrainingBatches(std::vector<Example> examples, PreprocessConfig preprocess,
                                 BatchConfig config)
    : examples_(std::move(examples)),
      preprocess_(std::move(preprocess)),
      config_(std::move(config)) {
  for (const std::string& name : config_.lead_sets) {
    channels_of_lead_sets_.push_back(ChannelsOfLeadSet(name, preprocess_.leads).value());
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
  const std::size_t stride = preprocess_.leads.size() * config_.window;
  Batch batch;
  batch.signal.resize((end - begin) * stride);
  for (std::size_t i = begin; i < end; ++i) {
    const Example& example = examples_[order[i]];
    const Result<PreparedRecord> prepared = ReadPrepared(example.record.header, preprocess_);
    if (!prepared.ok()) {
      batch.failed.push_back({example.record.id, prepared.error()});
      continue;
    }
    Rng rng({config_.seed, HashName("augment"), epoch, HashName(example.record.id)});
    float* signal = batch.signal.data() + batch.size * stride;
    CopyWindow(*prepared, RandomStart(prepared->samples, config_.window, rng), config_.window,
               signal);
    if (!channels_of_lead_sets_.empty()) {
      KeepChannels(channels_of_lead_sets_[rng.Below(channels_of_lead_sets_.size())], config_.window,
                   signal);
    }
    batch.labels.insert(batch.labels.end(), example.labels.begin(), example.labels.end());
    batch.mask.insert(batch.mask.end(), example.mask.begin(), example.mask.end());
    ++batch.size;
  }
  batch.signal.resize(batch.size * stride);
  return batch;
}

}  // namespace ecg::data
