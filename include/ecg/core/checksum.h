// Checksums of what is written to disk.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace ecg {

using Sha256Digest = std::array<std::uint8_t, 32>;

Sha256Digest Sha256Bytes(std::string_view bytes);

// SHA-256 as 64 lower-case hexadecimal digits, what `sha256sum` prints.
std::string Sha256(std::string_view bytes);

// CRC-32C (Castagnoli), the checksum of TensorBoard's record files.
std::uint32_t Crc32c(std::string_view bytes);

}  // namespace ecg
