#include "src/data/sim/patient.h"

#include <algorithm>
#include <cmath>

#include "src/data/sim/conformity.h"

namespace ecg::sim {
namespace {

double Within(double mean, double deviation, double low, double high, Rng& rng) {
  for (int i = 0; i < 20; ++i) {
    const double value = rng.Normal(mean, deviation);
    if (value >= low && value <= high) return value;
  }
  return rng.Uniform(low, high);
}

// Sinus rhythm: 60 to 100 a minute; below it is bradycardia, above tachycardia (AHA/ACC/HRS 2018,
// doi:10.1016/j.jacc.2018.10.044, names 50 as the lower limit; the challenge's sources use 60).
double DrawRate(const Findings& f, Rng& rng) {
  if (f[kSB]) return Within(54, 4, 41, 58.5, rng);
  // A long PR interval does not fit between the beats of a fast rhythm.
  if (f[kSTach]) return Within(112, 11, 102, f[kIAVB] || f[kLPR] || f[kLQT] ? 118 : 160, rng);
  if (f[kAF]) return Within(88, 22, 55, 150, rng);
  if (f[kBrady]) return Within(42, 6, 32, 52, rng);
  if (f[kPR]) return Within(68, 8, 58, 90, rng);
  return Within(72, 11, 60.5, 98, rng);
}

// First-degree block: PR above 200 ms. "Prolonged PR" is the same finding in other words, used more
// for those that lie little above the limit.
double DrawPr(const Findings& f, double rate, double age, Rng& rng) {
  if (f[kIAVB]) return Within(0.228, 0.030, 0.204, 0.34, rng);
  if (f[kLPR]) return Within(0.220, 0.026, 0.204, 0.30, rng);
  const double mean = 0.170 + 0.0004 * (age - 60) - 0.0003 * (rate - 70);
  return Within(mean, 0.022, 0.122, 0.196, rng);
}

// Prolonged: above 450 ms in men and 460 ms in women (AHA/ACCF/HRS 2009, part IV,
// doi:10.1016/j.jacc.2008.12.014).
double DrawQtc(const Findings& f, bool male, double qrs, Rng& rng) {
  if (f[kLQT]) return Within(0.472, 0.024, 0.462, 0.56, rng);
  // A broad QRS lengthens the QT as well.
  return Within((male ? 0.397 : 0.405) + 0.4 * std::max(0.0, qrs - 0.10), 0.018, 0.355, 0.440, rng);
}

// Left: -30 to -90; right: +90 to 180 (AHA/ACCF/HRS 2009, part III). A left anterior fascicular
// block: -45 to -90.
double DrawAxis(const Findings& f, double age, const Body& body, Rng& rng) {
  if (f[kLAnFB]) return Within(-56, 8, -80, -47, rng);
  if (f[kLAD]) return Within(-34, 14, -80, -33, rng);
  if (f[kRAD]) return Within(108, 12, 95, 150, rng);
  // Hearts with these findings are older and larger.
  const double left = f[kQAb] || f[kNSIVCB] || f[kIAVB] || f[kLPR] ? 25 : 0;
  return Within(38 + body.axis - left - 0.4 * (age - 60), 28, -27, 86, rng);
}

// Low voltage: QRS below 0.5 mV from peak to peak in every limb lead.
void SetVoltage(const Findings& f, Patient& patient, Rng& rng) {
  const double voltage = LimbVoltage(TracesOf(patient.qrs, patient.qrs_duration, patient.leads));
  double factor = std::exp(rng.Normal(0, 0.25));
  if (f[kLQRSV]) {
    factor = rng.Uniform(0.30, 0.48) / voltage;
    Scale(patient.t, 0.55);
  } else {
    factor = std::max(factor, 0.64 / voltage);
    Scale(patient.t, std::clamp(factor, 0.7, 1.4) * std::exp(rng.Normal(0, 0.15)) *
                         (f[kQAb] && !f[kTAb] ? 0.75 : 1.0));
  }
  Scale(patient.qrs, factor);
}

// The parts of the QRS that may be turned to the axis: first forces that are a sign of their own
// (scar, axis deviation) and the late forces of a right bundle branch block stay.
void TurnQrs(const Findings& f, Patient& patient, double axis) {
  const std::size_t first = f[kQAb] ? 2 : f[kLAD] || f[kRAD] ? 1 : 0;
  const std::size_t last = f[kRBBB] || f[kIRBBB] ? 4 : patient.qrs.size();
  TurnToAxis(patient.qrs, first, last, patient.leads, axis);
}

// Draws until the QRS meets the criteria of what is found and of nothing else. Most hearts do at
// once; the bound only keeps a combination that hardly exists from costing more than it is worth.
void SetQrs(const Findings& f, const Body& body, Patient& patient, Rng& rng) {
  constexpr int kTries = 400;
  for (int i = 0; i < kTries; ++i) {
    patient.qrs = QrsOf(f, rng);
    patient.leads = DrawLeadMatrix(body.chest, rng);
    TurnQrs(f, patient, DrawAxis(f, patient.age, body, rng));
    patient.t = TOf(f, patient.qrs, rng);
    SetVoltage(f, patient, rng);
    if (QrsFits(f, patient.qrs, patient.qrs_duration, patient.leads)) break;
  }
}

}  // namespace

Patient DrawPatient(double age, bool male, const Body& body, const Findings& f, Rng& rng) {
  Patient patient;
  patient.age = age;
  patient.male = male;
  patient.rate = DrawRate(f, rng);
  patient.pr = DrawPr(f, patient.rate, age, rng);
  patient.p_duration = std::min(Within(0.123, 0.014, 0.088, 0.150, rng), patient.pr - 0.015);
  patient.qrs_duration = QrsDurationOf(f, rng);
  patient.qtc = DrawQtc(f, male, patient.qrs_duration, rng);

  SetQrs(f, body, patient, rng);
  patient.p = SinusP(rng);
  Scale(patient.p, std::exp(rng.Normal(0.18, 0.28)) * (f[kLQRSV] ? 0.8 : 1.0));
  patient.ventricular = f[kPR] ? PacedQrs(rng) : EctopicQrs(rng);
  patient.ventricular_t = DiscordantT(patient.ventricular, rng.Uniform(0.4, 0.7));
  patient.ventricular_duration = rng.Uniform(0.14, 0.175);
  patient.atrial_size = (f[kLQRSV] ? 0.6 : 1.0) * (f[kAFL] ? 0.26 * std::exp(rng.Normal(0, 0.35))
                                                           : 0.040 * std::exp(rng.Normal(0, 0.5)));
  return patient;
}

}  // namespace ecg::sim
