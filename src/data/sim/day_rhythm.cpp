#include "src/data/sim/day_rhythm.h"

#include <algorithm>
#include <cmath>

namespace ecg::sim {
namespace {

constexpr double kTwoPi = 6.283185307179586;
constexpr double kSecondsAnHour = 3600;
constexpr double kStartsAt = 9;    // o'clock
constexpr double kMargin = 2;      // s simulated before and after the day
constexpr double kApart = 60;      // s between two episodes, at least
constexpr std::size_t kKinds = 4;  // of episodes

enum class Kind { kFibrillation, kPause, kAtrialRun, kVentricularRun };

struct Planned {
  Kind kind = Kind::kPause;
  double from = 0;    // s
  double length = 0;  // s, about
  std::size_t beats = 0;
};

Planned DrawEpisode(Kind kind, Rng& rng) {
  Planned planned;
  planned.kind = kind;
  switch (kind) {
    case Kind::kFibrillation:
      planned.length = std::exp(rng.Uniform(std::log(30.0), std::log(3600.0)));
      break;
    case Kind::kPause:
      planned.length = rng.Uniform(2.2, 4.5);
      break;
    case Kind::kAtrialRun:
      planned.beats = 4 + rng.Below(27);
      break;
    case Kind::kVentricularRun:
      planned.beats = 3 + rng.Below(10);
      break;
  }
  if (planned.beats > 0) planned.length = 0.5 * static_cast<double>(planned.beats);
  return planned;
}

// As many of each kind as wanted, at any time, or as many as the day has room for.
std::vector<Planned> PlanEpisodes(const DayOptions& options, double duration, Rng& rng) {
  constexpr int kTries = 200;
  std::vector<Planned> all;
  for (std::size_t i = 0; i < options.episodes * kKinds; ++i) {
    Planned planned = DrawEpisode(static_cast<Kind>(i % kKinds), rng);
    for (int attempt = 0; attempt < kTries; ++attempt) {
      planned.from = rng.Uniform(kApart, duration - kApart);
      const double to = planned.from + planned.length;
      const bool free = std::all_of(all.begin(), all.end(), [&](const Planned& other) {
        return to + kApart < other.from || other.from + other.length + kApart < planned.from;
      });
      if (!free || to + kApart > duration) continue;
      all.push_back(planned);
      break;
    }
  }
  std::sort(all.begin(), all.end(),
            [](const Planned& a, const Planned& b) { return a.from < b.from; });
  return all;
}

// How fast the sinus node goes, as a factor on the person's rate at rest: slowest at four in the
// morning, up to half as fast again on a walk; and how breathing and the rest move each interval.
class DailyRound {
 public:
  DailyRound(double duration, Rng& rng) : breathing_(rng.Uniform(0.18, 0.32)) {
    for (Walk& walk : walks_) {
      walk.middle = rng.Uniform(0, duration);
      walk.width = rng.Uniform(300, 900);
      walk.size = rng.Uniform(0.25, 0.55);
    }
    for (double& phase : phases_) phase = rng.Uniform(0, kTwoPi);
  }

  double FactorAt(double time) const {
    const double clock = kStartsAt + time / kSecondsAnHour;
    double factor = 1 - 0.17 * std::cos(kTwoPi * (clock - 4) / 24) - 0.05;
    for (const Walk& walk : walks_) {
      const double at = (time - walk.middle) / walk.width;
      factor += walk.size * std::exp(-0.5 * at * at);
    }
    return factor + 0.03 * std::sin(kTwoPi * time / 700 + phases_[0]);
  }

  double ModulationAt(double time) const {
    return 0.025 * std::sin(kTwoPi * breathing_ * time + phases_[1]) +
           0.015 * std::sin(kTwoPi * 0.1 * time + phases_[2]);
  }

 private:
  struct Walk {
    double middle = 0, width = 0, size = 0;  // s, s, part of the rate
  };
  std::array<Walk, 3> walks_;
  std::array<double, 3> phases_{};
  double breathing_;  // Hz
};

class DayWriter {
 public:
  DayWriter(const DayOptions& options, const Patient& patient, double duration, Rng& rng)
      : options_(options), patient_(patient), rng_(rng), round_(duration, rng) {}

  double now() const { return time_; }

  // One beat of the sinus node, or a premature one in its place, with the pause after it.
  void Sinus() {
    const double rr = SinusInterval();
    const double ectopic = options_.ectopics / kSecondsAnHour * rr;
    if (sinus_in_a_row_ > 3 && rng_.Chance(ectopic)) {
      sinus_in_a_row_ = 0;
      if (rng_.Chance(2.0 / 3)) {
        const double coupling = rng_.Uniform(0.52, 0.72) * rr;
        Add(BeatKind::kVentricularPremature, std::max(0.36, coupling));
        Conducted(BeatKind::kSupraventricular, 2 * rr - (time_ - before_));
      } else {
        Conducted(BeatKind::kAtrialPremature, rng_.Uniform(0.55, 0.75) * rr);
        Conducted(BeatKind::kSupraventricular, rng_.Uniform(1.02, 1.2) * rr);
      }
      return;
    }
    ++sinus_in_a_row_;
    Conducted(BeatKind::kSupraventricular, rr);
  }

  void Run(const Planned& planned) {
    const double rr = SinusInterval();
    sinus_in_a_row_ = 0;
    switch (planned.kind) {
      case Kind::kFibrillation:
        Fibrillate(planned.length, rr);
        break;
      case Kind::kPause:
        Conducted(BeatKind::kSupraventricular, planned.length);
        break;
      case Kind::kAtrialRun: {
        const double fast = std::min(rng_.Uniform(0.34, 0.48), 0.7 * rr);
        for (std::size_t k = 0; k < planned.beats; ++k) {
          Conducted(BeatKind::kAtrialPremature, fast + rng_.Normal(0, 0.008));
        }
        Conducted(BeatKind::kSupraventricular, 1.1 * rr);
        break;
      }
      case Kind::kVentricularRun: {
        const double fast = std::min(rng_.Uniform(0.33, 0.5), 0.75 * rr);
        for (std::size_t k = 0; k < planned.beats; ++k) {
          Add(BeatKind::kVentricularPremature, fast + rng_.Normal(0, 0.012));
        }
        Conducted(BeatKind::kSupraventricular, 1.25 * rr);
        break;
      }
    }
  }

  DayRhythm Take() { return std::move(day_); }

 private:
  double SinusInterval() {
    const double rr = 60 / (patient_.rate * round_.FactorAt(time_));
    return std::max(0.33, rr * (1 + round_.ModulationAt(time_) + rng_.Normal(0, 0.006)));
  }

  // A beat so long after the one before, without a P wave.
  Beat& Add(BeatKind kind, double after) {
    before_ = time_;
    time_ += after;
    Beat& beat = day_.rhythm.beats.emplace_back();
    beat.kind = kind;
    beat.qrs_onset = time_;
    beat.rr = after;
    return beat;
  }

  void Conducted(BeatKind kind, double after) {
    Beat& beat = Add(kind, after);
    // At high rates conduction is faster, and P stays clear of the beat before.
    const double pr = std::min(patient_.pr, 0.42 * after);
    beat.p_onset = beat.qrs_onset - pr;
  }

  // The ventricles go half as fast again, without any order.
  void Fibrillate(double length, double sinus) {
    const double rr = std::clamp(sinus / 1.4, 0.42, 0.85);
    const double spread = rng_.Uniform(0.19, 0.30);
    TimeSpan span;
    bool first = true;
    while (first || time_ < span.from + length) {
      const double drawn = rr * std::exp(rng_.Normal(-0.5 * spread * spread, spread));
      Add(BeatKind::kSupraventricular, std::clamp(drawn, 0.32, 1.9));
      if (first) span.from = time_;
      first = false;
    }
    Conducted(BeatKind::kSupraventricular, std::max(0.7, 1.2 * sinus));
    span.to = time_;
    day_.fibrillation.push_back(span);
  }

  const DayOptions& options_;
  const Patient& patient_;
  Rng& rng_;
  DailyRound round_;
  DayRhythm day_;
  double time_ = -kMargin;
  double before_ = -kMargin;
  std::size_t sinus_in_a_row_ = 0;
};

}  // namespace

DayRhythm DrawDay(const DayOptions& options, const Patient& patient, Rng& rng) {
  const double duration = options.hours * kSecondsAnHour;
  const std::vector<Planned> episodes = PlanEpisodes(options, duration, rng);
  DayWriter writer(options, patient, duration, rng);
  auto next = episodes.begin();
  while (writer.now() < duration + kMargin) {
    if (next != episodes.end() && writer.now() >= next->from) {
      writer.Run(*next++);
    } else {
      writer.Sinus();
    }
  }
  return writer.Take();
}

}  // namespace ecg::sim
