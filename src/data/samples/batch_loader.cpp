#include "ecg/data/samples/batch_loader.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

#include "ecg/core/share.h"

namespace ecg::data {
namespace {

constexpr std::size_t kBatchesAhead = 2;  // assembled, beside the records on their way

void Append(std::vector<float>& to, const std::vector<float>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

// How a record is mixed with its partner.
struct Mixing {
  double own = 1;             // its weight
  std::optional<double> cut;  // where the partner's stretch begins, see Sample
};

// Mixes the records from `begin` to `end` of a micro-batch: each with the next one, the last with
// the first. A class counts where it does for both.
void MixPairs(std::size_t begin, std::size_t end, std::size_t window, std::vector<Mixing>& mixing,
              Batch& batch) {
  if (end - begin < 2) return;
  // Calls both(own row, partner's row, record).
  const auto for_each_pair = [&](std::vector<float>& values, const auto& both) {
    const std::size_t row = values.size() / batch.size;
    const std::vector<float> first(&values[begin * row], &values[begin * row] + row);
    for (std::size_t i = begin; i < end; ++i) {
      both(&values[i * row], i + 1 < end ? &values[(i + 1) * row] : first.data(), i);
    }
  };
  const std::size_t row = batch.signal.size() / batch.size;
  const auto mean = [&](std::size_t size) {
    return [&, size](float* own, const float* other, std::size_t i) {
      const auto weight = static_cast<float>(mixing[i].own);
      for (std::size_t k = 0; k < size; ++k) own[k] = weight * own[k] + (1 - weight) * other[k];
    };
  };
  const auto mix_windows = [&](float* own, const float* other, std::size_t i) {
    if (!mixing[i].cut) return mean(row)(own, other, i);
    const auto length =
        static_cast<std::size_t>(std::lround((1 - mixing[i].own) * static_cast<double>(window)));
    const auto start =
        static_cast<std::size_t>(*mixing[i].cut * static_cast<double>(window - length + 1));
    for (std::size_t c = 0; c < row; c += window) {
      std::copy_n(other + c + start, length, own + c + start);
    }
    mixing[i].own = 1 - static_cast<double>(length) / static_cast<double>(window);
  };
  for_each_pair(batch.signal, mix_windows);
  if (!batch.all_leads.empty()) for_each_pair(batch.all_leads, mix_windows);
  const std::size_t classes = batch.labels.size() / batch.size;
  for_each_pair(batch.labels, mean(classes));
  for_each_pair(batch.mask, [classes](float* own, const float* other, std::size_t /*i*/) {
    for (std::size_t k = 0; k < classes; ++k) own[k] = std::min(own[k], other[k]);
  });
}

}  // namespace

BatchLoader::BatchLoader(const TrainingSamples& samples, std::uint64_t first_epoch,
                         std::size_t first_batch, std::uint64_t last_epoch,
                         const LoaderConfig& config)
    : samples_(samples), micro_batch_(std::min(config.micro_batch, samples.batch_size())) {
  const std::size_t all = samples.batch_size();
  const std::size_t micro = micro_batch_;
  const Share share = ShareOf(config.rank, config.ranks);
  std::size_t mine = 0;  // records of a batch
  for (std::size_t m = share.first; m * micro < all; m += share.stride) {
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
  // Only the last micro-batch of a batch may be smaller, so it is the last one of its process too.
  const auto place_of = [=](std::size_t i) {
    const std::size_t batch = first_batch + i / mine;
    const std::size_t record = i % mine;
    const std::size_t number = share.first + record / micro * share.stride;
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
  std::vector<Mixing> mixing;
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
      batch.all_leads.reserve(records * sample.all_leads.size());
      batch.peaks.reserve(records * sample.peaks.size());
    }
    Append(batch.signal, sample.signal);
    Append(batch.all_leads, sample.all_leads);
    Append(batch.labels, example.labels);
    Append(batch.mask, example.mask);
    mixing.push_back({sample.mix, sample.cut});
    if (samples_.config().peak_grid) {
      Append(batch.peaks, sample.peaks);
      batch.has_peaks.push_back(sample.has_peaks ? 1.0F : 0.0F);
      batch.peaks_left_out += sample.peaks_left_out;
    }
    ++batch.size;
    ++batch.micro_batches[i / micro_batch_];
  }
  if (samples_.config().augment.MixesPairs()) {
    std::size_t begin = 0;
    for (const std::size_t count : batch.micro_batches) {
      MixPairs(begin, begin + count, samples_.config().window, mixing, batch);
      begin += count;
    }
  }
  return batch;
}

}  // namespace ecg::data
