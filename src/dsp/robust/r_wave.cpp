// R is the summit of a complex, as in the hand-made marks of LUDB: also where a lead points down,
// its R is a small r, and in a QS complex the place where the line leaves the baseline. A summit
// that stands out is marked as it is. Several small ones (the r and r' around a deep S, most often
// in aVR and V1) are marked by hand now here, now there: these are weighed, and the mark stays on a
// summit only if no other place is near clearly more of them.
#include "src/dsp/robust/r_wave.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>

#include "ecg/dsp/beats.h"
#include "ecg/dsp/find_peaks.h"
#include "src/dsp/rate.h"

namespace ecg::dsp::robust {
namespace {

// A summit that stands out.
constexpr double kClearMv = 0.05;
constexpr double kClearShare = 0.6;  // of the complex's range
constexpr double kFirstShare = 0.7;  // the first such one counts if it is this much of the highest

// The others.
constexpr double kLeastMv = 0.01;
constexpr double kHalfShare = 0.06;    // of the range: a summit of this prominence has weight 1/2
constexpr double kOnsetWeight = 0.3;   // of the shoulder of a QS complex
constexpr double kOnsetS = 0.016;      // after the complex begins
constexpr double kOffsetWeight = 0.1;  // of the shoulder at its end
constexpr double kOffsetS = 0.018;
constexpr double kMarkableMv = 0.1;  // a lesser summit is not marked for its own sake
constexpr double kKeep = 0.9;        // of the greatest support, for a mark to stay where it is

// What speaks for the reference, less for places further off.
constexpr double kCentreWeight = 0.4;
constexpr double kCentreS = 0.1;

// A mark supports places within kNearS fully, and none beyond kFarS.
constexpr double kNearS = 0.042;
constexpr double kFarS = 0.05;

// What evidence of weight 1 adds at places so many samples away, up to where it adds nothing.
std::vector<double> SharesByDistance(double fs) {
  std::vector<double> shares;
  for (int distance = 0; shares.empty() || shares.back() > 0; ++distance) {
    shares.push_back(std::clamp((kFarS - distance / fs) / (kFarS - kNearS), 0.0, 1.0));
  }
  return shares;
}

// The weight of the evidence near each place from first to last.
std::vector<double> Supports(const std::vector<Evidence>& evidence, int first, int last,
                             double fs) {
  const std::vector<double> shares = SharesByDistance(fs);
  const int reach = static_cast<int>(shares.size()) - 1;
  std::vector<double> supports(static_cast<std::size_t>(last - first + 1), 0.0);
  for (const Evidence& e : evidence) {
    for (int i = std::max(first, e.at - reach); i <= std::min(last, e.at + reach); ++i) {
      supports[static_cast<std::size_t>(i - first)] +=
          e.weight * shares[static_cast<std::size_t>(std::abs(e.at - i))];
    }
  }
  return supports;
}

// As BestSupported, of places whose support is known.
int BestOf(const std::vector<double>& supports, const Complex& complex, int preferred, double fs) {
  int best = complex.reference;
  double most = 0, most_near_centre = 0;
  for (int i = complex.first; i <= complex.last; ++i) {
    const double support = supports[static_cast<std::size_t>(i - complex.first)];
    const double distance = std::abs(i - complex.reference) / fs;
    const double near_centre = support + kCentreWeight * std::max(0.0, 1 - distance / kCentreS);
    most = std::max(most, support);
    if (near_centre > most_near_centre) {
      best = i;
      most_near_centre = near_centre;
    }
  }
  if (preferred == kMissing) return best;
  const double kept = supports[static_cast<std::size_t>(preferred - complex.first)];
  return kept >= kKeep * most ? preferred : best;
}

}  // namespace

RWave FindRWave(const Signal& lead, const Complex& complex, double fs) {
  const int first = complex.first, count = complex.last - first + 1;
  const double* x = lead.data() + first;
  const auto size = static_cast<std::size_t>(count);
  const double range = *std::max_element(x, x + count) - *std::min_element(x, x + count);
  struct Summit {
    int at;
    double height, prominence;
  };
  std::vector<Summit> clear, small;
  double highest = 0;
  for (const int i : LocalMaxima(x, size)) {
    const Summit summit{i, x[i] - x[0], Prominence(x, size, i)};
    if (summit.height > 0 && summit.prominence >= std::max(kClearMv, kClearShare * range)) {
      clear.push_back(summit);
      highest = std::max(highest, summit.height);
    }
    if (summit.prominence >= kLeastMv) small.push_back(summit);
  }
  for (const Summit& summit : clear) {
    if (summit.height >= kFirstShare * highest) {
      return {first + summit.at, {{first + summit.at, 1.0}}};
    }
  }

  RWave wave;
  wave.evidence = {{first + Samples(kOnsetS, fs), kOnsetWeight},
                   {complex.last - Samples(kOffsetS, fs), kOffsetWeight}};
  for (const Summit& s : small) {
    wave.evidence.push_back({first + s.at, s.prominence / (s.prominence + kHalfShare * range)});
  }
  const std::vector<double> supports = Supports(wave.evidence, first, complex.last, fs);
  int best = kMissing;
  double best_support = 0;
  for (const Summit& s : small) {
    if (s.prominence < kMarkableMv || s.height <= 0) continue;
    const double support = supports[static_cast<std::size_t>(s.at)];
    if (support > best_support) {
      best = first + s.at;
      best_support = support;
    }
  }
  wave.mark = BestOf(supports, complex, best, fs);
  double total = 0;
  for (const Evidence& e : wave.evidence) total += e.weight;
  for (Evidence& e : wave.evidence) e.weight /= total;
  return wave;
}

int BestSupported(const std::vector<Evidence>& evidence, const Complex& complex, int preferred,
                  double fs) {
  return BestOf(Supports(evidence, complex.first, complex.last, fs), complex, preferred, fs);
}

}  // namespace ecg::dsp::robust
