// From labels and predictions on disk to outcomes that can be evaluated: finds the files, pairs
// them by record, reads them in parallel, and tells what was odd.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/progress.h"
#include "ecg/core/result.h"
#include "ecg/data/labels/input_notes.h"
#include "ecg/data/labels/statement_labels.h"
#include "ecg/score/metric_list.h"
#include "ecg/score/metrics.h"

namespace ecg::data {

// What happens to a record without a usable prediction.
enum class MissingPolicy {
  kLeaveOut,  // it is not scored, and counts as failed
  kNegative,  // it is scored as if nothing had been found, score 0, and counts as failed
  kIgnore,    // it is not scored; records without any prediction do not count as failed
};

struct InputOptions {
  score::Scoring scoring;  // whose classes
  // Reads exactly what the official scorer of that year reads, and fails where it fails.
  bool official = false;
  MissingPolicy missing = MissingPolicy::kLeaveOut;
  // Of prediction tables that hold scores alone: a score at or above it is a positive decision.
  double threshold = 0.5;
  // Only the records whose column of the label table has this value, as in {"split", "val"}.
  std::optional<std::pair<std::string, std::string>> only;
  // Statements as labels: of tables, and of recordings of any format in place of headers.
  StatementConfig statements;
  int threads = 0;  // 0 = the processors this process may use
};

struct ScoredRecord {
  std::string name;       // path below the label folder without ".hea", or the name in the table
  std::string source;     // as in "PTB_XL"; empty where the name does not tell
  std::size_t leads = 0;  // 0 = unknown
  std::optional<double> age;  // years
  std::string sex;            // "female", "male", or empty: unknown
};

struct ScoreInput {
  std::vector<ScoredRecord> records;
  std::vector<score::Outcomes>
      outcomes;                        // one for every set of predictions, all on the same records
  std::vector<InputNote> input_notes;  // one a kind, only kinds that were found
  std::vector<std::string> warnings;   // of tables as a whole, as what columns were passed over
  std::size_t failed = 0;              // records that have a failure that counts
};

// `labels`: a folder of headers, or where statements are used of recordings of any format, or a CSV
// table (see csv tables below). `predictions`: one or
// several, each a folder of challenge CSVs (mirroring the labels' folder or flat) or a CSV table.
// A record that fails in one of several predictions fails in all, so that they stay comparable.
//
// A label table has a first line that names its columns: the record (`record`, `recording`, `id`,
// `name`, `file` or the first column) and either `dx` (as challenge::ForEachDx reads it) or one 0/1
// column for every class, named as challenge::ReadDx has it, or codes of other systems (`scp_codes`
// and `heart_axis` of PTB-XL, `aha_code` of the Shandong hospital's set: challenge/statements.h),
// or where statements are used a column of them (`statements`, `report`, `interpretation`);
// `source`, `leads`, `age` and `sex` are used where they are there. Several rows of a record are
// taken together; a row whose classes' cells are all empty has not been filled in and labels
// nothing. A prediction table has the record and, for every class, its score, named likewise;
// columns that end in `_decision` hold 0/1. A row without any score or decision is no prediction.
//
// An error: a folder or table that cannot be read at all, a cell that must be a number and is none,
// no record that could be scored, or nothing that was understood (unless by the official rules):
// not one diagnosis, or not one prediction of a scored class.
Result<ScoreInput> ReadScoreInput(const std::filesystem::path& labels,
                                  const std::vector<std::filesystem::path>& predictions,
                                  const InputOptions& options, ProgressSink* progress = nullptr);

}  // namespace ecg::data
