// Checksums of what is written to disk.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace ecg {

using Sha256Digest = std::array<std::uint8_t, 32>;

Sha256Digest Sha256Bytes(std::string_view bytes);

// The same of bytes that come piece by piece.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  void Add(std::string_view bytes);
  Sha256Digest Finish();  // once

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// A digest as 64 lower-case hexadecimal digits.
std::string Hexadecimal(const Sha256Digest& digest);

// SHA-256 as 64 lower-case hexadecimal digits, what `sha256sum` prints.
std::string Sha256(std::string_view bytes);

// CRC-32C (Castagnoli), the checksum of TensorBoard's record files.
std::uint32_t Crc32c(std::string_view bytes);

}  // namespace ecg
