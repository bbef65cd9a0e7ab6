// The rows of data/statements.csv, ready to be looked up.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ecg/challenge/statements.h"
#include "ecg/core/result.h"
#include "src/challenge/statement_phrases.h"

namespace ecg::challenge {

struct StatementTable::Content {
  // Adds rows, which count before those that are there. An error: a row that is none, or a text
  // with two meanings among the rows.
  Status AddRows(std::string_view text, const std::string& file);
  // Makes the tree anew of the phrases.
  void Finish();
  // Null where the system has no such code.
  const PhraseMeaning* FindCode(std::string_view system, std::string_view code) const;

  std::map<std::vector<std::string>, PhraseMeaning> phrases;
  std::map<std::pair<std::string, std::string>, PhraseMeaning> codes;  // by system and code
  PhraseTree tree;

 private:
  Status AddRow(const std::string& system, const std::string& text, const PhraseMeaning& meaning);
};

// Every text that a pattern with alternatives stands for: "(av|a v) block" is two. Brackets without
// a bar are text. Empty where a bar stands outside brackets, or brackets in brackets, or they are
// more than kMostAlternatives.
inline constexpr std::size_t kMostAlternatives = 1000;
std::vector<std::string> Alternatives(const std::string& pattern);

}  // namespace ecg::challenge
