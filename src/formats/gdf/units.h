// Physical units as GDF 2 numbers them.
#pragma once

#include <cstdint>
#include <string>

namespace ecg::gdf {

// The unit of a code of ISO/IEEE 11073-10101, whose last five bits are a decimal factor: "mV" of
// 4274. Empty where the code says nothing (0); other quantities than voltages keep their number.
std::string UnitOfCode(std::uint16_t code);

}  // namespace ecg::gdf
