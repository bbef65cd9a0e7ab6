#include <cstdint>

#include "ecg/formats/matlab/reader.h"
#include "tests/fuzz/reader_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ecg::record::OpenOptions told;
  told.sampling_rate = 500;
  told.units = "uV";
  told.leads = {"I", "II"};
  return ecg::fuzz::FuzzReader(ecg::matlab::Reader(), data, size, told);
}
