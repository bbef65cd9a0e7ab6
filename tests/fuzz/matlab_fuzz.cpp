// MATLAB files: whatever is accepted can be read to its last value.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "ecg/formats/wfdb/matlab.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file =
      ecg::wfdb::MatlabFile::Parse(std::string(reinterpret_cast<const char*>(data), size), "fuzz");
  if (!file.ok()) return 0;
  for (const ecg::wfdb::MatlabMatrix& matrix : file->matrices()) {
    if (file->Values(matrix).size() != matrix.rows * matrix.columns) std::abort();
  }
  return 0;
}
