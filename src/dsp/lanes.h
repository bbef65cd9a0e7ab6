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

// Double [samples][kLanes], not set to anything at first.
class SideBySide {
 public:
  explicit SideBySide(std::size_t samples) : samples_(samples), values_(new double[Size()]) {}
  // Of `count` signals, kLanes at most, all of `samples`; what is missing is zero.
  SideBySide(const double* const* signals, std::size_t count, std::size_t samples);

  std::size_t samples() const { return samples_; }
  std::size_t Size() const { return samples_ * kLanes; }
  double* At(std::size_t i) { return values_.get() + i * kLanes; }
  const double* At(std::size_t i) const { return values_.get() + i * kLanes; }
  std::vector<double> Lane(std::size_t lane) const;

 private:
  std::size_t samples_;
  std::unique_ptr<double[]> values_;
};

// x double [samples][kLanes] -> y, as large and elsewhere.
void CentredMovingAverage(const double* x, std::size_t samples, int size, double* y);
SideBySide CentredMovingAverage(const SideBySide& x, int size);

SideBySide FiltFilt(const std::vector<Section>& sections, SideBySide x);
SideBySide FiltFiltMovingAverage(SideBySide x, int length);

// As that of ecg/dsp/r_peaks.h, of signals without gaps at a usable rate.
SideBySide CleanEcg(SideBySide signals, double fs);

}  // namespace ecg::dsp
