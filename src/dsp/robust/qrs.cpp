#include "src/dsp/robust/qrs.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ecg/dsp/filter.h"
#include "ecg/dsp/find_peaks.h"
#include "src/core/simd.h"
#include "src/dsp/rate.h"
#include "src/dsp/statistics.h"

namespace ecg::dsp::robust {
namespace {

// The activity.
constexpr double kBendS = 0.025;    // half width of the second difference: most sensitive at 20 Hz
constexpr double kAverageS = 0.12;  // about one QRS complex
constexpr double kLevelWindowS = 1.2;  // holds a complex at 50 beats a minute
constexpr double kFlatMv = 0.005;      // a lead below this has no QRS complexes
constexpr double kCap = 2;             // an artefact counts no more than two complexes
constexpr double kNoiseQuantile = 0.3;
constexpr double kNoiseFloorMv = 1e-4;

// The detection, in units of a typical complex.
constexpr double kThreshold = 0.3;  // plus the median activity
constexpr double kSearchBackThreshold = 0.25;
constexpr double kLeast = 0.15;
constexpr double kRefractoryS = 0.25;
constexpr double kTWaveS = 0.36;       // as long after a complex, a T wave may look like one
constexpr double kTWaveShare = 0.7;    // but it is weaker than this share of the complex
constexpr double kSearchBackRr = 1.6;  // median RR intervals without a complex

// Of values that are at least 0, in whatever order they are compared.
ECG_VECTOR_CLONES double Greatest(const double* x, std::size_t count) {
  Lanes greatest = {0, 0, 0, 0};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const Lanes& here = *reinterpret_cast<const Lanes*>(x + i);
    greatest = here > greatest ? here : greatest;
  }
  double one = 0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) one = std::max(one, greatest[lane]);
  for (; i < count; ++i) one = std::max(one, x[i]);
  return one;
}

// The activity of a typical complex: the median over windows of each one's greatest.
double ComplexLevel(const Signal& activity, double fs) {
  const auto window = static_cast<std::size_t>(Samples(kLevelWindowS, fs));
  std::vector<double> greatest;
  for (std::size_t i = 0; i == 0 || i + window <= activity.size(); i += window) {
    greatest.push_back(Greatest(activity.data() + i, std::min(window, activity.size() - i)));
  }
  return Quantile(std::move(greatest), 0.5);
}

struct Candidate {
  int at = 0;
  double activity = 0;
};

// The greatest maxima that lie at least the refractory period apart, in order of time.
std::vector<Candidate> Candidates(const Signal& activity, double fs) {
  std::vector<Candidate> all;
  for (const int i : LocalMaxima(activity)) {
    const double v = activity[static_cast<std::size_t>(i)];
    if (v >= kLeast) all.push_back({i, v});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Candidate& a, const Candidate& b) { return a.activity > b.activity; });
  const int apart = Samples(kRefractoryS, fs) - 1, n = static_cast<int>(activity.size());
  std::vector<char> taken(activity.size(), 0);
  std::vector<Candidate> kept;
  for (const Candidate& c : all) {
    if (taken[static_cast<std::size_t>(c.at)]) continue;
    kept.push_back(c);
    std::fill(taken.begin() + std::max(0, c.at - apart),
              taken.begin() + std::min(n, c.at + apart + 1), char{1});
  }
  std::sort(kept.begin(), kept.end(),
            [](const Candidate& a, const Candidate& b) { return a.at < b.at; });
  return kept;
}

// Without those that are more likely the T wave of the one before.
std::vector<Candidate> WithoutTWaves(const std::vector<Candidate>& found, double fs) {
  std::vector<Candidate> kept;
  for (const Candidate& c : found) {
    const bool t_wave = !kept.empty() && c.at - kept.back().at < kTWaveS * fs &&
                        c.activity < kTWaveShare * kept.back().activity;
    if (!t_wave) kept.push_back(c);
  }
  return kept;
}

// Fills gaps of more than kSearchBackRr median intervals with the strongest candidate in them.
std::vector<Candidate> SearchBack(const std::vector<Candidate>& found,
                                  const std::vector<Candidate>& candidates, double fs) {
  if (found.size() < 3) return found;
  std::vector<double> intervals;
  for (std::size_t i = 1; i < found.size(); ++i) {
    intervals.push_back(found[i].at - found[i - 1].at);
  }
  const double gap = kSearchBackRr * Quantile(std::move(intervals), 0.5);
  const int after = Samples(kTWaveS, fs), before = Samples(kRefractoryS, fs);
  std::vector<Candidate> filled, ahead(found.rbegin(), found.rend());
  filled.push_back(ahead.back());
  ahead.pop_back();
  while (!ahead.empty()) {
    Candidate best;
    if (ahead.back().at - filled.back().at > gap) {
      const auto later = [](int at, const Candidate& c) { return at < c.at; };
      auto it =
          std::upper_bound(candidates.begin(), candidates.end(), filled.back().at + after, later);
      for (; it != candidates.end() && it->at < ahead.back().at - before; ++it) {
        if (it->activity > best.activity) best = *it;
      }
    }
    if (best.activity > kSearchBackThreshold) {
      ahead.push_back(best);  // the gap before it may hold another one
    } else {
      filled.push_back(ahead.back());
      ahead.pop_back();
    }
  }
  return filled;
}

// Of a Signal or several SideBySide.
template <typename Signals>
Signals ActivityOf(const Signals& x, double fs) {
  Signals bends = Bend(x, Samples(kBendS, fs));
  Square(&bends);
  Signals activity = CentredMovingAverage(bends, Samples(kAverageS, fs));
  TakeRoots(&activity);
  return activity;
}

ECG_VECTOR_CLONES void AddCapped(const double* activity, std::size_t count, double level,
                                 double weight, double* total) {
  for (std::size_t i = 0; i < count; ++i) total[i] += weight * std::min(activity[i] / level, kCap);
}

}  // namespace

Signal LeadActivity(const Signal& lead, double fs) { return ActivityOf(lead, fs); }
SideBySide LeadActivity(const SideBySide& leads, double fs) { return ActivityOf(leads, fs); }

bool RecordActivity::Add(const Signal& lead_activity) {
  const double level = ComplexLevel(lead_activity, fs_);
  if (!(level > kFlatMv)) return false;
  const double noise = std::max(Quantile(lead_activity, kNoiseQuantile), kNoiseFloorMv);
  const double weight = std::max(1.0, level / noise);
  sum_.resize(lead_activity.size(), 0.0);
  AddCapped(lead_activity.data(), lead_activity.size(), level, weight, sum_.data());
  weight_ += weight;
  return true;
}

Signal RecordActivity::Mean() && {
  if (sum_.empty()) return {};
  for (double& v : sum_) v /= weight_;
  const double level = ComplexLevel(sum_, fs_);  // not 0: each lead reaches its own level
  for (double& v : sum_) v /= level;
  return std::move(sum_);
}

std::vector<int> FindQrs(const Signal& activity, double fs) {
  if (activity.empty()) return {};
  const std::vector<Candidate> candidates = Candidates(activity, fs);
  const double threshold = kThreshold + Quantile(activity, 0.5);
  std::vector<Candidate> found;
  for (const Candidate& c : candidates) {
    if (c.activity >= threshold) found.push_back(c);
  }
  std::vector<int> middles;
  for (const Candidate& c : SearchBack(WithoutTWaves(found, fs), candidates, fs)) {
    middles.push_back(c.at);
  }
  return middles;
}

}  // namespace ecg::dsp::robust
