// A plain encoder of the binary signal formats, straight from signal(5), and hand-made records.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/formats/wfdb/header.h"

namespace ecg::wfdb::test {
inline void Put(std::string& bytes, std::uint64_t value, int count) {
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
}

inline std::string Pack12(const std::vector<std::int64_t>& samples) {
  std::string bytes;
  for (std::size_t i = 0; i < samples.size(); i += 2) {
    const auto a = static_cast<std::uint64_t>(samples[i]) & 0xfff;
    if (i + 1 == samples.size()) {
      Put(bytes, a, 2);
      break;
    }
    const auto b = static_cast<std::uint64_t>(samples[i + 1]) & 0xfff;
    Put(bytes, a | (b >> 8) << 12 | (b & 0xff) << 16, 3);
  }
  return bytes;
}

inline std::string Pack10(const std::vector<std::int64_t>& samples, bool one_word) {
  std::string bytes;
  for (std::size_t i = 0; i < samples.size(); i += 3) {
    std::uint64_t s[3] = {0, 0, 0};
    const std::size_t count = std::min<std::size_t>(3, samples.size() - i);
    for (std::size_t k = 0; k < count; ++k) {
      s[k] = static_cast<std::uint64_t>(samples[i + k]) & 0x3ff;
    }
    const std::uint64_t word =
        one_word ? s[0] | s[1] << 10 | s[2] << 20
                 : (s[0] << 1 | (s[2] & 0x1f) << 11) | (s[1] << 1 | (s[2] >> 5) << 11) << 16;
    Put(bytes, word, count == 1 ? 2 : count == 2 && one_word ? 3 : 4);
  }
  return bytes;
}

// The bytes of a signal file, odd rests included. Format 8 takes differences from `previous`.
inline std::string Pack(Format format, const std::vector<std::int64_t>& samples,
                        std::int64_t previous = 0) {
  if (format == Format::kPacked12) return Pack12(samples);
  if (format == Format::kPacked10) return Pack10(samples, false);
  if (format == Format::kPacked10Word) return Pack10(samples, true);
  std::string bytes;
  for (const std::int64_t sample : samples) {
    const auto value = static_cast<std::uint64_t>(sample);
    switch (format) {
      case Format::kDifference8:
        Put(bytes, static_cast<std::uint64_t>(sample - previous), 1);
        previous = sample;
        break;
      case Format::kInt16:
        Put(bytes, value, 2);
        break;
      case Format::kInt24:
        Put(bytes, value, 3);
        break;
      case Format::kInt32:
        Put(bytes, value, 4);
        break;
      case Format::kInt16BigEndian:
        Put(bytes, value >> 8, 1);
        Put(bytes, value, 1);
        break;
      case Format::kOffset8:
        Put(bytes, value + 128, 1);
        break;
      case Format::kOffset16:
        Put(bytes, value + 32768, 2);
        break;
      default:
        break;
    }
  }
  return bytes;
}

// All binary formats.
inline std::vector<Format> BinaryFormats() {
  return {Format::kDifference8, Format::kInt16,       Format::kInt24,          Format::kInt32,
          Format::kOffset8,     Format::kOffset16,    Format::kInt16BigEndian, Format::kPacked12,
          Format::kPacked10,    Format::kPacked10Word};
}

inline void WriteText(const std::filesystem::path& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

// The sum of samples as a checksum field has it.
inline int Checksum(const std::vector<std::int64_t>& samples) {
  std::uint64_t sum = 0;
  for (const std::int64_t sample : samples) sum += static_cast<std::uint64_t>(sample);
  return static_cast<std::int16_t>(sum & 0xffff);
}

}  // namespace ecg::wfdb::test
