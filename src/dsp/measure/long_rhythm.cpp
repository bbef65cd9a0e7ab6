#include "ecg/dsp/measure/long_rhythm.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "src/dsp/statistics.h"

namespace ecg::dsp {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kMinute = 60;            // s
constexpr double kAround = 5;             // s beside a window whose intervals count, too
constexpr double kIrregular = 0.07;       // see FindEpisodes
constexpr double kIrregularAlone = 0.12;  // without a classifier
constexpr double kGap = 30;               // s that fibrillation goes on over
constexpr std::size_t kLeastIntervals = 6;
constexpr std::size_t kEdgeBeats = 10;  // on either side of where fibrillation begins or ends
constexpr double kEdgeReach = 20;       // s around the windows in which that is looked for
constexpr double kRunShortening = 0.8;  // of the interval before
constexpr double kRunInterval = 0.6;    // s: 100 a minute
constexpr double kLongestInRun = 1.5;   // s between ventricular beats
constexpr std::size_t kReference = 8;   // intervals before a run
constexpr double kLongestInterval = 6;  // s: beyond it beats were lost
constexpr std::size_t kRateBeats = 4;   // intervals of the least and the most rate

class Rhythm {
 public:
  Rhythm(const std::vector<LongBeat>& beats, const std::vector<Span>& unreadable)
      : beats_(beats), unreadable_(unreadable) {}

  std::size_t size() const { return beats_.size(); }
  const LongBeat& operator[](std::size_t i) const { return beats_[i]; }

  // The first beat at or after a time.
  std::size_t From(double at) const {
    const auto found =
        std::lower_bound(beats_.begin(), beats_.end(), at,
                         [](const LongBeat& beat, double time) { return beat.at < time; });
    return static_cast<std::size_t>(found - beats_.begin());
  }

  // From the beat before to beat i; NaN where there is none or something in between is unreadable.
  double Interval(std::size_t i) const {
    if (i == 0 || i >= beats_.size()) return kNone;
    return Touches({beats_[i - 1].at, beats_[i].at}) ? kNone : beats_[i].at - beats_[i - 1].at;
  }

  bool Touches(const Span& span) const { return Unreadable(span) > 0; }

  // Seconds of a span that cannot be read.
  double Unreadable(const Span& span) const {
    auto part = std::lower_bound(unreadable_.begin(), unreadable_.end(), span.from,
                                 [](const Span& s, double time) { return s.to <= time; });
    double seconds = 0;
    for (; part != unreadable_.end() && part->from < span.to; ++part) {
      seconds += std::max(0.0, std::min(part->to, span.to) - std::max(part->from, span.from));
    }
    return seconds;
  }

  // The relative difference of the intervals before and after beat i; NaN where one is not known.
  double Change(std::size_t i) const {
    const double before = Interval(i), after = Interval(i + 1);
    return std::abs(after - before) / (0.5 * (after + before));
  }

 private:
  const std::vector<LongBeat>& beats_;
  const std::vector<Span>& unreadable_;
};

Episode EpisodeOf(const Rhythm& rhythm, EpisodeKind kind, std::size_t first, std::size_t last) {
  Episode episode;
  episode.kind = kind;
  episode.span = {rhythm[first].at, rhythm[last].at};
  episode.beats = last - first + 1;
  episode.rate = kMinute * static_cast<double>(last - first) / episode.span.Length();
  return episode;
}

// The median of the relative differences of successive intervals within a span; NaN of few.
double Irregularity(const Rhythm& rhythm, const Span& span) {
  std::vector<double> changes;
  for (std::size_t i = rhythm.From(span.from); i < rhythm.size() && rhythm[i].at < span.to; ++i) {
    const double change = rhythm.Change(i);
    if (std::isfinite(change)) changes.push_back(change);
  }
  return changes.size() < kLeastIntervals ? kNone : Median(std::move(changes));
}

// How much less regular the beats from `first` on are than those before it: the difference of the
// medians on both sides.
double Step(const Rhythm& rhythm, std::size_t first) {
  const auto median = [&](std::size_t from, std::size_t to) {
    std::vector<double> changes;
    for (std::size_t i = from; i < to && i < rhythm.size(); ++i) {
      const double change = rhythm.Change(i);
      if (std::isfinite(change)) changes.push_back(change);
    }
    return changes.empty() ? 0.0 : Median(std::move(changes));
  };
  const std::size_t before = first > kEdgeBeats ? first - kEdgeBeats : 0;
  return median(first, first + kEdgeBeats) - median(before, first);
}

// The beat near a time at which the rhythm gets most irregular (`sign` 1), or regular (-1).
std::size_t Edge(const Rhythm& rhythm, double at, double sign) {
  std::size_t best = rhythm.From(at);
  double most = -std::numeric_limits<double>::infinity();
  for (std::size_t i = rhythm.From(at - kEdgeReach);
       i < rhythm.size() && rhythm[i].at < at + kEdgeReach; ++i) {
    const double step = sign * Step(rhythm, i);
    if (step > most) most = step, best = i;
  }
  return std::min(best, rhythm.size() - 1);
}

// Windows as if a classifier had found fibrillation everywhere, where none was asked.
std::vector<RhythmWindow> WindowsOf(double duration) {
  std::vector<RhythmWindow> windows;
  constexpr double kWindow = 10;
  for (double from = 0; from < duration; from += kWindow) {
    windows.push_back({{from, std::min(from + kWindow, duration)}, 1, 0.5});
  }
  return windows;
}

// From where windows show it to where they no longer do.
std::vector<Span> FibrillationSpans(const Rhythm& rhythm, const std::vector<RhythmWindow>& windows,
                                    double limit) {
  std::vector<Span> spans;
  bool inside = false;
  double last = 0;  // where it was seen
  for (const RhythmWindow& window : windows) {
    const double irregularity =
        Irregularity(rhythm, {window.span.from - kAround, window.span.to + kAround});
    const bool irregular = irregularity > limit;
    const bool found = window.fibrillation >= window.threshold;
    const bool maybe = window.fibrillation >= window.threshold / 2;
    if (inside && window.span.from - last > kGap) inside = false;
    if (irregular && found) {
      if (!inside) spans.push_back(window.span);
      inside = true;
    }
    if (!inside || !irregular || !maybe) continue;
    spans.back().to = last = window.span.to;
  }
  return spans;
}

std::vector<Episode> Fibrillation(const Rhythm& rhythm, const std::vector<RhythmWindow>& windows,
                                  double duration) {
  std::vector<Episode> episodes;
  if (rhythm.size() < kLeastIntervals) return episodes;
  const bool alone = windows.empty();
  const std::vector<Span> spans = FibrillationSpans(rhythm, alone ? WindowsOf(duration) : windows,
                                                    alone ? kIrregularAlone : kIrregular);
  for (const Span& span : spans) {
    // Up to the ends of the recording it may have begun before and go on after.
    const std::size_t first = span.from <= kEdgeReach ? 0 : Edge(rhythm, span.from, 1);
    const std::size_t last =
        span.to >= duration - kEdgeReach ? rhythm.size() - 1 : Edge(rhythm, span.to, -1);
    if (last <= first) continue;
    if (rhythm[last].at - rhythm[first].at < kFibrillationSeconds) continue;
    // Two that have met at one edge are one.
    if (!episodes.empty() && rhythm[first].at <= episodes.back().span.to) {
      const std::size_t begin = rhythm.From(episodes.back().span.from);
      episodes.back() = EpisodeOf(rhythm, EpisodeKind::kFibrillation, begin, last);
      continue;
    }
    episodes.push_back(EpisodeOf(rhythm, EpisodeKind::kFibrillation, first, last));
  }
  return episodes;
}

std::vector<Episode> Pauses(const Rhythm& rhythm) {
  std::vector<Episode> episodes;
  for (std::size_t i = 1; i < rhythm.size(); ++i) {
    const double interval = rhythm.Interval(i);
    if (!(interval > kPauseSeconds)) continue;
    episodes.push_back(
        {EpisodeKind::kPause, {rhythm[i - 1].at, rhythm[i].at}, 0, kMinute / interval});
  }
  return episodes;
}

std::vector<Episode> VentricularRuns(const Rhythm& rhythm) {
  std::vector<Episode> episodes;
  for (std::size_t i = 0; i < rhythm.size();) {
    std::size_t end = i;  // behind the last one
    while (end < rhythm.size() && rhythm[end].type == BeatType::kVentricular &&
           (end == i || rhythm.Interval(end) < kLongestInRun)) {
      ++end;
    }
    if (end - i >= kRunBeats) {
      episodes.push_back(EpisodeOf(rhythm, EpisodeKind::kVentricularRun, i, end - 1));
    }
    i = std::max(end, i + 1);
  }
  return episodes;
}

bool IsWithin(const std::vector<Episode>& episodes, const Span& span) {
  return std::any_of(episodes.begin(), episodes.end(), [&](const Episode& episode) {
    return episode.span.from < span.to && span.from < episode.span.to;
  });
}

// The median of the intervals before beat i, of those that say something; NaN of too few.
double ReferenceBefore(const Rhythm& rhythm, std::size_t i) {
  std::vector<double> intervals;
  for (std::size_t k = i; k-- > 1 && intervals.size() < kReference && i - k <= 2 * kReference;) {
    const double interval = rhythm.Interval(k);
    if (std::isfinite(interval)) intervals.push_back(interval);
  }
  return intervals.size() < kReference / 2 ? kNone : Median(std::move(intervals));
}

std::vector<Episode> AtrialRuns(const Rhythm& rhythm, const std::vector<Episode>& fibrillation) {
  std::vector<Episode> episodes;
  for (std::size_t i = 1; i < rhythm.size();) {
    const double limit = std::min(kRunShortening * ReferenceBefore(rhythm, i), kRunInterval);
    std::size_t end = i;
    while (end < rhythm.size() && rhythm.Interval(end) < limit &&
           rhythm[end].type != BeatType::kVentricular && rhythm[end].type != BeatType::kPaced) {
      ++end;
    }
    // Where fibrillation begins and ends some of its beats may lie beside it.
    if (end - i >= kRunBeats &&
        !IsWithin(fibrillation, {rhythm[i].at - kGap, rhythm[end - 1].at + kGap})) {
      episodes.push_back(EpisodeOf(rhythm, EpisodeKind::kAtrialRun, i, end - 1));
    }
    i = std::max(end, i + 1);
  }
  return episodes;
}

// The minutes that begin with a beat and can be read.
void AddExtremes(const Rhythm& rhythm, std::vector<Episode>& episodes) {
  std::optional<Episode> fastest, slowest;
  std::size_t last = 0;
  for (std::size_t first = 0; first < rhythm.size(); ++first) {
    while (last + 1 < rhythm.size() && rhythm[last + 1].at <= rhythm[first].at + kMinute) ++last;
    if (last + 1 >= rhythm.size() || last <= first) break;
    if (rhythm.Touches({rhythm[first].at, rhythm[first].at + kMinute})) continue;
    const Episode minute = EpisodeOf(rhythm, EpisodeKind::kFastestMinute, first, last);
    if (!fastest || minute.rate > fastest->rate) fastest = minute;
    if (!slowest || minute.rate < slowest->rate) slowest = minute;
  }
  if (!fastest) return;
  episodes.push_back(*fastest);
  slowest->kind = EpisodeKind::kSlowestMinute;
  episodes.push_back(*slowest);
}

void Append(std::vector<Episode>&& some, std::vector<Episode>& all) {
  all.insert(all.end(), some.begin(), some.end());
}

}  // namespace

const EnumTable<EpisodeKind>& EpisodeNames() {
  static const EnumTable<EpisodeKind> table = {
      {"atrial fibrillation", EpisodeKind::kFibrillation},
      {"pause", EpisodeKind::kPause},
      {"ventricular run", EpisodeKind::kVentricularRun},
      {"atrial run", EpisodeKind::kAtrialRun},
      {"fastest minute", EpisodeKind::kFastestMinute},
      {"slowest minute", EpisodeKind::kSlowestMinute},
  };
  return table;
}

std::vector<Episode> FindEpisodes(const std::vector<LongBeat>& beats,
                                  const std::vector<RhythmWindow>& windows,
                                  const std::vector<Span>& unreadable, double duration) {
  const Rhythm rhythm(beats, unreadable);
  std::vector<Episode> episodes = Fibrillation(rhythm, windows, duration);
  const std::vector<Episode> fibrillation = episodes;
  Append(Pauses(rhythm), episodes);
  Append(VentricularRuns(rhythm), episodes);
  Append(AtrialRuns(rhythm, fibrillation), episodes);
  AddExtremes(rhythm, episodes);
  return episodes;
}

std::vector<RhythmMinute> MinutesOf(const std::vector<LongBeat>& beats,
                                    const std::vector<Span>& unreadable, double duration) {
  const Rhythm rhythm(beats, unreadable);
  std::vector<RhythmMinute> minutes;
  for (double from = 0; from < duration; from += kMinute) {
    const Span span = {from, std::min(from + kMinute, duration)};
    RhythmMinute& minute = minutes.emplace_back();
    double seconds = 0;
    std::size_t intervals = 0;
    minute.rate = minute.least = minute.most = kNone;
    for (std::size_t i = rhythm.From(from); i < rhythm.size() && rhythm[i].at < span.to; ++i) {
      ++minute.beats;
      if (rhythm[i].type == BeatType::kVentricular) ++minute.ventricular;
      if (rhythm[i].type == BeatType::kAtrialPremature) ++minute.atrial;
      const double interval = rhythm.Interval(i);
      if (!(interval < kLongestInterval)) continue;
      seconds += interval;
      ++intervals;
      if (i < kRateBeats) continue;
      double four = 0;
      for (std::size_t k = i + 1 - kRateBeats; k <= i; ++k) four += rhythm.Interval(k);
      if (!std::isfinite(four)) continue;
      const double rate = kMinute * static_cast<double>(kRateBeats) / four;
      minute.least = std::isfinite(minute.least) ? std::min(minute.least, rate) : rate;
      minute.most = std::isfinite(minute.most) ? std::max(minute.most, rate) : rate;
    }
    if (intervals == 0 || rhythm.Unreadable(span) > span.Length() / 2) continue;
    minute.rate = kMinute * static_cast<double>(intervals) / seconds;
  }
  return minutes;
}

Variability VariabilityOf(const std::vector<LongBeat>& beats, const std::vector<Span>& unreadable) {
  const Rhythm rhythm(beats, unreadable);
  const auto normal = [&](std::size_t i) { return beats[i].type == BeatType::kNormal; };
  double sum = 0, squares = 0, successive = 0;
  std::size_t count = 0, pairs = 0;
  double before = kNone;
  for (std::size_t i = 1; i < rhythm.size(); ++i) {
    double interval = normal(i - 1) && normal(i) ? rhythm.Interval(i) : kNone;
    if (!(interval < kLongestInterval)) interval = kNone;
    if (std::isfinite(interval)) {
      sum += interval, squares += interval * interval, ++count;
      if (std::isfinite(before)) {
        successive += (interval - before) * (interval - before);
        ++pairs;
      }
    }
    before = interval;
  }
  if (count < 3 || pairs < 2) return {kNone, kNone};
  const double n = static_cast<double>(count), mean = sum / n;
  return {std::sqrt(std::max(0.0, squares / n - mean * mean)),
          std::sqrt(successive / static_cast<double>(pairs))};
}

}  // namespace ecg::dsp
