// From recordings to sheets of small pictures of them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/progress.h"
#include "ecg/data/records/failed_record.h"
#include "ecg/data/records/record_selection.h"
#include "ecg/report/contact_sheet.h"

namespace ecg::jobs {

struct ContactSheetsConfig {
  report::SheetOptions sheet;
  double dpi = 200;  // of PNGs
  int threads = 0;   // 0: the processors that this process may use
};

struct ContactSheetsSummary {
  std::size_t drawn = 0;
  std::size_t doubtful = 0;                  // of them: marked
  std::vector<data::FailedRecord> failed;    // recordings are named on their sheets all the same
  std::vector<std::filesystem::path> files;  // written
};

// Writes all recordings of the inputs, in their order, as small pictures: one .pdf, or a .svg or
// .png a sheet, which are called OUTPUT, or OUTPUT-1 and so on before the ending where there are
// several. Of a recording as much is graded as is drawn, by its signals alone: faults of leads, and
// what looks like another unit, a twin or a lead turned over. Throws Exception where an input holds
// no recording, the ending is another one, a file would take the place of an input or it cannot be
// written.
ContactSheetsSummary WriteContactSheets(const data::RecordInputs& inputs,
                                        const std::filesystem::path& output,
                                        const ContactSheetsConfig& config, ProgressSink& progress);

}  // namespace ecg::jobs
