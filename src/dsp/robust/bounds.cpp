// The answers of simple rules are weighed as hand-made marks teach. Beats of a lead are alike, so
// its bounds of P and T are drawn towards their median over the beats.
#include "src/dsp/robust/bounds.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "src/dsp/rate.h"
#include "src/dsp/statistics.h"

namespace ecg::dsp::robust {
namespace {

constexpr double kConfirmS = 0.012;  // a second lead within this confirms the outermost bound
constexpr double kDrawn = 0.7;       // of the way to the median over the beats
constexpr double kDrawnS = 0.02;  // from this distance on by no more: such a beat is another kind

constexpr std::array<Wave Beat::*, kWaveTypes> kWaves = {&Beat::p, &Beat::qrs, &Beat::t};

// The last sample that an earlier wave may reach, from the waves that follow beat b.
int BeforeNext(const std::vector<Complex>& complexes, const std::vector<Beat>& beats, std::size_t b,
               int samples) {
  if (b + 1 >= beats.size()) return samples - 1;
  const int next_p = beats[b + 1].p.peak;
  return (next_p != kMissing ? next_p : complexes[b + 1].onset) - 1;
}

// How far from the peak a lead's bound lies, in samples.
int DistanceOf(const Answers& answers, const BoundRule& rule, int most, double fs) {
  double distance = 0;
  for (double Answers::*const answer : kAnswers) {
    distance += rule.weights.*answer * answers.*answer;
  }
  return std::clamp(static_cast<int>(std::lround(distance + rule.offset_s * fs)), 0, most);
}

// Onset and offset of a wave in each lead, which all keep their own peaks.
RecordBeats BoundWave(RecordBeats beats, const BeatSearch& at, const WaveAnswers& answers,
                      const WaveRules& rules, double fs) {
  Wave Beat::*const wave = kWaves[static_cast<std::size_t>(at.type)];
  for (std::size_t k = 0; k < beats.leads.size(); ++k) {
    Wave& own = beats.leads[k][at.beat].*wave;
    own.onset = own.offset = at.search.peak;
    if (answers.onset.leads.empty()) continue;
    own.onset -= DistanceOf(answers.onset.leads[k], rules.onset, answers.onset.most, fs);
    own.offset += DistanceOf(answers.offset.leads[k], rules.offset, answers.offset.most, fs);
  }
  return beats;
}

// One side of a wave drawn towards its median distance, over the beats, from `peaks`.
std::vector<Beat> DrawnToMedian(std::vector<Beat> beats, const std::vector<Beat>& peaks,
                                Wave Beat::*wave, int Wave::*side, double fs) {
  std::vector<double> distances;
  for (std::size_t b = 0; b < beats.size(); ++b) {
    if ((peaks[b].*wave).peak == kMissing) continue;
    distances.push_back(beats[b].*wave.*side - (peaks[b].*wave).peak);
  }
  if (distances.empty()) return beats;
  const double usual = Quantile(std::move(distances), 0.5), most = kDrawnS * fs;
  for (std::size_t b = 0; b < beats.size(); ++b) {
    if ((peaks[b].*wave).peak == kMissing) continue;
    int& bound = beats[b].*wave.*side;
    const double away = usual - (bound - (peaks[b].*wave).peak);
    bound += static_cast<int>(std::lround(kDrawn * std::clamp(away, -most, most)));
  }
  return beats;
}

// The bounds of P and T drawn to their medians; an end of T that lies beyond its search then is
// drawn back.
std::vector<Beat> AlikeFromBeatToBeat(std::vector<Beat> beats, const std::vector<Beat>& peaks,
                                      const std::vector<Complex>& complexes, int samples,
                                      double fs) {
  for (Wave Beat::*const wave : {&Beat::p, &Beat::t}) {
    for (int Wave::*const side : {&Wave::onset, &Wave::offset}) {
      beats = DrawnToMedian(std::move(beats), peaks, wave, side, fs);
    }
  }
  for (std::size_t b = 0; b < beats.size(); ++b) {
    beats[b].t.offset = std::min(beats[b].t.offset, BeforeNext(complexes, peaks, b, samples));
  }
  return beats;
}

// The first of the places, from the outermost inwards, that another lead confirms.
int Outermost(std::vector<int> places, bool earliest, double fs) {
  std::sort(places.begin(), places.end());
  if (!earliest) std::reverse(places.begin(), places.end());
  for (std::size_t i = 0; i + 1 < places.size(); ++i) {
    if (std::abs(places[i + 1] - places[i]) <= Samples(kConfirmS, fs)) return places[i];
  }
  return places[places.size() / 2];
}

// The wave of beat b with the bounds that all leads share.
Wave Common(const RecordBeats& beats, std::size_t b, Wave Beat::*wave, double fs) {
  std::vector<int> onsets, offsets;
  for (const std::vector<Beat>& lead : beats.leads) {
    onsets.push_back((lead[b].*wave).onset);
    offsets.push_back((lead[b].*wave).offset);
  }
  return {Outermost(std::move(onsets), true, fs), (beats.common[b].*wave).peak,
          Outermost(std::move(offsets), false, fs)};
}

// The bounds give way where they cross a neighbour's: those of a complex to peaks, those of P and T
// to the complexes.
std::vector<Beat> InOrder(std::vector<Beat> beats) {
  int last = -1;  // the end of what came before
  for (Beat& beat : beats) {
    const int first_of_qrs = beat.q != kMissing ? beat.q : beat.qrs.peak;
    const int last_of_qrs = beat.s != kMissing ? beat.s : beat.qrs.peak;
    const int before = beat.p.peak != kMissing ? beat.p.peak : last;
    beat.qrs.onset = std::min(std::max(beat.qrs.onset, before + 1), first_of_qrs);
    beat.qrs.offset = std::max(beat.qrs.offset, last_of_qrs);
    if (beat.t.peak != kMissing) beat.qrs.offset = std::min(beat.qrs.offset, beat.t.peak - 1);
    if (beat.p.peak != kMissing) {
      beat.p.onset = std::min(std::max(beat.p.onset, last + 1), beat.p.peak);
      beat.p.offset = std::max(std::min(beat.p.offset, beat.qrs.onset - 1), beat.p.peak);
    }
    last = beat.qrs.offset;
    if (beat.t.peak == kMissing) continue;
    beat.t.onset = std::min(std::max(beat.t.onset, last + 1), beat.t.peak);
    beat.t.offset = std::max(beat.t.offset, beat.t.peak);
    last = beat.t.offset;
  }
  return beats;
}

}  // namespace

std::vector<BeatSearch> SearchesOfBounds(const std::vector<Complex>& complexes,
                                         const std::vector<Beat>& beats, int samples) {
  std::vector<BeatSearch> searches;
  int before = -1;  // the peak or complex before
  for (std::size_t b = 0; b < beats.size(); ++b) {
    const Complex& complex = complexes[b];
    const int p = beats[b].p.peak, t = beats[b].t.peak;
    const int next = BeforeNext(complexes, beats, b, samples);
    if (p != kMissing) {
      searches.push_back({b, WaveType::kP, {before + 1, p, complex.onset}});
      before = p;
    }
    const int middle = (complex.onset + complex.offset) / 2;
    searches.push_back({b, WaveType::kQrs, {before + 1, middle, t != kMissing ? t - 1 : next}});
    before = complex.offset;
    if (t == kMissing) continue;
    searches.push_back({b, WaveType::kT, {before, t, next}});
    before = t;
  }
  return searches;
}

RecordBeats BoundBeats(RecordBeats beats, const Views& views, const std::vector<Complex>& complexes,
                       const BoundRules& rules, double fs) {
  const int samples = Size(views.leads[0]);
  for (const BeatSearch& at : SearchesOfBounds(complexes, beats.common, samples)) {
    const WaveAnswers answers = AskBounds(views.Of(at.type), at.search, at.type, fs);
    beats = BoundWave(std::move(beats), at, answers, rules[static_cast<std::size_t>(at.type)], fs);
  }
  for (std::vector<Beat>& lead : beats.leads) {
    lead = AlikeFromBeatToBeat(std::move(lead), beats.common, complexes, samples, fs);
  }
  for (std::size_t b = 0; b < beats.common.size(); ++b) {
    for (Wave Beat::*const wave : kWaves) {
      Wave& common = beats.common[b].*wave;
      if (common.peak != kMissing) common = Common(beats, b, wave, fs);
    }
  }
  beats.common = InOrder(std::move(beats.common));
  for (std::vector<Beat>& lead : beats.leads) lead = InOrder(std::move(lead));
  return beats;
}

}  // namespace ecg::dsp::robust
