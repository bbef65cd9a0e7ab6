#include "ecg/challenge/labels.h"

#include <algorithm>

#include "ecg/core/text.h"

namespace ecg::challenge {
namespace {

constexpr std::string_view kSeparators = ",;|";

DxEntry ReadEntry(std::string_view text, const ClassSet& classes) {
  DxEntry entry{text, FindDiagnosis(text), classes.IndexOfCode(text)};
  if (entry.index || IsCode(text)) return entry;
  entry.index = classes.IndexOfText(text);
  if (!entry.index && entry.diagnosis != nullptr) {
    entry.index = classes.IndexOfCode(entry.diagnosis->code);
  }
  return entry;
}

// Names hold blanks themselves, so a text counts as a list only where it means nothing as a whole.
bool IsListOfWords(std::string_view text, const ClassSet& classes) {
  const std::vector<std::string_view> words = SplitWords(text);
  return words.size() > 1 && std::none_of(words.begin(), words.end(), [&](std::string_view word) {
           return ReadEntry(word, classes).IsNotUnderstood();
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

void ForEachDx(std::string_view list, const ClassSet& classes,
               const std::function<void(const DxEntry&)>& use) {
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find_first_of(kSeparators, begin), list.size());
    const std::string_view text = Trim(list.substr(begin, end - begin));
    begin = end + 1;
    if (text.empty()) continue;
    const DxEntry entry = ReadEntry(text, classes);
    if (entry.IsNotUnderstood() && IsListOfWords(text, classes)) {
      for (const std::string_view word : SplitWords(text)) use(ReadEntry(word, classes));
    } else {
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
