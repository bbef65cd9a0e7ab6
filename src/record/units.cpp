#include "ecg/record/units.h"

#include <array>
#include <string>

#include "ecg/core/text.h"

namespace ecg::record {
namespace {

struct Prefix {
  std::string_view name;
  double millivolts;  // in the unit that it makes of volts
};

// Longer names first, since "m" begins "milli" and "micro" too. The three bytes that stand for the
// micro sign: U+00B5 and U+03BC in UTF-8, and U+00B5 in Latin-1.
constexpr std::array<Prefix, 9> kPrefixes = {{{"milli", 1},
                                              {"micro", 1e-3},
                                              {"nano", 1e-6},
                                              {"m", 1},
                                              {"u", 1e-3},
                                              {"\xC2\xB5", 1e-3},
                                              {"\xCE\xBC", 1e-3},
                                              {"\xB5", 1e-3},
                                              {"n", 1e-6}}};

bool IsVolts(std::string_view unit) { return unit == "v" || unit == "volt" || unit == "volts"; }

}  // namespace

double MillivoltsPer(std::string_view units) {
  const std::string lower = ToLower(Trim(units));
  if (IsVolts(lower)) return 1e3;
  for (const Prefix& prefix : kPrefixes) {
    const std::string_view begin = std::string_view(lower).substr(0, prefix.name.size());
    if (begin == prefix.name && IsVolts(std::string_view(lower).substr(begin.size()))) {
      return prefix.millivolts;
    }
  }
  return 0;
}

}  // namespace ecg::record
