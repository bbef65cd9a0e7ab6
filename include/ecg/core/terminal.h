// What a terminal has room for.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ecg {

// How wide the terminal behind a file descriptor is now, in columns; 0 where there is none, or none
// that says it.
std::size_t TerminalColumns(int descriptor);

// How many columns UTF-8 text takes: two for each wide character of East Asia and each emoji, one
// for every other, also for those that combine with the one before, so rather too many.
std::size_t DisplayColumns(std::string_view text);

// One line no wider than `columns`: control characters and bytes that are not UTF-8 become "?", and
// what is cut ends in "..." where there is room for that.
std::string CutToColumns(std::string_view text, std::size_t columns);

}  // namespace ecg
