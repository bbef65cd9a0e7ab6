// What the files that a tool wrote into a folder were made of, kept beside them: of which
// recordings, by their content, and which files they are, by theirs.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/json.h"
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

// As in ecgpredict.journal, or ecgpredict-2-of-8.journal of one share of the records, by the name
// of the tool: a line of JSON a record, added before its files are on the disk, so that it is
// believed only as far as they hold what it says. Lines that a crash has cut are passed over.
class RecordJournal {
 public:
  static std::string NameOf(const std::string& tool, const data::Shard& shard);

  // All that the tool's journals in a folder say; nothing where it has none.
  static Result<JournalEntries> ReadAll(const std::filesystem::path& folder,
                                        const std::string& tool);

  // The names below the folder of all files that any of these journals has written down, also
  // where another one says something else of the record: the work may have been shared otherwise.
  static Result<std::set<std::string>> FilesOf(const std::filesystem::path& folder,
                                               const std::string& tool);

  static Result<RecordJournal> Open(const std::filesystem::path& folder, const std::string& tool,
                                    const data::Shard& shard);

  Status Add(const std::string& record, const JournalEntry& entry);

  // Once all is done: leaves one line a record, in their order, so that the folder does not
  // tell how often the work was interrupted.
  Status Tidy();

 private:
  RecordJournal(LineLog log, std::filesystem::path path)
      : log_(std::move(log)), path_(std::move(path)) {}

  LineLog log_;
  std::filesystem::path path_;
};

// What was told of recordings, as one of the things that decide: adds it to `asked`.
void AddTold(const record::OpenOptions& told, Json& asked);

// Whether what the entry says of a record still holds: of its recording, of its files `endings`,
// and of what is asked now.
bool StillHolds(const JournalEntry& entry, const std::filesystem::path& recording,
                const record::OpenOptions& told, const std::filesystem::path& without_ending,
                const std::vector<std::string>& endings, const std::string& asked);

}  // namespace ecg::jobs
