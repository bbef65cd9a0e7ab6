#include "ecg/record/stated_measurements.h"

#include <algorithm>
#include <cmath>

namespace ecg::record {
namespace {

struct Description {
  const char* name;
  double low, high;  // of what a heart can have
};

constexpr double kTurn = 360;
constexpr double kLongestMs = 3000;  // of QT, in the slowest of hearts

constexpr std::array<Description, kQuantities> kDescriptions = {
    {{"heart_rate_bpm", 10, 400},
     {"rr_ms", 150, 6000},
     {"p_ms", 10, 400},
     {"pr_ms", 20, 1000},
     {"qrs_ms", 20, 400},
     {"qt_ms", 100, kLongestMs},
     {"qtc_ms", 100, kLongestMs},
     {"qtc_bazett_ms", 100, kLongestMs},
     {"qtc_fridericia_ms", 100, kLongestMs},
     {"qtc_framingham_ms", 100, kLongestMs},
     {"qtc_hodges_ms", 100, kLongestMs},
     {"p_axis_degrees", -kTurn, kTurn},
     {"qrs_axis_degrees", -kTurn, kTurn},
     {"t_axis_degrees", -kTurn, kTurn}}};

const Description& Of(Quantity quantity) {
  return kDescriptions[static_cast<std::size_t>(quantity)];
}

}  // namespace

const char* NameOf(Quantity quantity) { return Of(quantity).name; }

bool IsAxis(Quantity quantity) { return quantity >= Quantity::kPAxis; }

void StatedMeasurements::Set(Quantity quantity, double value) {
  const Description& limits = ecg::record::Of(quantity);
  std::optional<double>& place = values_[static_cast<std::size_t>(quantity)];
  if (place || !(value >= limits.low && value <= limits.high)) return;
  place = IsAxis(quantity) ? WithinHalfTurn(value) : value;
}

bool StatedMeasurements::empty() const {
  return std::none_of(values_.begin(), values_.end(),
                      [](const std::optional<double>& value) { return value.has_value(); });
}

double WithinHalfTurn(double degrees) {
  const double angle = std::remainder(degrees, kTurn);
  return angle <= -kTurn / 2 ? angle + kTurn : angle;
}

}  // namespace ecg::record
