// A number as text.
#pragma once

#include <cmath>
#include <cstdio>
#include <string>

namespace ecg::report {

// By a format of printf; "-" where it is not finite.
inline std::string FigureText(const char* format, double value) {
  if (!std::isfinite(value)) return "-";
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

}  // namespace ecg::report
