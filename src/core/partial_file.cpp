#include "ecg/core/partial_file.h"

#include <system_error>
#include <utility>

#include "ecg/core/file.h"

namespace ecg {

PartialFile::PartialFile(std::filesystem::path path)
    : path_(std::move(path)), partial_(path_.string() + ".partial") {
  if (path_.has_parent_path()) CreateFolder(path_.parent_path()).value();
  stream_.open(partial_, std::ios::binary | std::ios::trunc);
  Write({});
}

void PartialFile::Write(std::string_view bytes) {
  stream_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!stream_) throw Exception(OutputError("cannot be written", partial_.string()));
}

void PartialFile::Finish() {
  stream_.close();
  if (!stream_) throw Exception(OutputError("cannot be written", partial_.string()));
  SyncFile(partial_).value();
  std::error_code error;
  std::filesystem::rename(partial_, path_, error);
  if (error) throw Exception(OutputError("cannot be written: " + error.message(), path_.string()));
}

}  // namespace ecg
