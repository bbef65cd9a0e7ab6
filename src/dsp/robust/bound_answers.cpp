#include "src/dsp/robust/bound_answers.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
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

// The samples of one lead from a peak outwards, the peak first.
struct Way {
  const double* peak;
  std::ptrdiff_t step;
  std::size_t count;

  double operator[](std::size_t i) const { return peak[static_cast<std::ptrdiff_t>(i) * step]; }
  double back() const { return (*this)[count - 1]; }
};

// Of what lies at `x` and then every `apart` numbers.
Way Outwards(const double* x, std::size_t apart, int peak, int limit) {
  const auto step = static_cast<std::ptrdiff_t>(apart);
  return {x + peak * step, limit < peak ? -step : step,
          static_cast<std::size_t>(std::abs(limit - peak)) + 1};
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

  const double* At(std::size_t lane) const { return values.At(margin) + lane; }
};

// What is seen of a wave in all leads.
struct View {
  std::size_t leads = 0;
  Signal joint;              // the slope of all leads, from search.first to search.last
  std::vector<Seen> slopes;  // of each lead, kLanes together
  std::vector<Seen> shapes;  // the leads themselves

  const double* SlopeOf(std::size_t lead) const { return slopes[lead / kLanes].At(lead % kLanes); }
  const double* ShapeOf(std::size_t lead) const { return shapes[lead / kLanes].At(lead % kLanes); }
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

// From the steepest on, the first place with at most that share of it.
double EndOfSlope(const Way& way, double share) {
  std::size_t steepest = 0;
  double slope = way[0];
  for (std::size_t i = 1; i < way.count; ++i) {
    if (slope < way[i]) {
      slope = way[i];
      steepest = i;
    }
  }
  std::size_t end = steepest;
  while (end + 1 < way.count && !(way[end] <= share * slope)) ++end;
  return static_cast<double>(end);
}

// The median of the last samples of a way.
double LevelBeyond(const Way& way, int samples) {
  const auto beyond = std::min(way.count, static_cast<std::size_t>(samples));
  Signal last;
  for (std::size_t i = way.count - beyond; i < way.count; ++i) last.push_back(way[i]);
  return Quantile(std::move(last), 0.5);
}

// The sample near the peak, `shape` at 0, that is farthest from the level; from first to last.
int ExtremumNear(const double* shape, int first, int last, double level) {
  const auto away = [&](int i) {
    return std::abs(shape[i * static_cast<std::ptrdiff_t>(kLanes)] - level);
  };
  int extremum = 0;
  double farthest = away(0);
  for (int i = first; i <= last; ++i) {
    const double distance = away(i);
    if (distance > farthest) {
      farthest = distance;
      extremum = i;
    }
  }
  return extremum;
}

// From where on a way falls most to the next sample.
std::size_t SteepestFall(const Signal& way) {
  std::size_t steepest = 0;
  double fastest = way[1] - way[0];
  for (std::size_t i = 1; i + 1 < way.size(); ++i) {
    if (way[i + 1] - way[i] < fastest) {
      fastest = way[i + 1] - way[i];
      steepest = i;
    }
  }
  return steepest;
}

// Where the tangent at the steepest fall of a way reaches 0.
double EndOfTangent(const Signal& way, std::size_t steepest) {
  const double fall = std::max(kLeastFall, way[steepest] - way[steepest + 1]);
  const double middle = static_cast<double>(steepest) + 0.5;
  return std::min(static_cast<double>(way.size() - 1),
                  middle + (way[steepest] + way[steepest + 1]) / 2 / fall);
}

// double [count]: how far a way lies below the line from its first place to its last.
ECG_VECTOR_CLONES void BelowLine(const double* way, int count, double* below) {
  const double first = way[0], rise = way[count - 1] - first, last = count - 1;
  for (int i = 0; i < count; ++i) {
    const double part = i / last;
    below[i] = first + part * rise - way[i];
  }
}

// Where a way lies farthest below the line from its steepest fall to its end; `below` is room.
double Corner(const Signal& way, std::size_t steepest, Signal& below) {
  if (steepest + 1 >= way.size() - 1) return static_cast<double>(way.size() - 1);
  below.resize(way.size() - steepest);
  BelowLine(way.data() + steepest, Size(below), below.data());
  std::size_t corner = 0;
  double farthest = 0;
  for (std::size_t i = 0; i < below.size(); ++i) {
    if (below[i] > farthest) {
      farthest = below[i];
      corner = i;
    }
  }
  return static_cast<double>(steepest + corner);
}

// As shares of the height above the level.
ECG_VECTOR_CLONES void Normalise(double* way, std::size_t count, double level, double height) {
  for (std::size_t i = 0; i < count; ++i) way[i] = (way[i] - level) / height;
}

// What AskShape takes beside its shape.
struct Room {
  Signal way, below;
};

// Extremum, tangent and chord of a lead's shape, one of several side by side with `samples` of
// them. `peak` and `limit` count within it.
Answers AskShape(const double* shape, int samples, int peak, int limit, int near, int level_samples,
                 Room& room) {
  const int step = limit < peak ? -1 : 1;
  const double level = LevelBeyond(Outwards(shape, kLanes, peak, limit), level_samples);
  const int extremum = peak + ExtremumNear(shape + static_cast<std::size_t>(peak) * kLanes,
                                           std::max(0, peak - near) - peak,
                                           std::min(samples - 1, peak + near) - peak, level);
  Answers a;
  a.extremum = a.tangent = a.chord = step * (extremum - peak);
  if ((limit - extremum) * step < 3) return a;
  const Way outwards = Outwards(shape, kLanes, extremum, limit);
  const double height = outwards[0] - level;
  if (height == 0) return a;
  Signal& way = room.way;
  way.resize(outwards.count);
  for (std::size_t i = 0; i < way.size(); ++i) way[i] = outwards[i];
  Normalise(way.data(), way.size(), level, height);  // 1 at the extremum
  const std::size_t steepest = SteepestFall(way);
  a.tangent += EndOfTangent(way, steepest);
  a.chord += Corner(way, steepest, room.below);
  return a;
}

SideAnswers AskSide(const View& view, const WaveSearch& search, int limit, const Kind& kind,
                    double fs) {
  const int peak = search.peak - search.first, end = limit - search.first;
  const double joint = EndOfSlope(Outwards(view.joint.data(), 1, peak, end), kind.joint_share);
  SideAnswers side;
  side.most = std::abs(end - peak);
  std::vector<double> tangents;
  Room room;
  for (std::size_t k = 0; k < view.leads; ++k) {
    Answers a = AskShape(view.ShapeOf(k), Size(view.joint), peak, end, Samples(kind.near_s, fs),
                         Samples(kLevelS, fs), room);
    a.own = EndOfSlope(Outwards(view.SlopeOf(k), kLanes, peak, end), kind.own_share);
    a.joint = joint;
    tangents.push_back(a.tangent);
    side.leads.push_back(a);
  }
  const double middle = Quantile(std::move(tangents), 0.5);
  for (Answers& a : side.leads) a.tangents = middle;
  return side;
}

}  // namespace

WaveAnswers AskBounds(const std::vector<Signal>& leads, WaveSearch search, WaveType type,
                      double fs) {
  const Kind& kind = kKinds[static_cast<std::size_t>(type)];
  search.first = std::max(search.first, search.peak - Samples(kind.before_s, fs));
  search.last = std::min(search.last, search.peak + Samples(kind.after_s, fs));
  if (search.peak <= search.first || search.peak >= search.last) return {};
  const View view = Look(leads, search, kind, fs);
  return {AskSide(view, search, search.first, kind, fs),
          AskSide(view, search, search.last, kind, fs)};
}

}  // namespace ecg::dsp::robust
