#include <cstdint>

#include "ecg/formats/text/reader.h"
#include "tests/fuzz/reader_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ecg::record::OpenOptions told;
  told.units = "uV";
  told.sampling_rate = 500;
  return ecg::fuzz::FuzzReader(ecg::text::Reader(), data, size, told);
}
