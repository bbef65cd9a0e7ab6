// What the predictions of a folder were made of, kept beside them: of which recordings, by their
// content, and which files hold them, by theirs.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/line_log.h"
#include "ecg/core/result.h"
#include "ecg/data/records/record_selection.h"
#include "ecg/record/reader.h"

namespace ecg::jobs {

// SHA-256 in hexadecimal digits throughout.
struct JournalEntry {
  std::string recording;                     // of its files, see record::ContentOf
  std::string asked;                         // what else decides what the files say
  std::map<std::string, std::string> files;  // of each file of the record, by its ending
};

// Entries by record; of several of one record the last one counts.
using JournalEntries = std::map<std::string, JournalEntry>;

// ecgpredict.journal, or ecgpredict-2-of-8.journal of one share of the records: a line of JSON a
// record, added before its files are on the disk, so that it is believed only as far as they hold
// what it says. Lines that a crash has cut are passed over.
class PredictionJournal {
 public:
  static std::string NameOf(const data::Shard& shard);

  // All that the journals of a folder say; nothing where it has none.
  static Result<JournalEntries> ReadAll(const std::filesystem::path& folder);

  static Result<PredictionJournal> Open(const std::filesystem::path& folder,
                                        const data::Shard& shard);

  Status Add(const std::string& record, const JournalEntry& entry);

  // Once all is predicted: leaves one line a record, in their order, so that the folder does not
  // tell how often the work was interrupted.
  Status Tidy();

 private:
  PredictionJournal(LineLog log, std::filesystem::path path)
      : log_(std::move(log)), path_(std::move(path)) {}

  LineLog log_;
  std::filesystem::path path_;
};

// Whether what the entry says of a record still holds: of its recording, of its files `endings`,
// and of what is asked now.
bool StillHolds(const JournalEntry& entry, const std::filesystem::path& recording,
                const record::OpenOptions& told, const std::filesystem::path& without_ending,
                const std::vector<std::string>& endings, const std::string& asked);

}  // namespace ecg::jobs
