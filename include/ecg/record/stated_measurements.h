// What a recorder has measured, as its files state it: for whoever compares it with what is
// measured in the recording itself.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

namespace ecg::record {

// Rates in 1/min, durations in ms, axes in degrees of the frontal plane (0: to the left, 90: down).
enum class Quantity {
  kHeartRate,  // of the ventricles
  kRr,
  kP,
  kPr,
  kQrs,
  kQt,
  kQtc,  // by a formula that the file does not name
  kQtcBazett,
  kQtcFridericia,
  kQtcFramingham,
  kQtcHodges,
  kPAxis,
  kQrsAxis,
  kTAxis,
};
inline constexpr std::size_t kQuantities = 14;

// As in "pr_ms": what tables call it, with its unit.
const char* NameOf(Quantity quantity);
bool IsAxis(Quantity quantity);

class StatedMeasurements {
 public:
  // Takes a value that a heart can have, and passes over any other: files write 0, -1, 29999 and
  // the like for what was not measured. Axes become (-180, 180]. Of each quantity the first counts.
  void Set(Quantity quantity, double value);
  void Set(Quantity quantity, std::optional<double> value) {
    if (value) Set(quantity, *value);
  }

  std::optional<double> Of(Quantity quantity) const {
    return values_[static_cast<std::size_t>(quantity)];
  }
  bool empty() const;

 private:
  std::array<std::optional<double>, kQuantities> values_;
};

// An angle as one of (-180, 180].
double WithinHalfTurn(double degrees);

}  // namespace ecg::record
