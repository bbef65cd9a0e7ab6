#include "src/sim/shapes.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ecg::sim {
namespace {

constexpr double kRadians = 0.017453292519943295;

// Activation runs from the septum (to the right and front) through the apex to the free wall of the
// left ventricle (left, back, down) and ends at its base (back, up).
Shape NormalQrs() {
  return {{0.17, 0.066, {-0.12, -0.04, -0.22}},
          {0.34, 0.078, {0.55, 0.45, -0.38}},
          {0.50, 0.078, {1.10, 0.78, 0.50}},
          {0.68, 0.078, {0.18, 0.00, 0.70}},
          {0.83, 0.066, {-0.12, -0.13, 0.18}}};
}

// AHA/ACCF/HRS 2009, part III (doi:10.1016/j.jacc.2008.12.013): broad notched R in I, aVL, V5, V6,
// no q there, rS or QS in V1 to V3.
Shape LeftBundleBranchBlock() {
  return {{0.14, 0.075, {0.22, 0.12, 0.02}},
          {0.31, 0.098, {0.80, 0.40, 0.50}},
          {0.49, 0.098, {0.55, 0.22, 0.95}},
          {0.67, 0.098, {0.90, 0.12, 0.85}},
          {0.85, 0.075, {0.25, -0.05, 0.22}}};
}

// Ibid.: rSR' in V1 or V2, S longer than R or than 40 ms in I and V6; `late` is the size of the
// right ventricle's delayed forces, to the right and front.
Shape RightBundleBranchBlock(double late) {
  return {{0.12, 0.045, {-0.12, -0.02, -0.24}},
          {0.24, 0.062, {0.55, 0.42, -0.30}},
          {0.36, 0.062, {1.05, 0.72, 0.48}},
          {0.48, 0.060, {0.15, 0.02, 0.50}},
          {0.65, 0.085, {-0.46 * late, -0.04 * late, -0.80 * late}},
          {0.83, 0.070, {-0.28 * late, -0.02 * late, -0.38 * late}}};
}

// Ibid.: qR in aVL, rS in II, III and aVF: first down and to the right, then up and to the left.
Shape LeftAnteriorBlock() {
  return {{0.17, 0.070, {-0.12, 0.26, -0.16}},
          {0.36, 0.085, {0.40, -0.10, -0.34}},
          {0.53, 0.085, {1.00, -0.70, 0.42}},
          {0.70, 0.085, {0.35, -0.60, 0.55}},
          {0.84, 0.070, {0.05, -0.25, 0.15}}};
}

// Fourth universal definition of myocardial infarction (doi:10.1016/j.jacc.2018.08.1038): Q of 30
// ms and 0.1 mV in two neighbouring leads, or QS; the scar no longer pulls the first 40 ms to
// itself.
void AddScar(Shape& qrs, Rng& rng) {
  switch (rng.Below(3)) {
    case 0:  // inferior: II, III, aVF
      qrs[0].width = 0.095, qrs[0].place = 0.20, qrs[0].moment = {0.05, -0.42, -0.12};
      qrs[1].moment[1] = -0.28;
      break;
    case 1:  // anterior: V1 to V4
      qrs[0].moment = {0.00, -0.02, 0.30};
      qrs[1].moment = {0.10, 0.30, 0.55};
      qrs[2].moment[2] = 0.95;
      break;
    default:  // lateral: I, aVL, V5, V6
      qrs[0].width = 0.095, qrs[0].place = 0.20, qrs[0].moment = {-0.50, 0.05, -0.16};
      qrs[1].moment[0] = -0.30;
      break;
  }
}

// Less to the front at the start, more to the back in the middle.
void WeakenAnteriorForces(Shape& qrs) {
  qrs[0].moment = {-0.05, -0.03, -0.12};
  qrs[1].moment = {0.30, 0.40, 0.30};
  qrs[2].moment[2] = 0.85;
}

Shape TWave(const Vec3& peak) {
  // A slow rise and a faster fall.
  return {{0.150, 0.050, 0.40 * peak}, {0.085, 0.034, peak}};
}

// Upright where it should be: I, II and V4 to V6 of at least 0.1 mV, before voltage is scaled.
Vec3 UprightT(Rng& rng) {
  for (;;) {
    const Vec3 t(rng.Normal(0.27, 0.06), rng.Normal(0.15, 0.06), rng.Normal(-0.25, 0.11));
    const Eigen::Matrix<double, 8, 1> leads = DowerMatrix() * t;
    if (leads[0] > 0.07 && leads[1] > 0.10 && leads.tail<3>().minCoeff() > 0.11) return t;
  }
}

Vec3 InvertedT(Rng& rng) {
  const double size = rng.Uniform(0.8, 1.4);
  switch (rng.Below(3)) {
    case 0:  // anterolateral
      return size * Vec3(-0.30, 0.02, 0.10);
    case 1:  // inferior
      return size * Vec3(0.12, -0.32, -0.06);
    default:  // anterior
      return size * Vec3(0.02, 0.10, 0.34);
  }
}

// Flat, or first up and then down.
Shape AbnormalT(const Vec3& upright, Rng& rng) {
  if (rng.Chance(0.6)) {
    return TWave(rng.Uniform(0.05, 0.22) * upright);
  }
  const double size = rng.Uniform(0.4, 0.8);
  return {{0.165, 0.036, size * upright}, {0.080, 0.032, -0.7 * size * upright}};
}

Vec3 TurnFrontal(const Vec3& v, double radians) {
  const double c = std::cos(radians);
  const double s = std::sin(radians);
  return {c * v[0] - s * v[1], s * v[0] + c * v[1], v[2]};
}

Vec3 TurnHorizontal(const Vec3& v, double radians) {
  const double c = std::cos(radians);
  const double s = std::sin(radians);
  return {c * v[0] - s * v[2], v[1], s * v[0] + c * v[2]};
}

void Jitter(Shape& shape, double share, Rng& rng) {
  for (ShapePart& part : shape) {
    const double size = part.moment.norm() * share;
    part.moment += Vec3(rng.Normal(0, size), rng.Normal(0, size), rng.Normal(0, size));
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

Shape SinusP() {
  // The right atrium, in front, then the left, behind.
  return Fitted({{0.36, 0.14, {0.035, 0.085, -0.050}}, {0.62, 0.14, {0.080, 0.055, 0.045}}});
}

double QrsDurationOf(const Findings& f, Rng& rng) {
  if (f[kLBBB]) return rng.Uniform(0.132, 0.165);
  if (f[kRBBB]) return rng.Uniform(0.126, 0.155);
  if (f[kNSIVCB]) return rng.Uniform(0.126, 0.150);
  if (f[kIRBBB]) return rng.Uniform(0.110, 0.118);
  if (f[kQAb]) return rng.Uniform(0.096, 0.108);
  if (f[kLAnFB]) return rng.Uniform(0.092, 0.108);
  return std::clamp(rng.Normal(0.092, 0.007), 0.078, 0.106);
}

Shape QrsOf(const Findings& f, Rng& rng) {
  Shape qrs = NormalQrs();
  if (f[kLBBB]) {
    qrs = LeftBundleBranchBlock();
  } else if (f[kRBBB] || f[kIRBBB]) {
    qrs = RightBundleBranchBlock(f[kRBBB] ? rng.Uniform(0.8, 1.2) : rng.Uniform(0.38, 0.55));
    if (f[kLAnFB]) {
      qrs[0].moment[1] = 0.26;
      for (std::size_t i = 1; i < 4; ++i) qrs[i].moment[1] = -0.75 * qrs[i].moment[0];
    }
  } else if (f[kLAnFB]) {
    qrs = LeftAnteriorBlock();
  }
  if (f[kRAD] && !f[kRBBB] && !f[kIRBBB]) qrs[0].moment = {0.14, -0.06, -0.20};  // rS in I
  if (f[kQAb]) AddScar(qrs, rng);
  if (f[kPRWP]) WeakenAnteriorForces(qrs);
  Jitter(qrs, f[kNSIVCB] ? 0.25 : 0.12, rng);
  if (f[kNSIVCB]) {
    // A slow, notched end that fits neither bundle branch.
    qrs.push_back(
        {0.58, 0.06, {rng.Normal(0.0, 0.35), rng.Normal(-0.1, 0.3), rng.Normal(0.1, 0.3)}});
  }
  const double turn = rng.Normal(0, 12) * kRadians;
  for (ShapePart& part : qrs) part.moment = TurnHorizontal(part.moment, turn);
  return Fitted(std::move(qrs));
}

Shape PacedQrs(Rng& rng) {
  Shape qrs = LeftBundleBranchBlock();
  qrs[0].moment = {0.15, -0.25, 0.10};
  for (ShapePart& part : qrs) part.moment = 1.25 * TurnFrontal(part.moment, -85 * kRadians);
  Jitter(qrs, 0.08, rng);
  return Fitted(std::move(qrs));
}

Shape EctopicQrs(Rng& rng) {
  Shape qrs = LeftBundleBranchBlock();
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
  const Vec3 upright = UprightT(rng);
  Shape t = TWave(upright);
  if (f[kTInv]) {
    t = TWave(InvertedT(rng));
  } else if (f[kTAb]) {
    t = AbnormalT(upright, rng);
  }
  if (f[kRBBB]) {
    // Secondary: opposite to the late forces, so down in V1 and V2.
    for (ShapePart& part : t) part.moment += Vec3(0.04, 0.0, 0.5) * part.moment.norm();
  }
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
