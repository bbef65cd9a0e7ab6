// MATLAB files of version 5 made by hand, element by element as MathWorks' MAT-File Format has
// them.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "tests/formats/wfdb/matlab5.h"

namespace ecg::matlab::test {

using Elements = wfdb::test::Matlab5;

// Of 32 bits, in the byte order of the elements.
inline std::string Words(const Elements& elements, const std::vector<std::uint32_t>& words) {
  std::string bytes;
  for (const std::uint32_t word : words) bytes += elements.Word(word);
  return bytes;
}

inline std::string Array(const Elements& elements, std::uint32_t array_class,
                         const std::vector<std::uint32_t>& dimensions, const std::string& name,
                         const std::string& content) {
  return elements.Element(14, elements.Element(6, elements.Word(array_class) + elements.Word(0)) +
                                  elements.Element(5, Words(elements, dimensions)) +
                                  elements.Element(1, name) + content);
}

// Values that are stored as 16 bits, the first axis running fastest.
inline std::string Numbers(const Elements& elements, const std::vector<std::uint32_t>& dimensions,
                           const std::string& name, const std::vector<int>& values) {
  const bool big_endian = elements.Word(1)[0] == 0;
  std::string bytes;
  for (const int value : values) {
    const char low = static_cast<char>(value & 0xFF), high = static_cast<char>(value >> 8 & 0xFF);
    bytes += big_endian ? std::string{high, low} : std::string{low, high};
  }
  return Array(elements, 6, dimensions, name, elements.Element(3, bytes));
}

// Rows of characters of one length.
inline std::string Text(const Elements& elements, const std::string& name,
                        const std::vector<std::string>& rows) {
  std::string bytes;
  const std::size_t columns = rows.front().size();
  for (std::size_t column = 0; column < columns; ++column) {
    for (const std::string& row : rows) bytes += row[column];
  }
  return Array(elements, 4,
               {static_cast<std::uint32_t>(rows.size()), static_cast<std::uint32_t>(columns)}, name,
               elements.Element(16, bytes));
}

// A structure of one; the values of its fields are arrays without a name.
inline std::string Structure(const Elements& elements, const std::string& name,
                             const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string names, values;
  for (const auto& [field, value] : fields) {
    std::string padded = field;
    padded.resize(32, '\0');
    names += padded;
    values += value;
  }
  return Array(elements, 2, {1, 1}, name,
               elements.SmallElement(5, elements.Word(32)) + elements.Element(1, names) + values);
}

inline std::string Compressed(const Elements& elements, const std::string& variable) {
  std::string packed(compressBound(variable.size()), '\0');
  uLongf size = packed.size();
  compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
            reinterpret_cast<const Bytef*>(variable.data()), variable.size(), 9);
  packed.resize(size);
  return elements.Word(15) + elements.Word(static_cast<std::uint32_t>(size)) + packed;
}

inline std::vector<int> Counting(int count) {
  std::vector<int> values;
  for (int i = 0; i < count; ++i) values.push_back(i - 20);
  return values;
}

// Two leads of 120 samples, [leads][samples], that say nothing of themselves.
inline std::string Plain(const Elements& elements = Elements()) {
  return elements.Header() + Numbers(elements, {2, 120}, "val", Counting(240));
}

// The same as [samples][leads] with a header, as ECG-kit has it.
inline std::string WithHeader(bool compressed, const Elements& elements = Elements()) {
  const std::string signal = Numbers(elements, {120, 2}, "signal", Counting(240));
  const std::string header = Structure(elements, "header",
                                       {{"freq", Numbers(elements, {1, 1}, "", {250})},
                                        {"desc", Text(elements, "", {"II", "V1"})},
                                        {"units", Text(elements, "", {"uV", "uV"})},
                                        {"gain", Numbers(elements, {2, 1}, "", {1, 2})},
                                        {"adczero", Numbers(elements, {2, 1}, "", {0, 100})}});
  if (!compressed) return elements.Header() + signal + header;
  return elements.Header() + Compressed(elements, signal) + Compressed(elements, header);
}

// A structure that holds all, and names of leads in a cell.
inline std::string InStructure(const Elements& elements = Elements()) {
  const std::string leads =
      Array(elements, 1, {1, 2}, "", Text(elements, "", {"aVR"}) + Text(elements, "", {"V6"}));
  return elements.Header() + Structure(elements, "ECG",
                                       {{"sex", Text(elements, "", {"Male"})},
                                        {"age", Numbers(elements, {1, 1}, "", {61})},
                                        {"data", Numbers(elements, {2, 120}, "", Counting(240))},
                                        {"none", elements.Word(14) + elements.Word(0)},
                                        {"leads", leads}});
}

}  // namespace ecg::matlab::test
