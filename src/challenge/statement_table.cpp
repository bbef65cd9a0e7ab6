#include "src/challenge/statement_table.h"

#include <algorithm>
#include <array>
#include <optional>

#include "ecg/challenge/diagnoses.h"
#include "ecg/core/csv.h"
#include "ecg/core/text.h"
#include "src/challenge/tables.h"

namespace ecg::challenge {
namespace {

constexpr std::size_t kMostPhrases = 200000;
constexpr std::size_t kMostWords = 24;  // of a phrase
constexpr std::array<std::string_view, 4> kCodeSystems = {"scp", "aha", "mdc", "axis"};

bool IsCodeSystem(std::string_view system) {
  return std::find(kCodeSystems.begin(), kCodeSystems.end(), system) != kCodeSystems.end();
}

// Two small letters, as of ISO 639.
bool IsLanguage(std::string_view system) {
  return system.size() == 2 &&
         std::all_of(system.begin(), system.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

std::optional<PhraseMeaning> MeaningOf(std::string_view text) {
  struct Named {
    std::string_view name;
    Role role;
  };
  constexpr std::array<Named, 11> kNamed = {{{"none", Role::kNothing},
                                             {"not", Role::kDenies},
                                             {"not before", Role::kDeniesBefore},
                                             {"possible", Role::kDoubts},
                                             {"possible before", Role::kDoubtsBefore},
                                             {"possible either", Role::kDoubtsEither},
                                             {"other", Role::kOther},
                                             {"other from here", Role::kOtherFromHere},
                                             {"or", Role::kOr},
                                             {"and", Role::kAnd},
                                             {"but", Role::kBut}}};
  for (const Named& named : kNamed) {
    if (named.name == text) return PhraseMeaning{named.role, {}};
  }
  PhraseMeaning meaning{Role::kFinding, {}};
  for (const std::string_view code : Split(text, '|')) {
    if (!IsCode(Trim(code))) return {};
    meaning.codes.emplace_back(Trim(code));
  }
  return meaning;
}

// Where a group of alternatives begins and ends; brackets without a bar are none.
std::optional<std::pair<std::size_t, std::size_t>> FindGroup(const std::string& pattern,
                                                             std::size_t from) {
  for (std::size_t open = pattern.find('(', from); open != std::string::npos;
       open = pattern.find('(', open + 1)) {
    const std::size_t close = pattern.find(')', open);
    if (close == std::string::npos) return {};
    if (pattern.find('|', open) < close) return std::pair(open, close);
  }
  return {};
}

std::vector<std::string> WordsOfPhrase(const std::string& phrase) {
  std::vector<std::string> words;
  for (StatementWord& word : WordsOfStatement(phrase, /*pattern=*/true)) {
    words.push_back(std::move(word.text));
  }
  return words;
}

}  // namespace

std::vector<std::string> Alternatives(const std::string& pattern) {
  std::vector<std::string> whole = {std::string()};
  std::size_t at = 0;
  while (const auto group = FindGroup(pattern, at)) {
    const std::string before = pattern.substr(at, group->first - at);
    const std::string inner = pattern.substr(group->first + 1, group->second - group->first - 1);
    if (inner.find('(') != std::string::npos) return {};
    std::vector<std::string> longer;
    for (const std::string& begun : whole) {
      for (const std::string_view choice : Split(inner, '|')) {
        if (longer.size() == kMostAlternatives) return {};
        longer.push_back(begun + before + std::string(choice));
      }
    }
    whole = std::move(longer);
    at = group->second + 1;
  }
  const std::string rest = pattern.substr(at);
  if (rest.find('|') != std::string::npos) return {};
  for (std::string& text : whole) text += rest;
  return whole;
}

Status StatementTable::Content::AddRow(const std::string& system, const std::string& text,
                                       const PhraseMeaning& meaning) {
  constexpr char kTwice[] = "stands in the table with two meanings";
  if (IsCodeSystem(system)) {
    const auto [known, is_new] = codes.emplace(std::pair(system, ToLower(text)), meaning);
    return is_new || known->second == meaning ? Status() : InputError(kTwice);
  }
  if (!IsLanguage(system)) {
    return InputError("is neither a language, as in en, nor one of " +
                      Join({kCodeSystems.begin(), kCodeSystems.end()}, ", "));
  }
  const std::vector<std::string> alternatives = Alternatives(text);
  if (alternatives.empty()) {
    return InputError("has a bar without brackets, brackets in brackets or too many alternatives");
  }
  for (const std::string& alternative : alternatives) {
    std::vector<std::string> words = WordsOfPhrase(alternative);
    const bool no_word = std::all_of(words.begin(), words.end(), [](const std::string& word) {
      return word == kStop || word == ",";
    });
    if (no_word) return InputError("holds no word");
    if (words.size() > kMostWords) return InputError("is longer than any phrase");
    const auto [known, is_new] = phrases.emplace(std::move(words), meaning);
    if (!is_new && !(known->second == meaning)) {
      return InputError(std::string(kTwice) + ": " + alternative);
    }
  }
  return phrases.size() <= kMostPhrases ? Status() : InputError("one phrase too many");
}

Status StatementTable::Content::AddRows(std::string_view text, const std::string& file) {
  CsvReader reader(text, file);
  CsvRow row;
  bool first = true;
  Content added;
  while (true) {
    const Result<bool> more = reader.Next(row);
    if (!more.ok()) return more.error();
    if (!*more) break;
    if (!row.cells[0].empty() && row.cells[0].front() == '#') continue;
    if (first) {
      first = false;
      const std::vector<std::string> header = {"system", "text", "meaning"};
      if (row.cells != header) {
        return InputError("the first line must be system,text,meaning", file, row.line);
      }
      continue;
    }
    if (row.cells.size() != 3) {
      return InputError("must have three cells, has " + std::to_string(row.cells.size()), file,
                        row.line);
    }
    const std::optional<PhraseMeaning> meaning = MeaningOf(row.cells[2]);
    if (!meaning) {
      return InputError(
          "must be SNOMED CT codes with bars between them or one of none, not, not "
          "before, possible, possible before, possible either, other, other from here, or, and, "
          "but",
          file, row.line, "meaning");
    }
    if (const Status taken = added.AddRow(row.cells[0], row.cells[1], *meaning); !taken.ok()) {
      const bool of_system = !IsCodeSystem(row.cells[0]) && !IsLanguage(row.cells[0]);
      return InputError(taken.error().message, file, row.line, of_system ? "system" : "text");
    }
  }
  if (first) return InputError("the first line must be system,text,meaning", file, 1);
  for (auto& [words, meaning] : added.phrases) phrases[words] = std::move(meaning);
  for (auto& [code, meaning] : added.codes) codes[code] = std::move(meaning);
  return {};
}

void StatementTable::Content::Finish() {
  tree = {};
  for (const auto& [words, meaning] : phrases) tree.Add(words, &meaning);
}

const PhraseMeaning* StatementTable::Content::FindCode(std::string_view system,
                                                       std::string_view code) const {
  const auto found = codes.find({std::string(system), ToLower(code)});
  return found == codes.end() ? nullptr : &found->second;
}

Result<StatementTable> StatementTable::Parse(std::string_view text, const std::string& file) {
  auto content = std::make_shared<Content>();
  if (const Status added = content->AddRows(text, file); !added.ok()) return added.error();
  content->Finish();
  return StatementTable(std::move(content));
}

Result<StatementTable> StatementTable::With(std::string_view text, const std::string& file) const {
  auto content = std::make_shared<Content>(*content_);
  if (const Status added = content->AddRows(text, file); !added.ok()) return added.error();
  content->Finish();
  return StatementTable(std::move(content));
}

const StatementTable& StatementTable::Default() {
  static const StatementTable table = Parse(TableText("statements.csv"), "statements.csv").value();
  return table;
}

}  // namespace ecg::challenge
