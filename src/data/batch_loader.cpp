#include "ecg/data/batch_loader.h"

#include <algorithm>

namespace ecg::data {
namespace {

constexpr std::size_t kBatchesAhead = 2;  // assembled, beside the records on their way

void Append(std::vector<float>& to, const std::vector<float>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

BatchLoader::BatchLoader(const TrainingSamples& samples, std::uint64_t first_epoch,
                         std::size_t first_batch, std::uint64_t last_epoch,
                         const LoaderConfig& config)
    : samples_(samples) {
  const std::size_t all = samples.batch_size();
  const std::size_t mine = (all + config.ranks - 1 - config.rank) / config.ranks;  // of a batch
  const std::size_t per_epoch = samples.batches();
  const std::size_t batches =
      static_cast<std::size_t>(last_epoch + 1 - first_epoch) * per_epoch - first_batch;
  struct Place {
    std::uint64_t epoch;
    std::size_t place;
  };
  const auto place_of = [=](std::size_t i) {
    const std::size_t batch = first_batch + i / mine;
    return Place{first_epoch + batch / per_epoch,
                 batch % per_epoch * all + config.rank + i % mine * config.ranks};
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

Batch BatchLoader::Assemble(std::size_t records) {
  Batch batch;
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
    if (samples_.config().peak_grid) {
      Append(batch.peaks, sample.peaks);
      batch.has_peaks.push_back(sample.has_peaks ? 1.0F : 0.0F);
      batch.peaks_left_out += sample.peaks_left_out;
    }
    ++batch.size;
  }
  return batch;
}

}  // namespace ecg::data
