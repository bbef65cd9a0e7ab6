#include "ecg/challenge/labels.h"

#include <algorithm>
#include <cmath>

#include "ecg/core/text.h"

namespace ecg::challenge {
namespace {

constexpr std::string_view kSeparators = ",;|";
constexpr std::string_view kAround = " \t\"\'`[](){}";  // of a list in another language's notation
constexpr double kLargestExact = 9e15;  // beyond it a double does not hold every code

// The digits of a code that a program wrote as a number; empty where it is none.
std::string CodeOfNumber(std::string_view text) {
  const std::optional<double> number = ParseDouble(text);
  if (!number || !(*number >= 1 && *number <= kLargestExact)) return {};
  if (*number != std::floor(*number)) return {};
  return std::to_string(static_cast<std::uint64_t>(*number));
}

DxEntry ReadBare(std::string_view text, const ClassSet& classes) {
  const std::string number = IsCode(text) ? std::string() : CodeOfNumber(text);
  const std::string_view code = number.empty() ? text : std::string_view(number);
  DxEntry entry{text, IsCode(code), FindDiagnosis(code), classes.IndexOfCode(code)};
  if (entry.index || entry.is_code) return entry;
  entry.index = classes.IndexOfText(text);
  if (!entry.index && entry.diagnosis != nullptr) {
    entry.index = classes.IndexOfCode(entry.diagnosis->code);
  }
  return entry;
}

// The text without what may stand around a diagnosis.
std::string_view Bare(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kAround);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kAround) - begin + 1);
}

// Names hold blanks themselves, so a text counts as a list only where it means nothing as a whole.
bool IsListOfWords(std::string_view text, const ClassSet& classes) {
  const std::vector<std::string_view> words = SplitWords(text);
  return words.size() > 1 && words.size() <= kMaxDxEntries &&
         std::none_of(words.begin(), words.end(), [&](std::string_view word) {
           return ReadDx(word, classes).IsNotUnderstood();
         });
}

template <typename Condition>
std::vector<std::string> TextsWhere(const std::vector<std::string>& dx, const ClassSet& classes,
                                    Condition condition) {
  std::vector<std::string> texts;
  for (const std::string& list : dx) {
    ForEachDx(list, classes, [&](const DxEntry& entry) {
      if ((entry.*condition)()) texts.emplace_back(entry.text);
    });
  }
  return texts;
}

}  // namespace

DxEntry ReadDx(std::string_view text, const ClassSet& classes) {
  const std::string_view trimmed = Trim(text);
  const DxEntry entry = ReadBare(trimmed, classes);
  if (!entry.IsNotUnderstood()) return entry;
  const std::string_view bare = Bare(trimmed);
  if (bare.empty() || bare.size() == trimmed.size()) return entry;
  const DxEntry second = ReadBare(bare, classes);
  return second.IsNotUnderstood() ? entry : second;
}

void ForEachDx(std::string_view list, const ClassSet& classes,
               const std::function<void(const DxEntry&)>& use) {
  std::size_t entries = 0;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find_first_of(kSeparators, begin), list.size());
    const std::string_view text = Trim(list.substr(begin, end - begin));
    begin = end + 1;
    if (Bare(text).empty()) continue;
    const DxEntry entry = ReadDx(text, classes);
    if (entry.IsNotUnderstood() && IsListOfWords(text, classes)) {
      for (const std::string_view word : SplitWords(text)) {
        if (entries++ == kMaxDxEntries) return;
        use(ReadDx(word, classes));
      }
    } else {
      if (entries++ == kMaxDxEntries) return;
      use(entry);
    }
  }
}

std::vector<std::uint8_t> LabelsOf(const std::vector<std::string>& dx, const ClassSet& classes,
                                   bool derive_bbb) {
  std::vector<std::uint8_t> labels(classes.size());
  for (const std::string& list : dx) {
    ForEachDx(list, classes, [&](const DxEntry& entry) {
      if (entry.index) labels[*entry.index] = 1;
    });
  }
  if (derive_bbb) {
    const std::optional<std::size_t> bbb = classes.IndexOfAbbreviation("BBB");
    for (const char* side : {"LBBB", "RBBB"}) {
      const std::optional<std::size_t> k = classes.IndexOfAbbreviation(side);
      if (bbb && k && labels[*k]) labels[*bbb] = 1;
    }
  }
  return labels;
}

std::vector<std::string> NotUnderstood(const std::vector<std::string>& dx,
                                       const ClassSet& classes) {
  return TextsWhere(dx, classes, &DxEntry::IsNotUnderstood);
}

std::vector<std::string> UnknownCodes(const std::vector<std::string>& dx, const ClassSet& classes) {
  return TextsWhere(dx, classes, &DxEntry::IsUnknownCode);
}

}  // namespace ecg::challenge
