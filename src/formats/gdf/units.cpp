#include "src/formats/gdf/units.h"

namespace ecg::gdf {

std::string UnitOfCode(std::uint16_t code) {
  constexpr std::uint16_t kVolt = 4256, kFactorBits = 31;
  if (code == 0) return {};
  if ((code & ~kFactorBits) == kVolt) {
    switch (code & kFactorBits) {
      case 0:
        return "V";
      case 18:
        return "mV";
      case 19:
        return "uV";
      case 20:
        return "nV";
      default:
        break;
    }
  }
  return "code " + std::to_string(code);
}

}  // namespace ecg::gdf
