#include "src/dsp/robust/t_wave.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "ecg/dsp/beats.h"
#include "src/dsp/rate.h"
#include "src/dsp/robust/bumps.h"

namespace ecg::dsp::robust {
namespace {

// Times count from the reference of the complex.
constexpr double kTSmoothS = 0.06;
constexpr double kTBumpS = 0.1;
constexpr double kTAfterOffsetS = 0.03;
constexpr double kTEarliestS = 0.1;
constexpr double kTLatestS = 0.2;  // plus kTLatestRr of the interval to the next beat
constexpr double kTLatestRr = 0.35;
constexpr double kTMaxRrS = 1.2;  // longer intervals do not move T further
constexpr double kTBeforeNextS = 0.12;
constexpr double kTUsual = 0.3;  // s, times the square root of the RR interval in s (Bazett)
constexpr double kTUsualWidthS = 0.1;
constexpr double kTBeatWidthS = 0.08;  // how far a beat's T lies from the record's
constexpr double kTMinMv = 0.008;
constexpr double kTMaxS = 0.8;
constexpr double kNegativeT = 0.8;  // one lead shows most T waves upright

Search SearchT(const std::vector<Complex>& complexes, const Rhythm& rhythm, std::size_t beat,
               int samples, double fs) {
  const Complex& c = complexes[beat];
  const bool is_last = beat + 1 == complexes.size();
  const double next =
      is_last ? std::min(rhythm.median, (samples - 1 - c.reference) / fs) : rhythm.rr[beat];
  const double latest =
      std::min(kTLatestS + kTLatestRr * std::min(next, kTMaxRrS), next - kTBeforeNextS);
  Search search;
  search.first =
      std::max(c.offset + Samples(kTAfterOffsetS, fs), c.reference + Samples(kTEarliestS, fs));
  search.last = std::min(samples, is_last ? samples : complexes[beat + 1].onset) - 1;
  search.last = std::min(search.last, c.reference + static_cast<int>(std::lround(latest * fs)));
  return search;
}

// 1 at the centre, a half one width away.
double Lorentz(double distance, double width) {
  return 1 / (1 + distance * distance / (width * width));
}

// Where T peaks after the reference in the mean over the beats, in samples; kMissing where fewer
// than half of the beats say.
int UsualT(const Signal& strength, const std::vector<Complex>& complexes,
           const std::vector<Search>& searches, double usual_s, double fs) {
  Signal sum(static_cast<std::size_t>(Samples(kTMaxS, fs)), 0.0);
  std::vector<std::size_t> count(sum.size(), 0);
  for (std::size_t b = 0; b < complexes.size(); ++b) {
    for (int i = searches[b].first; i <= searches[b].last; ++i) {
      const auto d = static_cast<std::size_t>(i - complexes[b].reference);
      if (d >= sum.size()) break;
      sum[d] += At(strength, i);
      ++count[d];
    }
  }
  int best = kMissing;
  double best_strength = -1;
  for (std::size_t d = 0; d < sum.size(); ++d) {
    if (count[d] * 2 < complexes.size() || count[d] == 0) continue;
    const double distance = static_cast<double>(d) / fs - usual_s;
    const double v = sum[d] / static_cast<double>(count[d]) * Lorentz(distance, kTUsualWidthS);
    if (v > best_strength) {
      best_strength = v;
      best = static_cast<int>(d);
    }
  }
  return best;
}

// How strongly all leads together bend as a T wave does.
Signal StrengthOfT(const std::vector<Signal>& leads, double fs) {
  const double negative = leads.size() == 1 ? kNegativeT : 1;
  Signal strength = BumpEnergy(leads, kTSmoothS, kTBumpS, negative, fs);
  const auto lead_count = static_cast<double>(leads.size());
  for (double& v : strength) v /= lead_count;
  TakeRoots(&strength);
  return strength;
}

}  // namespace

std::vector<int> FindT(const std::vector<Signal>& between, const std::vector<Complex>& complexes,
                       const Rhythm& rhythm, double fs) {
  const Signal strength = StrengthOfT(between, fs);
  std::vector<Search> searches;
  for (std::size_t b = 0; b < complexes.size(); ++b) {
    searches.push_back(SearchT(complexes, rhythm, b, Size(strength), fs));
  }
  const int usual = UsualT(strength, complexes, searches, kTUsual * std::sqrt(rhythm.median), fs);
  std::vector<int> peaks(complexes.size(), kMissing);
  for (std::size_t b = 0; b < complexes.size(); ++b) {
    double best_strength = kTMinMv;
    for (int i = searches[b].first; i <= searches[b].last; ++i) {
      double v = At(strength, i);
      if (usual != kMissing) {
        v *= Lorentz((i - complexes[b].reference - usual) / fs, kTBeatWidthS);
      }
      if (v > best_strength) {
        best_strength = v;
        peaks[b] = i;
      }
    }
  }
  return peaks;
}

}  // namespace ecg::dsp::robust
