#include "src/challenge/statement_words.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ecg/core/utf8.h"

namespace ecg::challenge {
namespace {

// Letters of Latin alphabets beyond ASCII, in lower case.
std::string_view Plain(char32_t letter) {
  using Row = std::pair<char32_t, std::string_view>;
  constexpr std::array<Row, 34> kPlain = {
      {{0xE0, "a"},  {0xE1, "a"},  {0xE2, "a"},   {0xE3, "a"},  {0xE4, "ae"}, {0xE5, "a"},
       {0xE6, "ae"}, {0xE7, "c"},  {0xE8, "e"},   {0xE9, "e"},  {0xEA, "e"},  {0xEB, "e"},
       {0xEC, "i"},  {0xED, "i"},  {0xEE, "i"},   {0xEF, "i"},  {0xF0, "d"},  {0xF1, "n"},
       {0xF2, "o"},  {0xF3, "o"},  {0xF4, "o"},   {0xF5, "o"},  {0xF6, "oe"}, {0xF8, "o"},
       {0xF9, "u"},  {0xFA, "u"},  {0xFB, "u"},   {0xFC, "ue"}, {0xFD, "y"},  {0xFE, "th"},
       {0xFF, "y"},  {0xDF, "ss"}, {0x153, "oe"}, {0x178, "y"}}};
  const auto found = std::find_if(kPlain.begin(), kPlain.end(),
                                  [&](const Row& row) { return row.first == letter; });
  return found == kPlain.end() ? std::string_view() : found->second;
}

// In lower case, as far as Latin-1 goes.
char32_t Lower(char32_t letter) {
  if (letter >= U'A' && letter <= U'Z') return letter + 0x20;
  if (letter >= 0xC0 && letter <= 0xDE && letter != 0xD7) return letter + 0x20;
  return letter == 0x152 ? 0x153 : letter;
}

bool IsWordCharacter(char32_t letter) {
  if (letter < 0x80) {
    return (letter >= U'a' && letter <= U'z') || (letter >= U'0' && letter <= U'9');
  }
  // Not Latin-1's signs, nor punctuation and arrows.
  return letter >= 0xDF ? letter != 0xF7 && !(letter >= 0x2000 && letter < 0x2C00) : false;
}

class Splitter {
 public:
  Splitter(std::string_view text, bool pattern) : text_(text), pattern_(pattern) {}

  std::vector<StatementWord> Split() {
    while (at_ < text_.size()) Take();
    EndWord();
    return std::move(words_);
  }

 private:
  void Take() {
    Utf8Character character = FirstUtf8(text_.substr(at_));
    // A byte that is no UTF-8 is Latin-1's.
    if (character.length == 0) character = {1, static_cast<unsigned char>(text_[at_])};
    const char32_t letter = Lower(character.value);
    if (IsWordCharacter(letter)) {
      Append(letter, character.length);
      return;
    }
    if (letter == U'*' && pattern_ && !word_.text.empty()) word_.text += '*';
    EndWord();
    if (letter == U'[') {
      SkipBracket();
      return;
    }
    if (letter == U',') Add(",");
    if (letter == U'?') Add("?");
    if (letter == U'&') Add("and");
    if (letter == U';' || letter == U'|' || letter == U'\n') Add(kStop);
    if (letter == U'.' && IsFullStop()) Add(kStop);
    at_ += character.length;
  }

  void Append(char32_t letter, std::size_t length) {
    if (word_.text.empty()) word_.begin = at_;
    const std::string_view plain = Plain(letter);
    if (letter < 0x80) {
      word_.text += static_cast<char>(letter);
    } else if (!plain.empty()) {
      word_.text += plain;
    } else {
      word_.text += text_.substr(at_, length);
    }
    at_ += length;
    word_.end = at_;
  }

  void EndWord() {
    if (!word_.text.empty()) words_.push_back(std::exchange(word_, {}));
  }

  void Add(const char* mark) { words_.push_back({mark, at_, at_ + 1}); }

  // To behind the bracket that closes; one that does not is a sign like any other.
  void SkipBracket() {
    const std::size_t close = text_.find(']', at_);
    at_ = close == std::string_view::npos ? at_ + 1 : close + 1;
  }

  bool IsFullStop() const {
    const bool ends = at_ + 1 == text_.size() || text_[at_ + 1] == ' ' || text_[at_ + 1] == '\t' ||
                      text_[at_ + 1] == '\r' || text_[at_ + 1] == '\n';
    const bool behind_word = !words_.empty() && words_.back().end == at_;
    return ends && !(behind_word && words_.back().text.size() == 1);
  }

  std::string_view text_;
  bool pattern_;
  std::size_t at_ = 0;
  StatementWord word_;
  std::vector<StatementWord> words_;
};

}  // namespace

std::vector<StatementWord> WordsOfStatement(std::string_view text, bool pattern) {
  return Splitter(text, pattern).Split();
}

}  // namespace ecg::challenge
