#include "ecg/dsp/measure/measure.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "ecg/record/leads.h"
#include "src/dsp/lanes.h"
#include "src/dsp/measure/rr.h"
#include "src/dsp/statistics.h"

namespace ecg::dsp {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kUsualRr = 0.2;   // share of the median that a usual interval may differ by
constexpr double kBeforeS = 0.35;  // of the median beat, from R
constexpr double kAfterS = 0.55;
constexpr double kLevelS = 0.01;  // before QRS, whose mean is the level
constexpr double kStS = 0.06;

// NaN where no beat has any.
double Most(const std::vector<BeatEvidence>& beats, double BeatEvidence::*evidence) {
  double most = kNaN;
  for (const BeatEvidence& beat : beats) most = std::fmax(most, beat.*evidence);
  return most;
}

// The median over beats of end minus begin, in seconds, where both are known.
double MedianInterval(const std::vector<Beat>& beats, double fs, int Wave::*end, Wave Beat::*of,
                      int Wave::*begin, Wave Beat::*from) {
  std::vector<double> lengths;
  for (const Beat& beat : beats) {
    const int first = beat.*from.*begin, last = beat.*of.*end;
    if (first != kMissing && last != kMissing) lengths.push_back((last - first) / fs);
  }
  return Median(std::move(lengths));
}

// Those whose interval to the beat before is usual, and which are not ventricular.
std::vector<Beat> UsualBeats(const std::vector<Beat>& beats, const std::vector<BeatType>& types,
                             const std::vector<double>& intervals, double median_rr) {
  std::vector<Beat> usual;
  for (std::size_t b = 1; b < beats.size(); ++b) {
    if (!types.empty() && types[b] == BeatType::kVentricular) continue;
    if (std::abs(intervals[b - 1] - median_rr) <= kUsualRr * median_rr) usual.push_back(beats[b]);
  }
  return usual.size() < 2 ? beats : usual;
}

// Where the beats have a point, relative to R.
int MedianPlace(const std::vector<Beat>& beats, Wave Beat::*wave, int Wave::*point, int r) {
  std::vector<double> places;
  for (const Beat& beat : beats) {
    const int at = beat.*wave.*point;
    if (at != kMissing) places.push_back(at - beat.qrs.peak);
  }
  if (places.size() * 2 < beats.size() || places.empty()) return kMissing;
  return r + static_cast<int>(std::lround(Median(std::move(places))));
}

// Of a beat's window, whose first place is the lead's sample `first`, the places begin to end,
// which lie within the lead.
struct Part {
  int first, begin, end;
};

// The median at the places from `from` to `to` over the parts that hold them; values that are not
// finite do not count.
void MedianOfParts(const std::vector<double>& lead, const std::vector<Part>& parts, int from,
                   int to, double* median) {
  constexpr std::size_t kFew = 32;  // that are put in order side by side
  const auto count = static_cast<std::size_t>(to - from);
  std::vector<const double*> there;
  bool finite = true;
  for (const Part& part : parts) {
    if (from < part.begin || to > part.end) continue;
    there.push_back(lead.data() + (part.first + from));
    finite = finite && AllFinite(there.back(), count);
  }
  if (finite && there.size() <= kFew) {
    return MedianAcross(there.data(), there.size(), count, median);
  }
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<double> values;
    for (const double* const place : there) {
      if (std::isfinite(place[i])) values.push_back(place[i]);
    }
    median[i] = Median(std::move(values));
  }
}

// The median over beats at each of `length` places, the first of which lies `before` R.
std::vector<double> MedianOfBeats(const std::vector<double>& lead, const std::vector<Beat>& beats,
                                  int before, int length) {
  std::vector<Part> parts;
  std::vector<int> cuts = {0, length};  // where a beat begins or ends to be there
  for (const Beat& beat : beats) {
    const int first = beat.qrs.peak - before;
    const int end = std::clamp(static_cast<int>(lead.size()) - first, 0, length);
    parts.push_back({first, std::clamp(-first, 0, length), end});
    cuts.insert(cuts.end(), {parts.back().begin, parts.back().end});
  }
  std::sort(cuts.begin(), cuts.end());
  std::vector<double> median(static_cast<std::size_t>(length));
  for (std::size_t i = 1; i < cuts.size(); ++i) {
    if (cuts[i - 1] < cuts[i]) {
      MedianOfParts(lead, parts, cuts[i - 1], cuts[i], median.data() + cuts[i - 1]);
    }
  }
  return median;
}

MedianBeat MakeMedianBeat(const std::vector<std::vector<double>>& leads,
                          const std::vector<Beat>& beats, double fs) {
  MedianBeat median;
  median.r = static_cast<int>(std::lround(kBeforeS * fs));
  const int length = median.r + static_cast<int>(std::lround(kAfterS * fs)) + 1;
  for (const std::vector<double>& lead : leads) {
    median.leads.push_back(MedianOfBeats(lead, beats, median.r, length));
  }
  const auto place = [&](Wave Beat::*wave) {
    Wave own;
    for (int Wave::*point : {&Wave::onset, &Wave::peak, &Wave::offset}) {
      const int at = MedianPlace(beats, wave, point, median.r);
      own.*point = at == kMissing ? kMissing : std::clamp(at, 0, length - 1);
    }
    return own;
  };
  median.p = place(&Beat::p);
  median.qrs = place(&Beat::qrs);
  median.t = place(&Beat::t);
  return median;
}

double Level(const std::vector<double>& lead, const MedianBeat& beat, double fs) {
  const int last = beat.qrs.onset;
  const int first = std::max(0, last - static_cast<int>(std::lround(kLevelS * fs)));
  double sum = 0;
  for (int i = first; i <= last; ++i) sum += lead[static_cast<std::size_t>(i)];
  return sum / (last - first + 1);
}

// The value between two places that lies farthest from zero.
double Farthest(const std::vector<double>& lead, double level, const Wave& wave) {
  if (wave.onset == kMissing || wave.offset == kMissing) return kNaN;
  double farthest = 0;
  for (int i = wave.onset; i <= wave.offset; ++i) {
    const double v = lead[static_cast<std::size_t>(i)] - level;
    if (std::abs(v) > std::abs(farthest)) farthest = v;
  }
  return farthest;
}

Amplitudes AmplitudesOf(const std::vector<double>& lead, const MedianBeat& beat, double fs) {
  Amplitudes a{kNaN, kNaN, kNaN, kNaN, kNaN, kNaN};
  const Wave& qrs = beat.qrs;
  if (qrs.onset == kMissing || qrs.offset == kMissing) return a;
  const double level = Level(lead, beat, fs);
  const auto at = [&](int i) { return lead[static_cast<std::size_t>(i)] - level; };
  a.p = Farthest(lead, level, beat.p);
  a.t = Farthest(lead, level, beat.t);
  int top = qrs.onset;
  for (int i = qrs.onset; i <= qrs.offset; ++i) {
    if (at(i) > at(top)) top = i;
  }
  if (at(top) > 0) a.r = at(top);
  const auto deepest = [&](int first, int last) {
    double least = 0;
    for (int i = first; i <= last; ++i) least = std::min(least, at(i));
    return least < 0 ? least : kNaN;
  };
  a.q = deepest(qrs.onset, top);
  a.s = deepest(top, qrs.offset);
  const int st = qrs.offset + static_cast<int>(std::lround(kStS * fs));
  if (st < static_cast<int>(lead.size())) a.st = at(st);
  return a;
}

// The frontal axis of a wave in degrees.
double Axis(const std::vector<std::string>& names, const MedianBeat& beat, const Wave& wave,
            double fs) {
  const auto area_of = [&](std::size_t index) {
    const auto& lead = beat.leads[index];
    const double level = Level(lead, beat, fs);
    double sum = 0;
    for (int i = wave.onset; i <= wave.offset; ++i)
      sum += lead[static_cast<std::size_t>(i)] - level;
    return sum;
  };
  // Areas follow from each other as the limb leads do.
  const auto area = [&](const char* name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end()) return area_of(static_cast<std::size_t>(found - names.begin()));
    const auto derivation = record::FindDerivation(names, name);
    if (!derivation) return kNaN;
    return static_cast<double>(derivation->p) * area_of(derivation->first) +
           static_cast<double>(derivation->q) * area_of(derivation->second);
  };
  if (wave.onset == kMissing || wave.offset == kMissing || beat.qrs.onset == kMissing) return kNaN;
  // I looks to 0 degrees, II to 60.
  const double x = area("I"), y = (2 * area("II") - x) / std::sqrt(3.0);
  return x == 0 && y == 0 ? kNaN : std::atan2(y, x) * 180 / M_PI;
}

}  // namespace

Measurements Measure(const std::vector<std::string>& names,
                     const std::vector<std::vector<double>>& leads, const std::vector<Beat>& beats,
                     const TypedBeats& typed, double fs) {
  Measurements m;
  m.beats = beats.size();
  m.types = typed.types;
  m.early = Most(typed.evidence, &BeatEvidence::early);
  m.ventricular = Most(typed.evidence, &BeatEvidence::ventricular);
  const std::vector<double> intervals = RrIntervals(beats, fs);
  m.rr = Median(intervals);
  m.heart_rate = 60 / m.rr;
  const std::vector<Beat> usual = UsualBeats(beats, typed.types, intervals, m.rr);
  m.p = MedianInterval(usual, fs, &Wave::offset, &Beat::p, &Wave::onset, &Beat::p);
  m.pr = MedianInterval(usual, fs, &Wave::onset, &Beat::qrs, &Wave::onset, &Beat::p);
  m.qrs = MedianInterval(usual, fs, &Wave::offset, &Beat::qrs, &Wave::onset, &Beat::qrs);
  m.qt = MedianInterval(usual, fs, &Wave::offset, &Beat::t, &Wave::onset, &Beat::qrs);
  m.qtc_bazett = m.qt / std::sqrt(m.rr);
  m.qtc_fridericia = m.qt / std::cbrt(m.rr);
  m.qtc_framingham = m.qt + 0.154 * (1 - m.rr);
  m.qtc_hodges = m.qt + 0.00175 * (m.heart_rate - 60);
  m.median = MakeMedianBeat(leads, usual, fs);
  for (const std::vector<double>& lead : m.median.leads) {
    m.leads.push_back(AmplitudesOf(lead, m.median, fs));
  }
  m.p_axis = Axis(names, m.median, m.median.p, fs);
  m.qrs_axis = Axis(names, m.median, m.median.qrs, fs);
  m.t_axis = Axis(names, m.median, m.median.t, fs);
  return m;
}

}  // namespace ecg::dsp
