// The matrices of a MATLAB file of version 5.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ecg/core/result.h"
#include "ecg/formats/wfdb/matlab.h"

namespace ecg::wfdb {

// As ParseMatlabPreamble, of a file with the words of version 5. At offset 0 the file's own header
// is read and passed over.
Result<MatlabMatrix> ParseMatlab5(std::string_view bytes, std::uint64_t offset,
                                  const std::string& file);

}  // namespace ecg::wfdb
