// The pages of what is predicted: one a record, and one of all.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "ecg/apps/jobs/predict_folder.h"
#include "ecg/apps/jobs/report_record.h"
#include "ecg/infer/answer.h"
#include "ecg/infer/ensemble.h"
#include "ecg/report/folder_page.h"

namespace ecg::jobs {

// Writes <report>/<id>.html as answers come, and <report>/index.html in the end. A record whose
// page cannot be made has none, and its row says why. What is asked of the model stays the
// predictor's part; each recording is read once more, to be drawn.
class PredictionPages {
 public:
  // `leads`: those that the answers were measured in; `refused`: records that were not asked about.
  PredictionPages(const infer::Ensemble& ensemble, const PredictFolderConfig& config,
                  const record::OpenOptions& told, std::vector<std::string> leads,
                  const std::vector<data::FailedRecord>& refused);

  void Add(const data::RecordPath& record, const Result<infer::RecordAnswer>& answer);
  void Finish();

 private:
  // The page of a record; its path below the folder, or why there is none.
  Result<std::string> WritePage(const data::RecordPath& record, const infer::RecordAnswer& answer);

  const infer::Ensemble& ensemble_;
  const PredictFolderConfig& config_;
  const record::OpenOptions told_;
  const std::vector<std::string> leads_;
  std::set<std::string> names_;  // of pages that are there
  report::FolderReport report_;
  std::vector<std::filesystem::path> paths_;  // of the rows' recordings
};

}  // namespace ecg::jobs
