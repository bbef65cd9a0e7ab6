#include "ecg/infer/measurement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

namespace ecg::infer {
namespace {

using dsp::Measurements;

struct Field {
  const char* name;
  double Measurements::*value;
  double scale;
  int decimals;
};
constexpr std::array<Field, 13> kFields = {{
    {"heart_rate_bpm", &Measurements::heart_rate, 1, 1},
    {"rr_ms", &Measurements::rr, 1000, 0},
    {"p_ms", &Measurements::p, 1000, 0},
    {"pr_ms", &Measurements::pr, 1000, 0},
    {"qrs_ms", &Measurements::qrs, 1000, 0},
    {"qt_ms", &Measurements::qt, 1000, 0},
    {"qtc_bazett_ms", &Measurements::qtc_bazett, 1000, 0},
    {"qtc_fridericia_ms", &Measurements::qtc_fridericia, 1000, 0},
    {"qtc_framingham_ms", &Measurements::qtc_framingham, 1000, 0},
    {"qtc_hodges_ms", &Measurements::qtc_hodges, 1000, 0},
    {"p_axis_degrees", &Measurements::p_axis, 1, 0},
    {"qrs_axis_degrees", &Measurements::qrs_axis, 1, 0},
    {"t_axis_degrees", &Measurements::t_axis, 1, 0},
}};

struct TypeField {
  const char* name;
  dsp::BeatType type;
};
constexpr std::array<TypeField, 3> kTypes = {{
    {"atrial_premature_beats", dsp::BeatType::kAtrialPremature},
    {"ventricular_beats", dsp::BeatType::kVentricular},
    {"paced_beats", dsp::BeatType::kPaced},
}};

}  // namespace

std::vector<Measurement> MeasurementsOf(const Measurements& measured) {
  std::vector<Measurement> all = {{"beats", static_cast<double>(measured.beats), 0, true}};
  const bool typed = measured.types.size() == measured.beats;
  for (const TypeField& field : kTypes) {
    const auto count = std::count(measured.types.begin(), measured.types.end(), field.type);
    all.push_back({field.name,
                   typed ? static_cast<double>(count) : std::numeric_limits<double>::quiet_NaN(), 0,
                   true});
  }
  for (const Field& field : kFields) {
    all.push_back({field.name, measured.*field.value * field.scale, field.decimals, false});
  }
  return all;
}

std::string FormatCell(double value, int decimals) {
  if (!std::isfinite(value)) return {};
  const double scale = std::pow(10, decimals);
  char text[40];
  std::snprintf(text, sizeof(text), "%.*f", decimals, std::round(value * scale) / scale + 0.0);
  return text;
}

}  // namespace ecg::infer
