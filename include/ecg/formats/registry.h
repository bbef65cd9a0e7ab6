// Every reader that there is, and the one way from a path to a recording.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/folder.h"
#include "ecg/core/result.h"
#include "ecg/record/reader.h"

namespace ecg::formats {

// In the order in which they are asked.
const std::vector<const record::RecordReader*>& Readers();

// What this build reads, a format a line: name, endings, description.
std::string ReadersInWords();

// The first reader whose files may have a name with this ending, in any case; null where there is
// none.
const record::RecordReader* ReaderByEnding(const std::filesystem::path& path);

// Opens a recording: by the reader that is told (OpenOptions::format), by an ending that is one
// reader's own, or else by how the file begins; where several formats may begin so, by the ending
// among them, which is a warning of the record. A file that none knows, beside a WFDB header of its
// name, is opened by that. A file that is no recording is an error that says which kinds are.
Result<std::unique_ptr<record::RecordFile>> Open(const std::filesystem::path& path,
                                                 const record::OpenOptions& told = {});

// The same for a whole recording, which must fit into the memory that there is (formats/memory.h),
// or what is known of it without its signals.
Result<record::EcgRecord> ReadEcg(const std::filesystem::path& path,
                                  const record::ReadOptions& options = {},
                                  const record::OpenOptions& told = {});
Result<record::EcgInfo> ReadEcgInfo(const std::filesystem::path& path,
                                    const record::OpenOptions& told = {});

// Whether a file is a recording, by its ending and how it begins.
bool IsRecording(const std::filesystem::path& path);

// The file that a name means: itself, or with the ending of a reader where only that is there, as
// WFDB programs name records.
std::filesystem::path PathOf(const std::string& name);

// A path without the ending of a recording: "g1/A0001.hea" -> "g1/A0001".
std::string WithoutEnding(const std::string& path);

// The files of a folder.
struct Listing {
  std::vector<std::string> records;                // paths below the folder, sorted
  std::map<std::string, std::size_t> passed_over;  // files that are no recordings, by ending
  std::vector<UnreadableFolder> unreadable;        // folders below that cannot be listed

  // "7 files of other kinds were passed over: 5 pdf, 2 jpg"; empty where none was.
  std::string PassedOver() const;
};

// The recordings below `folder`, at any depth; names that begin with '.' are passed over, links to
// folders followed (core/folder.h). A file is one where its ending is a reader's own, or by how it
// begins, and where that alone would not tell, by its ending too; where a format is told, by one of
// its endings alone. A file beside a WFDB header of its name belongs to that and is not looked
// into. An error where there is none
// and all could be listed.
Result<Listing> ListRecords(const std::filesystem::path& folder,
                            const record::OpenOptions& told = {});

}  // namespace ecg::formats
