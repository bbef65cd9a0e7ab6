#include "src/dsp/robust/calibration.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "src/dsp/rate.h"

namespace ecg::dsp::robust {
namespace {

constexpr double kLowestMv = 0.9, kHighestMv = 1.1;
constexpr double kShortestS = 0.1, kLongestS = 0.3;
constexpr double kEdgeS = 0.02;
constexpr double kFootS = 0.04;    // that is level before and behind the pulse
constexpr double kFlatMv = 0.02;   // between the highest and the lowest sample of what is level
constexpr double kAlikeMv = 0.02;  // between the heights of two leads
constexpr std::size_t kLeast = 3;  // leads

// The level of a lead over [from, to), where it is flat there.
std::optional<double> LevelOf(const Signal& x, int from, int to) {
  if (from < 0 || to > Size(x) || from >= to) return std::nullopt;
  const auto [low, high] = std::minmax_element(x.begin() + from, x.begin() + to);
  if (!(*high - *low <= kFlatMv)) return std::nullopt;
  return 0.5 * (*low + *high);
}

// Whether all of it is level; of most leads the first beat says that they are not.
bool IsFlat(const Signal& x) {
  if (x.empty()) return false;
  double low = x[0], high = x[0];
  for (const double v : x) {
    low = std::min(low, v);
    high = std::max(high, v);
    if (!(high - low <= kFlatMv)) return false;
  }
  return true;
}

// The top of a pulse in one lead.
struct Pulse {
  int begin = 0;
  int end = 0;
  double before = 0;  // the feet's levels
  double height = 0;
  double after = 0;
};

std::optional<Pulse> PulseAt(const Signal& x, int begin, int end, double fs) {
  const int edge = Samples(kEdgeS, fs), foot = Samples(kFootS, fs);
  const auto before = LevelOf(x, begin - edge - foot, begin - edge);
  const auto top = LevelOf(x, begin, end);
  const auto after = LevelOf(x, end + edge, end + edge + foot);
  if (!before || !top || !after) return std::nullopt;
  for (const double height : {*top - *before, *top - *after}) {
    if (!(height >= kLowestMv && height <= kHighestMv)) return std::nullopt;
  }
  return Pulse{begin, end, *before, *top - *before, *after};
}

// The pulses of one lead: what is flat for as long as their top, if it has their shape.
std::vector<Pulse> PulsesOf(const Signal& x, double fs) {
  const int shortest = Samples(kShortestS, fs), longest = Samples(kLongestS, fs);
  std::vector<Pulse> pulses;
  for (int begin = 0, end = 0; begin < Size(x); begin = end) {
    double low = At(x, begin), high = low;
    for (end = begin + 1; end < Size(x); ++end) {
      low = std::min(low, At(x, end));
      high = std::max(high, At(x, end));
      if (!(high - low <= kFlatMv)) break;
    }
    if (end - begin < shortest || end - begin > longest) continue;
    if (const auto pulse = PulseAt(x, begin, end, fs)) pulses.push_back(*pulse);
  }
  return pulses;
}

void Level(const Pulse& pulse, double fs, Signal* x) {
  const int edge = Samples(kEdgeS, fs);
  const int first = pulse.begin - edge, last = pulse.end + edge;
  for (int i = first; i < last; ++i) {
    const double share = static_cast<double>(i - first) / (last - first);
    At(*x, i) = pulse.before + share * (pulse.after - pulse.before);
  }
}

}  // namespace

void LevelCalibrationPulses(std::vector<Signal>* leads, double fs) {
  std::vector<Signal*> alive;
  for (Signal& lead : *leads) {
    if (!IsFlat(lead)) alive.push_back(&lead);
  }
  if (alive.size() < kLeast) return;
  for (const Pulse& pulse : PulsesOf(*alive.front(), fs)) {
    std::vector<Pulse> all;
    for (const Signal* lead : alive) {
      const auto same = PulseAt(*lead, pulse.begin, pulse.end, fs);
      if (!same || !(std::abs(same->height - pulse.height) <= kAlikeMv)) break;
      all.push_back(*same);
    }
    if (all.size() < alive.size()) continue;
    for (std::size_t k = 0; k < all.size(); ++k) Level(all[k], fs, alive[k]);
  }
}

}  // namespace ecg::dsp::robust
