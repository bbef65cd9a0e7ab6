#include <cstdint>

#include "ecg/formats/edf/reader.h"
#include "tests/fuzz/reader_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return ecg::fuzz::FuzzReader(ecg::edf::Reader(), data, size);
}
