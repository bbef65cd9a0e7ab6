// The pages of what is predicted: one a record, and one of all.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ecg/apps/jobs/predict_folder.h"
#include "ecg/apps/jobs/report_record.h"
#include "ecg/core/checksum.h"
#include "ecg/core/line_log.h"
#include "ecg/infer/answer.h"
#include "ecg/infer/ensemble.h"
#include "ecg/report/folder_page.h"

namespace ecg::jobs {

// Writes <report>/<id>.html as answers come, and <report>/index.html in the end, or
// index-2-of-8.html of one share of the records. A record whose page cannot be made has none, and
// its row says why. What is asked of the model stays the predictor's part; each recording is read
// once more, to be drawn. The rows are kept beside the pages, a line of JSON each, so that a run
// that resumes need not ask for them again.
class PredictionPages {
 public:
  // `leads`: those that the answers were measured in; `made_of`: what decides a page besides its
  // recording; `refused`: records that were not asked about.
  PredictionPages(const infer::Ensemble& ensemble, const PredictFolderConfig& config,
                  const record::OpenOptions& told, std::vector<std::string> leads,
                  std::string made_of, const std::vector<data::FailedRecord>& refused);

  // Whether an earlier run has written the page of this recording, which is told by its content
  // (record::ContentOf), and it is still as it was. May be asked by several threads.
  bool Has(const std::string& id, const std::string& recording) const;

  // The row of a record that an earlier run has made and Has() has found.
  void Keep(const data::RecordPath& record);
  void Add(const data::RecordPath& record, const Result<infer::RecordAnswer>& answer);

  // `whole`: whether all records are done.
  void Finish(bool whole);

 private:
  // A row that an earlier run has made, with what it is believed by.
  struct Known {
    report::FolderRow row;
    std::string recording;
    std::string digest;  // of the page
  };

  void ReadRows();
  void NoteRow(const report::FolderRow& row, const Sha256Digest& recording,
               const std::string& digest);
  // The page of a record; its path below the folder, or why there is none. `digest`: of its text.
  Result<std::string> WritePage(const data::RecordPath& record, const infer::RecordAnswer& answer,
                                std::string* digest);
  std::string Index() const;
  std::filesystem::path RowsFile() const;

  const infer::Ensemble& ensemble_;
  const PredictFolderConfig& config_;
  const record::OpenOptions told_;
  const std::vector<std::string> leads_;
  const std::string made_of_;
  std::map<std::string, Known> known_;        // by record; where a run resumes
  std::map<std::string, std::string> lines_;  // of the rows that are there, by record
  std::optional<LineLog> log_;
  std::set<std::string> names_;  // of pages that are there
  report::FolderReport report_;
  std::vector<std::filesystem::path> paths_;  // of the rows' recordings
};

}  // namespace ecg::jobs
