#include <cstdint>

#include "ecg/formats/numpy/reader.h"
#include "tests/fuzz/reader_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ecg::record::OpenOptions told;
  told.units = "uV";
  told.sampling_rate = 500;
  told.leads = {"I", "II"};
  return ecg::fuzz::FuzzReader(ecg::numpy::Reader(), data, size, told);
}
