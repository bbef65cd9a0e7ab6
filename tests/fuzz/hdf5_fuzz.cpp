// The first byte tells an array or none.
#include <cstdint>

#include "ecg/formats/hdf5/reader.h"
#include "tests/fuzz/reader_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  ecg::record::OpenOptions told;
  told.sampling_rate = 500;
  told.units = "uV";
  told.leads = {"I", "II"};
  if (data[0] % 2 == 1) told.array = "tracings[1]";
  return ecg::fuzz::FuzzReader(ecg::hdf5::Reader(), data + 1, size - 1, told);
}
