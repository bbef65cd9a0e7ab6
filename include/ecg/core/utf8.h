// Text from anywhere, a character at a time.
#pragma once

#include <cstddef>
#include <string_view>

namespace ecg {

struct Utf8Character {
  std::size_t length = 0;  // bytes; 0 where the text does not begin with a well-formed character
  char32_t value = 0;
};

// The character at the start of `text`. Overlong forms, surrogates and values above U+10FFFF are
// not well-formed (RFC 3629), nor is the empty text.
Utf8Character FirstUtf8(std::string_view text);

}  // namespace ecg
