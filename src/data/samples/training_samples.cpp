#include "ecg/data/samples/training_samples.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "ecg/core/memory_budget.h"
#include "ecg/core/random.h"
#include "ecg/data/prepare/window.h"

namespace ecg::data {
namespace {

constexpr std::size_t kOrdersKept = 2;  // threads work on the end of an epoch and the next one

}  // namespace

TrainingSamples::TrainingSamples(std::vector<Example> examples, const RecordStore& store,
                                 SampleConfig config)
    : examples_(std::move(examples)), store_(store), config_(std::move(config)) {
  for (const std::string& name : config_.lead_sets) {
    channels_of_lead_sets_.push_back(ChannelsOfLeadSet(name, store_.preprocess().leads).value());
  }
}

std::size_t TrainingSamples::batches() const {
  return std::max<std::size_t>(examples_.empty() ? 0 : 1, examples_.size() / config_.batch_size);
}

std::size_t TrainingSamples::batch_size() const {
  return std::min(config_.batch_size, examples_.size());
}

std::vector<std::size_t> TrainingSamples::Order(std::uint64_t epoch) const {
  std::vector<std::size_t> order(examples_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Rng rng({config_.seed, HashName("order"), epoch});
  rng.Shuffle(order);
  return order;
}

std::size_t TrainingSamples::ExampleAt(std::uint64_t epoch, std::size_t place) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const EpochOrder& known : orders_) {
    if (known.epoch == epoch) return known.order[place];
  }
  if (orders_.size() == kOrdersKept) orders_.pop_front();
  orders_.push_back({epoch, Order(epoch)});
  return orders_.back().order[place];
}

std::size_t TrainingSamples::BytesOf(std::uint64_t epoch, std::size_t place) const {
  return ToBytes(store_.BytesToMake(examples_[ExampleAt(epoch, place)].record.info));
}

Sample TrainingSamples::Make(std::uint64_t epoch, std::size_t place) const {
  Sample sample;
  sample.example = ExampleAt(epoch, place);
  const RecordEntry& entry = examples_[sample.example].record;
  const Result<ReadyRecord> record = store_.Read(entry.path);
  if (!record.ok()) {
    sample.error = record.error();
    return sample;
  }
  Rng rng({config_.seed, HashName("augment"), epoch, HashName(entry.id)});
  const std::size_t start = RandomStart(record->signal.samples, config_.window, rng);
  static const std::vector<std::uint8_t> all;
  const std::vector<std::uint8_t>& keep =
      channels_of_lead_sets_.empty()
          ? all
          : channels_of_lead_sets_[rng.Below(channels_of_lead_sets_.size())];
  const std::size_t size = store_.preprocess().leads.size() * config_.window;
  if (config_.with_all_leads) {
    sample.all_leads.resize(size);
    CopyWindow(record->signal, start, config_.window, all, sample.all_leads.data());
  }
  sample.signal.resize(size);
  CopyWindow(record->signal, start, config_.window, keep, sample.signal.data());
  if (config_.augment.ChangesWindows()) {
    const PreprocessConfig& way = store_.preprocess();
    Augment(config_.augment, rng,
            {sample.signal.data(), way.LeadCount(), config_.window,
             std::min(config_.window, record->signal.samples - start), way.sampling_rate,
             way.units_per_mv});
  }
  const AugmentConfig& augment = config_.augment;
  if (augment.MixesPairs()) {
    const bool cuts = augment.cutmix > 0 && (augment.mixup <= 0 || rng.Chance(0.5));
    const double weight = SymmetricBeta(cuts ? augment.cutmix : augment.mixup, rng);
    sample.mix = std::max(weight, 1 - weight);
    if (cuts) sample.cut = rng.Uniform();
  }
  if (config_.peak_grid) {
    sample.peaks.resize(config_.peak_grid->Size(config_.window));
    sample.peaks_left_out =
        config_.peak_grid->Encode(record->peaks, start, config_.window, sample.peaks.data());
    sample.has_peaks = !record->peaks.empty();
  }
  return sample;
}

}  // namespace ecg::data
