// Text from files and file names, fit to be shown to people.
#pragma once

#include <string>
#include <string_view>

namespace ecg {

// For one line of a terminal or a log: control characters, which terminals obey and which could
// begin a line that nobody wrote, characters that turn the direction of writing round, and bytes
// that are no UTF-8 become escapes as in \x1b and \u202e.
std::string ShownLine(std::string_view text);

// The same for a text of several lines: line ends and tabs stay.
std::string ShownText(std::string_view text);

}  // namespace ecg
