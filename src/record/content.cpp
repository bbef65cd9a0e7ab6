#include "ecg/record/content.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/file.h"

namespace ecg::record {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;
constexpr std::size_t kBlockBytes = std::size_t{1} << 20;

Status AddFile(const std::filesystem::path& path, Sha256Stream& digest) {
  const Result<InputFile> file = InputFile::Open(path);
  if (!file.ok()) return file.error();
  digest.Add(std::to_string(file->size()) + '\n');  // so that files do not run into each other
  std::string block(static_cast<std::size_t>(std::min<std::uint64_t>(file->size(), kBlockBytes)),
                    '\0');
  for (std::uint64_t at = 0; at < file->size() && at < kMostBytes; at += block.size()) {
    const Result<std::size_t> got = file->ReadAt(at, block.data(), block.size());
    if (!got.ok()) return got.error();
    digest.Add(std::string_view(block).substr(0, *got));
  }
  return {};
}

}  // namespace

Result<Sha256Digest> ContentOf(const RecordFile& file) {
  const Result<std::vector<std::filesystem::path>> files = file.Files();
  if (!files.ok()) return files.error();
  Sha256Stream digest;
  for (const std::filesystem::path& path : *files) {
    if (const Status added = AddFile(path, digest); !added.ok()) return added.error();
  }
  return digest.Finish();
}

}  // namespace ecg::record
