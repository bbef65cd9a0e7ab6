#include "src/onnx/message.h"

namespace ecg::onnx {
namespace {

enum WireType : std::uint64_t { kVarint = 0, kLengthDelimited = 2 };

std::uint64_t Tag(int field, WireType type) {
  constexpr int kTypeBits = 3;
  return static_cast<std::uint64_t>(field) << kTypeBits | type;
}

}  // namespace

// Seven bits a byte, the lowest first; the eighth says that more follow.
void Message::AppendVarint(std::uint64_t value) {
  constexpr std::uint64_t kMore = 0x80;
  for (; value >= kMore; value >>= 7U) bytes_ += static_cast<char>(value | kMore);
  bytes_ += static_cast<char>(value);
}

void Message::AddInt(int field, std::int64_t value) {
  AppendVarint(Tag(field, kVarint));
  AppendVarint(static_cast<std::uint64_t>(value));
}

void Message::AddBytes(int field, std::string_view bytes) {
  AppendVarint(Tag(field, kLengthDelimited));
  AppendVarint(bytes.size());
  bytes_ += bytes;
}

}  // namespace ecg::onnx
