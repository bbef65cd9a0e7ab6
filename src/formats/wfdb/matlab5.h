// MATLAB files of version 5: elements within elements, each with a tag that says type and length.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ecg/core/result.h"
#include "ecg/formats/wfdb/matlab.h"

namespace ecg::wfdb {

// Whether a file begins with the words of versions 5 and 7.3, which version 4 has no room for.
bool HasMatlabText(std::string_view bytes);

// As ParseMatlabPreamble, of a file with those words. At offset 0 the file's own header is read and
// passed over.
Result<MatlabMatrix> ParseMatlab5(std::string_view bytes, std::uint64_t offset,
                                  const std::string& file);

}  // namespace ecg::wfdb
