#include "src/dsp/measure/lead_figures.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ecg/dsp/filter.h"
#include "src/dsp/decimate.h"
#include "src/dsp/rate.h"
#include "src/dsp/statistics.h"

namespace ecg::dsp {
namespace {

constexpr double kLookedAt = 600;  // s
// Figures are measured in means of samples at these rates or above, but below twice of them, so
// that they are much the same at any rate of the recording.
constexpr double kLeastHz = 50;       // takes hum away
constexpr double kLeastFastHz = 125;  // leaves it
// Of 31,000 leads of real recordings that are not flat two move so little in some such stretch.
constexpr double kSilent = 0.03;          // mV
constexpr std::size_t kSilentInTurn = 2;  // seconds; at 30 beats a minute they hold a complex
constexpr double kSilentCost = 1.5;
constexpr double kWanderMean = 1;         // s
constexpr double kWanderTail = 0.05;      // of the time on either side does not count
constexpr double kNoiseMean = 0.05;       // s, over which the signal is smooth
constexpr double kNoiseBlock = 0.1;       // s
constexpr std::size_t kNoiseBlocks = 10;  // make a second
constexpr double kNoiseQuantile = 0.4;    // of a second's blocks lies between complexes
constexpr double kFast = 0.5;             // as much does hum count
constexpr double kLeastWander = 0.02;     // mV
constexpr double kLeastNoise = 0.002;     // mV

struct Reduced {
  std::vector<double> x;  // mV
  double rate;            // Hz

  Reduced(const std::vector<double>& lead, double hz, double least_hz) {
    const auto group = std::max<std::size_t>(1, static_cast<std::size_t>(hz / least_hz));
    x = Decimate(lead, group);
    rate = hz / static_cast<double>(group);
  }
};

// The share of whole seconds that move by so little, several in turn; of less than a second whether
// it does.
double SilentShare(const Reduced& lead) {
  const std::vector<double>& x = lead.x;
  const std::size_t second = std::min(x.size(), static_cast<std::size_t>(Samples(1, lead.rate)));
  const std::size_t seconds = x.size() / second;
  std::size_t silent = 0, in_turn = 0;
  for (std::size_t i = 0; i < seconds; ++i) {
    const auto begin = x.begin() + static_cast<std::ptrdiff_t>(i * second);
    const auto [low, high] =
        std::minmax_element(begin, begin + static_cast<std::ptrdiff_t>(second));
    in_turn = *high - *low <= kSilent ? in_turn + 1 : 0;
    if (in_turn == std::min(seconds, kSilentInTurn)) silent += in_turn;
    if (in_turn > kSilentInTurn) ++silent;
  }
  return static_cast<double>(silent) / static_cast<double>(seconds);
}

double WanderOf(const Reduced& lead) {
  const std::vector<double> baseline =
      CentredMovingAverage(lead.x, Samples(kWanderMean, lead.rate) | 1);
  return Spread(baseline, kWanderTail);
}

// The mean square of what a short mean leaves, in each block.
std::vector<double> NoisePower(const Reduced& lead) {
  const std::vector<double>& x = lead.x;
  const std::vector<double> smooth = CentredMovingAverage(x, Samples(kNoiseMean, lead.rate) | 1);
  const auto block = static_cast<std::size_t>(Samples(kNoiseBlock, lead.rate));
  std::vector<double> power;
  for (std::size_t i = 0; i + block <= x.size(); i += block) {
    double sum = 0;
    for (std::size_t k = i; k < i + block; ++k) sum += (x[k] - smooth[k]) * (x[k] - smooth[k]);
    power.push_back(sum / static_cast<double>(block));
  }
  return power;
}

double NoiseOf(const Reduced& lead) {
  const std::vector<double> power = NoisePower(lead);
  const std::size_t second = std::min(power.size(), kNoiseBlocks);
  double sum = 0;
  std::size_t seconds = 0;
  for (std::size_t i = 0; second > 0 && i + second <= power.size(); i += second) {
    const auto begin = power.begin() + static_cast<std::ptrdiff_t>(i);
    sum += Quantile({begin, begin + static_cast<std::ptrdiff_t>(second)}, kNoiseQuantile);
    ++seconds;
  }
  return seconds == 0 ? 0 : std::sqrt(sum / static_cast<double>(seconds));
}

}  // namespace

Extract ExtractOf(const std::vector<float>& lead, double rate) {
  Extract extract;
  extract.all = static_cast<std::size_t>(
      std::min(static_cast<double>(lead.size()), std::max(1.0, kLookedAt * rate)));
  extract.valid = FiniteOf(lead.data(), extract.all);
  return extract;
}

LeadFigures FiguresOf(const Extract& lead, double rate) {
  const Reduced slow(lead.valid, rate, kLeastHz), fast(lead.valid, rate, kLeastFastHz);
  if (slow.x.empty()) return {};
  const double valid = static_cast<double>(lead.valid.size()) / static_cast<double>(lead.all);
  LeadFigures figures;
  figures.silent = 1 - valid * (1 - SilentShare(slow));
  figures.wander = WanderOf(slow);
  figures.noise = std::hypot(NoiseOf(slow), kFast * NoiseOf(fast));
  return figures;
}

LeadFigures Together(const std::vector<LeadFigures>& leads) {
  if (leads.empty()) return {};
  LeadFigures together;
  together.silent = 0;
  for (const LeadFigures& lead : leads) {
    together.silent = std::max(together.silent, lead.silent);
    together.wander += lead.wander / static_cast<double>(leads.size());
    together.noise += lead.noise / static_cast<double>(leads.size());
  }
  return together;
}

double LogWander(const LeadFigures& figures) {
  return std::log(std::max(figures.wander, kLeastWander));
}

double LogNoise(const LeadFigures& figures) {
  return std::log(std::max(figures.noise, kLeastNoise));
}

double ShownQuality(const LeadFigures& figures) {
  return std::max(0.0, 1 - kSilentCost * figures.silent);
}

double ReadableQuality(const LeadFigures& figures, const QualityWeights& weights) {
  const double logit =
      weights.bias + weights.wander * LogWander(figures) + weights.noise * LogNoise(figures);
  return 1 / (1 + std::exp(-logit));
}

}  // namespace ecg::dsp
