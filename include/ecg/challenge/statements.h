// What recorders and physicians say of an ECG in words, and in codes other than SNOMED CT's, as
// diagnoses. What they say is looked up in a table, data/statements.csv, to which users may add
// rows of their own; what is denied, or only possible, is told apart from what is stated.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::challenge {

enum class Certainty {
  kDenied,    // "no evidence of ...", "ohne ...", "sin ..."
  kPossible,  // "possible ...", "V.a. ...", "cannot rule out ...", "... or ..."
  kStated,
};
// "denied", "possible", "stated".
const char* NameOf(Certainty certainty);

struct Finding {
  std::string code;  // SNOMED CT, as in "164889003"
  Certainty certainty = Certainty::kStated;
};

// What a statement says.
struct StatementMeaning {
  std::vector<Finding> findings;  // in order, none twice: of several the most certain
  // Its parts, from full stop to full stop, of which nothing is in the table; as they are written.
  std::vector<std::string> unread;
  bool known = false;  // anything of it is in the table
  // It speaks of another recording, in part or as a whole ("... has replaced ..."): that says
  // nothing of this one.
  bool of_another = false;
  bool then_of_another = false;  // so do all statements behind it ("When compared with ECG of ...")
};

// Words that stand for diagnoses, deny them or make them doubtful, and codes of other systems.
class StatementTable {
 public:
  // Text in the format of data/statements.csv: a header `system,text,meaning`, then a row for each
  // phrase or code. `file` is named in errors.
  static Result<StatementTable> Parse(std::string_view text, const std::string& file);
  // data/statements.csv.
  static const StatementTable& Default();
  // This table with rows of another in the same format, which count before its own.
  Result<StatementTable> With(std::string_view text, const std::string& file) const;

  // A statement in words, or one diagnosis as FindDiagnosis knows it, or a code of MDC. Letters of
  // either case, accents and hyphens make no difference; what stands in square brackets is a
  // reason, not a statement; of a statement 5,000 words are looked at.
  StatementMeaning Read(std::string_view statement) const;

  // Codes of a system with commas, semicolons or bars between them: "scp", as PTB-XL writes them
  // ("{'NORM': 100.0, 'SR': 0.0}": a likelihood below 50 % is possible, and 0 is not said), "aha"
  // with modifiers ("22;105+312"), "axis", PTB-XL's heart_axis, "mdc". Of the meaning's parts those
  // that are no code of the system are `unread`.
  StatementMeaning ReadCodes(std::string_view system, std::string_view list) const;

  struct Content;  // src/challenge/statement_table.h

 private:
  explicit StatementTable(std::shared_ptr<const Content> content) : content_(std::move(content)) {}

  std::shared_ptr<const Content> content_;
};

// What the statements of one recording say, in order; of the first 1,000.
std::vector<StatementMeaning> ReadStatements(const std::vector<std::string>& statements,
                                             const StatementTable& table);

// The codes that a recording's statements state, in order, none twice; with `possible` also those
// that they call possible. What is denied in one and stated in another is stated.
std::vector<std::string> StatedCodes(const std::vector<StatementMeaning>& statements,
                                     bool possible);

}  // namespace ecg::challenge
