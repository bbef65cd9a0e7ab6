#include <cstdint>

#include "ecg/formats/ishne/reader.h"
#include "tests/fuzz/reader_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return ecg::fuzz::FuzzReader(ecg::ishne::Reader(), data, size);
}
