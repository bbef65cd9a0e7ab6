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
  int best = kMissing;
  double best_support = 0;
  for (const Summit& s : small) {
    if (s.prominence < kMarkableMv || s.height <= 0) continue;
    const double support = Support(wave.evidence, first + s.at, fs);
    if (support > best_support) {
      best = first + s.at;
      best_support = support;
    }
  }
  wave.mark = BestSupported(wave.evidence, complex, best, fs);
  double total = 0;
  for (const Evidence& e : wave.evidence) total += e.weight;
  for (Evidence& e : wave.evidence) e.weight /= total;
  return wave;
}

double Support(const std::vector<Evidence>& evidence, int place, double fs) {
  double support = 0;
  for (const Evidence& e : evidence) {
    const double distance = std::abs(e.at - place) / fs;
    support += e.weight * std::clamp((kFarS - distance) / (kFarS - kNearS), 0.0, 1.0);
  }
  return support;
}

int BestSupported(const std::vector<Evidence>& evidence, const Complex& complex, int preferred,
                  double fs) {
  int best = complex.reference;
  double most = 0, most_near_centre = 0;
  for (int i = complex.first; i <= complex.last; ++i) {
    const double support = Support(evidence, i, fs);
    const double distance = std::abs(i - complex.reference) / fs;
    const double near_centre = support + kCentreWeight * std::max(0.0, 1 - distance / kCentreS);
    most = std::max(most, support);
    if (near_centre > most_near_centre) {
      best = i;
      most_near_centre = near_centre;
    }
  }
  const bool keep = preferred != kMissing && Support(evidence, preferred, fs) >= kKeep * most;
  return keep ? preferred : best;
}

}  // namespace ecg::dsp::robust
