// What may have been meant where a file is missing.
#pragma once

#include <filesystem>
#include <string>

namespace ecg {

// A sentence for the message that `missing` is not there, as in "; A0001.mat lies beside it: is
// that what was meant?": what lies in its folder under the same name in other case, or else under
// it with another ending that recordings and tables have, or without one. Empty where there is no
// such file. Asks for a few names only, however many files the folder has.
std::string NearMiss(const std::filesystem::path& missing);

}  // namespace ecg
