// File names made of foreign text.
#pragma once

#include <string>
#include <string_view>

namespace ecg {

// `text` (a lead's or record's name, as some file has it) as one component of a path: never empty,
// "." or "..", without '/', '\\', control and invisible characters, not hidden, 200 bytes at most.
// ASCII letters and digits, '-', '_', '+', '.' between them and visible UTF-8 characters stay;
// every other byte becomes %XX, as in a URL. What is too long ends in '~' and 32 digits of the
// SHA-256 of the whole. Different texts give different names (on a file system that tells apart
// upper and lower case).
std::string FileNameOf(std::string_view text);

}  // namespace ecg
