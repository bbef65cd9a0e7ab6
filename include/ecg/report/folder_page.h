// Many predictions as a page: a table whose rows open their recordings, and with labels what the
// predictions are worth.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/data/labels/score_input.h"
#include "ecg/report/preview.h"
#include "ecg/report/score_report.h"

namespace ecg::report {

struct FolderRow {
  std::string record;
  std::string failure;                  // why there is no prediction; empty: there is one
  std::vector<std::uint8_t> decisions;  // [classes]; empty: no prediction
  std::vector<float> probabilities;     // [classes]
  std::vector<std::uint8_t> labels;     // [classes]; empty: none are known
  // What the predictions that these are compared with say; empty: nothing.
  std::vector<std::uint8_t> other_decisions;
  std::vector<float> other_probabilities;
  std::string flags;  // what makes it doubtful, in words
  std::string age;
  std::string sex;
  std::string page;  // of the recording, beside this one; empty: none
};

struct FolderReport {
  std::string title;
  std::vector<std::string> about;  // lines below it
  std::vector<challenge::DiagnosisClass> classes;
  std::vector<FolderRow> rows;
  std::string compared_with;  // what the others are; empty: nothing is compared
  // The picture of row i; nothing where there is none. Asked in the order in which rows are
  // written, which is not theirs, and again for the worst mistakes.
  std::function<std::optional<Preview>(std::size_t row)> preview;
  std::optional<ScoreReport> score;
  const data::ScoreInput* scored = nullptr;  // what `score` is of
};

// Up to so many rows are in the page itself; of more, files beside it hold them.
inline constexpr std::size_t kRowsInPage = 2000;

// Writes a file of the folder <page>_files by its name; only of many rows.
using ChunkWriter = std::function<void(const std::string& name, const std::string& text)>;

// The page. What is doubtful comes first: what failed, what is flagged, and then by the mean of
// p (1 - p). Where others are compared, rows have both answers, what differs can be asked for, and
// a table counts it by class. `files` is the name of the folder beside the page, as in "all_files".
std::string FolderPage(const FolderReport& report, const std::string& files,
                       const ChunkWriter& write);

}  // namespace ecg::report
