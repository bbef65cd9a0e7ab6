// Where waves begin and end. No single rule for it is good in every shape: here several simple ones
// are asked, and their answers are weighed as the hand-made marks of LUDB teach. Each answer is a
// distance from the wave's peak (the middle of a complex) outwards:
//   own, joint   where the slope, of this lead or of all together, has fallen to a small share of
//                its steepest
//   extremum     of this lead
//   tangent      where the steepest tangent of this lead meets its level beyond the wave
//   chord        where this lead lies farthest from the line between its steepest point and the end
//                of the search: the corner of the wave
//   tangents     the median over the leads of what their tangents say
// Beats of a lead are alike, so its bounds of P and T are drawn towards their median over the
// beats.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "ecg/dsp/filter.h"
#include "src/dsp/robust/robust.h"

namespace ecg::dsp::robust {
namespace {

struct Answers {
  // samples
  double own = 0, joint = 0, extremum = 0, tangent = 0, chord = 0, tangents = 0;
};

// Weights of the answers, and what is added, in seconds.
struct Rule {
  Answers weights;
  double offset_s;

  double Weigh(const Answers& a, double fs) const {
    return weights.own * a.own + weights.joint * a.joint + weights.extremum * a.extremum +
           weights.tangent * a.tangent + weights.chord * a.chord + weights.tangents * a.tangents +
           offset_s * fs;
  }
};

// How a kind of wave is bounded.
struct Kind {
  double smooth_s;     // a moving average before the slope is taken
  double gap_s;        // half of what it is taken over
  double average_s;    // another one over its square; 0: none
  double own_share;    // of the steepest, at which the slope of a lead has ended
  double joint_share;  // and that of all leads
  double near_s;       // how far from the peak the lead's own extremum may lie
  double before_s;     // the longest reach of a search
  double after_s;      //
  Rule onset;
  Rule offset;
};

// Fitted to the marks of 100 LUDB records, lead by lead: least squares, with errors beyond 30 ms
// counting linearly.
constexpr Kind kP = {0.02,
                     0.01,
                     0,
                     0.2,
                     0.2,
                     0.04,
                     0.09,
                     0.09,
                     {{0.078, 0.345, 0.111, -0.030, 0.419}, 0.0064},
                     {{0.139, 0.128, 0.146, 0.224, 0.252}, 0.0036}};
constexpr Kind kT = {0.04,
                     0.016,
                     0,
                     0.2,
                     0.2,
                     0.06,
                     0.18,
                     0.2,
                     {{0.200, 0.021, 0.345, 0.302, 0.033}, 0.0467},
                     {{0.098, 0.033, 0.021, 0.013, 0.214}, 0.0489}};
constexpr Kind kQrs = {0.012,
                       0.008,
                       0.012,
                       0.08,
                       0.2,
                       0.05,
                       0.15,
                       0.18,
                       {{0.241, 0, 0, 0, 0, 0.845}, 0.0193},
                       {{0.170, 0.471, 0, 0, 0.184}, 0.0095}};

constexpr double kSmoothS = 0.02;    // of the signal whose shape is asked
constexpr double kLevelS = 0.01;     // its end, whose median is the level beyond the wave
constexpr double kConfirmS = 0.012;  // a second lead within this confirms the outermost bound
constexpr double kDrawn = 0.7;       // of the way to the median over the beats
constexpr double kDrawnS = 0.02;  // from this distance on by no more: such a beat is another kind

// The samples from first to last, the outermost repeated beyond the ends.
Signal Stretch(const Signal& x, int first, int last) {
  Signal stretch;
  stretch.reserve(static_cast<std::size_t>(last - first + 1));
  for (int i = first; i <= last; ++i) stretch.push_back(At(x, std::clamp(i, 0, Size(x) - 1)));
  return stretch;
}

Signal Middle(const Signal& x, int margin) { return Signal(x.begin() + margin, x.end() - margin); }

// Samples from a peak outwards, the peak first.
Signal Outwards(const Signal& x, int peak, int limit) {
  Signal way;
  const int step = limit < peak ? -1 : 1;
  for (int i = peak; i != limit + step; i += step) way.push_back(At(x, i));
  return way;
}

// A wave and how far its bounds may lie, as samples of the record.
struct Search {
  int first = 0;
  int peak = 0;
  int last = 0;
};

// What is seen of a wave in all leads.
struct View {
  std::vector<Signal> slopes;  // of each lead, from search.first to search.last
  Signal joint;                // of all leads
  std::vector<Signal> shapes;  // the leads themselves
};

View Look(const std::vector<Signal>& leads, const Search& search, const Kind& kind, double fs) {
  const int smooth = Samples(kind.smooth_s, fs), gap = Samples(kind.gap_s, fs);
  const int average = kind.average_s > 0 ? Samples(kind.average_s, fs) : 0;
  const int shape_smooth = Samples(kSmoothS, fs);
  const int margin = smooth + gap + average;
  View view;
  view.joint.assign(static_cast<std::size_t>(search.last - search.first + 1), 0.0);
  for (const Signal& lead : leads) {
    const Signal wide = Stretch(lead, search.first - margin, search.last + margin);
    const Signal s = CentredMovingAverage(wide, smooth);
    Signal squares(s.size(), 0.0);
    for (int i = gap; i + gap < Size(s); ++i) {
      const double v = At(s, i + gap) - At(s, i - gap);
      squares[static_cast<std::size_t>(i)] = v * v;
    }
    if (average > 0) squares = CentredMovingAverage(squares, average);
    Signal slope = Middle(squares, margin);
    for (std::size_t i = 0; i < slope.size(); ++i) {
      slope[i] = std::max(0.0, slope[i]);
      view.joint[i] += slope[i];
      slope[i] = std::sqrt(slope[i]);
    }
    view.slopes.push_back(std::move(slope));
    const Signal near = Stretch(lead, search.first - shape_smooth, search.last + shape_smooth);
    view.shapes.push_back(Middle(CentredMovingAverage(near, shape_smooth), shape_smooth));
  }
  for (double& v : view.joint) v = std::sqrt(v);
  return view;
}

// From the steepest on, the first place with at most that share of it.
double EndOfSlope(const Signal& way, double share) {
  const auto steepest = std::max_element(way.begin(), way.end());
  const auto end =
      std::find_if(steepest, way.end(), [&](double slope) { return slope <= share * *steepest; });
  return static_cast<double>(std::min(end, way.end() - 1) - way.begin());
}

// The answers of a lead's shape. `peak` and `limit` count within the stretch.
void AskShape(const Signal& shape, int peak, int limit, int near, int level_samples, Answers* a) {
  const int step = limit < peak ? -1 : 1;
  const Signal whole = Outwards(shape, peak, limit);
  const auto beyond = std::min(whole.size(), static_cast<std::size_t>(level_samples));
  const double level =
      Quantile(Signal(whole.end() - static_cast<std::ptrdiff_t>(beyond), whole.end()), 0.5);
  int extremum = peak;
  for (int i = std::max(0, peak - near); i <= std::min(Size(shape) - 1, peak + near); ++i) {
    if (std::abs(At(shape, i) - level) > std::abs(At(shape, extremum) - level)) extremum = i;
  }
  a->extremum = a->tangent = a->chord = step * (extremum - peak);
  if ((limit - extremum) * step < 3) return;
  Signal rest = Outwards(shape, extremum, limit);
  const double height = rest[0] - level;
  if (height == 0) return;
  for (double& v : rest) v = (v - level) / height;  // 1 at the extremum
  std::size_t steepest = 0;
  double fastest = rest[1] - rest[0];
  for (std::size_t i = 1; i + 1 < rest.size(); ++i) {
    if (rest[i + 1] - rest[i] < fastest) {
      fastest = rest[i + 1] - rest[i];
      steepest = i;
    }
  }
  const auto last = static_cast<double>(rest.size() - 1);
  const double fall = std::max(1e-9, rest[steepest] - rest[steepest + 1]);
  const double middle = static_cast<double>(steepest) + 0.5;
  a->tangent += std::min(last, middle + (rest[steepest] + rest[steepest + 1]) / 2 / fall);
  std::size_t corner = steepest;
  double farthest = 0;
  for (std::size_t i = steepest; i < rest.size(); ++i) {
    const double part = static_cast<double>(i - steepest) / (last - static_cast<double>(steepest));
    const double below = rest[steepest] + part * (rest.back() - rest[steepest]) - rest[i];
    if (below > farthest) {
      farthest = below;
      corner = i;
    }
  }
  a->chord += steepest + 1 < rest.size() - 1 ? static_cast<double>(corner) : last;
}

// One side of a wave, in each lead.
std::vector<int> BoundsOf(const View& view, const Search& search, int limit, const Kind& kind,
                          const Rule& rule, double fs) {
  const int peak = search.peak - search.first, end = limit - search.first;
  const int step = end < peak ? -1 : 1;
  const double joint = EndOfSlope(Outwards(view.joint, peak, end), kind.joint_share);
  std::vector<Answers> answers;
  std::vector<double> tangents;
  for (std::size_t k = 0; k < view.slopes.size(); ++k) {
    Answers& a = answers.emplace_back();
    a.own = EndOfSlope(Outwards(view.slopes[k], peak, end), kind.own_share);
    a.joint = joint;
    AskShape(view.shapes[k], peak, end, Samples(kind.near_s, fs), Samples(kLevelS, fs), &a);
    tangents.push_back(a.tangent);
  }
  const double middle = Quantile(std::move(tangents), 0.5);
  std::vector<int> bounds;
  for (Answers& a : answers) {
    a.tangents = middle;
    const int distance = static_cast<int>(std::lround(rule.Weigh(a, fs)));
    bounds.push_back(search.peak + step * std::clamp(distance, 0, std::abs(end - peak)));
  }
  return bounds;
}

// Onset and offset of a wave in each lead.
std::vector<Wave> BoundWave(const std::vector<Signal>& leads, Search search, const Kind& kind,
                            double fs) {
  std::vector<Wave> waves(leads.size(), {search.peak, search.peak, search.peak});
  search.first = std::max(search.first, search.peak - Samples(kind.before_s, fs));
  search.last = std::min(search.last, search.peak + Samples(kind.after_s, fs));
  if (search.peak <= search.first || search.peak >= search.last) return waves;
  const View view = Look(leads, search, kind, fs);
  const std::vector<int> onsets = BoundsOf(view, search, search.first, kind, kind.onset, fs),
                         offsets = BoundsOf(view, search, search.last, kind, kind.offset, fs);
  for (std::size_t k = 0; k < leads.size(); ++k) {
    waves[k] = {onsets[k], search.peak, offsets[k]};
  }
  return waves;
}

// Draws one side of a wave towards its median distance, over the beats, from `peaks`.
void DrawToMedian(const std::vector<Beat>& peaks, Wave Beat::*wave, int Wave::*side, double fs,
                  std::vector<Beat>* beats) {
  std::vector<double> distances;
  for (std::size_t b = 0; b < beats->size(); ++b) {
    if ((peaks[b].*wave).peak == kMissing) continue;
    distances.push_back((*beats)[b].*wave.*side - (peaks[b].*wave).peak);
  }
  if (distances.empty()) return;
  const double usual = Quantile(std::move(distances), 0.5), most = kDrawnS * fs;
  for (std::size_t b = 0; b < beats->size(); ++b) {
    if ((peaks[b].*wave).peak == kMissing) continue;
    int& bound = (*beats)[b].*wave.*side;
    const double away = usual - (bound - (peaks[b].*wave).peak);
    bound += static_cast<int>(std::lround(kDrawn * std::clamp(away, -most, most)));
  }
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

// The common bounds of a wave of beat b.
void BoundCommon(std::size_t b, Wave Beat::*wave, double fs, RecordBeats* beats) {
  std::vector<int> onsets, offsets;
  for (const std::vector<Beat>& lead : beats->leads) {
    onsets.push_back((lead[b].*wave).onset);
    offsets.push_back((lead[b].*wave).offset);
  }
  Wave& common = beats->common[b].*wave;
  common.onset = Outermost(std::move(onsets), true, fs);
  common.offset = Outermost(std::move(offsets), false, fs);
}

// The last sample that an earlier wave may reach, from the waves that follow beat b.
int BeforeNext(const std::vector<Complex>& complexes, const std::vector<Beat>& beats, std::size_t b,
               int samples) {
  if (b + 1 >= beats.size()) return samples - 1;
  const int next_p = beats[b + 1].p.peak;
  return (next_p != kMissing ? next_p : complexes[b + 1].onset) - 1;
}

// Makes the bounds give way where they cross a neighbour's: those of a complex to peaks, those of P
// and T to the complexes.
void PutInOrder(std::vector<Beat>* beats) {
  int last = -1;  // the end of what came before
  for (Beat& beat : *beats) {
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
}

}  // namespace

void BoundBeats(const std::vector<Signal>& leads, const std::vector<Signal>& between,
                const std::vector<Complex>& complexes, double fs, RecordBeats* beats) {
  const int samples = Size(leads[0]);
  const auto bound = [&](std::size_t b, Wave Beat::*wave, const std::vector<Signal>& signals,
                         const Search& search, const Kind& kind) {
    const std::vector<Wave> waves = BoundWave(signals, search, kind, fs);
    for (std::size_t k = 0; k < waves.size(); ++k) {
      Wave& own = beats->leads[k][b].*wave;
      own = {waves[k].onset, own.peak, waves[k].offset};
    }
  };
  const std::vector<Beat> peaks = beats->common;
  int before = -1;  // the peak or complex before
  for (std::size_t b = 0; b < peaks.size(); ++b) {
    const Complex& complex = complexes[b];
    const int p = peaks[b].p.peak, t = peaks[b].t.peak;
    const int next = BeforeNext(complexes, peaks, b, samples);
    if (p != kMissing) {
      bound(b, &Beat::p, between, {before + 1, p, complex.onset}, kP);
      before = p;
    }
    const int middle = (complex.onset + complex.offset) / 2;
    bound(b, &Beat::qrs, leads, {before + 1, middle, t != kMissing ? t - 1 : next}, kQrs);
    before = complex.offset;
    if (t == kMissing) continue;
    bound(b, &Beat::t, between, {before, t, next}, kT);
    before = t;
  }
  for (std::vector<Beat>& lead : beats->leads) {
    for (Wave Beat::*wave : {&Beat::p, &Beat::t}) {
      DrawToMedian(peaks, wave, &Wave::onset, fs, &lead);
      DrawToMedian(peaks, wave, &Wave::offset, fs, &lead);
    }
  }
  for (std::size_t b = 0; b < peaks.size(); ++b) {
    const int next = BeforeNext(complexes, peaks, b, samples);
    for (std::vector<Beat>& lead : beats->leads) {  // drawn, an end may lie beyond its search
      lead[b].t.offset = std::min(lead[b].t.offset, next);
    }
    for (Wave Beat::*wave : {&Beat::p, &Beat::qrs, &Beat::t}) {
      if ((peaks[b].*wave).peak != kMissing) BoundCommon(b, wave, fs, beats);
    }
  }
  PutInOrder(&beats->common);
  for (std::vector<Beat>& lead : beats->leads) PutInOrder(&lead);
}

}  // namespace ecg::dsp::robust
