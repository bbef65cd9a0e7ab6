// From values to places of a figure, and the values that its axes name.
#pragma once

#include <string>
#include <vector>

#include "ecg/report/figure.h"

namespace ecg::report {

class Scale {
 public:
  // From `low` to `high` in values, from `begin` to `end` in the drawing.
  Scale(double low, double high, bool logarithmic, double begin, double end);

  double At(double value) const;  // NaN where there is no such place
  double low() const { return low_; }
  double high() const { return high_; }

  // About `wanted` round values within the scale, ascending.
  std::vector<double> Ticks(int wanted) const;
  std::string Label(double tick) const;

 private:
  double low_, high_;
  bool logarithmic_;
  double begin_, end_;
};

// The scales of a figure, wide enough for all its values.
Scale ScaleOfX(const Figure& figure, double begin, double end);
Scale ScaleOfY(const Figure& figure, double begin, double end);

}  // namespace ecg::report
