#include "src/formats/hdf5/source.h"

#include <algorithm>
#include <utility>

namespace ecg::hdf5 {
namespace {

constexpr std::uint64_t kSuperblockBytes = 128;  // more than any version has
constexpr std::uint64_t kLeastBudget = 1 << 20;
constexpr std::uint64_t kTimesRead = 4;  // of every byte, at most, on the average

bool IsWidth(unsigned bytes) { return bytes == 2 || bytes == 4 || bytes == 8; }

}  // namespace

std::uint64_t Cursor::Number(unsigned bytes) {
  const std::string_view text = Bytes(bytes);
  std::uint64_t number = 0;
  for (std::size_t i = text.size(); i-- > 0;) {
    number = number << 8 | static_cast<unsigned char>(text[i]);
  }
  return number;
}

std::string_view Cursor::Bytes(std::uint64_t count) {
  if (count > left()) {
    failed_ = true;
    at_ = bytes_.size();
    return {};
  }
  const std::string_view text = bytes_.substr(at_, count);
  at_ += count;
  return text;
}

Result<Source> Source::Open(const std::filesystem::path& path) {
  Result<InputFile> file = InputFile::Open(path);
  if (!file.ok()) return file.error();
  Source source;
  source.file_ = std::make_shared<const InputFile>(std::move(*file));
  source.budget_ = kLeastBudget + kTimesRead * source.file_->size();
  if (const Status read = source.ReadSuperblock(); !read.ok()) return read.error();
  return source;
}

Error Source::Fail(std::string field, std::string message) const {
  return InputError(std::move(message), file_->path().string(), 0, std::move(field));
}

Result<std::string> Source::ReadUpTo(std::uint64_t address, std::uint64_t count) {
  if (address > size()) return Fail("address", "lies beyond the file");
  count = std::min(count, size() - address);
  if (count > budget_) return Fail("address", "parts of the file refer to each other in circles");
  budget_ -= count;
  std::string bytes(count, '\0');
  const Result<std::size_t> got = file_->ReadAt(base_ + address, bytes.data(), count);
  if (!got.ok()) return got.error();
  if (*got != count) return Fail("address", "the file became shorter while it was read");
  return bytes;
}

Result<std::string> Source::Read(std::uint64_t address, std::uint64_t count) {
  if (address > size() || size() - address < count) {
    return Fail("address", "lies beyond the file");
  }
  return ReadUpTo(address, count);
}

Result<std::string_view> Source::ReadKept(std::uint64_t address, std::uint64_t count) {
  if (address != kept_address_ || count != kept_.size()) {
    Result<std::string> bytes = Read(address, count);
    if (!bytes.ok()) return bytes.error();
    kept_address_ = address;
    kept_ = std::move(*bytes);
  }
  return std::string_view(kept_);
}

bool Source::IsUndefined(std::uint64_t address) const {
  return address == ~std::uint64_t{0} >> (64 - 8 * offset_bytes_);
}

Status Source::ReadSuperblock() {
  while (true) {
    const Result<std::string> signature = ReadUpTo(0, kSignature.size());
    if (!signature.ok()) return signature.error();
    if (*signature == kSignature) break;
    const std::uint64_t next = std::max(kFirstUserBlock, 2 * base_);
    if (next >= file_->size()) {
      base_ = 0;
      return Fail("superblock", "is no HDF5 file");
    }
    base_ = next;
  }
  const Result<std::string> bytes = ReadUpTo(0, kSuperblockBytes);
  if (!bytes.ok()) return bytes.error();
  Cursor front(*bytes, 8, 8);
  front.Skip(kSignature.size());
  const unsigned version = front.Byte();
  if (version > 3) return Fail("superblock", "of version " + std::to_string(version));
  const bool old = version < 2;
  if (old) front.Skip(4);  // versions of other parts
  offset_bytes_ = front.Byte();
  length_bytes_ = front.Byte();
  if (!IsWidth(offset_bytes_) || !IsWidth(length_bytes_)) {
    return Fail("superblock", "of addresses that are not read");
  }
  Cursor rest(std::string_view(*bytes).substr(bytes->size() - front.left()), offset_bytes_,
              length_bytes_);
  // Sizes of nodes and flags; then addresses: of the base, of what is free or beside, of the end.
  rest.Skip(old ? 9 : 1);
  if (version == 1) rest.Skip(4);
  rest.Offset();
  rest.Offset();
  rest.Offset();
  if (old) {
    rest.Offset();
    rest.Offset();  // of the root's name
  }
  root_ = rest.Offset();
  return rest.failed() ? Fail("superblock", "the file ends within it") : Status();
}

}  // namespace ecg::hdf5
