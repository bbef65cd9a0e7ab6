#include "src/dsp/robust/bound_answers.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "ecg/dsp/filter.h"
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

// The squared slope of a lead from first to last.
Signal SquaredSlope(const Signal& lead, const WaveSearch& search, const Kind& kind, double fs) {
  const int smooth = Samples(kind.smooth_s, fs), gap = Samples(kind.gap_s, fs);
  const int average = kind.average_s > 0 ? Samples(kind.average_s, fs) : 0;
  const int margin = smooth + gap + average;
  const Signal s =
      CentredMovingAverage(Stretch(lead, search.first - margin, search.last + margin), smooth);
  Signal squares(s.size(), 0.0);
  for (int i = gap; i + gap < Size(s); ++i) {
    const double v = At(s, i + gap) - At(s, i - gap);
    At(squares, i) = v * v;
  }
  if (average > 0) squares = CentredMovingAverage(squares, average);
  Signal slope = Middle(squares, margin);
  for (double& v : slope) v = std::max(0.0, v);
  return slope;
}

// What is seen of a wave in all leads, from search.first to search.last.
struct View {
  std::vector<Signal> slopes;  // of each lead
  Signal joint;                // the slope of all leads
  std::vector<Signal> shapes;  // the leads themselves
};

View Look(const std::vector<Signal>& leads, const WaveSearch& search, const Kind& kind, double fs) {
  const int smooth = Samples(kSmoothS, fs);
  View view;
  view.joint.assign(static_cast<std::size_t>(search.last - search.first + 1), 0.0);
  for (const Signal& lead : leads) {
    Signal slope = SquaredSlope(lead, search, kind, fs);
    for (std::size_t i = 0; i < slope.size(); ++i) {
      view.joint[i] += slope[i];
      slope[i] = std::sqrt(slope[i]);
    }
    view.slopes.push_back(std::move(slope));
    const Signal near = Stretch(lead, search.first - smooth, search.last + smooth);
    view.shapes.push_back(Middle(CentredMovingAverage(near, smooth), smooth));
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

// The median of the last samples of a way.
double LevelBeyond(const Signal& way, int samples) {
  const auto beyond = std::min(way.size(), static_cast<std::size_t>(samples));
  return Quantile(Signal(way.end() - static_cast<std::ptrdiff_t>(beyond), way.end()), 0.5);
}

// The sample near the peak that is farthest from the level.
int ExtremumNear(const Signal& shape, int peak, int near, double level) {
  int extremum = peak;
  for (int i = std::max(0, peak - near); i <= std::min(Size(shape) - 1, peak + near); ++i) {
    if (std::abs(At(shape, i) - level) > std::abs(At(shape, extremum) - level)) extremum = i;
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

// Where a way lies farthest below the line from its steepest fall to its end.
double Corner(const Signal& way, std::size_t steepest) {
  const auto last = static_cast<double>(way.size() - 1);
  if (steepest + 1 >= way.size() - 1) return last;
  std::size_t corner = steepest;
  double farthest = 0;
  for (std::size_t i = steepest; i < way.size(); ++i) {
    const double part = static_cast<double>(i - steepest) / (last - static_cast<double>(steepest));
    const double below = way[steepest] + part * (way.back() - way[steepest]) - way[i];
    if (below > farthest) {
      farthest = below;
      corner = i;
    }
  }
  return static_cast<double>(corner);
}

// Extremum, tangent and chord of a lead's shape. `peak` and `limit` count within the shape.
Answers AskShape(const Signal& shape, int peak, int limit, int near, int level_samples) {
  const int step = limit < peak ? -1 : 1;
  const double level = LevelBeyond(Outwards(shape, peak, limit), level_samples);
  const int extremum = ExtremumNear(shape, peak, near, level);
  Answers a;
  a.extremum = a.tangent = a.chord = step * (extremum - peak);
  if ((limit - extremum) * step < 3) return a;
  Signal way = Outwards(shape, extremum, limit);
  const double height = way[0] - level;
  if (height == 0) return a;
  for (double& v : way) v = (v - level) / height;  // 1 at the extremum
  const std::size_t steepest = SteepestFall(way);
  a.tangent += EndOfTangent(way, steepest);
  a.chord += Corner(way, steepest);
  return a;
}

SideAnswers AskSide(const View& view, const WaveSearch& search, int limit, const Kind& kind,
                    double fs) {
  const int peak = search.peak - search.first, end = limit - search.first;
  const double joint = EndOfSlope(Outwards(view.joint, peak, end), kind.joint_share);
  SideAnswers side;
  side.most = std::abs(end - peak);
  std::vector<double> tangents;
  for (std::size_t k = 0; k < view.slopes.size(); ++k) {
    Answers a = AskShape(view.shapes[k], peak, end, Samples(kind.near_s, fs), Samples(kLevelS, fs));
    a.own = EndOfSlope(Outwards(view.slopes[k], peak, end), kind.own_share);
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
