// A message in Protocol Buffers' wire format, as far as ONNX needs it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ecg::onnx {

// Fields are numbered as the message's definition says; a repeated one is added once a value.
class Message {
 public:
  void AddInt(int field, std::int64_t value);        // of any integer type, bool or enum
  void AddBytes(int field, std::string_view bytes);  // also a string
  void AddMessage(int field, const Message& message) { AddBytes(field, message.bytes_); }

  const std::string& bytes() const { return bytes_; }

 private:
  void AppendVarint(std::uint64_t value);

  std::string bytes_;
};

}  // namespace ecg::onnx
