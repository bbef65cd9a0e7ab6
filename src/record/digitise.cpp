#include "ecg/record/digitise.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>

namespace ecg::record {
namespace {

constexpr double kUlp = 0x1p-23;                // of a float, in relation to it
constexpr std::size_t kMostMagnitudes = 65536;  // that a recorder of 16 bits tells apart
constexpr double kUsualGain = 1000;             // counts of 1 uV

// The magnitudes that the samples of a lead have, ascending, without 0.
std::vector<double> MagnitudesOf(const std::vector<float>& lead) {
  std::vector<float> values;
  values.reserve(lead.size());
  for (const float sample : lead) {
    if (std::isfinite(sample) && sample != 0) values.push_back(std::abs(sample));
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return {values.begin(), values.end()};
}

// Nearly the largest step of which all magnitudes are multiples: Euclid's algorithm over the gaps
// between them, which know nothing of small errors; 0 where there is none.
double EstimateStep(const std::vector<double>& magnitudes) {
  const double noise = magnitudes.back() * kUlp;
  std::vector<double> gaps = {magnitudes.front()};
  for (std::size_t i = 1; i < magnitudes.size(); ++i) {
    gaps.push_back(magnitudes[i] - magnitudes[i - 1]);
  }
  std::sort(gaps.begin(), gaps.end());
  double step = gaps.front();
  constexpr int kTries = 16;
  for (int i = 0; i < kTries && step > 64 * noise; ++i) {
    double sum = 0, steps = 0, rest = 0;
    for (const double gap : gaps) {
      // The mean of what has been seen is the better known the more that was, and gaps of so many
      // steps that it could be one more or less tell nothing.
      const double mean = steps > 0 ? sum / steps : step;
      if (steps > 0 && gap / mean * 2 * noise > 0.1 * sum) break;
      const double count = std::round(gap / mean);
      const double off = std::abs(gap - count * mean);
      if (off > 0.1 * mean) {
        rest = off;
        break;
      }
      sum += gap;
      steps += count;
    }
    if (rest == 0) return sum / steps;
    step = rest;
  }
  return 0;
}

struct Range {
  double low = 0, high = std::numeric_limits<double>::infinity();
};

// The gains that all magnitudes allow. Each, known to a float's last bit, tells the step better
// than the smaller ones before it.
std::optional<Range> GainsOf(const std::vector<double>& magnitudes, double step) {
  Range gains;
  for (const double magnitude : magnitudes) {
    const double count = std::round(magnitude / step);
    if (count == 0) return {};
    step = magnitude / count;
    gains.low = std::max(gains.low, count / (magnitude * (1 + kUlp)));
    gains.high = std::min(gains.high, count / (magnitude * (1 - kUlp)));
  }
  if (gains.low > gains.high) return {};
  return gains;
}

struct Decimal {
  double value = 0;
  int digits = 0;
};

// The decimal number of the fewest digits in a range.
Decimal ShortestIn(const Range& range) {
  constexpr int kMostDigits = 17;
  const double middle = (range.low + range.high) / 2;
  for (int digits = 1; digits < kMostDigits; ++digits) {
    char text[40];
    std::snprintf(text, sizeof(text), "%.*e", digits - 1, middle);
    const double value = std::strtod(text, nullptr);
    if (value >= range.low && value <= range.high) return {value, digits};
  }
  return {middle, kMostDigits};
}

// The gains in a range that people would write, as counts in 1 mV or as microvolts of a count.
std::vector<double> LikelyGains(const Range& gains) {
  const Decimal gain = ShortestIn(gains);
  const Decimal step = ShortestIn({1000 / gains.high, 1000 / gains.low});
  const double of_step = 1000 / step.value;
  if (step.digits < gain.digits) return {of_step, gain.value};
  return {gain.value, of_step};
}

// Whether a reader that computes with floats, as ours of WFDB does, gets the very same samples.
bool GivesBack(const std::vector<float>& lead, double gain, double most) {
  const auto scale = static_cast<float>(1 / gain);
  return std::all_of(lead.begin(), lead.end(), [&](float sample) {
    if (!std::isfinite(sample)) return true;
    const double count = std::round(static_cast<double>(sample) * gain);
    return std::abs(count) <= most && static_cast<float>(count) * scale == sample;
  });
}

// Whether all samples are whole counts, but for the last bit of a float.
bool AreCounts(const std::vector<double>& magnitudes, double gain, double most) {
  return magnitudes.back() * gain < most + 0.5 &&
         std::all_of(magnitudes.begin(), magnitudes.end(), [&](double magnitude) {
           const double count = magnitude * gain;
           return std::abs(count - std::round(count)) <= 2 * kUlp * count;
         });
}

double FinestGain(double peak, double most) {
  // Three digits are fine enough, and can be written down.
  const double finest = std::min(most / peak, 1e9);  // counts of 1 pV tell nothing apart
  const double unit = std::pow(10, std::floor(std::log10(finest)) - 2);
  char text[40];
  std::snprintf(text, sizeof(text), "%.2e", std::floor(finest / unit) * unit);
  return std::strtod(text, nullptr);
}

}  // namespace

Gain ChooseGain(const std::vector<float>& lead, std::int32_t most) {
  const double limit = most;
  if (GivesBack(lead, kUsualGain, limit)) return {kUsualGain, true};
  const std::vector<double> magnitudes = MagnitudesOf(lead);
  const double step = magnitudes.size() <= kMostMagnitudes ? EstimateStep(magnitudes) : 0;
  const std::optional<Range> gains = step > 0 ? GainsOf(magnitudes, step) : std::nullopt;
  if (gains) {
    const std::vector<double> likely = LikelyGains(*gains);
    // A lead may happen to have even counts alone.
    for (const double multiple : {1, 2, 5, 10}) {
      for (const double gain : likely) {
        if (GivesBack(lead, gain * multiple, limit)) return {gain * multiple, true};
      }
    }
    if (AreCounts(magnitudes, likely.front(), limit)) return {likely.front(), true};
  }
  return {FinestGain(magnitudes.back(), limit), false};
}

std::vector<std::int32_t> Digitise(const std::vector<float>& lead, double counts_per_mv) {
  std::vector<std::int32_t> counts(lead.size(), kNoCount);
  for (std::size_t i = 0; i < lead.size(); ++i) {
    if (!std::isfinite(lead[i])) continue;
    counts[i] =
        static_cast<std::int32_t>(std::lround(static_cast<double>(lead[i]) * counts_per_mv));
  }
  return counts;
}

}  // namespace ecg::record
