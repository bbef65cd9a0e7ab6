#include "src/dsp/robust/bound_answers.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <utility>

#include "src/core/simd.h"
#include "src/dsp/lanes.h"
#include "src/dsp/rate.h"
#include "src/dsp/statistics.h"

namespace ecg::dsp::robust {
namespace {

// How a kind of wave is asked about.
struct Kind {
  double smooth_s;     // a moving average before the slope is taken
  double gap_s;        // half of what it is taken over
  double average_s;    // another one over its square; 0: none
  double own_share;    // of the steepest, at which the slope of a lead has ended
  double joint_share;  // and that of all leads
  double near_s;       // how far from the peak the lead's own extremum may lie
  double before_s;     // the longest reach of a search
  double after_s;      //
};
constexpr Kind kKinds[kWaveTypes] = {
    {0.02, 0.01, 0, 0.2, 0.2, 0.04, 0.09, 0.09},         // P
    {0.012, 0.008, 0.012, 0.08, 0.2, 0.05, 0.15, 0.18},  // QRS
    {0.04, 0.016, 0, 0.2, 0.2, 0.06, 0.18, 0.2},         // T
};

constexpr double kSmoothS = 0.02;  // of the signal whose shape is asked
constexpr double kLevelS = 0.01;   // its end, whose median is the level beyond the wave
constexpr double kLeastFall = 1e-9;

// The samples from first to last of up to kLanes leads, the outermost repeated beyond the ends.
SideBySide Stretch(const Signal* leads, std::size_t count, int first, int last) {
  SideBySide stretch(static_cast<std::size_t>(last - first + 1));
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    double* to = stretch.At(0) + lane;
    if (lane >= count) {
      for (std::size_t i = 0; i < stretch.samples(); ++i) to[i * kLanes] = 0;
      continue;
    }
    const Signal& x = leads[lane];
    const int end = Size(x) - 1;
    int i = first;
    for (; i < std::min(0, last + 1); ++i, to += kLanes) *to = At(x, 0);
    for (; i <= std::min(last, end); ++i, to += kLanes) *to = At(x, i);
    for (; i <= last; ++i, to += kLanes) *to = At(x, end);
  }
  return stretch;
}

// double [samples][kLanes]: squares of what lies `gap` after a sample less what lies as far before
// it; 0 where one of them is not there.
ECG_VECTOR_CLONES void SquareSteps(const double* x, std::size_t samples, std::size_t gap,
                                   double* squares) {
  std::fill_n(squares, samples * kLanes, 0.0);
  if (samples < 2 * gap) return;
  const double *before = x, *after = x + 2 * gap * kLanes;
  double* to = squares + gap * kLanes;
  for (std::size_t i = 0; i < (samples - 2 * gap) * kLanes; ++i) {
    const double v = after[i] - before[i];
    to[i] = v * v;
  }
}

// slopes double [samples][kLanes], of which `count` are leads, added to the joint one.
ECG_VECTOR_CLONES void JoinSlopes(double* slopes, std::size_t count, std::size_t samples,
                                  double* joint) {
  for (std::size_t i = 0; i < samples * kLanes; ++i) slopes[i] = 0 < slopes[i] ? slopes[i] : 0;
  for (std::size_t i = 0; i < samples; ++i) {
    for (std::size_t lane = 0; lane < count; ++lane) joint[i] += slopes[i * kLanes + lane];
  }
}

// Samples search.first to search.last of several leads, which have others before and behind them.
struct Seen {
  SideBySide values;
  std::size_t margin;

  const double* At(int i) const { return values.At(margin + static_cast<std::size_t>(i)); }
};

// What is seen of a wave in all leads.
struct View {
  std::size_t leads = 0;
  Signal joint;              // the slope of all leads, from search.first to search.last
  std::vector<Seen> slopes;  // of each lead, kLanes together
  std::vector<Seen> shapes;  // the leads themselves
};

// Adds up to kLanes leads to a view.
void LookAt(const Signal* leads, std::size_t count, const WaveSearch& search, const Kind& kind,
            double fs, View& view) {
  const int smooth = Samples(kind.smooth_s, fs), gap = Samples(kind.gap_s, fs);
  const int average = kind.average_s > 0 ? Samples(kind.average_s, fs) : 0;
  const int margin = smooth + gap + average, shape_margin = Samples(kSmoothS, fs);
  const int widest = std::max(margin, shape_margin);
  const SideBySide stretch = Stretch(leads, count, search.first - widest, search.last + widest);
  const std::size_t samples = view.joint.size();
  // Averages begin where their own margin does.
  const auto average_of = [&](int own_margin, int size) {
    SideBySide y(samples + 2 * static_cast<std::size_t>(own_margin));
    CentredMovingAverage(stretch.At(static_cast<std::size_t>(widest - own_margin)), y.samples(),
                         size, y.At(0));
    return y;
  };
  const SideBySide s = average_of(margin, smooth);
  SideBySide squares(s.samples());
  SquareSteps(s.At(0), s.samples(), static_cast<std::size_t>(gap), squares.At(0));
  if (average > 0) squares = CentredMovingAverage(squares, average);
  double* const slopes = squares.At(static_cast<std::size_t>(margin));
  JoinSlopes(slopes, count, samples, view.joint.data());
  TakeRoots(slopes, samples * kLanes);
  view.slopes.push_back({std::move(squares), static_cast<std::size_t>(margin)});
  view.shapes.push_back(
      {average_of(shape_margin, shape_margin), static_cast<std::size_t>(shape_margin)});
}

View Look(const std::vector<Signal>& leads, const WaveSearch& search, const Kind& kind, double fs) {
  View view;
  view.leads = leads.size();
  view.joint.assign(static_cast<std::size_t>(search.last - search.first + 1), 0.0);
  for (std::size_t k = 0; k < leads.size(); k += kLanes) {
    LookAt(&leads[k], std::min(kLanes, leads.size() - k), search, kind, fs, view);
  }
  TakeRoots(&view.joint);
  return view;
}

// One side of a wave, counted from search.first.
struct Side {
  int peak;
  int limit;

  int step() const { return limit < peak ? -1 : 1; }
  int most() const { return std::abs(limit - peak); }
};

// From the steepest on outwards, the first place with at most that share of it.
double EndOfSlope(const Signal& slope, const Side& side, double share) {
  const auto at = [&](int i) { return At(slope, side.peak + side.step() * i); };
  int end = 0;
  for (int i = 1; i <= side.most(); ++i) {
    if (at(end) < at(i)) end = i;
  }
  const double low = share * at(end);
  while (end < side.most() && !(at(end) <= low)) ++end;
  return end;
}

// What follows is asked of kLanes leads at once, each number by itself: places are numbers too.
constexpr Lanes kZero = {0, 0, 0, 0};

// The same place in the slope of each lead, whose peak lies at `peak`.
ECG_VECTOR_CLONES void EndsOfSlopes(const double* peak, const Side& side, double share,
                                    double* ends) {
  const Lanes* x = reinterpret_cast<const Lanes*>(peak);
  const Lanes none = kZero - 1.0;
  Lanes steepest = *x, low = share * steepest, place = kZero;
  Lanes end = steepest <= low ? place : none;
  for (int i = 1; i <= side.most(); ++i) {
    x += side.step();
    place += 1.0;
    const auto rises = *x > steepest;
    steepest = rises ? *x : steepest;
    low = share * steepest;
    const auto fallen = (*x <= low) & (end < 0.0);
    end = rises ? none : (fallen ? place : end);
  }
  *reinterpret_cast<Lanes*>(ends) = end < 0.0 ? place : end;
}

// Extremum, tangent and chord of the shapes; `shapes` and `room` double [samples][kLanes].
ECG_VECTOR_CLONES void AskShapes(const double* shapes, int samples, const Side& side, int near,
                                 int level_samples, double* room, double* extrema, double* tangents,
                                 double* chords) {
  const Lanes* x = reinterpret_cast<const Lanes*>(shapes);
  Lanes* way = reinterpret_cast<Lanes*>(room);
  const int step = side.step();
  // The upper median of the last samples.
  const int beyond = std::min(side.most() + 1, level_samples);
  for (int i = 0; i < beyond; ++i) {
    Insert(x[side.limit - i * step], way, static_cast<std::size_t>(i));
  }
  const Lanes level = way[beyond / 2];

  // The sample near the peak that is farthest from the level; all places count from the peak.
  Lanes extremum = kZero, top = x[side.peak];
  Lanes farthest = top < level ? level - top : top - level;
  const int first = std::max(0, side.peak - near), last = std::min(samples - 1, side.peak + near);
  Lanes place = kZero + step * (first - side.peak);
  for (int i = first; i <= last; ++i, place += step) {
    const Lanes distance = x[i] < level ? level - x[i] : x[i] - level;
    const auto farther = distance > farthest;
    farthest = farther ? distance : farthest;
    top = farther ? x[i] : top;
    extremum = farther ? place : extremum;
  }
  *reinterpret_cast<Lanes*>(extrema) = extremum;
  const Lanes end = kZero + side.most(), height = top - level;
  const auto asked = (end - extremum >= 3.0) & (height != 0.0);

  // The way outwards as shares of the height, 1 at the extremum: where it falls most to the next
  // sample, from `above` to `under`.
  int begin = side.most();
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    begin = std::min(begin, static_cast<int>(extremum[lane]));
  }
  Lanes fastest = kZero + std::numeric_limits<double>::infinity();
  Lanes steepest = extremum, above = fastest, under = fastest;
  const Lanes innermost = kZero + begin;
  place = innermost;
  const Lanes* from = x + side.peak + step * begin;
  way[0] = (*from - level) / height;
  for (int i = begin; i < side.most(); ++i, place += 1.0) {
    const Lanes here = way[i - begin];
    from += step;
    const Lanes next = (*from - level) / height;
    way[i - begin + 1] = next;
    const Lanes change = next - here;
    const auto faster = (change < fastest) & (place >= extremum);
    fastest = faster ? change : fastest;
    steepest = faster ? place : steepest;
    above = faster ? here : above;
    under = faster ? next : under;
  }

  // Where the tangent there reaches 0.
  const Lanes drop = above - under, least = kZero + kLeastFall;
  const Lanes fall = least < drop ? drop : least;
  const Lanes reach = steepest - extremum + 0.5 + (above + under) / 2.0 / fall;
  const Lanes tangent = extremum + (reach < end - extremum ? reach : end - extremum);
  *reinterpret_cast<Lanes*>(tangents) = asked ? tangent : extremum;

  // Where it lies farthest below the line from its steepest fall to its end.
  const Lanes rise = way[side.most() - begin] - above, length = end - steepest;
  Lanes corner = steepest, deepest = kZero;
  place = innermost;
  for (int i = begin; i <= side.most(); ++i, place += 1.0) {
    const Lanes after = place - steepest;
    const Lanes below = above + after / length * rise - way[i - begin];
    const auto deeper = (below > deepest) & (after >= 0.0);
    deepest = deeper ? below : deepest;
    corner = deeper ? place : corner;
  }
  const Lanes chord = steepest + 1.0 >= end ? end : corner;
  *reinterpret_cast<Lanes*>(chords) = asked ? chord : extremum;
}

SideAnswers AskSide(const View& view, const Side& side, const Kind& kind, double fs) {
  const int samples = Size(view.joint);
  const double joint = EndOfSlope(view.joint, side, kind.joint_share);
  SideBySide room(view.joint.size());
  std::vector<double> all_tangents;
  SideAnswers answers;
  answers.most = side.most();
  for (std::size_t group = 0; group < view.slopes.size(); ++group) {
    double own[kLanes], extrema[kLanes], tangents[kLanes], chords[kLanes];
    EndsOfSlopes(view.slopes[group].At(side.peak), side, kind.own_share, own);
    AskShapes(view.shapes[group].At(0), samples, side, Samples(kind.near_s, fs),
              Samples(kLevelS, fs), room.At(0), extrema, tangents, chords);
    const std::size_t count = std::min(kLanes, view.leads - group * kLanes);
    for (std::size_t lane = 0; lane < count; ++lane) {
      Answers& a = answers.leads.emplace_back();
      a.own = own[lane];
      a.joint = joint;
      a.extremum = extrema[lane];
      a.tangent = tangents[lane];
      a.chord = chords[lane];
      all_tangents.push_back(a.tangent);
    }
  }
  const double middle = Quantile(std::move(all_tangents), 0.5);
  for (Answers& a : answers.leads) a.tangents = middle;
  return answers;
}

}  // namespace

WaveAnswers AskBounds(const std::vector<Signal>& leads, WaveSearch search, WaveType type,
                      double fs) {
  const Kind& kind = kKinds[static_cast<std::size_t>(type)];
  search.first = std::max(search.first, search.peak - Samples(kind.before_s, fs));
  search.last = std::min(search.last, search.peak + Samples(kind.after_s, fs));
  if (search.peak <= search.first || search.peak >= search.last) return {};
  const View view = Look(leads, search, kind, fs);
  const int peak = search.peak - search.first;
  return {AskSide(view, {peak, 0}, kind, fs),
          AskSide(view, {peak, search.last - search.first}, kind, fs)};
}

}  // namespace ecg::dsp::robust
