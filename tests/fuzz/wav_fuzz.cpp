#include <cstdint>

#include "ecg/formats/wav/reader.h"
#include "tests/fuzz/reader_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ecg::record::OpenOptions told;
  told.units = "5mV";
  told.leads = {"I"};
  return ecg::fuzz::FuzzReader(ecg::wav::Reader(), data, size, told);
}
