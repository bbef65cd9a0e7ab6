#include "src/data/sim/beats.h"

#include <algorithm>
#include <cmath>

namespace ecg::sim {
namespace {

struct Span {
  double onset = 0;
  double offset = 0;
};

class BeatWriter {
 public:
  BeatWriter(const Patient& patient, double rate, VectorCardiogram& vcg, Rng& rng)
      : patient_(patient), rate_(rate), vcg_(vcg), rng_(rng) {}

  // A P or QRS shape over `duration` seconds; beats differ a little from one another.
  void AddWave(const Shape& shape, double onset, double duration, double gain) {
    for (const ShapePart& part : shape) {
      AddKernel({onset + part.place * duration, part.width * duration, gain * part.moment}, rate_,
                vcg_);
    }
  }

  Span AddT(const Shape& shape, double end, double stretch, double gain) {
    Span span{end, end};
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const ShapePart& part = shape[i];
      const Kernel kernel{end - part.place * stretch, part.width * stretch, gain * part.moment};
      AddKernel(kernel, rate_, vcg_);
      if (i < kTWaveParts)
        span.onset = std::min(span.onset, kernel.time - kWaveEdge * kernel.width);
    }
    return span;
  }

  // The sample in [from, to] s at which a lead (a row of the lead matrix) or the length of the
  // vector is largest, the parts outside the record left aside; -1 where nothing is inside.
  template <typename Measure>
  std::int64_t Largest(double from, double to, const Measure& measure) const {
    const std::int64_t begin = std::max<std::int64_t>(0, Sample(from));
    const std::int64_t end = std::min(static_cast<std::int64_t>(vcg_.samples()) - 1, Sample(to));
    std::int64_t best = -1;
    double largest = 0;
    for (std::int64_t i = begin; i <= end; ++i) {
      const double value = measure(At(i));
      if (best < 0 || value > largest) best = i, largest = value;
    }
    return best;
  }

  std::int64_t Sample(double time) const { return std::llround(time * rate_); }
  std::int64_t Inside(double time) const {
    const std::int64_t i = Sample(time);
    return i >= 0 && i < static_cast<std::int64_t>(vcg_.samples()) ? i : -1;
  }
  Vec3 At(std::int64_t sample) const {
    const auto i = static_cast<std::size_t>(sample);
    return {vcg_.axes[0][i], vcg_.axes[1][i], vcg_.axes[2][i]};
  }
  double LeadTwo(const Vec3& v) const { return patient_.leads.row(1).dot(v); }
  Rng& rng() { return rng_; }

 private:
  const Patient& patient_;
  double rate_;
  VectorCardiogram& vcg_;
  Rng& rng_;
};

bool IsVentricular(const Beat& beat) {
  return beat.kind == BeatKind::kVentricularPremature || beat.kind == BeatKind::kPaced;
}

// The early atrial beat starts elsewhere: its P wave points another way.
Shape EctopicP(const Shape& sinus) {
  Shape p = sinus;
  for (ShapePart& part : p) {
    part.moment = {0.7 * part.moment[0], -0.35 * part.moment[1], part.moment[2]};
  }
  return p;
}

Shape RetrogradeP(const Shape& sinus) {
  Shape p = sinus;
  for (ShapePart& part : p) part.moment = {0.3 * part.moment[0], -part.moment[1], part.moment[2]};
  return p;
}

// The stimulus of a pacemaker: half a millisecond, seen by a recorder as one or two samples.
void AddSpike(const Beat& beat, double rate, VectorCardiogram& vcg) {
  AddKernel({beat.qrs_onset - 0.012, 0.0012, {0.9, -1.2, 0.5}}, rate, vcg);
}

}  // namespace

double QtInterval(const Patient& patient, bool ventricular, double rr) {
  const double corrected = ventricular ? std::max(patient.qtc, 0.44) : patient.qtc;
  return corrected * std::cbrt(rr);
}

std::vector<BeatTruth> AddBeats(const Patient& patient, const Rhythm& rhythm, double rate,
                                VectorCardiogram& vcg, Rng& rng) {
  BeatWriter writer(patient, rate, vcg, rng);
  const Shape ectopic_p = EctopicP(patient.p);
  const Shape retrograde_p = RetrogradeP(patient.p);
  const auto length = [](const Vec3& v) { return v.norm(); };

  double mean_rr = 60.0 / patient.rate;
  std::vector<BeatTruth> truth;
  std::vector<Span> t_spans;
  for (const LoneP& p : rhythm.lone_p) {
    writer.AddWave(p.retrograde ? retrograde_p : patient.p, p.onset, patient.p_duration, 1.0);
  }
  for (std::size_t k = 0; k < rhythm.beats.size(); ++k) {
    const Beat& beat = rhythm.beats[k];
    const bool ventricular = IsVentricular(beat);
    const bool premature = beat.kind == BeatKind::kAtrialPremature;
    const double width = ventricular ? patient.ventricular_duration : patient.qrs_duration;
    const double gain = 1.0 + rng.Normal(0, 0.02);
    if (std::isfinite(beat.p_onset)) {
      writer.AddWave(premature ? ectopic_p : patient.p, beat.p_onset, patient.p_duration,
                     1.0 + rng.Normal(0, 0.03));
    }
    writer.AddWave(ventricular ? patient.ventricular : patient.qrs, beat.qrs_onset, width, gain);
    if (beat.kind == BeatKind::kPaced) AddSpike(beat, rate, vcg);

    // Repolarisation follows the rhythm of the last beats rather than the last interval alone.
    mean_rr = 0.8 * mean_rr + 0.2 * beat.rr;
    const double next =
        k + 1 < rhythm.beats.size() ? rhythm.beats[k + 1].qrs_onset - beat.qrs_onset : mean_rr;
    const double qt = std::min(QtInterval(patient, ventricular, mean_rr), next - 0.02);
    const double stretch = std::sqrt(std::clamp(mean_rr, 0.35, 1.3)) * std::min(1.0, qt / 0.3);
    const Span t = writer.AddT(ventricular ? patient.ventricular_t : patient.t, beat.qrs_onset + qt,
                               stretch, 1.0 + rng.Normal(0, 0.03));
    BeatTruth b;
    b.type = premature                                      ? 'A'
             : beat.kind == BeatKind::kVentricularPremature ? 'V'
             : beat.kind == BeatKind::kPaced                ? '/'
                                                            : 'N';
    b.qrs_onset = writer.Inside(beat.qrs_onset);
    b.qrs_offset = writer.Inside(beat.qrs_onset + width);
    if (std::isfinite(beat.p_onset)) {
      b.p_onset = writer.Inside(beat.p_onset);
      b.p_offset = writer.Inside(beat.p_onset + patient.p_duration);
    }
    b.t_onset = writer.Inside(std::max(t.onset, beat.qrs_onset + width));
    b.t_offset = writer.Inside(beat.qrs_onset + qt);
    truth.push_back(b);
    t_spans.push_back(t);
  }

  // Peaks are found once all waves stand.
  std::vector<BeatTruth> inside;
  for (std::size_t k = 0; k < truth.size(); ++k) {
    BeatTruth& b = truth[k];
    const Beat& beat = rhythm.beats[k];
    const double width = IsVentricular(beat) ? patient.ventricular_duration : patient.qrs_duration;
    if (b.qrs_onset < 0 || b.qrs_offset < 0) continue;
    b.r_peak = writer.Largest(beat.qrs_onset, beat.qrs_onset + width, length);
    const double r = static_cast<double>(b.r_peak) / rate;
    const auto down = [&](const Vec3& v) { return -writer.LeadTwo(v); };
    const std::int64_t q = writer.Largest(beat.qrs_onset, r, down);
    const std::int64_t s = writer.Largest(r, beat.qrs_onset + width, down);
    if (q > b.qrs_onset && q < b.r_peak && down(writer.At(q)) > 0.02) b.q_peak = q;
    if (s > b.r_peak && s < b.qrs_offset && down(writer.At(s)) > 0.02) b.s_peak = s;
    if (b.p_onset >= 0 && b.p_offset >= 0) {
      b.p_peak = writer.Largest(beat.p_onset, beat.p_onset + patient.p_duration, length);
    }
    if (b.t_onset >= 0 && b.t_offset >= 0) {
      b.t_peak = writer.Largest(t_spans[k].onset + 0.03, t_spans[k].offset, length);
    }
    inside.push_back(b);
  }
  return inside;
}

}  // namespace ecg::sim
