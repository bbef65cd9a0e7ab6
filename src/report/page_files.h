// page.css and page.js, built into the library.
#pragma once

#include <string_view>

namespace ecg::report {

std::string_view PageStyle();
std::string_view PageScript();

}  // namespace ecg::report
