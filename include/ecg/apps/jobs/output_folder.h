// Where the files that belong to records are written: a folder that mirrors the records' own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/data/records/failed_record.h"
#include "ecg/data/records/input_guard.h"
#include "ecg/data/records/record_selection.h"

namespace ecg::jobs {

// Files are called <id><ending>, as in "g1/A0001" and ".csv"; ids come from the paths of headers
// (see data::RecordPath), endings must be safe as a part of a file's name (see FileNameOf).
class OutputFolder {
 public:
  struct RecordFiles {
    data::RecordPath record;
    std::vector<std::string> endings;
  };

  // Creates the folder for these records' files; `own` are the names of other files that will be
  // written there. A record of which a file would be another's, or a folder on the way to
  // another's, or lie in a file, gets none: see refused(). An error: a folder that gets files holds
  // inputs.
  static Result<OutputFolder> Create(std::filesystem::path folder, std::vector<RecordFiles> records,
                                     const data::InputGuard& inputs,
                                     const std::vector<std::string>& own = {},
                                     const data::Shard& shard = {});

  const std::filesystem::path& path() const { return folder_; }
  const std::vector<RecordFiles>& records() const { return records_; }
  const std::vector<data::FailedRecord>& refused() const { return refused_; }

  std::filesystem::path PathOf(const std::string& id, const std::string& ending) const {
    return folder_ / (id + ending);
  }

  // The path of a file that can be written now: the folder that it lies in is there. An error that
  // is this record's alone: a folder or a device has its name, or a name on the way to it is taken
  // or too long. Throws Exception (kOutput) where nothing can be written at all.
  Result<std::filesystem::path> Place(const std::string& id, const std::string& ending) const;

  // An error (kOutput) where any of these files, which must have been written, is not there;
  // `remedy` ends its message.
  Status CheckWritten(const std::vector<RecordFiles>& written, const char* remedy = "") const;

  // Lists the records that failed with their reasons, record,reason, in failed.csv - or in
  // failed-records.csv where that name is taken, or in failed-2-of-8.csv where that is the share of
  // the records that is written; removes an earlier run's list.
  Status WriteFailed(const std::vector<data::FailedRecord>& failed) const;
  std::filesystem::path failed_list() const { return folder_ / failed_list_; }

 private:
  std::filesystem::path folder_;
  std::vector<RecordFiles> records_;
  std::vector<data::FailedRecord> refused_;
  std::string failed_list_;
};

}  // namespace ecg::jobs
