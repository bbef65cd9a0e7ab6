// Text in an SVG document that stays inside its place, whichever sans-serif font the viewer has.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ecg::report {

// At least as wide, in units of the font size, as the text stands in Helvetica, Arial or DejaVu
// Sans; each character beyond ASCII counts as one of full width.
double TextWidth(std::string_view text);

// The text where it is no wider than `width`, else its start and an ellipsis; control characters
// and line breaks become blanks.
std::string CutText(std::string_view text, double width);

// Lines no wider than `width`, broken at blanks where there are any; what does not fit into
// `lines` (at least 1) ends in an ellipsis. At least one line, which may be empty.
std::vector<std::string> WrapText(std::string_view text, double width, std::size_t lines);

// A text element: `x`, `y` the left end of its base line, `size` the font's, in user units, as is
// `rim`, by how much the letters are wider on each side.
std::string SvgText(double x, double y, double size, std::string_view text, const char* colour,
                    double rim = 0);

// The text without control characters and with U+FFFD for what is not UTF-8.
std::string PlainText(std::string_view text);

// A coordinate with two decimals.
std::string SvgNumber(double value);

}  // namespace ecg::report
