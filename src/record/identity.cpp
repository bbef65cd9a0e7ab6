#include "ecg/record/identity.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "ecg/core/text.h"
#include "ecg/record/info_lines.h"

namespace ecg::record {
namespace {

// A run of digits or of letters, and what stands between it and the one before.
struct Word {
  std::string text;  // in lower case
  std::string before;
  bool number = false;
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
// Bytes of UTF-8 beyond ASCII are letters.
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (static_cast<unsigned char>(c) & 0x80U); }

std::vector<Word> WordsOf(std::string_view line) {
  const std::string text = ToLower(line);
  std::vector<Word> words;
  std::string between;
  for (std::size_t at = 0; at < text.size();) {
    const bool number = IsDigit(text[at]);
    if (!number && !IsLetter(text[at])) {
      between += text[at++];
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && (number ? IsDigit(text[at]) : IsLetter(text[at]))) ++at;
    words.push_back({text.substr(begin, at - begin), between, number});
    between.clear();
  }
  return words;
}

template <std::size_t N>
bool IsOneOf(const std::string& text, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// What the part before a colon is called where the rest names somebody or a day.
bool NamesAPerson(const std::vector<Word>& key) {
  constexpr std::array<std::string_view, 28> kKeys = {
      "name",  "names",     "surname",   "firstname", "lastname", "id",         "pid",
      "mrn",   "ssn",       "patient",   "patientid", "birth",    "birthdate",  "birthday",
      "born",  "dob",       "date",      "day",       "datetime", "address",    "phone",
      "email", "accession", "insurance", "physician", "doctor",   "technician", "operator"};
  return std::any_of(key.begin(), key.end(),
                     [&](const Word& word) { return IsOneOf(word.text, kKeys); });
}

bool SpeaksOfAPerson(const std::vector<Word>& words) {
  constexpr std::array<std::string_view, 13> kSaid = {
      "confirmed", "reviewed", "verified", "signed", "referred", "referring", "dr",
      "physician", "doctor",   "mrn",      "dob",    "birth",    "born"};
  return std::any_of(words.begin(), words.end(),
                     [&](const Word& word) { return IsOneOf(word.text, kSaid); });
}

bool IsMonth(const Word& word) {
  constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                        "jul", "aug", "sep", "oct", "nov", "dec"};
  return !word.number && word.text.size() >= 3 && IsOneOf(word.text.substr(0, 3), kMonths);
}

int ValueOf(const Word& word) {
  return word.number && word.text.size() <= 4 ? std::stoi(word.text) : -1;
}
bool IsYear(const Word& word) {
  return word.text.size() == 4 && ValueOf(word) >= 1800 && ValueOf(word) <= 2200;
}
bool IsDay(const Word& word) { return ValueOf(word) >= 1 && ValueOf(word) <= 31; }

// Day, month and year in any order, or month and year.
bool IsDate(const Word& a, const Word& b, const Word& c) {
  const bool named =
      (IsDay(a) && IsMonth(b)) || (IsMonth(a) && IsDay(b)) || (IsYear(a) && IsMonth(b));
  if (named && c.number) return true;
  const bool joined = b.before == c.before &&
                      (b.before == "-" || b.before == "/" || b.before == "." || b.before == " ");
  if (!joined || !IsDay(b)) return false;
  if ((IsYear(a) && IsDay(c)) || (IsDay(a) && IsYear(c))) return true;
  return b.before != " " && IsDay(a) && c.number && c.text.size() == 2;
}

// "20200312", also with a time behind it.
bool IsCompactDate(const Word& word) {
  if (!word.number || (word.text.size() != 8 && word.text.size() != 12 && word.text.size() != 14)) {
    return false;
  }
  const int year = std::stoi(word.text.substr(0, 4)), month = std::stoi(word.text.substr(4, 2)),
            day = std::stoi(word.text.substr(6, 2));
  return year >= 1900 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

bool HoldsADate(const std::vector<Word>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (IsCompactDate(words[i])) return true;
    if (i + 1 < words.size() && IsMonth(words[i]) && IsYear(words[i + 1])) return true;
    if (i + 2 < words.size() && IsDate(words[i], words[i + 1], words[i + 2])) return true;
  }
  return false;
}

}  // namespace

bool MayIdentify(std::string_view line) {
  const std::vector<Word> words = WordsOf(line);
  const std::string_view key = line.substr(0, line.find_first_of(":="));
  return (key.size() < line.size() && NamesAPerson(WordsOf(key))) || SpeaksOfAPerson(words) ||
         HoldsADate(words);
}

}  // namespace ecg::record
