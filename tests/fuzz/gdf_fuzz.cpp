#include <cstdint>

#include "ecg/formats/gdf/reader.h"
#include "tests/fuzz/reader_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return ecg::fuzz::FuzzReader(ecg::gdf::Reader(), data, size);
}
