// Keeps what is written away from what was read.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <initializer_list>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/data/records/record_selection.h"

namespace ecg::data {

// Knows the files that a tool reads. Folders are compared as they are on disk, by whatever name or
// link they are reached.
class InputGuard {
 public:
  // A recording, by the file that it is opened by, with the folders on the way to it from the one
  // that its id begins in.
  void Add(const RecordPath& record);
  // Any other file; an empty path is none.
  void Add(const std::filesystem::path& file);

  // Of a file that somebody named to be written. An error (kUsage): it is one of the files, or
  // another one of a recording among them, or there already under an ending that is none of
  // `endings`, as in ".csv", those of what is written: so no mistake replaces a signal file.
  Status CheckFile(const std::filesystem::path& output,
                   std::initializer_list<std::string_view> endings) const;

  // Of a folder where files will get names that nobody chose. An error (kUsage): one of the files
  // lies in it, or it is on the way to a recording.
  Status CheckFolder(const std::filesystem::path& folder) const;

 private:
  // A file is replaced where it is named, so that is what counts, not where a link there leads.
  bool IsInput(const std::filesystem::path& output) const;

  using Place = std::pair<dev_t, ino_t>;  // of a folder

  void AddFolder(const std::filesystem::path& folder);

  std::vector<std::filesystem::path> files_;
  std::set<std::filesystem::path> names_;  // of the folders, as they were given
  std::set<Place> folders_;
};

}  // namespace ecg::data
