#include "ecg/data/prepare/peak_grid.h"

#include <algorithm>
#include <cmath>

namespace ecg::data {
namespace {

using dsp::Peak;
using dsp::PeakType;

// Writes and reads the numbers of a type; `size` is 5 (one of them is 1) or 1 (a scale).
void WriteType(PeakType type, std::size_t size, float* out) {
  const auto index = static_cast<std::size_t>(type);
  if (size == 1) {
    *out = static_cast<float>(index) / static_cast<float>(dsp::kPeakTypes - 1);
  } else {
    out[index] = 1;
  }
}

PeakType ReadType(const float* values, std::size_t size) {
  if (size > 1) return static_cast<PeakType>(std::max_element(values, values + size) - values);
  const float scaled = *values * static_cast<float>(dsp::kPeakTypes - 1);
  return static_cast<PeakType>(
      std::clamp(std::lround(scaled), 0L, static_cast<long>(dsp::kPeakTypes - 1)));
}

}  // namespace

PeakGrid::PeakGrid(PeakGridKind kind, std::size_t stages)
    : cell_(std::size_t{kind == PeakGridKind::kAuthors ? 2u : 1u} << stages),
      slots_(kind == PeakGridKind::kAuthors ? 5 : 3),
      type_size_(kind == PeakGridKind::kAuthors ? 1 : dsp::kPeakTypes) {}

std::size_t PeakGrid::Encode(const std::vector<Peak>& peaks, std::size_t start, std::size_t window,
                             float* grid) const {
  std::fill_n(grid, Size(window), 0.0F);
  std::vector<std::size_t> used(Cells(window));
  std::size_t left_out = 0;
  for (const Peak& peak : peaks) {
    const auto at = static_cast<std::int64_t>(peak.sample) - static_cast<std::int64_t>(start);
    if (at < 0 || at >= static_cast<std::int64_t>(window)) continue;
    const auto sample = static_cast<std::size_t>(at);
    const std::size_t c = sample / cell_;
    if (used[c] == slots_) {
      ++left_out;
      continue;
    }
    float* slot = grid + (c * slots_ + used[c]++) * slot_size();
    slot[0] = 1;
    slot[1] = static_cast<float>(sample % cell_) / static_cast<float>(cell_);
    WriteType(peak.type, type_size_, slot + 2);
  }
  return left_out;
}

std::vector<PeakGrid::Detection> PeakGrid::Decode(const float* grid, std::size_t start,
                                                  std::size_t window, double threshold) const {
  std::vector<Detection> detections;
  const std::size_t cells = Cells(window);
  for (std::size_t k = 0; k < cells * slots_; ++k) {
    const float* slot = grid + k * slot_size();
    if (!(static_cast<double>(slot[0]) >= threshold)) continue;
    const auto within = static_cast<std::size_t>(
        std::lround(std::clamp(slot[1], 0.0F, 1.0F) * static_cast<float>(cell_)));
    const std::size_t sample = k / slots_ * cell_ + within;
    if (sample >= window) continue;
    detections.push_back(
        {{static_cast<std::int32_t>(start + sample), ReadType(slot + 2, type_size_)}, slot[0]});
  }
  std::stable_sort(
      detections.begin(), detections.end(),
      [](const Detection& a, const Detection& b) { return a.peak.sample < b.peak.sample; });
  return detections;
}

std::vector<Peak> KeepStrongest(std::vector<PeakGrid::Detection> detections, double distance) {
  std::stable_sort(detections.begin(), detections.end(),
                   [](const auto& a, const auto& b) { return a.confidence > b.confidence; });
  std::vector<Peak> kept[dsp::kPeakTypes];  // each ascending
  const auto before = [](const Peak& a, const Peak& b) { return a.sample < b.sample; };
  for (const PeakGrid::Detection& detection : detections) {
    std::vector<Peak>& peers = kept[static_cast<std::size_t>(detection.peak.type)];
    const auto next = std::lower_bound(peers.begin(), peers.end(), detection.peak, before);
    const auto near = [&](const Peak& other) {
      return std::abs(static_cast<double>(other.sample) - detection.peak.sample) < distance;
    };
    if (next != peers.end() && near(*next)) continue;
    if (next != peers.begin() && near(*std::prev(next))) continue;
    peers.insert(next, detection.peak);
  }
  std::vector<Peak> all;
  for (const std::vector<Peak>& peaks : kept) all.insert(all.end(), peaks.begin(), peaks.end());
  std::stable_sort(all.begin(), all.end(), before);
  return all;
}

}  // namespace ecg::data
