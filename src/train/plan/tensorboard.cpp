#include "src/train/plan/tensorboard.h"

#include <cstring>
#include <string_view>

#include "ecg/core/checksum.h"

namespace ecg::train {
namespace {

// Wire types of protocol buffers.
constexpr std::uint64_t kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5;

void PutVarint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

template <typename T>
void PutLittleEndian(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) out += static_cast<char>(value >> (8 * i));
}

void PutTag(std::string& out, std::uint64_t field, std::uint64_t wire_type) {
  PutVarint(out, field << 3 | wire_type);
}

void PutBytes(std::string& out, std::uint64_t field, std::string_view bytes) {
  PutTag(out, field, kBytes);
  PutVarint(out, bytes.size());
  out += bytes;
}

void PutDouble(std::string& out, std::uint64_t field, double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  PutTag(out, field, kFixed64);
  PutLittleEndian(out, bits);
}

void PutFloat(std::string& out, std::uint64_t field, float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  PutTag(out, field, kFixed32);
  PutLittleEndian(out, bits);
}

std::string Record(const std::string& message) {
  const auto masked_crc = [](std::string_view bytes) {
    const std::uint32_t crc = Crc32c(bytes);
    return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
  };
  std::string record;
  PutLittleEndian(record, static_cast<std::uint64_t>(message.size()));
  PutLittleEndian(record, masked_crc(record));
  record += message;
  PutLittleEndian(record, masked_crc(message));
  return record;
}

}  // namespace

std::string EventFileHeader(double wall_time) {
  std::string event;
  PutDouble(event, 1, wall_time);
  PutBytes(event, 3, "brain.Event:2");
  return Record(event);
}

std::string ScalarEvent(double wall_time, std::int64_t step, const std::string& tag, float value) {
  std::string scalar;
  PutBytes(scalar, 1, tag);
  PutFloat(scalar, 2, value);
  std::string summary;
  PutBytes(summary, 1, scalar);
  std::string event;
  PutDouble(event, 1, wall_time);
  PutTag(event, 2, kVarint);
  PutVarint(event, static_cast<std::uint64_t>(step));
  PutBytes(event, 5, summary);
  return Record(event);
}

}  // namespace ecg::train
