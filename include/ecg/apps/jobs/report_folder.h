// From a folder or a table of predictions to a page.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/progress.h"
#include "ecg/core/result.h"
#include "ecg/data/labels/score_input.h"
#include "ecg/data/records/record_selection.h"
#include "ecg/record/reader.h"
#include "ecg/report/preview.h"

namespace ecg::jobs {

struct FolderPageConfig {
  std::filesystem::path predictions;  // a folder of challenge CSVs, or a table
  std::filesystem::path labels;       // as ecgscore takes them; empty: none
  std::filesystem::path compare;      // other predictions of the same recordings; empty: none
  // The recordings, for pictures; empty: the labels, where they are a folder.
  std::vector<std::filesystem::path> recordings;
  record::OpenOptions told;     // of them
  std::filesystem::path pages;  // a folder of recordings' pages (ecgpredict --report); empty: none
  data::InputOptions input;     // how labels and predictions are read
};

struct FolderPageSummary {
  std::size_t rows = 0;
  std::size_t failed = 0;    // of them: without a prediction
  std::size_t pictures = 0;  // recordings that were read
  std::vector<std::string> warnings;
};

// Ten seconds of a recording on disk for a page of many; nothing where it cannot be read.
std::optional<report::Preview> ReadPreview(const std::filesystem::path& path,
                                           const record::OpenOptions& told);

// Writes the page, and for more than report::kRowsInPage rows the folder <page without
// .html>_files. Throws Exception where predictions or labels cannot be read, or it cannot be
// written.
FolderPageSummary WriteFolderPage(const FolderPageConfig& config, const std::filesystem::path& page,
                                  ProgressSink& progress);

}  // namespace ecg::jobs
