#include "ecg/data/batch_loader.h"

#include <algorithm>
#include <cstddef>

namespace ecg::data {
namespace {

constexpr std::size_t kBatchesAhead = 2;  // assembled, beside the records on their way

void Append(std::vector<float>& to, const std::vector<float>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

// Mixes the records from `begin` to `end` of a micro-batch: each with the next one, the last with
// the first. `mix` are the records' own weights. A class counts where it does for both.
void MixUp(std::size_t begin, std::size_t end, const std::vector<double>& mix, Batch& batch) {
  const auto blend = [&](std::vector<float>& values, const auto& both) {
    const std::size_t row = values.size() / batch.size;
    const auto at = [&](std::size_t i) {
      return values.begin() + static_cast<std::ptrdiff_t>(i * row);
    };
    const std::vector<float> first(at(begin), at(begin + 1));
    for (std::size_t i = begin; i < end; ++i) {
      const float* partner = i + 1 < end ? &values[(i + 1) * row] : first.data();
      for (std::size_t k = 0; k < row; ++k) {
        values[i * row + k] = both(values[i * row + k], partner[k], static_cast<float>(mix[i]));
      }
    }
  };
  if (end - begin < 2) return;
  const auto mean = [](float own, float other, float weight) {
    return weight * own + (1 - weight) * other;
  };
  blend(batch.signal, mean);
  blend(batch.labels, mean);
  blend(batch.mask, [](float own, float other, float /*weight*/) { return std::min(own, other); });
}

}  // namespace

BatchLoader::BatchLoader(const TrainingSamples& samples, std::uint64_t first_epoch,
                         std::size_t first_batch, std::uint64_t last_epoch,
                         const LoaderConfig& config)
    : samples_(samples), micro_batch_(std::min(config.micro_batch, samples.batch_size())) {
  const std::size_t all = samples.batch_size();
  const std::size_t micro = micro_batch_;
  std::size_t mine = 0;  // records of a batch
  for (std::size_t m = config.rank; m * micro < all; m += config.ranks) {
    mine += std::min(micro, all - m * micro);
  }
  if (mine == 0) throw Exception({ErrorKind::kInternal, "no micro-batch for a process", {}, 0, {}});
  const std::size_t per_epoch = samples.batches();
  const std::size_t batches =
      static_cast<std::size_t>(last_epoch + 1 - first_epoch) * per_epoch - first_batch;
  struct Place {
    std::uint64_t epoch;
    std::size_t place;
  };
  const std::size_t rank = config.rank, ranks = config.ranks;
  // Only the last micro-batch of a batch may be smaller, so it is the last one of its process too.
  const auto place_of = [=](std::size_t i) {
    const std::size_t batch = first_batch + i / mine;
    const std::size_t record = i % mine;
    const std::size_t number = rank + record / micro * ranks;
    return Place{first_epoch + batch / per_epoch,
                 batch % per_epoch * all + number * micro + record % micro};
  };
  ahead_ = std::make_unique<OrderedPrefetch<Sample>>(
      batches * mine, config.threads, kBatchesAhead * mine,
      [this, place_of](std::size_t i) {
        const Place at = place_of(i);
        return samples_.Make(at.epoch, at.place);
      },
      PrefetchBudget{config.memory, [this, place_of](std::size_t i) {
                       const Place at = place_of(i);
                       return samples_.BytesOf(at.epoch, at.place);
                     }});
  batches_ = std::make_unique<OrderedPrefetch<Batch>>(
      batches, 1, kBatchesAhead, [this, mine](std::size_t) { return Assemble(mine); });
  on_stop_.emplace(config.stop, [this] { Stop(); });
}

// The batches first: one that lacks records is never handed over.
void BatchLoader::Stop() {
  batches_->Stop();
  ahead_->Stop();
}

Batch BatchLoader::Assemble(std::size_t records) const {
  Batch batch;
  std::vector<double> mix;
  batch.micro_batches.resize((records + micro_batch_ - 1) / micro_batch_);
  batch.all_micro_batches = (samples_.batch_size() + micro_batch_ - 1) / micro_batch_;
  for (std::size_t i = 0; i < records; ++i) {
    const std::optional<Sample> next = ahead_->Next();
    if (!next) break;  // the loader was stopped
    const Sample& sample = *next;
    const Example& example = samples_.examples()[sample.example];
    if (sample.error) {
      batch.failed.push_back({example.record.id, *sample.error});
      continue;
    }
    if (batch.size == 0) {
      batch.signal.reserve(records * sample.signal.size());
      batch.peaks.reserve(records * sample.peaks.size());
    }
    Append(batch.signal, sample.signal);
    Append(batch.labels, example.labels);
    Append(batch.mask, example.mask);
    mix.push_back(sample.mix);
    if (samples_.config().peak_grid) {
      Append(batch.peaks, sample.peaks);
      batch.has_peaks.push_back(sample.has_peaks ? 1.0F : 0.0F);
      batch.peaks_left_out += sample.peaks_left_out;
    }
    ++batch.size;
    ++batch.micro_batches[i / micro_batch_];
  }
  if (samples_.config().augment.mixup > 0) {
    std::size_t begin = 0;
    for (const std::size_t count : batch.micro_batches) {
      MixUp(begin, begin + count, mix, batch);
      begin += count;
    }
  }
  return batch;
}

}  // namespace ecg::data
