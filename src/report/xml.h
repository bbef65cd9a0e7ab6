// Text inside HTML and SVG.
#pragma once

#include <string>
#include <string_view>

namespace ecg::report {

// Safe in content and in quoted attributes; control characters, which XML 1.0 forbids, and bytes
// that are not UTF-8 become U+FFFD.
std::string EscapeXml(std::string_view text);

}  // namespace ecg::report
