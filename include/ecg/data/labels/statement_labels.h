// Diagnoses out of what recordings and tables say in words, or in codes other than SNOMED CT's, for
// whoever asks that it counts.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/challenge/statements.h"
#include "ecg/core/result.h"
#include "ecg/record/ecg_record.h"

namespace ecg::data {

struct StatementConfig {
  bool use = false;             // what statements state are labels, besides diagnoses
  bool possible = false;        // and what they call possible
  std::filesystem::path table;  // rows like those of data/statements.csv that count before it
};

class StatementLabels {
 public:
  // With the table of data/statements.csv.
  StatementLabels();
  // Reads the user's table, if there is one.
  static Result<StatementLabels> Make(const StatementConfig& config);

  bool used() const { return config_.use; }
  const challenge::StatementTable& table() const { return *table_; }

  // The codes that count of what is said.
  std::vector<std::string> Counted(const std::vector<challenge::StatementMeaning>& said) const;

  // The diagnoses of a recording as its file tells them, and, where they are used, the codes that
  // its statements state; a diagnosis that is none as it stands is then read as a statement.
  std::vector<std::string> DiagnosesOf(const record::EcgInfo& info) const;

 private:
  StatementConfig config_;
  std::shared_ptr<const challenge::StatementTable> table_;
};

// The parts of statements that are not understood; none of a statement that may name a person or a
// day (record::MayIdentify).
std::vector<std::string> UnreadStatements(const std::vector<std::string>& statements,
                                          const std::vector<challenge::StatementMeaning>& said);

}  // namespace ecg::data
