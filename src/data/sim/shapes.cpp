#include "src/data/sim/shapes.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

namespace ecg::sim {
namespace {

constexpr double kRadians = 0.017453292519943295;

// Braces: the order of the draws must not be left to the compiler.
Vec3 Spread(double x, double y, double z, Rng& rng) {
  return {rng.Normal(0, x), rng.Normal(0, y), rng.Normal(0, z)};
}

// The parts of a QRS stand at even distances and just fill it: the kernels that leave least of the
// real complexes unexplained (0.6 % of their energy with five parts).
Shape EvenParts(std::initializer_list<Vec3> moments) {
  const double spacing = moments.size() > 5 ? 2.0 : 1.2;  // widths
  const double width = 1 / (2 * kWaveEdge + spacing * static_cast<double>(moments.size() - 1));
  Shape shape;
  for (const Vec3& moment : moments) {
    shape.push_back(
        {(kWaveEdge + spacing * static_cast<double>(shape.size())) * width, width, moment});
  }
  return shape;
}

// Where no other source is named, the moments are averages over the heart vectors of recordings
// with the label, mostly PTB-XL's (doi:10.1038/s41597-020-0495-6): the median beat of I, II and V1
// to V6 through the pseudo-inverse of Dower's matrix, fitted with the parts. The signs of the right
// bundle branch blocks, which averaging blurs, are enlarged until the criteria hold.

// Activation runs from the septum (to the right and front) through the apex to the free wall of the
// left ventricle (left, back, down) and ends at its base (back). 916 recordings.
Shape NormalQrs() {
  return EvenParts({{-0.07, -0.03, -0.21},
                    {0.60, 0.16, 0.00},
                    {0.78, 0.43, 0.37},
                    {-0.08, 0.04, 0.41},
                    {-0.05, 0.03, 0.19}});
}

// How the same 916 differ: the first principal components of their moments (81 % of the variance),
// one standard deviation each, and what is left for every part by itself.
constexpr double kModes[5][5][3] = {{{-0.02, -0.01, -0.01},
                                     {0.31, 0.09, 0.05},
                                     {-0.40, -0.11, 0.13},
                                     {-0.17, -0.05, 0.04},
                                     {0.00, 0.00, -0.01}},
                                    {{0.00, 0.00, 0.03},
                                     {-0.02, -0.06, -0.10},
                                     {-0.18, 0.07, 0.12},
                                     {0.32, 0.09, -0.12},
                                     {-0.06, -0.01, 0.03}},
                                    {{0.05, 0.00, -0.03},
                                     {-0.12, 0.03, 0.23},
                                     {0.00, 0.17, 0.23},
                                     {-0.05, -0.07, -0.03},
                                     {0.01, 0.02, -0.02}},
                                    {{0.01, -0.01, -0.02},
                                     {0.02, 0.11, 0.25},
                                     {-0.01, -0.13, -0.12},
                                     {0.15, 0.06, 0.00},
                                     {-0.02, -0.01, -0.01}},
                                    {{0.01, -0.02, 0.00},
                                     {-0.07, -0.03, 0.00},
                                     {-0.05, 0.01, 0.02},
                                     {-0.01, 0.15, 0.20},
                                     {0.02, 0.00, -0.03}}};
constexpr double kOwnDeviation[5] = {0.10, 0.06, 0.06, 0.06, 0.10};

// A heart of its own, from one of the shapes of five parts.
void Vary(Shape& shape, Rng& rng) {
  for (const auto& mode : kModes) {
    const double size = rng.Normal();
    for (std::size_t i = 0; i < 5; ++i) {
      shape[i].moment += size * Vec3(mode[i][0], mode[i][1], mode[i][2]);
    }
  }
  for (std::size_t i = 0; i < 5; ++i) {
    const double own = kOwnDeviation[i];
    shape[i].moment += Spread(own, own, own, rng);
  }
}

// AHA/ACCF/HRS 2009, part III (doi:10.1016/j.jacc.2008.12.013): broad R in I, aVL, V5, V6, no q
// there, rS or QS in V1 to V3. 48 recordings.
Shape LeftBundleBranchBlock() {
  return EvenParts({{0.30, 0.22, 0.65},
                    {0.32, 0.25, 1.57},
                    {0.33, 0.22, 1.00},
                    {0.30, -0.09, 0.56},
                    {0.18, -0.11, 0.16}});
}

// Ibid.: rSR' in V1 or V2, S longer than R or than 40 ms in I and V6; `late` is the size of the
// right ventricle's delayed forces, to the right and front. 42 recordings.
Shape RightBundleBranchBlock(double late) {
  return EvenParts({{-0.09, -0.04, -0.20},
                    {1.00, 0.20, -0.26},
                    {0.65, 0.30, 0.12},
                    {-0.14, 0.02, -0.06},
                    {-0.40 * late, -0.01 * late, -0.54 * late},
                    {-0.46 * late, -0.03 * late, -0.40 * late},
                    {-0.18 * late, -0.02 * late, -0.12 * late}});
}

// The same only at the very end: a small r' in V1, a small late S in V6. 72 recordings.
Shape IncompleteRightBlock(double late) {
  return EvenParts({{-0.08, -0.02, -0.24},
                    {0.76, 0.18, 0.02},
                    {0.62, 0.28, 0.26},
                    {-0.13, 0.02, 0.10},
                    {-0.22 * late, -0.06, -0.16 * late}});
}

// AHA/ACCF/HRS 2009, part III: qR in aVL, rS in II, III and aVF: first down, then up and to the
// left. 99 recordings.
Shape LeftAnteriorBlock() {
  return EvenParts({{0.00, 0.09, -0.10},
                    {0.63, -0.01, 0.22},
                    {0.04, -0.15, 0.37},
                    {-0.17, -0.28, 0.31},
                    {-0.12, -0.12, 0.12}});
}

// An axis to the right: rS in I and aVL. 16 recordings.
Shape RightAxis() {
  return EvenParts({{-0.04, -0.07, -0.17},
                    {0.36, 0.04, -0.20},
                    {0.20, 0.46, 0.40},
                    {-0.46, -0.08, 0.30},
                    {-0.12, 0.02, 0.16}});
}

// Slow, larger and more to the back, without septal forces. 80 recordings.
Shape UnspecificDelay() {
  return EvenParts({{0.00, 0.01, -0.14},
                    {0.73, 0.23, 0.24},
                    {0.56, 0.22, 0.60},
                    {-0.01, 0.04, 0.46},
                    {-0.05, 0.04, 0.28}});
}

// From one point through the muscle itself.
Shape VentricularSpread() {
  return {{0.14, 0.075, {0.22, 0.12, 0.02}},
          {0.31, 0.098, {0.80, 0.40, 0.50}},
          {0.49, 0.098, {0.55, 0.22, 0.95}},
          {0.67, 0.098, {0.90, 0.12, 0.85}},
          {0.85, 0.075, {0.25, -0.05, 0.22}}};
}

// Fourth universal definition of myocardial infarction (doi:10.1016/j.jacc.2018.08.1038): Q of 30
// ms and 0.1 mV in two neighbouring leads, or QS; the scar no longer pulls the first 40 ms to
// itself. Most are inferior.
void AddScar(Shape& qrs, Rng& rng) {
  const double at = rng.Uniform();
  if (at < 0.6) {  // inferior: II, III, aVF
    qrs[0].moment = {0.10, -rng.Uniform(0.12, 0.30), -0.12};
    qrs[1].moment[1] = -rng.Uniform(0.05, 0.35);
  } else if (at < 0.85) {  // anterior: V1 to V4
    qrs[0].moment = {0.00, -0.02, 0.25};
    qrs[1].moment = {0.10, 0.15, rng.Uniform(0.4, 0.7)};
    qrs[2].moment[2] = std::max(0.6, qrs[2].moment[2]);
  } else {  // lateral: I, aVL, V5, V6
    qrs[0].moment = {-rng.Uniform(0.25, 0.45), 0.05, -0.16};
    qrs[1].moment[0] = -rng.Uniform(0.10, 0.35);
    qrs[2].moment[0] = std::max(0.8, qrs[2].moment[0]);
  }
}

// Less to the front at the start, more to the back in the middle.
void WeakenAnteriorForces(Shape& qrs) {
  qrs[0].moment = {-0.03, -0.03, -0.14};
  qrs[1].moment = {0.25, 0.16, 0.30};
  qrs[2].moment[2] = 0.80;
}

// A slow rise, a faster fall, and before both the ST segment, which the wave grows out of.
Shape TWave(const Vec3& peak, const Vec3& rise, const Vec3& st) {
  return {{0.085, 0.034, peak}, {0.150, 0.050, rise}, {0.225, 0.060, st}};
}
Shape TWave(const Vec3& peak) { return TWave(peak, 0.40 * peak, 0.05 * peak); }

// Upright where it should be: I, II and V4 to V6 of at least 0.1 mV, before voltage is scaled.
// Mean, spread and the parts' shares: PTB-XL's normal recordings, as for the QRS.
Shape UprightT(Rng& rng) {
  for (;;) {
    const double size = rng.Normal();  // most differ in size, along the main direction
    const Vec3 t =
        Vec3(0.24, 0.13, -0.16) + size * Vec3(0.08, 0.03, -0.05) + Spread(0.05, 0.05, 0.10, rng);
    const Eigen::Matrix<double, 8, 1> leads = DowerMatrix() * t;
    if (leads[0] < 0.07 || leads[1] < 0.10 || leads.tail<3>().minCoeff() < 0.11) continue;
    const Vec3 rise(0.28 * t[0], 0.10 * t[1], 0.80 * t[2]);
    return TWave(t, rise, Vec3(0.0, 0.0, -0.04) + Spread(0.02, 0.02, 0.02, rng));
  }
}

Shape InvertedT(Rng& rng) {
  const double size = rng.Uniform(0.8, 1.4);
  const double at = rng.Uniform();
  if (at < 0.6) {  // lateral, as of a strained left ventricle: ST falls as well
    const Vec3 t{-rng.Uniform(0.18, 0.30), rng.Normal(0.02, 0.06), rng.Normal(-0.08, 0.12)};
    return TWave(size * t, 0.4 * size * t, {-0.05, 0.0, -0.02});
  }
  return TWave(size * (at < 0.75 ? Vec3(0.12, -0.32, -0.06) : Vec3(0.02, 0.10, 0.34)));
}

// Flat at the left side, where it should be upright, or first up and then down.
Shape AbnormalT(Rng& rng) {
  if (rng.Chance(0.8)) {
    const Vec3 t = Vec3(0.08, 0.08, -0.12) + Spread(0.05, 0.05, 0.08, rng);
    return TWave(t, Vec3(0.2 * t[0], 0.2 * t[1], 0.8 * t[2]), {-0.02, 0.0, -0.03});
  }
  const Vec3 up = rng.Uniform(0.4, 0.8) * Vec3(0.26, 0.13, -0.14);
  return {{0.080, 0.032, -0.7 * up}, {0.165, 0.036, up}};
}

Vec3 TurnFrontal(const Vec3& v, double radians) {
  const double c = std::cos(radians);
  const double s = std::sin(radians);
  return {c * v[0] - s * v[1], s * v[0] + c * v[1], v[2]};
}

void Jitter(Shape& shape, double share, Rng& rng) {
  for (ShapePart& part : shape) {
    const double size = part.moment.norm() * share;
    part.moment += Spread(size, size, size, rng);
    part.place += rng.Normal(0, 0.008);
  }
}

// Moves and stretches the parts until they just fill [0, 1], so that the wave's ends are where its
// fiducial points say.
Shape Fitted(Shape shape) {
  double first = 1;
  double last = 0;
  for (const ShapePart& part : shape) {
    first = std::min(first, part.place - kWaveEdge * part.width);
    last = std::max(last, part.place + kWaveEdge * part.width);
  }
  for (ShapePart& part : shape) {
    part.place = (part.place - first) / (last - first);
    part.width /= last - first;
  }
  return shape;
}

}  // namespace

Shape SinusP(Rng& rng) {
  // The right atrium, in front, then the left, behind.
  Shape p = {{0.36, 0.14, {0.062, 0.078, -0.028}}, {0.62, 0.14, {0.086, 0.050, 0.030}}};
  for (ShapePart& part : p) part.moment += Spread(0.014, 0.018, 0.018, rng);
  return Fitted(std::move(p));
}

double QrsDurationOf(const Findings& f, Rng& rng) {
  if (f[kLBBB]) return rng.Uniform(0.126, 0.162);
  if (f[kRBBB]) return rng.Uniform(0.124, 0.156);
  if (f[kNSIVCB]) return rng.Uniform(0.118, 0.134);
  if (f[kIRBBB]) return rng.Uniform(0.086, 0.114);
  if (f[kQAb]) return rng.Uniform(0.078, 0.102);
  if (f[kLAnFB]) return rng.Uniform(0.080, 0.104);
  return std::clamp(rng.Normal(0.084, 0.006), 0.070, 0.102);
}

Shape QrsOf(const Findings& f, Rng& rng) {
  if (f[kLBBB] || f[kRBBB]) {
    Shape qrs = f[kLBBB] ? LeftBundleBranchBlock() : RightBundleBranchBlock(rng.Uniform(0.9, 1.3));
    if (f[kRBBB] && f[kLAnFB]) {
      qrs[0].moment[1] = 0.20;
      for (std::size_t i = 1; i < 4; ++i) qrs[i].moment[1] = -0.75 * std::abs(qrs[i].moment[0]);
    }
    if (f[kQAb]) AddScar(qrs, rng);
    if (f[kPRWP]) WeakenAnteriorForces(qrs);
    Jitter(qrs, 0.2, rng);
    return Fitted(std::move(qrs));
  }
  Shape qrs = f[kIRBBB]    ? IncompleteRightBlock(rng.Uniform(0.7, 1.9))
              : f[kLAnFB]  ? LeftAnteriorBlock()
              : f[kRAD]    ? RightAxis()
              : f[kNSIVCB] ? UnspecificDelay()
                           : NormalQrs();
  Vary(qrs, rng);
  if (f[kQAb]) AddScar(qrs, rng);
  if (f[kPRWP]) WeakenAnteriorForces(qrs);
  if (f[kNSIVCB]) {
    // A slow, notched end that fits neither bundle branch.
    qrs.push_back({0.82, 0.08, Vec3(0.0, -0.05, 0.20) + Spread(0.15, 0.12, 0.15, rng)});
  }
  return Fitted(std::move(qrs));
}

Shape PacedQrs(Rng& rng) {
  Shape qrs = VentricularSpread();
  qrs[0].moment = {0.15, -0.25, 0.10};
  for (ShapePart& part : qrs) part.moment = 1.25 * TurnFrontal(part.moment, -85 * kRadians);
  Jitter(qrs, 0.08, rng);
  return Fitted(std::move(qrs));
}

Shape EctopicQrs(Rng& rng) {
  Shape qrs = VentricularSpread();
  // Left ventricular ectopy runs to the right and front, right ventricular to the left and back.
  const bool left = rng.Chance(0.5);
  const double turn = rng.Uniform(-110, 60) * kRadians;
  const double size = rng.Uniform(1.2, 1.7);
  for (ShapePart& part : qrs) {
    if (left) part.moment = {-part.moment[0], part.moment[1], -part.moment[2]};
    part.moment = size * TurnFrontal(part.moment, left ? -turn : turn);
  }
  Jitter(qrs, 0.08, rng);
  return Fitted(std::move(qrs));
}

Shape DiscordantT(const Shape& qrs, double mv) {
  const Vec3 area = NetArea(qrs);
  return TWave(-mv / std::max(1e-6, area.norm()) * area);
}

Shape TOf(const Findings& f, const Shape& qrs, Rng& rng) {
  if (f[kLBBB]) return DiscordantT(qrs, rng.Uniform(0.38, 0.60));
  Shape t = f[kTInv] ? InvertedT(rng) : f[kTAb] ? AbnormalT(rng) : UprightT(rng);
  // Secondary to a late right ventricle: opposite to its forces, so down in V1 and V2.
  const double secondary = f[kRBBB] ? 0.7 : f[kIRBBB] ? 0.3 : 0.0;
  for (ShapePart& part : t) part.moment += secondary * part.moment.norm() * Vec3(0.06, 0.0, 1.0);
  return t;
}

Vec3 NetArea(const Shape& shape) {
  Vec3 area = Vec3::Zero();
  for (const ShapePart& part : shape) area += part.width * part.moment;
  return area;
}

void Scale(Shape& shape, double factor) {
  for (ShapePart& part : shape) part.moment *= factor;
}

void TurnToAxis(Shape& shape, std::size_t first, std::size_t last, const LeadMatrix& leads,
                double axis) {
  Vec3 fixed = Vec3::Zero();
  Vec3 turning = Vec3::Zero();
  for (std::size_t i = 0; i < shape.size(); ++i) {
    (i < first || i >= last ? fixed : turning) += shape[i].width * shape[i].moment;
  }
  const auto miss = [&](double degrees) {
    const Vec3 area = fixed + TurnFrontal(turning, degrees * kRadians);
    const double one = leads.row(0).dot(area);
    const double avf = leads.row(1).dot(area) - 0.5 * one;
    return std::abs(std::remainder(AxisDegrees(one, avf) - axis, 360.0));
  };
  double best = 0;
  for (const double step : {4.0, 0.2}) {
    const double centre = best;
    const double reach = step > 1 ? 180.0 : 4.0;
    for (double at = centre - reach; at < centre + reach; at += step) {
      if (miss(at) < miss(best)) best = at;
    }
  }
  for (std::size_t i = first; i < std::min(last, shape.size()); ++i) {
    shape[i].moment = TurnFrontal(shape[i].moment, best * kRadians);
  }
}

}  // namespace ecg::sim
