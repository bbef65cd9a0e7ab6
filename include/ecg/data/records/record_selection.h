// Which records of a folder are meant: all, those of a list, one machine's share of them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/data/records/failed_record.h"
#include "ecg/record/reader.h"

namespace ecg::data {

// Every count-th record, from the index-th on; index counts from 1, as in "2/8".
struct Shard {
  std::size_t index = 1;
  std::size_t count = 1;

  static Result<Shard> Parse(std::string_view text);
  bool IsAll() const { return count == 1; }
  // For names of files that are of it alone, as in "-2-of-8"; empty where it is all.
  std::string Suffix() const;
};

// Where a record of a folder is.
struct RecordPath {
  std::filesystem::path path;  // of the file that it is opened by
  // Its path below the folder, without its ending unless another recording differs in that alone;
  // as in "g1/A0001".
  std::string id;
};

// Where records are looked for: a folder, or several folders and recordings.
struct RecordInputs {
  // Both implicit, so that a path is enough.
  RecordInputs(std::filesystem::path folder) : paths{std::move(folder)} {}
  RecordInputs(std::vector<std::filesystem::path> given) : paths(std::move(given)) {}

  std::vector<std::filesystem::path> paths;
  record::OpenOptions told;  // of files that do not say it themselves
  // Is told of each folder what was passed over, in a sentence; may be empty.
  std::function<void(const std::string&)> note;
};

struct RecordSelection {
  // A text file, or a pipe ("-": standard input), a record a line: its path below the folder, with
  // or without its ending. Empty lines and those that begin with '#' are passed over. Empty: all of
  // the folder.
  std::filesystem::path list;
  Shard shard;  // of these
};

// Every recording below a folder (see formats::ListRecords), or those that are selected, sorted,
// none twice. Of several inputs a recording's id is its name, and that of one below a folder begins
// with the folder's name. An error: an input or list that cannot be read or is empty, a list where
// the input is not one folder, a line that leads out of the folder, and two recordings of one id.
// Folders below an input that cannot be listed are added to `failed`, if there is one, else an
// error too.
Result<std::vector<RecordPath>> SelectRecords(const RecordInputs& inputs,
                                              const RecordSelection& selection = {},
                                              std::vector<FailedRecord>* failed = nullptr);

}  // namespace ecg::data
