// A header whose signals are its own bytes.
#include <cstdint>

#include "ecg/formats/xml/reader.h"
#include "tests/fuzz/reader_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return ecg::fuzz::FuzzReader(ecg::xml::UnisensReader(), data, size);
}
