// Whether a drawn heart is what its findings say, and nothing else.
#pragma once

#include <array>
#include <vector>

#include "src/data/sim/findings.h"
#include "src/data/sim/projection.h"
#include "src/data/sim/shapes.h"

namespace ecg::sim {

// A P or QRS shape as the twelve leads see it: double [12][samples], mV, one sample a millisecond.
using LeadTraces = std::array<std::vector<double>, 12>;
LeadTraces TracesOf(const Shape& shape, double duration, const LeadMatrix& leads);

// The largest peak-to-peak voltage among the six limb leads, mV.
double LimbVoltage(const LeadTraces& traces);

// A Q wave of 30 ms and 0.1 mV, or QS without any r (fourth universal definition of myocardial
// infarction, doi:10.1016/j.jacc.2018.08.1038).
struct QLimits {
  double depth = 0.1;   // mV
  std::size_t ms = 30;  // that it stays below the baseline
  double r = 0.03;      // mV; a smaller deflection before it is not called a wave
};
bool HasPathologicalQ(const std::vector<double>& trace, const QLimits& limits);

// The QRS has the axis, the R progression and the Q waves that the findings ask for.
bool QrsFits(const Findings& findings, const Shape& qrs, double duration, const LeadMatrix& leads);

// The mean electrical axis of a shape, from the net areas in leads I and aVF; degrees.
double AxisOf(const Shape& shape, const LeadMatrix& leads);

}  // namespace ecg::sim
