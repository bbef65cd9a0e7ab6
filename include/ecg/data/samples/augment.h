// What training does to a window besides cropping it and choosing its leads: changes that leave its
// diagnoses what they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ecg/core/random.h"
#include "ecg/core/settings.h"

namespace ecg::data {

// Every strength is 0 by default: the paper has none of them. A window is changed in each way that
// has a strength with the probability `probability`, by an amount that is drawn up to it.
struct AugmentConfig {
  double probability = 0.5;
  double amplitude = 0;     // all leads by exp(u), |u| <= amplitude
  double wander_mv = 0;     // baseline: a sinus of 0.05 to 0.5 Hz, its own amplitude in each lead
  double powerline_mv = 0;  // 50 or 60 Hz, its own amplitude in each lead
  double noise_mv = 0;      // white noise of this standard deviation, its own in each lead
  double muscle_mv = 0;     // the same in one stretch of the window, and rising with frequency
  double shift = 0;         // share of the window that all leads move by; zeros follow
  double stretch = 0;       // time runs faster by exp(u), |u| <= stretch: heart rate and widths
  double time_mask = 0;     // share of the window that is zeroed in all leads, in one stretch
  double lead_dropout = 0;  // probability of each lead to be zeroed; one always stays
  // Mixup (arXiv:1710.09412): windows of a micro-batch are mixed in pairs, signals and labels, with
  // weights from Beta(mixup, mixup); the larger one is the record's own. It needs no probability.
  double mixup = 0;
  // CutMix (arXiv:1905.04899): the same, but one stretch of the window is the partner's, the rest
  // the record's own. Where both are set, chance decides.
  double cutmix = 0;

  bool ChangesWindows() const {
    return amplitude > 0 || wander_mv > 0 || powerline_mv > 0 || noise_mv > 0 || muscle_mv > 0 ||
           time_mask > 0 || lead_dropout > 0 || MovesTime();
  }
  bool MovesTime() const { return shift > 0 || stretch > 0; }
  bool MixesPairs() const { return mixup > 0 || cutmix > 0; }
};

void DescribeSettings(Settings& settings, const std::string& prefix, AugmentConfig& config);

// A window to change in place, float [channels][stride], of which the first `samples` are the
// record's and the rest is padding. Channels that are zero all over, as leads that are not kept,
// stay so.
struct WindowToAugment {
  float* signal = nullptr;
  std::size_t channels = 0;
  std::size_t stride = 0;
  std::size_t samples = 0;
  double sampling_rate = 500;
  double units_per_mv = 1;
};

void Augment(const AugmentConfig& config, Rng& rng, const WindowToAugment& window);

// Beta(a, a), a > 0 (Joehnk's method).
double SymmetricBeta(double a, Rng& rng);

}  // namespace ecg::data
