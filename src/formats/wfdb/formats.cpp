#include "src/formats/wfdb/formats.h"

#include <array>

namespace ecg::wfdb {
namespace {

using Byte = std::uint8_t;

// The low `bits` of a word as a two's complement number.
template <int bits>
std::int32_t SignExtend(std::uint32_t word) {
  return static_cast<std::int32_t>(word << (32 - bits)) >> (32 - bits);
}

std::uint32_t Word16(const Byte* p) { return static_cast<std::uint32_t>(p[0] | p[1] << 8); }

// Sample i of each format.
template <Format format>
std::int32_t At(const Byte* bytes, std::size_t i) {
  if constexpr (format == Format::kDifference8) {
    return static_cast<std::int8_t>(bytes[i]);
  } else if constexpr (format == Format::kInt16) {
    return SignExtend<16>(Word16(bytes + 2 * i));
  } else if constexpr (format == Format::kInt24) {
    const Byte* p = bytes + 3 * i;
    return SignExtend<24>(Word16(p) | static_cast<std::uint32_t>(p[2] << 16));
  } else if constexpr (format == Format::kInt32) {
    const Byte* p = bytes + 4 * i;
    return static_cast<std::int32_t>(Word16(p) | Word16(p + 2) << 16);
  } else if constexpr (format == Format::kInt16BigEndian) {
    const Byte* p = bytes + 2 * i;
    return SignExtend<16>(static_cast<std::uint32_t>(p[0] << 8 | p[1]));
  } else if constexpr (format == Format::kOffset8) {
    return static_cast<std::int32_t>(bytes[i]) - 128;
  } else if constexpr (format == Format::kOffset16) {
    return static_cast<std::int32_t>(Word16(bytes + 2 * i)) - 32768;
  } else if constexpr (format == Format::kPacked12) {
    const Byte* p = bytes + i / 2 * 3;
    if (i % 2 == 0) return SignExtend<12>(Word16(p));
    return SignExtend<12>(static_cast<std::uint32_t>((p[1] >> 4) << 8 | p[2]));
  } else if constexpr (format == Format::kPacked10) {
    const Byte* p = bytes + i / 3 * 4;
    if (i % 3 == 0) return SignExtend<10>(Word16(p) >> 1);
    if (i % 3 == 1) return SignExtend<10>(Word16(p + 2) >> 1);
    return SignExtend<10>(static_cast<std::uint32_t>(p[1] >> 3 | (p[3] >> 3) << 5));
  } else {
    static_assert(format == Format::kPacked10Word);
    const Byte* p = bytes + i / 3 * 4;
    if (i % 3 == 0) return SignExtend<10>(Word16(p));
    if (i % 3 == 1) return SignExtend<10>(Word16(p + 1) >> 2);
    return SignExtend<10>(Word16(p + 2) >> 4);
  }
}

template <Format format>
void UnpackAs(const Byte* bytes, std::size_t first, std::size_t count, std::int32_t* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = At<format>(bytes, first + i);
}

// Format 212 is what most databases use, so whole pairs have a loop of their own.
template <>
void UnpackAs<Format::kPacked12>(const Byte* bytes, std::size_t first, std::size_t count,
                                 std::int32_t* out) {
  std::size_t i = 0;
  if (first % 2 == 1 && count > 0) out[i++] = At<Format::kPacked12>(bytes, first);
  for (const Byte* p = bytes + (first + i) / 2 * 3; i + 2 <= count; i += 2, p += 3) {
    out[i] = SignExtend<12>(Word16(p));
    out[i + 1] = SignExtend<12>(static_cast<std::uint32_t>((p[1] >> 4) << 8 | p[2]));
  }
  if (i < count) out[i] = At<Format::kPacked12>(bytes, first + i);
}

// A packed format's group: so many samples in so many bytes; an unfinished group of one or two
// samples takes rest_bytes.
struct Packing {
  std::uint64_t samples, bytes;
  std::array<std::uint64_t, 2> rest_bytes = {};
};

Packing PackingOf(Format format) {
  switch (format) {
    case Format::kDifference8:
    case Format::kOffset8:
      return {1, 1};
    case Format::kInt24:
      return {1, 3};
    case Format::kInt32:
      return {1, 4};
    case Format::kPacked12:
      return {2, 3, {2}};
    case Format::kPacked10:
      return {3, 4, {2, 4}};
    case Format::kPacked10Word:  // the second sample ends in the third byte
      return {3, 4, {2, 3}};
    default:
      return {1, 2};
  }
}

}  // namespace

std::uint64_t BytesFor(Format format, std::uint64_t samples) {
  const Packing packing = PackingOf(format);
  const std::uint64_t groups = samples / packing.samples;
  const std::uint64_t rest = samples % packing.samples;
  if (groups > (std::uint64_t{1} << 60)) return std::numeric_limits<std::uint64_t>::max();
  return groups * packing.bytes + (rest == 0 ? 0 : packing.rest_bytes[rest - 1]);
}

std::uint64_t SamplesIn(Format format, std::uint64_t bytes) {
  const Packing packing = PackingOf(format);
  std::uint64_t rest = 0;
  while (rest + 1 < packing.samples && bytes % packing.bytes >= packing.rest_bytes[rest]) ++rest;
  return bytes / packing.bytes * packing.samples + rest;
}

void Unpack(Format format, const std::uint8_t* bytes, std::size_t first, std::size_t count,
            std::int32_t* out) {
  switch (format) {
    case Format::kDifference8:
      return UnpackAs<Format::kDifference8>(bytes, first, count, out);
    case Format::kInt16:
      return UnpackAs<Format::kInt16>(bytes, first, count, out);
    case Format::kInt24:
      return UnpackAs<Format::kInt24>(bytes, first, count, out);
    case Format::kInt32:
      return UnpackAs<Format::kInt32>(bytes, first, count, out);
    case Format::kInt16BigEndian:
      return UnpackAs<Format::kInt16BigEndian>(bytes, first, count, out);
    case Format::kOffset8:
      return UnpackAs<Format::kOffset8>(bytes, first, count, out);
    case Format::kOffset16:
      return UnpackAs<Format::kOffset16>(bytes, first, count, out);
    case Format::kPacked12:
      return UnpackAs<Format::kPacked12>(bytes, first, count, out);
    case Format::kPacked10:
      return UnpackAs<Format::kPacked10>(bytes, first, count, out);
    case Format::kPacked10Word:
      return UnpackAs<Format::kPacked10Word>(bytes, first, count, out);
    case Format::kNull:
    case Format::kFlac8:
    case Format::kFlac16:
    case Format::kFlac24:
      return;  // FLAC is decoded as a stream
  }
}

}  // namespace ecg::wfdb
