// What the statements of many recordings say, and what of them is not understood, with counts.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ecg/challenge/statements.h"
#include "ecg/core/result.h"
#include "ecg/data/labels/statement_labels.h"
#include "ecg/data/records/failed_record.h"
#include "ecg/data/records/record_selection.h"

namespace ecg::data {

// Statements that differ in case, blanks and numbers alone are one; `text` is as the first is
// written, with every number as "#".
struct CountedStatement {
  std::string text;
  std::size_t count = 0;                     // of recordings
  std::vector<challenge::Finding> findings;  // of a statement that is understood
  bool of_another = false;
};

// In how many recordings a code is stated, and in how many others it is possible, or denied.
struct CountedCode {
  std::string code;
  std::size_t stated = 0, possible = 0, denied = 0;
};

struct StatementList {
  std::size_t recordings = 0;       // that could be opened
  std::size_t with_statements = 0;  // of them
  std::size_t with_diagnoses = 0;   // of them, as codes or names apart from statements
  std::size_t withheld = 0;  // statements that may name a person or a day, and are not listed
  std::vector<CountedStatement> understood;  // by count, the most frequent first
  std::vector<CountedStatement> unread;      // parts of statements, likewise
  std::vector<CountedCode> codes;            // by how often they are stated
  std::vector<FailedRecord> failed;
};

// Opens every recording of the inputs, without its signals. `identify`: statements that may name
// somebody are listed too. An error as of SelectRecords.
Result<StatementList> ListStatements(const RecordInputs& inputs, const StatementLabels& labels,
                                     bool identify, int threads);

}  // namespace ecg::data
