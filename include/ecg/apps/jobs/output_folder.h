// Where the files that belong to records are written: a folder that mirrors the records' own.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/data/records/record_index.h"

namespace ecg::jobs {

// Files are called <id><ending>, as in "g1/A0001" and ".csv"; ids come from the paths of headers
// (see data::RecordEntry), endings must be safe as a part of a file's name (see FileNameOf).
class OutputFolder {
 public:
  struct File {
    std::string id;
    std::string ending;
  };

  // Creates the folder for these files. Two records of which one's file would be another's, or a
  // folder on the way to it, are an error that names both.
  static Result<OutputFolder> Create(std::filesystem::path folder, const std::vector<File>& files,
                                     const data::Shard& shard = {});

  const std::filesystem::path& path() const { return folder_; }
  std::filesystem::path PathOf(const std::string& id, const std::string& ending) const {
    return folder_ / (id + ending);
  }

  // Lists the records that failed with their reasons, record,reason, in failed.csv - or in
  // failed-records.csv where a record's own file is called so, or in failed-2-of-8.csv where that
  // is the share of the records that is written; removes an earlier run's list.
  Status WriteFailed(const std::vector<data::FailedRecord>& failed) const;
  std::filesystem::path failed_list() const { return folder_ / failed_list_; }

 private:
  std::filesystem::path folder_;
  std::string failed_list_;
};

}  // namespace ecg::jobs
