// Every reader that there is, and the one way from a path to a recording.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/record/reader.h"

namespace ecg::formats {

// In the order in which they are asked.
const std::vector<const record::RecordReader*>& Readers();

// The reader whose files have a name with this ending, in any case; null where there is none.
const record::RecordReader* ReaderByEnding(const std::filesystem::path& path);

// Opens a recording: by the reader of its ending, or else the one that recognises how it begins. A
// file that is no recording is an error that says which kinds are.
Result<std::unique_ptr<record::RecordFile>> Open(const std::filesystem::path& path);

// The same for a whole recording, which must fit into the memory that there is (formats/memory.h),
// or what is known of it without its signals.
Result<record::EcgRecord> ReadEcg(const std::filesystem::path& path,
                                  const record::ReadOptions& options = {});
Result<record::EcgInfo> ReadEcgInfo(const std::filesystem::path& path);

// The file that a name means: itself, or with the ending of a reader where only that is there, as
// WFDB programs name records.
std::filesystem::path PathOf(const std::string& name);

// A path without the ending of a recording: "g1/A0001.hea" -> "g1/A0001".
std::string WithoutEnding(const std::string& path);

// Paths below `folder`, at any depth, of every file whose ending is a reader's, sorted; names that
// begin with '.' are passed over, links to folders followed (core/folder.h). An error where there
// is none.
Result<std::vector<std::string>> ListRecords(const std::filesystem::path& folder);

}  // namespace ecg::formats
