#include "ecg/core/partial_file.h"

#include <system_error>
#include <utility>

#include "ecg/core/file.h"
#include "src/core/output_place.h"

namespace ecg {
namespace {

// Streams are written to as they are.
std::filesystem::path UnfinishedName(const std::filesystem::path& path) {
  if (PlaceOf(path).value() == OutputPlace::kStream) return path;
  return path.parent_path() / (path.filename().string().substr(0, kKeptOfName) + ".partial");
}

}  // namespace

PartialFile::PartialFile(std::filesystem::path path)
    : path_(std::move(path)), partial_(UnfinishedName(path_)) {
  if (path_.has_parent_path()) CreateFolder(path_.parent_path()).value();
  stream_.open(partial_, std::ios::binary | (IsStream() ? std::ios::app : std::ios::trunc));
  Write({});
}

void PartialFile::Write(std::string_view bytes) {
  stream_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!stream_) throw Exception(OutputError("cannot be written", partial_.string()));
}

void PartialFile::Finish() {
  stream_.close();
  if (!stream_) throw Exception(OutputError("cannot be written", partial_.string()));
  if (IsStream()) return;
  SyncFile(partial_).value();
  std::error_code error;
  std::filesystem::rename(partial_, path_, error);
  if (error) throw Exception(OutputError("cannot be written: " + error.message(), path_.string()));
}

}  // namespace ecg
