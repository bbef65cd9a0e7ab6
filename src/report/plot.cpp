#include "src/report/plot.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>

namespace ecg::report {
namespace {

constexpr std::size_t kDotsAcross = 2;  // of a braille character
constexpr std::size_t kDotsDown = 4;
constexpr std::size_t kLabel = 9;  // characters of a value beside the curve
// The bit of each dot, by row and column (Unicode, block U+2800).
constexpr std::uint8_t kBits[kDotsDown][kDotsAcross] = {
    {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

// A mean for each dot; NaN where there is nothing.
std::vector<double> Resample(const std::vector<double>& values, std::size_t dots) {
  const std::size_t count = std::min(dots, values.size());
  std::vector<double> means;
  for (std::size_t d = 0; d < count; ++d) {
    double sum = 0;
    std::size_t n = 0;
    for (std::size_t i = d * values.size() / count; i < (d + 1) * values.size() / count; ++i) {
      if (!std::isfinite(values[i])) continue;
      sum += values[i];
      ++n;
    }
    means.push_back(n > 0 ? sum / static_cast<double>(n)
                          : std::numeric_limits<double>::quiet_NaN());
  }
  return means;
}

std::string Braille(std::uint8_t bits) {
  const unsigned code = 0x2800u + bits;
  return {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3F)),
          static_cast<char>(0x80 | (code & 0x3F))};
}

std::string Label(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%*.4g", static_cast<int>(kLabel) - 1, value);
  return text;
}

}  // namespace

std::string PlotText(const std::string& title, const std::vector<double>& values, std::size_t width,
                     std::size_t height) {
  const std::size_t columns = width > 2 * kLabel ? width - kLabel : kLabel;
  const std::vector<double> dots = Resample(values, columns * kDotsAcross);
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double value : dots) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  std::string text = title + "\n";
  if (!(low <= high)) return text + "  nothing yet\n";
  std::vector<std::uint8_t> cells(columns * height);
  // Few values are spread over the width.
  const double stretch = dots.size() > 1 ? static_cast<double>(columns * kDotsAcross - 1) /
                                               static_cast<double>(dots.size() - 1)
                                         : 0;
  const std::size_t rows = height * kDotsDown;
  const auto row_of = [&](double value) {
    const double share = high > low ? (high - value) / (high - low) : 0.5;
    return static_cast<std::size_t>(std::lround(share * static_cast<double>(rows - 1)));
  };
  const auto mark = [&](std::size_t x, std::size_t y) {
    cells[y / kDotsDown * columns + x / kDotsAcross] |= kBits[y % kDotsDown][x % kDotsAcross];
  };
  for (std::size_t d = 0; d < dots.size(); ++d) {
    if (!std::isfinite(dots[d])) continue;
    const auto x = static_cast<std::size_t>(std::lround(static_cast<double>(d) * stretch));
    mark(x, row_of(dots[d]));
    if (d + 1 == dots.size() || !std::isfinite(dots[d + 1])) continue;
    // A line to the next value.
    const auto end = static_cast<std::size_t>(std::lround(static_cast<double>(d + 1) * stretch));
    for (std::size_t between = x + 1; between < end; ++between) {
      const double share = static_cast<double>(between - x) / static_cast<double>(end - x);
      mark(between, row_of(dots[d] + share * (dots[d + 1] - dots[d])));
    }
  }
  for (std::size_t y = 0; y < height; ++y) {
    text += y == 0 ? Label(high) : y + 1 == height ? Label(low) : std::string(kLabel - 1, ' ');
    text += ' ';
    for (std::size_t x = 0; x < columns; ++x) text += Braille(cells[y * columns + x]);
    text += '\n';
  }
  return text;
}

}  // namespace ecg::report
