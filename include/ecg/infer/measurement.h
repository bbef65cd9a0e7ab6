// What is measured in a recording, by name and in the units that people use.
#pragma once

#include <string>
#include <vector>

#include "ecg/dsp/measure/measure.h"

namespace ecg::infer {

struct Measurement {
  const char* name;  // ends in its unit: heart_rate_bpm, pr_ms, qrs_axis_degrees
  double value = 0;  // NaN where it cannot be told
  int decimals = 0;  // that mean anything
  bool is_count = false;
};

// Always the same names in the same order: beats, how many of them are atrial_premature_beats,
// ventricular_beats and paced_beats, heart_rate_bpm, rr_ms, p_ms, pr_ms, qrs_ms, qt_ms,
// qtc_bazett_ms, qtc_fridericia_ms, qtc_framingham_ms, qtc_hodges_ms, p_axis_degrees,
// qrs_axis_degrees, t_axis_degrees.
std::vector<Measurement> MeasurementsOf(const dsp::Measurements& measured);

// A value in so many decimals, as tables have it: never a negative zero, and empty where it cannot
// be told.
std::string FormatCell(double value, int decimals);

}  // namespace ecg::infer
