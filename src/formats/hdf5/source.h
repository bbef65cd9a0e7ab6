// The bytes of an HDF5 file, and what stands at its front (The HDF Group, HDF5 File Format
// Specification, version 3.0).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "ecg/core/file.h"
#include "ecg/core/result.h"

namespace ecg::hdf5 {

inline constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n";
// The signature may follow what a user put before it, at 0, 512, 1024, 2048 and so on.
inline constexpr std::uint64_t kFirstUserBlock = 512;

// Numbers one after the other, of the widths that the file states. Beyond the end all are 0, and
// failed() says so.
class Cursor {
 public:
  Cursor(std::string_view bytes, unsigned offset_bytes, unsigned length_bytes)
      : bytes_(bytes), offset_bytes_(offset_bytes), length_bytes_(length_bytes) {}

  std::uint64_t Number(unsigned bytes);
  std::uint8_t Byte() { return static_cast<std::uint8_t>(Number(1)); }
  std::uint64_t Offset() { return Number(offset_bytes_); }  // of a place in the file
  std::uint64_t Length() { return Number(length_bytes_); }
  std::string_view Bytes(std::uint64_t count);
  void Skip(std::uint64_t count) { Bytes(count); }
  // Passes over what fills up to a multiple of 8.
  void Align8() { Skip((8 - at_ % 8) % 8); }

  bool failed() const { return failed_; }
  std::size_t left() const { return bytes_.size() - at_; }
  unsigned offset_bytes() const { return offset_bytes_; }
  unsigned length_bytes() const { return length_bytes_; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  unsigned offset_bytes_, length_bytes_;
  bool failed_ = false;
};

// Reads at addresses. All that is read is counted: a file whose parts refer to each other in
// circles runs out of what its size allows, so that work is bounded whatever it says.
class Source {
 public:
  static Result<Source> Open(const std::filesystem::path& path);

  // An error where the file ends before, or too much has been read.
  Result<std::string> Read(std::uint64_t address, std::uint64_t count);
  // As many bytes as there are up to `count`.
  Result<std::string> ReadUpTo(std::uint64_t address, std::uint64_t count);
  // The same bytes as those that were read so before are kept, and count once.
  Result<std::string_view> ReadKept(std::uint64_t address, std::uint64_t count);

  Cursor At(std::string_view bytes) const { return Cursor(bytes, offset_bytes_, length_bytes_); }
  bool IsUndefined(std::uint64_t address) const;
  std::uint64_t root() const { return root_; }  // the address of its group's header
  std::uint64_t size() const { return file_->size() - base_; }
  unsigned offset_bytes() const { return offset_bytes_; }
  Error Fail(std::string field, std::string message) const;

 private:
  Status ReadSuperblock();

  std::shared_ptr<const InputFile> file_;
  std::uint64_t base_ = 0;  // of all addresses
  unsigned offset_bytes_ = 8, length_bytes_ = 8;
  std::uint64_t root_ = 0;
  std::uint64_t budget_ = 0;  // bytes that may still be read
  std::uint64_t kept_address_ = 0;
  std::string kept_;
};

}  // namespace ecg::hdf5
