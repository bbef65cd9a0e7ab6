// Text inside HTML and SVG.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ecg::report {

// Safe in content and in quoted attributes; control characters, which XML 1.0 forbids, and bytes
// that are not UTF-8 become U+FFFD.
std::string EscapeXml(std::string_view text);

// The bytes of the well-formed UTF-8 character at the start of `text`, which is not empty; 0 where
// there is none (overlong forms, surrogates and values above U+10FFFF are none).
std::size_t CharacterLength(std::string_view text);

}  // namespace ecg::report
