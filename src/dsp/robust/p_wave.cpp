#include "src/dsp/robust/p_wave.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "src/dsp/rate.h"

namespace ecg::dsp::robust {
namespace {

// Times count back from the reference of the complex.
constexpr double kSmoothS = 0.04;
constexpr double kBumpS = 0.06;
constexpr double kEarliestS = 0.34;
constexpr double kAfterTS = 0.1;
constexpr double kAfterRS = 0.2;

constexpr double kBeatS = 0.06;      // how far a beat's P may lie from the record's
constexpr double kBeatShare = 0.35;  // of the record's P, for a beat to have one

// Of one lead.
constexpr double kIrregular = 0.05;   // irregularity beyond which it is doubted
constexpr double kSignalToNoise = 1;  // at least

// Where the P of each beat is looked for.
std::vector<Search> SearchesOfP(const std::vector<Complex>& complexes,
                                const std::vector<int>& t_peaks, int reach, double fs) {
  std::vector<Search> searches;
  for (std::size_t b = 0; b < complexes.size(); ++b) {
    Search search{std::max(0, complexes[b].reference - reach), complexes[b].onset - 1};
    if (b > 0) {
      const int t = t_peaks[b - 1];
      const int free = t != kMissing ? t + Samples(kAfterTS, fs)
                                     : complexes[b - 1].reference + Samples(kAfterRS, fs);
      search.first = std::max(search.first, free);
    }
    searches.push_back(search);
  }
  return searches;
}

}  // namespace

PCandidate LookForP(const std::vector<Signal>& between, const std::vector<Complex>& complexes,
                    const std::vector<bool>& ventricular, const std::vector<int>& t_peaks,
                    const Rhythm& rhythm, double fs) {
  PCandidate candidate;
  candidate.bumps = Bumps(between, kSmoothS, kBumpS, fs);
  std::vector<Signal>& bumps = candidate.bumps;
  const int reach = Samples(kEarliestS, fs);
  candidate.searches = SearchesOfP(complexes, t_peaks, reach, fs);
  Template average = AverageBeforeR(bumps, complexes, candidate.searches,
                                    NormalBeats(rhythm, ventricular), reach + 1);
  const std::vector<double> weights = LeadWeights(average);
  candidate.average = Weighed(std::move(average), weights);
  for (std::size_t k = 0; k < weights.size(); ++k) {
    for (double& v : bumps[k]) v *= weights[k];
  }
  candidate.usual = UsualP(candidate.average, complexes.size(), fs);
  if (candidate.usual == kMissing || between.size() == 1) return candidate;
  const std::vector<Signal> shapes =
      ShapesOfP(bumps, complexes, ventricular, candidate.searches, candidate.usual, fs);
  candidate.evidence = EvidenceOfP(candidate.average, shapes, candidate.usual, rhythm, fs);
  return candidate;
}

bool IsP(const PCandidate& candidate, const Rhythm& rhythm, const PWeights& weights) {
  if (candidate.usual == kMissing) return false;
  if (candidate.bumps.size() > 1) return LogitOf(candidate.evidence, weights) > 0;
  // One lead repeats by chance more easily: its P must be the clearer the less regular the rhythm.
  const double doubt = rhythm.irregularity / kIrregular;
  return SignalToNoise(candidate.average, candidate.usual) > kSignalToNoise * (1 + doubt * doubt);
}

std::vector<int> MarkP(const PCandidate& candidate, const std::vector<Complex>& complexes,
                       double fs) {
  std::vector<int> peaks(complexes.size(), kMissing);
  if (candidate.usual == kMissing) return peaks;
  const double energy = EnergyAt(candidate.average, candidate.usual);
  const int near = Samples(kBeatS, fs);
  for (std::size_t b = 0; b < complexes.size(); ++b) {
    const Search& search = candidate.searches[b];
    const int centre = complexes[b].reference - candidate.usual;
    double best_share = kBeatShare;
    for (int i = std::max(search.first, centre - near); i <= std::min(search.last, centre + near);
         ++i) {
      double share = 0;
      for (std::size_t k = 0; k < candidate.bumps.size(); ++k) {
        share +=
            At(candidate.bumps[k], i) * At(candidate.average.mean[k], candidate.usual) / energy;
      }
      if (share > best_share) {
        best_share = share;
        peaks[b] = i;
      }
    }
  }
  return peaks;
}

}  // namespace ecg::dsp::robust
