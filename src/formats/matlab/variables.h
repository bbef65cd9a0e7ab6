// The variables of a MATLAB file of version 5.
#pragma once

#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/record/array_file.h"

namespace ecg::matlab {

// Numbers and texts, those within structures and cells by their paths, as in "header.freq" and
// "leads{2}"; what else variables may be is passed over. Compressed ones are unpacked. Takes the
// bytes of the file, which the arrays keep and load from.
Result<std::vector<record::NamedArray>> ReadVariables(std::string bytes, const std::string& file);

}  // namespace ecg::matlab
