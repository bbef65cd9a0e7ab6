// The files of data/, built into the library.
#pragma once

#include <string_view>
#include <utility>

namespace ecg::challenge {

// The text of a table by its file name, as in "classes.csv"; empty where there is none.
std::string_view TableText(std::string_view name);

}  // namespace ecg::challenge
