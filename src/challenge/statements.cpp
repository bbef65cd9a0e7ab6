#include "ecg/challenge/statements.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ecg/challenge/diagnoses.h"
#include "ecg/core/text.h"
#include "src/challenge/statement_table.h"

namespace ecg::challenge {
namespace {

constexpr std::size_t kMostWords = 5000;       // of a statement that are looked at
constexpr std::size_t kMostStatements = 1000;  // of a recording
// How many words, which stand in no phrase, may lie between what denies or doubts and what it
// means.
constexpr std::size_t kReach = 6;
constexpr double kLikely = 50;  // percent, of PTB-XL's likelihoods

// A phrase in a sentence, by its words.
struct Item {
  const PhraseMeaning* meaning = nullptr;
  std::size_t begin = 0, end = 0;

  bool Says() const { return meaning->role == Role::kFinding || meaning->role == Role::kNothing; }
};

// A sentence: its phrases, and how certain its findings are.
class Sentence {
 public:
  Sentence(const std::vector<StatementWord>& words, std::vector<Item> items)
      : words_(words), items_(std::move(items)) {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (items_[i].Says()) said_.push_back(i);
    }
    certainty_.assign(said_.size(), Certainty::kStated);
    DoubtAlternatives();
    for (std::size_t i = 0; i < items_.size(); ++i) Apply(i);
  }

  bool Has(Role role) const { return HasBetween(0, items_.size(), role); }
  bool SaysAnything() const { return !said_.empty(); }

  void AddTo(std::vector<Finding>& findings) const {
    for (std::size_t k = 0; k < said_.size(); ++k) {
      for (const std::string& code : items_[said_[k]].meaning->codes) {
        findings.push_back({code, certainty_[k]});
      }
    }
  }

 private:
  bool HasBetween(std::size_t begin, std::size_t end, Role role) const {
    for (std::size_t i = begin; i < end; ++i) {
      if (items_[i].meaning->role == role) return true;
    }
    return false;
  }

  bool IsFinding(std::size_t k) const { return items_[said_[k]].meaning->role == Role::kFinding; }
  bool IsOr(std::size_t k) const {
    return HasBetween(said_[k], said_[k + 1], Role::kOr) &&
           !HasBetween(said_[k], said_[k + 1], Role::kBut);
  }

  // Whether nothing but a comma, or nothing but "and", lies between two findings.
  bool IsJoinedBy(std::size_t k, const char* comma_or_empty) const {
    const std::size_t begin = items_[said_[k]].end, end = items_[said_[k + 1]].begin;
    if (end != begin + 1) return false;
    if (*comma_or_empty != '\0') return words_[begin].text == comma_or_empty;
    return HasBetween(said_[k], said_[k + 1], Role::kAnd);
  }

  // Whether what is said of the one holds for the next: "A or B", "A and B", "A, B or C".
  bool Continues(std::size_t k) const {
    if (k + 1 >= said_.size() || !IsFinding(k) || !IsFinding(k + 1)) return false;
    if (IsOr(k) || IsJoinedBy(k, "")) return true;
    std::size_t last = k;
    while (last + 1 < said_.size() && IsJoinedBy(last, ",")) ++last;
    const std::size_t next = last + 1 < said_.size() ? said_[last + 1] : items_.size();
    return last > k && HasBetween(said_[last], next, Role::kOr);
  }

  bool IsAt(std::size_t i, Role role) const {
    return i < items_.size() && items_[i].meaning->role == role;
  }

  // Of two findings with "or" between them neither is certain, nor is one with "or" right beside
  // it.
  void DoubtAlternatives() {
    for (std::size_t k = 0; k < said_.size(); ++k) {
      const std::size_t i = said_[k];
      const bool before = i > 0 && IsAt(i - 1, Role::kOr) && items_[i - 1].end == items_[i].begin;
      const bool behind = IsAt(i + 1, Role::kOr) && items_[i + 1].begin == items_[i].end;
      if (IsFinding(k) && (before || behind)) Lower(k, Certainty::kPossible);
      if (k + 1 == said_.size() || !IsFinding(k) || !IsFinding(k + 1) || !IsOr(k)) continue;
      Lower(k, Certainty::kPossible);
      Lower(k + 1, Certainty::kPossible);
    }
  }

  void Lower(std::size_t k, Certainty to) { certainty_[k] = std::min(certainty_[k], to); }

  // What an item that denies or doubts does to the findings near it.
  void Apply(std::size_t i) {
    switch (items_[i].meaning->role) {
      case Role::kDenies:
        LowerNext(i, Certainty::kDenied);
        break;
      case Role::kDoubts:
        LowerNext(i, Certainty::kPossible);
        break;
      case Role::kDeniesBefore:
        LowerLast(i, Certainty::kDenied);
        break;
      case Role::kDoubtsBefore:
        LowerLast(i, Certainty::kPossible);
        break;
      case Role::kDoubtsEither:
        if (EndsAPart(i) || !LowerNext(i, Certainty::kPossible)) LowerLast(i, Certainty::kPossible);
        break;
      default:
        break;
    }
  }

  // Whether a comma stands behind an item.
  bool EndsAPart(std::size_t i) const {
    return items_[i].end < words_.size() && words_[items_[i].end].text == ",";
  }

  // Of the finding that comes next and those that it goes on in. Whether there is one near.
  bool LowerNext(std::size_t i, Certainty to) {
    const auto next = std::upper_bound(said_.begin(), said_.end(), i);
    if (next == said_.end() || !Reaches(i, *next)) return false;
    auto k = static_cast<std::size_t>(next - said_.begin());
    Lower(k, to);
    for (; Continues(k); ++k) Lower(k + 1, to);
    return true;
  }

  void LowerLast(std::size_t i, Certainty to) {
    const auto behind = std::upper_bound(said_.begin(), said_.end(), i);
    if (behind == said_.begin() || !Reaches(*(behind - 1), i)) return;
    auto k = static_cast<std::size_t>(behind - said_.begin()) - 1;
    Lower(k, to);
    for (; k > 0 && Continues(k - 1); --k) Lower(k - 1, to);
  }

  bool Reaches(std::size_t first, std::size_t second) const {
    if (HasBetween(first, second, Role::kBut)) return false;
    std::size_t between = items_[second].begin - items_[first].end;
    for (std::size_t i = first + 1; i < second; ++i) between -= items_[i].end - items_[i].begin;
    return between <= kReach;
  }

  const std::vector<StatementWord>& words_;
  std::vector<Item> items_;
  std::vector<std::size_t> said_;     // items that are findings, or say nothing
  std::vector<Certainty> certainty_;  // of each of these
};

bool IsNumber(const StatementWord& word) {
  return std::all_of(word.text.begin(), word.text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || c == ',' || c == '?'; });
}

// Keeps of each code the most certain finding.
void Merge(std::vector<Finding>& findings) {
  std::vector<Finding> merged;
  for (Finding& finding : findings) {
    const auto known = std::find_if(merged.begin(), merged.end(), [&](const Finding& other) {
      return other.code == finding.code;
    });
    if (known == merged.end()) {
      merged.push_back(std::move(finding));
    } else {
      known->certainty = std::max(known->certainty, finding.certainty);
    }
  }
  findings = std::move(merged);
}

// Reads a statement sentence by sentence.
class Reading {
 public:
  Reading(std::string_view text, const PhraseTree& tree) : text_(text), tree_(tree) {
    words_ = WordsOfStatement(text);
    if (words_.size() > kMostWords) words_.resize(kMostWords);
  }

  // Whether a phrase of the table is the whole statement.
  bool IsOnePhrase() const { return tree_.Longest(words_, 0).words == words_.size(); }

  StatementMeaning Read() {
    std::vector<Item> items;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < words_.size();) {
      const PhraseTree::Match match = tree_.Longest(words_, at);
      if (match.meaning != nullptr) {
        items.push_back({match.meaning, at, at + match.words});
        at += match.words;
      } else if (words_[at++].text == kStop) {
        EndSentence(begin, at - 1, std::exchange(items, {}));
        begin = at;
      }
    }
    EndSentence(begin, words_.size(), std::move(items));
    Merge(meaning_.findings);
    return std::move(meaning_);
  }

 private:
  void EndSentence(std::size_t begin, std::size_t end, std::vector<Item> items) {
    const Sentence sentence(words_, std::move(items));
    const bool from_here = sentence.Has(Role::kOtherFromHere);
    meaning_.then_of_another = meaning_.then_of_another || from_here;
    if (meaning_.then_of_another || sentence.Has(Role::kOther)) {
      meaning_.of_another = true;
    } else if (sentence.SaysAnything()) {
      sentence.AddTo(meaning_.findings);
    } else {
      KeepUnread(begin, end);
      return;
    }
    meaning_.known = true;
  }

  // But numbers alone say nothing that could be missed.
  void KeepUnread(std::size_t begin, std::size_t end) {
    if (std::all_of(words_.begin() + static_cast<std::ptrdiff_t>(begin),
                    words_.begin() + static_cast<std::ptrdiff_t>(end), IsNumber)) {
      return;
    }
    const std::size_t from = words_[begin].begin, to = words_[end - 1].end;
    meaning_.unread.emplace_back(text_.substr(from, to - from));
  }

  std::string_view text_;
  const PhraseTree& tree_;
  std::vector<StatementWord> words_;
  StatementMeaning meaning_;
};

StatementMeaning Stated(const std::vector<std::string>& codes) {
  StatementMeaning meaning;
  meaning.known = true;
  for (const std::string& code : codes) meaning.findings.push_back({code, Certainty::kStated});
  return meaning;
}

// An entry of a list of codes: "'NORM': 100.0" or "105+312".
struct CodeEntry {
  std::string_view code;
  std::vector<std::string_view> modifiers;
  std::optional<double> likelihood;  // percent
};

std::string_view Strip(std::string_view text) {
  constexpr std::string_view kAround = " \t\r\n\"'[]{}";
  const std::size_t begin = text.find_first_not_of(kAround);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kAround) - begin + 1);
}

CodeEntry SplitEntry(std::string_view text) {
  CodeEntry entry;
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos)
    entry.likelihood = ParseDouble(Strip(text.substr(colon + 1)));
  const std::vector<std::string_view> parts = Split(text.substr(0, colon), '+');
  entry.code = Strip(parts.front());
  for (std::size_t i = 1; i < parts.size(); ++i) entry.modifiers.push_back(Strip(parts[i]));
  return entry;
}

}  // namespace

const char* NameOf(Certainty certainty) {
  if (certainty == Certainty::kDenied) return "denied";
  return certainty == Certainty::kPossible ? "possible" : "stated";
}

StatementMeaning StatementTable::Read(std::string_view statement) const {
  // A code of MDC is long enough to be no word.
  if (const PhraseMeaning* coded = content_->FindCode("mdc", Trim(statement)); coded != nullptr) {
    return Stated(coded->codes);
  }
  Reading reading(statement, content_->tree);
  const Diagnosis* diagnosis = FindDiagnosis(Trim(statement));
  if (diagnosis != nullptr && !reading.IsOnePhrase()) return Stated({diagnosis->code});
  return reading.Read();
}

StatementMeaning StatementTable::ReadCodes(std::string_view system, std::string_view list) const {
  StatementMeaning meaning;
  std::size_t entries = 0;
  for (std::size_t begin = 0; begin <= list.size() && entries < kMostStatements; ++entries) {
    const std::size_t end = std::min(list.find_first_of(",;|", begin), list.size());
    const CodeEntry entry = SplitEntry(list.substr(begin, end - begin));
    begin = end + 1;
    if (entry.code.empty()) continue;
    const PhraseMeaning* coded = content_->FindCode(system, entry.code);
    if (coded == nullptr) {
      meaning.unread.emplace_back(entry.code);
      continue;
    }
    meaning.known = true;
    Certainty certainty = coded->role == Role::kDoubts ? Certainty::kPossible : Certainty::kStated;
    for (const std::string_view modifier : entry.modifiers) {
      const PhraseMeaning* modified = content_->FindCode(system, modifier);
      if (modified != nullptr && modified->role == Role::kDoubts) certainty = Certainty::kPossible;
    }
    if (entry.likelihood && *entry.likelihood > 0 && *entry.likelihood < kLikely) {
      certainty = Certainty::kPossible;
    }
    for (const std::string& code : coded->codes) meaning.findings.push_back({code, certainty});
  }
  Merge(meaning.findings);
  return meaning;
}

std::vector<StatementMeaning> ReadStatements(const std::vector<std::string>& statements,
                                             const StatementTable& table) {
  std::vector<StatementMeaning> meanings;
  bool of_another = false;
  for (const std::string& statement : statements) {
    if (meanings.size() == kMostStatements) break;
    StatementMeaning meaning = table.Read(statement);
    if (of_another) {
      meaning = {};
      meaning.known = meaning.of_another = true;
    }
    of_another = of_another || meaning.then_of_another;
    meanings.push_back(std::move(meaning));
  }
  return meanings;
}

std::vector<std::string> StatedCodes(const std::vector<StatementMeaning>& statements,
                                     bool possible) {
  std::vector<std::string> codes;
  for (const StatementMeaning& statement : statements) {
    for (const Finding& finding : statement.findings) {
      const bool counts = finding.certainty == Certainty::kStated ||
                          (possible && finding.certainty == Certainty::kPossible);
      if (counts && !Contains(codes, finding.code)) codes.push_back(finding.code);
    }
  }
  return codes;
}

}  // namespace ecg::challenge
