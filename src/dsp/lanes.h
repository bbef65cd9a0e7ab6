// Filters over four signals of one length at a time, side by side: sums and recursions make each
// sample wait for the one before, and four such chains take no longer than one. Each signal gets
// the same bits as alone (ecg/dsp/filter.h says what is computed).
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "ecg/dsp/filter.h"

namespace ecg::dsp {

inline constexpr std::size_t kLanes = 4;

// One sample of each signal; its arithmetic is that of each number by itself.
using Lanes = double
    __attribute__((vector_size(kLanes * sizeof(double)), aligned(sizeof(double)), may_alias));

// Puts one more among `count` that ascend, each number in its own lane.
inline __attribute__((always_inline)) void Insert(const Lanes& value, Lanes* ascending,
                                                  std::size_t count) {
  Lanes greatest = value;
  for (std::size_t k = 0; k < count; ++k) {
    const Lanes v = ascending[k];
    Lanes lesser, greater;
    // One by one, as compilers see a minimum and a maximum in this and not in Lanes compared.
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      lesser[lane] = greatest[lane] < v[lane] ? greatest[lane] : v[lane];
      greater[lane] = v[lane] < greatest[lane] ? greatest[lane] : v[lane];
    }
    ascending[k] = lesser;
    greatest = greater;
  }
  ascending[count] = greatest;
}

// Double [samples][kLanes], not set to anything at first, with room for `margin` samples more at
// each end.
class SideBySide {
 public:
  explicit SideBySide(std::size_t samples, std::size_t margin = 0)
      : samples_(samples), margin_(margin), values_(new double[(samples + 2 * margin) * kLanes]) {}
  // Of `count` signals, kLanes at most, all of one length; what is missing is zero.
  SideBySide(const std::vector<double>* signals, std::size_t count, std::size_t margin = 0);

  std::size_t samples() const { return samples_; }
  std::size_t margin() const { return margin_; }
  std::size_t Size() const { return samples_ * kLanes; }
  double* At(std::size_t i) { return values_.get() + (margin_ + i) * kLanes; }
  const double* At(std::size_t i) const { return values_.get() + (margin_ + i) * kLanes; }
  // The first `count` signals, one by one.
  std::vector<std::vector<double>> Apart(std::size_t count) const;

 private:
  std::size_t samples_, margin_;
  std::unique_ptr<double[]> values_;
};

// Whether it pays: one signal gains nothing, and long ones, which take 128 bytes a sample so, are
// seen one by one.
inline bool GoSideBySide(std::size_t signals, std::size_t samples) {
  return signals > 1 && samples <= std::size_t{1} << 18;
}

// x double [samples][kLanes] -> y, as large and elsewhere.
void CentredMovingAverage(const double* x, std::size_t samples, int size, double* y);
SideBySide CentredMovingAverage(const SideBySide& x, int size);

// In place where the margin is as wide as they extend the signals.
SideBySide FiltFilt(const std::vector<Section>& sections, SideBySide x);
SideBySide FiltFiltMovingAverage(SideBySide x, int length);

// At each sample the median over `count` signals, as Median of statistics.h has it of finite
// values. Takes a time that grows with the square of their number.
void MedianAcross(const double* const* signals, std::size_t count, std::size_t samples,
                  double* median);

// As that of ecg/dsp/r_peaks.h, of signals without gaps at a usable rate; in place within a margin
// of so many samples.
SideBySide CleanEcg(SideBySide signals, double fs);
std::size_t CleanEcgMargin(std::size_t samples, double fs);

}  // namespace ecg::dsp
