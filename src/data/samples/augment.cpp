#include "ecg/data/samples/augment.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace ecg::data {
namespace {

constexpr double kSlowestWander = 0.05;  // Hz
constexpr double kFastestWander = 0.5;

bool IsZero(const float* channel, std::size_t samples) {
  return std::all_of(channel, channel + samples, [](float value) { return value == 0; });
}

// Calls change(channel) for each channel that holds something.
template <typename Change>
void ForEachLead(const WindowToAugment& window, const Change& change) {
  for (std::size_t c = 0; c < window.channels; ++c) {
    float* channel = window.signal + c * window.stride;
    if (!IsZero(channel, window.samples)) change(channel);
  }
}

void AddSine(const WindowToAugment& window, double hertz, double largest_mv, Rng& rng) {
  const double phase = rng.Uniform(0, 2 * M_PI);
  const double step = 2 * M_PI * hertz / window.sampling_rate;
  ForEachLead(window, [&](float* channel) {
    const double amplitude = rng.Uniform(-largest_mv, largest_mv) * window.units_per_mv;
    for (std::size_t t = 0; t < window.samples; ++t) {
      channel[t] += static_cast<float>(amplitude * std::sin(phase + step * static_cast<double>(t)));
    }
  });
}

void AddNoise(const WindowToAugment& window, double largest_mv, Rng& rng) {
  ForEachLead(window, [&](float* channel) {
    const double deviation = rng.Uniform(0, largest_mv) * window.units_per_mv;
    for (std::size_t t = 0; t < window.samples; ++t) {
      channel[t] += static_cast<float>(rng.Normal(0, deviation));
    }
  });
}

// White noise's differences, as strong: they hold little below the frequencies of muscles.
void AddMuscleNoise(const WindowToAugment& window, double largest_mv, Rng& rng) {
  const std::size_t begin = rng.Below(window.samples);
  const std::size_t end = begin + 1 + rng.Below(window.samples - begin);
  ForEachLead(window, [&](float* channel) {
    const double deviation = rng.Uniform(0, largest_mv) * window.units_per_mv / std::sqrt(2.0);
    double before = rng.Normal(0, deviation);
    for (std::size_t t = begin; t < end; ++t) {
      const double now = rng.Normal(0, deviation);
      channel[t] += static_cast<float>(now - before);
      before = now;
    }
  });
}

void Shift(const WindowToAugment& window, double largest_share, Rng& rng) {
  const auto n = static_cast<std::ptrdiff_t>(window.samples);
  const auto by = static_cast<std::ptrdiff_t>(std::lround(
      rng.Uniform(-largest_share, largest_share) * static_cast<double>(window.samples)));
  for (std::size_t c = 0; c < window.channels; ++c) {
    float* begin = window.signal + c * window.stride;
    if (by > 0) {
      std::copy_backward(begin, begin + n - by, begin + n);
      std::fill(begin, begin + by, 0.0F);
    } else {
      std::copy(begin - by, begin + n, begin);
      std::fill(begin + n + by, begin + n, 0.0F);
    }
  }
}

// The value at a place between samples, on the cubic through the four around it (Catmull and Rom).
float At(const std::vector<float>& signal, double place) {
  const auto last = static_cast<std::ptrdiff_t>(signal.size()) - 1;
  const auto left = static_cast<std::ptrdiff_t>(place);
  const auto value = [&](std::ptrdiff_t t) {
    return signal[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(t, 0, last))];
  };
  const auto u = static_cast<float>(place - static_cast<double>(left));
  const float a = value(left - 1), b = value(left), c = value(left + 1), d = value(left + 2);
  return b + 0.5F * u * (c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * (b - c) + d - a)));
}

// What a window stretched by less than 1 lacks at its end is zero.
void Stretch(const WindowToAugment& window, double largest, Rng& rng) {
  const double speed = std::exp(rng.Uniform(-largest, largest));
  ForEachLead(window, [&](float* channel) {
    const std::vector<float> before(channel, channel + window.samples);
    for (std::size_t t = 0; t < window.samples; ++t) {
      const double place = static_cast<double>(t) * speed;
      channel[t] = place < static_cast<double>(window.samples) ? At(before, place) : 0.0F;
    }
  });
}

void MaskTime(const WindowToAugment& window, double largest_share, Rng& rng) {
  const auto length =
      static_cast<std::size_t>(rng.Uniform(0, largest_share) * static_cast<double>(window.samples));
  if (length == 0) return;
  const std::size_t start = rng.Below(window.samples - length + 1);
  for (std::size_t c = 0; c < window.channels; ++c) {
    std::fill_n(window.signal + c * window.stride + start, length, 0.0F);
  }
}

void DropLeads(const WindowToAugment& window, double probability, Rng& rng) {
  std::vector<float*> leads;
  ForEachLead(window, [&](float* channel) { leads.push_back(channel); });
  if (leads.empty()) return;
  const std::size_t stays = rng.Below(leads.size());
  for (std::size_t i = 0; i < leads.size(); ++i) {
    if (rng.Chance(probability) && i != stays) std::fill_n(leads[i], window.samples, 0.0F);
  }
}

}  // namespace

void DescribeSettings(Settings& settings, const std::string& prefix, AugmentConfig& config) {
  settings.Add(prefix + "probability", config.probability,
               "Share of the windows that each kind of augmentation changes.", {0, 1});
  settings.Add(prefix + "amplitude", config.amplitude,
               "Multiply all leads by exp(u), u drawn from -amplitude to amplitude.", {0, 2});
  settings.Add(prefix + "wander_mv", config.wander_mv, "Add a baseline wander of up to so many mV.",
               {0, 10});
  settings.Add(prefix + "powerline_mv", config.powerline_mv,
               "Add powerline hum, 50 or 60 Hz, of up to so many mV.", {0, 10});
  settings.Add(prefix + "noise_mv", config.noise_mv,
               "Add white noise of a standard deviation of up to so many mV.", {0, 10});
  settings.Add(
      prefix + "muscle_mv", config.muscle_mv,
      "Add the noise of muscles, of a standard deviation of up to so many mV, to a stretch "
      "of the window.",
      {0, 10});
  settings.Add(prefix + "shift", config.shift,
               "Move all leads in time by up to this share of the window. Not together with peak "
               "detection.",
               {0, 0.9});
  settings.Add(prefix + "stretch", config.stretch,
               "Let time run faster by exp(u), u drawn from -stretch to stretch. Not together with "
               "peak detection.",
               {0, 1});
  settings.Add(prefix + "time_mask", config.time_mask,
               "Zero a stretch of up to this share of the window in all leads.", {0, 0.9});
  settings.Add(prefix + "lead_dropout", config.lead_dropout,
               "Zero each lead with this probability; one always stays.", {0, 1});
  settings.Add(
      prefix + "mixup", config.mixup,
      "Mix windows and labels in pairs, with weights from Beta(mixup, mixup); 0: none. Not "
      "together with peak detection.",
      {0, 10});
  settings.Add(
      prefix + "cutmix", config.cutmix,
      "Replace a stretch of the window by another record's, its length and the labels' weight by "
      "Beta(cutmix, cutmix); 0: none. Not together with peak detection.",
      {0, 10});
}

void Augment(const AugmentConfig& config, Rng& rng, const WindowToAugment& window) {
  const auto applies = [&](double strength) {
    return strength > 0 && rng.Chance(config.probability);
  };
  if (applies(config.stretch)) Stretch(window, config.stretch, rng);
  if (applies(config.shift)) Shift(window, config.shift, rng);
  if (applies(config.lead_dropout)) DropLeads(window, config.lead_dropout, rng);
  if (applies(config.amplitude)) {
    const auto factor =
        static_cast<float>(std::exp(rng.Uniform(-config.amplitude, config.amplitude)));
    ForEachLead(window, [&](float* channel) {
      for (std::size_t t = 0; t < window.samples; ++t) channel[t] *= factor;
    });
  }
  if (applies(config.wander_mv)) {
    AddSine(window, rng.Uniform(kSlowestWander, kFastestWander), config.wander_mv, rng);
  }
  if (applies(config.powerline_mv)) {
    // A rate that cannot show it would fold it down to any frequency.
    const double hertz = rng.Chance(0.5) ? 50 : 60;
    if (2 * hertz < window.sampling_rate) AddSine(window, hertz, config.powerline_mv, rng);
  }
  if (applies(config.noise_mv)) AddNoise(window, config.noise_mv, rng);
  if (applies(config.muscle_mv)) AddMuscleNoise(window, config.muscle_mv, rng);
  if (applies(config.time_mask)) MaskTime(window, config.time_mask, rng);
}

double SymmetricBeta(double a, Rng& rng) {
  for (;;) {
    const double x = std::pow(rng.Uniform(), 1 / a);
    const double y = std::pow(rng.Uniform(), 1 / a);
    if (x + y > 0 && x + y <= 1) return x / (x + y);
  }
}

}  // namespace ecg::data
