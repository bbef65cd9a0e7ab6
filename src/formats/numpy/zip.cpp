#include "src/formats/numpy/zip.h"

#include <optional>
#include <utility>

#include "src/record/bytes.h"
#include "src/record/inflate.h"

namespace ecg::numpy {
namespace {

constexpr std::size_t kEndBytes = 22, kMostCommentBytes = 65535, kMostEntries = 4096;
constexpr std::uint32_t kEndMark = 0x06054b50, kCentralMark = 0x02014b50, kLocalMark = 0x04034b50;

Error Fail(const std::string& file, std::string message) {
  return InputError(std::move(message), file, 0, "archive");
}

std::uint16_t Short(std::string_view bytes, std::size_t at) {
  return record::Load<std::uint16_t>(bytes.data() + at);
}
std::uint32_t Word(std::string_view bytes, std::size_t at) {
  return record::Load<std::uint32_t>(bytes.data() + at);
}

// Where the record at the archive's end stands.
std::size_t FindEnd(std::string_view archive) {
  if (archive.size() < kEndBytes) return std::string_view::npos;
  const std::size_t last = archive.size() - kEndBytes;
  const std::size_t first = last > kMostCommentBytes ? last - kMostCommentBytes : 0;
  for (std::size_t at = last + 1; at-- > first;) {
    if (Word(archive, at) == kEndMark) return at;
  }
  return std::string_view::npos;
}

}  // namespace

Result<std::vector<ZipEntry>> ListZip(std::string_view archive, const std::string& file) {
  const std::size_t end = FindEnd(archive);
  if (end == std::string_view::npos) return Fail(file, "has no end; was it cut off?");
  const std::size_t count = Short(archive, end + 10);
  std::uint64_t at = Word(archive, end + 16);
  if (count > kMostEntries) return Fail(file, "holds too many files");
  std::vector<ZipEntry> entries;
  for (std::size_t i = 0; i < count; ++i) {
    constexpr std::size_t kFixed = 46;
    if (at + kFixed > archive.size() || Word(archive, at) != kCentralMark) {
      return Fail(file, "its directory is damaged");
    }
    ZipEntry entry;
    const std::uint16_t flags = Short(archive, at + 8), method = Short(archive, at + 10);
    entry.packed_bytes = Word(archive, at + 20);
    entry.bytes = Word(archive, at + 24);
    const std::size_t name = Short(archive, at + 28);
    const std::uint64_t local = Word(archive, at + 42);
    if (at + kFixed + name > archive.size()) return Fail(file, "its directory is damaged");
    entry.name = std::string(archive.substr(at + kFixed, name));
    at += kFixed + name + Short(archive, at + 30) + Short(archive, at + 32);
    if ((flags & 1U) != 0) return Fail(file, "is encrypted");
    if (method != 0 && method != 8) return Fail(file, "packed by a method that is not read");
    entry.deflated = method == 8;
    if (local + 30 > archive.size() || Word(archive, local) != kLocalMark) {
      return Fail(file, "its directory is damaged");
    }
    entry.data_offset = local + 30 + Short(archive, local + 26) + Short(archive, local + 28);
    // What was written as a stream says 2^32 - 1, and has its sizes elsewhere.
    if (entry.data_offset > archive.size() ||
        entry.packed_bytes > archive.size() - entry.data_offset) {
      return Fail(file, "ends within a file, or is of 4 GiB and more");
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<std::string> ReadZip(std::string_view archive, const ZipEntry& entry, std::size_t count,
                            const std::string& file) {
  const std::string_view packed = archive.substr(entry.data_offset, entry.packed_bytes);
  if (!entry.deflated) return std::string(packed.substr(0, count));
  std::optional<std::string> bytes = record::Inflate(packed, record::Packing::kRawDeflate, count);
  if (!bytes) return Fail(file, "damaged: " + entry.name);
  return std::move(*bytes);
}

}  // namespace ecg::numpy
