// A MATLAB file of version 5 with one matrix "val", element by element as MathWorks' MAT-File
// Format has them.
#pragma once

#include <cstdint>
#include <string>

namespace ecg::wfdb::test {

class Matlab5 {
 public:
  explicit Matlab5(bool big_endian = false) : big_endian_(big_endian) {}

  // `type` numbers the element in which the values stand (2 uint8, 3 int16, 5 int32).
  std::string File(std::uint32_t rows, std::uint32_t columns, std::uint32_t type,
                   const std::string& values) const {
    return Header() + Matrix(rows, columns, type, values);
  }

  std::string Header(const std::string& text = "MATLAB 5.0 MAT-file") const {
    std::string header = text;
    header.resize(124, '\0');
    return header + (big_endian_ ? std::string("\1\0MI", 4) : std::string("\0\1IM", 4));
  }

  std::string Matrix(std::uint32_t rows, std::uint32_t columns, std::uint32_t type,
                     const std::string& values, std::uint32_t array_class = 6) const {
    return Element(14, Element(6, Word(array_class) + Word(0)) +
                           Element(5, Word(rows) + Word(columns)) + Element(1, "val") +
                           Element(type, values));
  }

  std::string Element(std::uint32_t type, const std::string& data) const {
    std::string element = Word(type) + Word(static_cast<std::uint32_t>(data.size())) + data;
    element.resize((element.size() + 7) / 8 * 8, '\0');
    return element;
  }

  // Up to four bytes of data stand in the tag.
  std::string SmallElement(std::uint32_t type, const std::string& data) const {
    std::string element = Word(static_cast<std::uint32_t>(data.size()) << 16 | type) + data;
    element.resize(8, '\0');
    return element;
  }

  std::string Word(std::uint32_t word) const {
    std::string bytes;
    for (int i = 0; i < 4; ++i) {
      bytes += static_cast<char>(word >> (8 * (big_endian_ ? 3 - i : i)) & 0xff);
    }
    return bytes;
  }

 private:
  bool big_endian_;
};

}  // namespace ecg::wfdb::test
