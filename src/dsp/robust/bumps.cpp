#include "src/dsp/robust/bumps.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "ecg/dsp/filter.h"
#include "src/core/simd.h"
#include "src/dsp/lanes.h"
#include "src/dsp/rate.h"

namespace ecg::dsp::robust {
namespace {

// Calls `several` with the bumps of up to kLanes leads side by side and how many they are, or `one`
// with those of a single lead.
template <typename Several, typename One>
void VisitBumps(const std::vector<Signal>& leads, int smooth, int lag, const Several& several,
                const One& one) {
  for (std::size_t k = 0; k < leads.size(); k += kLanes) {
    const std::size_t count = std::min(kLanes, leads.size() - k);
    if (GoSideBySide(count, leads[k].size())) {
      several(Bend(CentredMovingAverage(SideBySide(&leads[k], count), smooth), lag), count);
      continue;
    }
    for (std::size_t i = k; i < k + count; ++i) {
      one(Bend(CentredMovingAverage(leads[i], smooth), lag));
    }
  }
}

ECG_VECTOR_CLONES void AddSquares(const double* x, std::size_t samples, double negative,
                                  double* sum) {
  for (std::size_t i = 0; i < samples; ++i) {
    const double v = x[i] < 0 ? negative * x[i] : x[i];
    sum[i] += v * v;
  }
}

// x double [samples][kLanes]; the same sum as of one lead after the other.
ECG_VECTOR_CLONES void AddSquaresOfLanes(const double* x, std::size_t samples, double negative,
                                         double* sum) {
  for (std::size_t i = 0; i < samples; ++i) {
    double all = sum[i];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const double bump = x[i * kLanes + lane], v = bump < 0 ? negative * bump : bump;
      all += v * v;
    }
    sum[i] = all;
  }
}

}  // namespace

std::vector<Signal> Bumps(const std::vector<Signal>& leads, double smooth_s, double lag_s,
                          double fs) {
  std::vector<Signal> bumps;
  VisitBumps(
      leads, Samples(smooth_s, fs), Samples(lag_s, fs),
      [&](const SideBySide& some, std::size_t count) {
        for (Signal& lead : some.Apart(count)) bumps.push_back(std::move(lead));
      },
      [&](Signal lead) { bumps.push_back(std::move(lead)); });
  return bumps;
}

Signal BumpEnergy(const std::vector<Signal>& leads, double smooth_s, double lag_s, double negative,
                  double fs) {
  Signal energy(leads[0].size(), 0.0);
  VisitBumps(
      leads, Samples(smooth_s, fs), Samples(lag_s, fs),
      [&](const SideBySide& some, std::size_t) {
        AddSquaresOfLanes(some.At(0), some.samples(), negative, energy.data());
      },
      [&](const Signal& lead) { AddSquares(lead.data(), lead.size(), negative, energy.data()); });
  return energy;
}

}  // namespace ecg::dsp::robust
