#include "src/data/sim/rhythm.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ecg::sim {
namespace {

constexpr double kMargin = 2.0;  // s simulated before and after the record
constexpr double kTwoPi = 6.283185307179586;

// The modulation of the sinus node: Mayer waves near 0.1 Hz and breathing near 0.25 Hz, each a band
// of sinusoids (the two-Gaussian spectrum of McSharry et al. 2003, eq. 5).
class SinusModulation {
 public:
  SinusModulation(double low_to_high, Rng& rng) {
    const double breathing = rng.Uniform(0.18, 0.32);
    for (std::size_t i = 0; i < waves_.size(); ++i) {
      const bool low = i < waves_.size() / 2;
      waves_[i].frequency = low ? rng.Normal(0.1, 0.01) : rng.Normal(breathing, 0.01);
      waves_[i].phase = rng.Uniform(0, kTwoPi);
      waves_[i].size = (low ? low_to_high : 1.0) * rng.Uniform(0.4, 1.0);
    }
  }
  double At(double time) const {
    double sum = 0;
    for (const Wave& w : waves_) sum += w.size * std::sin(kTwoPi * w.frequency * time + w.phase);
    return sum;
  }

 private:
  struct Wave {
    double frequency = 0, phase = 0, size = 0;
  };
  std::array<Wave, 6> waves_;
};

// RR intervals of the sinus node whose range over the record is `range` seconds.
std::vector<double> SinusIntervals(double rr, double range, double duration, bool respiratory,
                                   Rng& rng) {
  const auto count = static_cast<std::size_t>((duration + 2 * kMargin) / rr * 1.5) + 4;
  const auto first = static_cast<std::size_t>(kMargin / rr);
  const auto inside = std::max<std::size_t>(3, static_cast<std::size_t>(duration / rr));
  for (;;) {
    const SinusModulation modulation(respiratory ? 0.25 : 0.7, rng);
    std::vector<double> deviation(count);
    double mean = 0;
    for (std::size_t k = 0; k < count; ++k) {
      deviation[k] = modulation.At(static_cast<double>(k) * rr);
      mean += deviation[k] / static_cast<double>(count);
    }
    const auto begin = deviation.begin() + static_cast<std::ptrdiff_t>(first + 1);
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min(inside, count - first - 2));
    const auto [low, high] = std::minmax_element(begin, end);
    const double scale = range / std::max(1e-9, *high - *low);
    double largest = 0;
    for (double& d : deviation) {
      d = (d - mean) * scale;
      largest = std::max(largest, std::abs(d));
    }
    if (largest > 0.75 * range && largest > 0.3 * rr) continue;  // an unlucky phase: again
    for (double& d : deviation) d += rr;
    return deviation;
  }
}

// Sinus arrhythmia: the longest and the shortest PP differ by more than 120 ms; otherwise they
// differ by less.
double SinusRange(const Findings& f, double rr, Rng& rng) {
  if (f[kSA]) {
    return std::clamp(std::exp(rng.Normal(std::log(0.33), 0.35)), 0.17, std::max(0.18, 0.6 * rr));
  }
  return std::clamp(std::exp(rng.Normal(std::log(0.07), 0.5)), 0.015, 0.112) * std::min(1.0, rr);
}

// Which of the beats that may come early do: at least one, never two in a row.
std::vector<bool> DrawPremature(const std::vector<bool>& allowed, bool in_turn, Rng& rng) {
  std::vector<bool> early(allowed.size(), false);
  std::vector<std::size_t> places;
  for (std::size_t k = 0; k < allowed.size(); ++k) {
    if (allowed[k]) places.push_back(k);
  }
  if (places.empty()) return early;
  if (in_turn) {  // bigeminy or trigeminy
    const std::size_t period = 2 + rng.Below(2);
    for (std::size_t k = places.front(); k < allowed.size(); k += period) early[k] = allowed[k];
    return early;
  }
  const std::size_t wanted = 1 + rng.Below(1 + places.size() / 5);
  for (std::size_t n = 0; n < wanted; ++n) {
    const std::size_t k = places[rng.Below(places.size())];
    const bool neighbour = (k > 0 && early[k - 1]) || (k + 1 < early.size() && early[k + 1]);
    if (!neighbour) early[k] = true;
  }
  return early;
}

void SetIntervals(std::vector<Beat>& beats, double rr) {
  for (std::size_t k = 0; k < beats.size(); ++k) {
    beats[k].rr = k > 0 ? beats[k].qrs_onset - beats[k - 1].qrs_onset : rr;
  }
}

// Broad beats without a P before their time; the rhythm goes on undisturbed (a full compensatory
// pause), or in AF, where nothing is regular, the next beat comes as it would.
void AddVentricularPremature(Rhythm& rhythm, double rr, double duration, Rng& rng) {
  std::vector<Beat>& beats = rhythm.beats;
  const auto plain = [&](std::size_t k) { return beats[k].kind == BeatKind::kSupraventricular; };
  std::vector<bool> anywhere(beats.size(), false);
  std::vector<bool> apart(beats.size(), false);  // with no early beat beside it
  for (std::size_t k = 1; k + 1 < beats.size(); ++k) {
    const double at = beats[k].qrs_onset;
    anywhere[k] = plain(k) && at > 0.8 && at < duration - 0.3;
    apart[k] = anywhere[k] && plain(k - 1) && plain(k + 1);
  }
  const bool room = std::find(apart.begin(), apart.end(), true) != apart.end();
  const std::vector<bool> early = DrawPremature(room ? apart : anywhere, rng.Chance(0.2), rng);
  const double coupling = rng.Uniform(0.52, 0.72);
  for (std::size_t k = 1; k < beats.size(); ++k) {
    if (!early[k]) continue;
    if (std::isfinite(beats[k].p_onset)) rhythm.lone_p.push_back({beats[k].p_onset, false});
    beats[k].kind = BeatKind::kVentricularPremature;
    beats[k].p_onset = kNever;
    const double after = std::max(0.36, coupling * rr + rng.Normal(0, 0.01));
    beats[k].qrs_onset = std::min(beats[k - 1].qrs_onset + after,
                                  0.5 * (beats[k - 1].qrs_onset + beats[k].qrs_onset) + 0.15 * rr);
  }
}

Rhythm SinusRhythm(const Findings& f, const Patient& patient, double duration, Rng& rng) {
  const double rr = 60.0 / patient.rate;
  const std::vector<double> intervals =
      SinusIntervals(rr, SinusRange(f, rr, rng), duration, f[kSA], rng);
  Rhythm rhythm;
  double time = -kMargin - rng.Uniform(0, rr);
  std::vector<bool> early(intervals.size(), false);
  if (f[kPAC]) {
    // Beat k comes at about (k + 1) RR after the start.
    std::vector<bool> inside(intervals.size());
    for (std::size_t k = 1; k < inside.size(); ++k) {
      const double at = time + static_cast<double>(k + 1) * rr;
      inside[k] = at > 0.8 && at < duration - 0.8;
    }
    early = DrawPremature(inside, !f[kPVC] && rng.Chance(0.2), rng);
  }
  double pause = 1.0;
  for (std::size_t k = 0; k < intervals.size() && time < duration + kMargin; ++k) {
    Beat beat;
    if (early[k]) {
      time += intervals[k] * rng.Uniform(0.55, 0.75) * pause;
      beat.kind = BeatKind::kAtrialPremature;
      // The early beat resets the sinus node: a pause that does not compensate in full.
      pause = rng.Uniform(1.02, 1.2);
    } else {
      time += intervals[k] * pause;
      pause = 1.0;
    }
    beat.p_onset = time;
    const double stretch = beat.kind == BeatKind::kAtrialPremature ? rng.Uniform(0.95, 1.15) : 1.0;
    beat.qrs_onset = time + patient.pr * stretch + rng.Normal(0, 0.0015);
    rhythm.beats.push_back(beat);
  }
  return rhythm;
}

// Atrial fibrillation: RR intervals without any order.
Rhythm Fibrillation(const Patient& patient, double duration, Rng& rng) {
  const double rr = 60.0 / patient.rate;
  const double spread = rng.Uniform(0.19, 0.30);
  Rhythm rhythm;
  for (;;) {
    rhythm.beats.clear();
    double time = -kMargin;
    double sum = 0;
    double squares = 0;
    while (time < duration + kMargin) {
      const double drawn = rr * std::exp(rng.Normal(-0.5 * spread * spread, spread));
      const double next = std::clamp(drawn, 0.34, 2.2);
      time += next;
      sum += next, squares += next * next;
      Beat beat;
      beat.qrs_onset = time;
      rhythm.beats.push_back(beat);
    }
    const double n = static_cast<double>(rhythm.beats.size());
    const double variance = squares / n - (sum / n) * (sum / n);
    if (std::sqrt(std::max(0.0, variance)) > 0.13 * sum / n) return rhythm;
  }
}

// Flutter waves at 250 to 350 a minute, of which every second, third or fourth is conducted, or
// now this, now that one.
Rhythm Flutter(double duration, Rng& rng) {
  Rhythm rhythm;
  rhythm.flutter_period = 60.0 / rng.Uniform(252, 330);
  rhythm.flutter_start = rng.Uniform(0, rhythm.flutter_period);
  const bool variable = rng.Chance(0.3);
  const std::size_t drawn = rng.Below(10);
  const std::size_t fixed = drawn < 6 ? 2 : drawn < 7 ? 3 : 4;
  const double delay = rng.Uniform(0.05, 0.2);
  double time =
      rhythm.flutter_start - std::ceil(kMargin / rhythm.flutter_period) * rhythm.flutter_period;
  while (time < duration + kMargin) {
    const std::size_t ratio = variable ? 2 + rng.Below(4) : fixed;
    time += static_cast<double>(ratio) * rhythm.flutter_period;
    Beat beat;
    beat.qrs_onset = time + delay + rng.Normal(0, 0.004);
    rhythm.beats.push_back(beat);
  }
  return rhythm;
}

// P waves at their own pace, heedless of the ventricles.
void AddDissociatedP(Rhythm& rhythm, double duration, Rng& rng) {
  const double pp = 60.0 / rng.Uniform(65, 95);
  for (double time = -kMargin + rng.Uniform(0, pp); time < duration + kMargin; time += pp) {
    rhythm.lone_p.push_back({time + rng.Normal(0, 0.01), false});
  }
}

// Bradycardia that does not come from the sinus node: the AV junction escapes, with the atria
// silent, activated backwards, or (complete block) at their own pace.
Rhythm Escape(const Patient& patient, double duration, Rng& rng) {
  const double rr = 60.0 / patient.rate;
  const std::size_t atria = rng.Below(3);
  Rhythm rhythm;
  for (double time = -kMargin - rng.Uniform(0, rr); time < duration + kMargin;
       time += rr + rng.Normal(0, 0.012)) {
    Beat beat;
    beat.qrs_onset = time;
    rhythm.beats.push_back(beat);
    if (atria == 1) rhythm.lone_p.push_back({time + patient.qrs_duration + 0.03, true});
  }
  if (atria == 2) AddDissociatedP(rhythm, duration, rng);
  return rhythm;
}

// A ventricular pacemaker: following the atria, or on its own.
Rhythm Pacing(const Patient& patient, double duration, Rng& rng) {
  const double rr = 60.0 / patient.rate;
  const bool tracking = rng.Chance(0.5);
  Rhythm rhythm;
  for (double time = -kMargin - rng.Uniform(0, rr); time < duration + kMargin;
       time += rr + (tracking ? rng.Normal(0, 0.012) : 0.0)) {
    Beat beat;
    beat.kind = BeatKind::kPaced;
    beat.qrs_onset = time;
    if (tracking) beat.p_onset = time - 0.17;
    rhythm.beats.push_back(beat);
  }
  if (!tracking && rng.Chance(0.6)) AddDissociatedP(rhythm, duration, rng);
  return rhythm;
}

}  // namespace

Rhythm DrawRhythm(const Findings& f, const Patient& patient, double duration, Rng& rng) {
  Rhythm rhythm = f[kAF]      ? Fibrillation(patient, duration, rng)
                  : f[kAFL]   ? Flutter(duration, rng)
                  : f[kBrady] ? Escape(patient, duration, rng)
                  : f[kPR]    ? Pacing(patient, duration, rng)
                              : SinusRhythm(f, patient, duration, rng);
  if (f[kPVC]) AddVentricularPremature(rhythm, 60.0 / patient.rate, duration, rng);
  SetIntervals(rhythm.beats, 60.0 / patient.rate);
  return rhythm;
}

}  // namespace ecg::sim
