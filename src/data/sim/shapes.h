// The waves of a beat as sums of Gaussians of the heart vector: what a cardiologist would draw.
#pragma once

#include <vector>

#include "ecg/core/random.h"
#include "src/data/sim/findings.h"
#include "src/data/sim/projection.h"
#include "src/data/sim/vector.h"

namespace ecg::sim {

// A Gaussian inside a wave. P and QRS: place and width are parts of the wave's duration. T: place
// is the distance before the wave's end, and both are seconds at RR = 1 s (they go with sqrt(RR)).
struct ShapePart {
  double place = 0;
  double width = 0;
  Vec3 moment = Vec3::Zero();  // mV
};
using Shape = std::vector<ShapePart>;

// The parts of a T shape that are the wave; those that follow are the ST segment that it stands on.
inline constexpr std::size_t kTWaveParts = 2;

// Where a wave begins and ends: so many widths from its outermost centres, where a Gaussian has
// fallen to 7 % of its height.
inline constexpr double kWaveEdge = 2.3;

Shape SinusP(Rng& rng);
Shape QrsOf(const Findings& findings, Rng& rng);
// From the right ventricle's apex (as a pacing lead's) or, for ectopic beats, from anywhere.
Shape PacedQrs(Rng& rng);
Shape EctopicQrs(Rng& rng);
Shape TOf(const Findings& findings, const Shape& qrs, Rng& rng);
// A T wave opposite to the QRS that it follows.
Shape DiscordantT(const Shape& qrs, double mv);

// Seconds, within the criterion of the findings.
double QrsDurationOf(const Findings& findings, Rng& rng);

// The net area of a P or QRS shape, up to the factor duration * sqrt(2 pi): mV.
Vec3 NetArea(const Shape& shape);
void Scale(Shape& shape, double factor);
// Turns the parts [first, last) in the frontal plane until the net area of all has the axis
// (degrees), or comes as near to it as it can.
void TurnToAxis(Shape& shape, std::size_t first, std::size_t last, const LeadMatrix& leads,
                double axis);

}  // namespace ecg::sim
