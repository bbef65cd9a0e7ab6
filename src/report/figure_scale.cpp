#include "src/report/figure_scale.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ecg/core/text.h"

namespace ecg::report {
namespace {

// The round number that is the nearest above: 1, 2 or 5 times a power of ten.
double RoundStep(double step) {
  const double power = std::pow(10, std::floor(std::log10(step)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (step <= factor * power * (1 + 1e-9)) return factor * power;
  }
  return 10 * power;
}

struct Bounds {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void Take(const std::vector<double>& values, bool logarithmic) {
    for (const double value : values) {
      if (!std::isfinite(value) || (logarithmic && value <= 0)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
};

Scale MakeScale(const Axis& axis, Bounds bounds, bool from_zero, double begin, double end) {
  if (from_zero && !axis.logarithmic) bounds.Take({0}, false);
  double low = axis.low.value_or(bounds.low);
  double high = axis.high.value_or(bounds.high);
  if (!std::isfinite(low) || !std::isfinite(high)) {
    low = axis.logarithmic ? 1 : 0;
    high = axis.logarithmic ? 10 : 1;
  }
  if (!(low < high)) {
    const double margin = low == 0 ? 1 : std::abs(low) * 0.1;
    high = low + margin;
    low = axis.logarithmic ? low * 0.9 : low - margin;
  }
  return {low, high, axis.logarithmic, begin, end};
}

}  // namespace

Scale::Scale(double low, double high, bool logarithmic, double begin, double end)
    : low_(low), high_(high), logarithmic_(logarithmic), begin_(begin), end_(end) {}

double Scale::At(double value) const {
  if (!std::isfinite(value) || (logarithmic_ && value <= 0)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const double share = logarithmic_ ? std::log(value / low_) / std::log(high_ / low_)
                                    : (value - low_) / (high_ - low_);
  return begin_ + share * (end_ - begin_);
}

std::vector<double> Scale::Ticks(int wanted) const {
  std::vector<double> ticks;
  if (logarithmic_) {
    const double decades = std::log10(high_ / low_);
    for (double power = std::pow(10, std::floor(std::log10(low_))); power <= high_; power *= 10) {
      for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor > 1 && decades * 3 > wanted) break;
        const double tick = factor * power;
        if (tick >= low_ * (1 - 1e-9) && tick <= high_ * (1 + 1e-9)) ticks.push_back(tick);
      }
    }
    return ticks;
  }
  const double step = RoundStep((high_ - low_) / wanted);
  for (double k = std::ceil(low_ / step - 1e-9); k * step <= high_ + step * 1e-9; ++k) {
    ticks.push_back(k * step + 0.0);
  }
  return ticks;
}

std::string Scale::Label(double tick) const {
  // The rounding of the steps is no digit.
  const double size = std::max(std::abs(low_), std::abs(high_));
  if (!logarithmic_ && std::abs(tick) < size * 1e-9) return "0";
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", tick);
  return text;
}

Scale ScaleOfX(const Figure& figure, double begin, double end) {
  Bounds bounds;
  for (const Series& series : figure.series) bounds.Take(series.x, figure.x.logarithmic);
  return MakeScale(figure.x, bounds, false, begin, end);
}

Scale ScaleOfY(const Figure& figure, double begin, double end) {
  Bounds bounds;
  bool from_zero = false;
  for (const Series& series : figure.series) {
    for (const auto* values : {&series.y, &series.low, &series.high}) {
      bounds.Take(*values, figure.y.logarithmic);
    }
    from_zero = from_zero || series.kind == Series::Kind::kBars;
  }
  return MakeScale(figure.y, bounds, from_zero, begin, end);
}

}  // namespace ecg::report
