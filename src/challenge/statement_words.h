// Statements as words that can be compared.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ecg::challenge {

// A word in lower case without accents ("ä" as "ae", "ñ" as "n"), or one of kStop, "," and "?".
struct StatementWord {
  std::string text;
  std::size_t begin = 0, end = 0;  // its bytes
};

// What ends a sentence: a full stop with a blank behind it that ends no single letter ("V.a."), a
// semicolon, a bar, a line end.
inline constexpr char kStop[] = ".";

// Every other character stands between words; "&" is "and", and text in square brackets is passed
// over. `pattern`: a star at the end of a word is part of it.
std::vector<StatementWord> WordsOfStatement(std::string_view text, bool pattern = false);

}  // namespace ecg::challenge
