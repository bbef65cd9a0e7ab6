#include "src/formats/edf/layout.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <tuple>

namespace ecg::edf {
namespace {

constexpr std::size_t kMostBytes = 61440;
constexpr std::size_t kFieldWidth = 8;
constexpr double kSmallError = 1e-7;  // of a rate

// In at most kFieldWidth characters where it can be.
std::string SecondsField(double seconds) {
  std::string text;
  for (int digits = 7; digits >= 0; --digits) {
    text = PlainNumber(seconds, digits);
    if (text.size() <= kFieldWidth) break;
  }
  return text;
}

}  // namespace

std::string PlainNumber(double value, int digits) {
  char text[400];
  std::snprintf(text, sizeof(text), "%.*f", digits, value);
  std::string number = text;
  if (number.find('.') == std::string::npos) return number;
  number.erase(number.find_last_not_of('0') + 1);
  if (number.back() == '.') number.pop_back();
  return number;
}

Layout ChooseLayout(std::size_t samples, double rate, std::size_t leads) {
  const std::size_t most =
      std::max<std::size_t>(1, kMostBytes / 2 / std::max<std::size_t>(1, leads));
  const double least = rate / 10;  // shorter ones would be more annotations than samples
  Layout best;
  // What counts first stands first.
  std::tuple<double, bool, std::size_t, bool, std::size_t> best_worth;
  for (std::size_t count = 1; count <= std::min(most, samples); ++count) {
    const std::string seconds = SecondsField(static_cast<double>(count) / rate);
    const double duration = std::strtod(seconds.c_str(), nullptr);
    if (seconds.size() > kFieldWidth || !(duration > 0)) continue;
    const double error = std::abs(static_cast<double>(count) / duration / rate - 1);
    const bool exact = error <= 1e-12;
    const std::size_t records = (samples + count - 1) / count;
    const std::size_t padding = records * count - samples;
    const std::tuple worth{
        exact ? 1 : -std::max(error, kSmallError), static_cast<double>(count) >= least,
        samples - std::min(padding, samples), static_cast<double>(count) == rate, count};
    if (best.samples > 0 && worth <= best_worth) continue;
    best_worth = worth;
    best = {count, records, seconds, exact, padding};
  }
  return best;
}

}  // namespace ecg::edf
