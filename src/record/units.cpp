#include "ecg/record/units.h"

#include "ecg/core/text.h"

namespace ecg::record {

double MillivoltsPer(std::string_view units) {
  const std::string lower = ToLower(units);
  if (lower == "mv") return 1;
  if (lower == "uv" || lower == "\xC2\xB5v" || lower == "\xCE\xBCv" || lower == "\xB5v") {
    return 1e-3;
  }
  if (lower == "nv") return 1e-6;
  if (lower == "v") return 1e3;
  return 0;
}

}  // namespace ecg::record
