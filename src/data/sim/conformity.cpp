#include "src/data/sim/conformity.h"

#include <algorithm>
#include <cmath>

namespace ecg::sim {
namespace {

// Indices into the challenge's order of leads.
enum Lead : std::size_t { kI, kII, kIII, kAVR, kAVL, kAVF, kV1, kV2, kV3, kV4, kV5, kV6 };

constexpr QLimits kScar;
// Who has no scar must not come near it.
constexpr QLimits kNearlyScar = {0.085, 26, 0.05};

// Neighbouring leads; V1 may have a QS and aVR a Q in health.
constexpr std::size_t kTerritories[3][4] = {
    {kII, kIII, kAVF, kAVF}, {kV2, kV3, kV4, kV4}, {kI, kAVL, kV5, kV6}};

bool HasScar(const LeadTraces& traces, const QLimits& limits) {
  for (const auto& territory : kTerritories) {
    int found = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      if (i > 0 && territory[i] == territory[i - 1]) continue;
      found += HasPathologicalQ(traces[territory[i]], limits) ? 1 : 0;
    }
    if (found >= 2) return true;
  }
  return false;
}

// Where what goes up comes down again the axis is left to chance.
bool IsIndeterminate(const Shape& shape, const LeadMatrix& leads) {
  const auto frontal = [&](const Vec3& v) {
    const double one = leads.row(0).dot(v);
    return std::hypot(one, (leads.row(1).dot(v) - 0.5 * one) * 2 / std::sqrt(3.0));
  };
  double gross = 0;
  for (const ShapePart& part : shape) gross += part.width * frontal(part.moment);
  return frontal(NetArea(shape)) < 0.15 * gross;
}

bool AxisFits(const Findings& f, double axis) {
  if (f[kLAnFB]) return axis > -90 && axis <= -45;
  if (f[kLAD]) return axis > -90 && axis <= -31;
  if (f[kRAD]) return axis >= 92 && axis < 180;
  return axis > -29 && axis < 89;
}

}  // namespace

LeadTraces TracesOf(const Shape& shape, double duration, const LeadMatrix& leads) {
  const auto samples = static_cast<std::size_t>(duration * 1000) + 1;
  LeadTraces traces;
  traces.fill(std::vector<double>(samples));
  for (std::size_t i = 0; i < samples; ++i) {
    const double at = static_cast<double>(i) / (1000 * duration);
    Vec3 v = Vec3::Zero();
    for (const ShapePart& part : shape) {
      const double u = (at - part.place) / part.width;
      v += std::exp(-0.5 * u * u) * part.moment;
    }
    const Eigen::Matrix<double, 8, 1> eight = leads * v;
    const std::array<double, 6> limb = LimbLeads(eight[0], eight[1]);
    for (std::size_t lead = 0; lead < 6; ++lead) {
      traces[lead][i] = limb[lead];
      traces[lead + 6][i] = eight[static_cast<Eigen::Index>(lead) + 2];
    }
  }
  return traces;
}

double LimbVoltage(const LeadTraces& traces) {
  double voltage = 0;
  for (std::size_t lead = 0; lead < 6; ++lead) {
    const auto [low, high] = std::minmax_element(traces[lead].begin(), traces[lead].end());
    voltage = std::max(voltage, *high - *low);
  }
  return voltage;
}

bool HasPathologicalQ(const std::vector<double>& trace, const QLimits& limits) {
  double depth = 0;
  std::size_t length = 0;  // ms below the baseline before the first r
  for (const double mv : trace) {
    if (mv > limits.r) break;
    depth = std::max(depth, -mv);
    if (mv < -0.03) ++length;
  }
  return depth >= limits.depth && length >= limits.ms;
}

double AxisOf(const Shape& shape, const LeadMatrix& leads) {
  const Vec3 area = NetArea(shape);
  const double one = leads.row(0).dot(area);
  return AxisDegrees(one, leads.row(1).dot(area) - 0.5 * one);
}

bool QrsFits(const Findings& f, const Shape& qrs, double duration, const LeadMatrix& leads) {
  if (!AxisFits(f, AxisOf(qrs, leads)) || IsIndeterminate(qrs, leads)) return false;
  // The other criteria do not apply to a left bundle branch block.
  if (f[kLBBB]) return true;
  const LeadTraces traces = TracesOf(qrs, duration, leads);
  // Forces to the right make a Q in I and aVL without any scar.
  if (f[kQAb] && !HasScar(traces, kScar)) return false;
  if (!f[kQAb] && !f[kRAD] && HasScar(traces, kNearlyScar)) return false;
  // Poor R progression: R in V3 of 0.3 mV or less, yet not a QS (Zema and Kligfield 1979,
  // doi:10.1016/s0022-0736(79)80038-2).
  const double r3 = *std::max_element(traces[kV3].begin(), traces[kV3].end());
  if (f[kPRWP]) return r3 > 0.06 && r3 < 0.28;
  return f[kQAb] || f[kLQRSV] || r3 > 0.34;
}

}  // namespace ecg::sim
