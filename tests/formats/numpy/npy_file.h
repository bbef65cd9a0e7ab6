// .npy arrays made by hand.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace ecg::numpy::test {

template <typename T>
std::string Npy(const std::string& type, const std::string& shape, const std::vector<T>& values,
                bool fortran = false) {
  std::string header = "{'descr': '" + type +
                       "', 'fortran_order': " + (fortran ? "True" : "False") +
                       ", 'shape': " + shape + ", }";
  while ((10 + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string bytes = "\x93NUMPY\x01";
  bytes += '\0';
  bytes += static_cast<char>(header.size() & 0xFF);
  bytes += static_cast<char>(header.size() >> 8);
  bytes += header;
  const std::size_t begin = bytes.size();
  bytes.resize(begin + values.size() * sizeof(T));
  std::memcpy(bytes.data() + begin, values.data(), values.size() * sizeof(T));
  return bytes;
}

// A zip archive of stored files, without checksums.
inline std::string Zip(const std::vector<std::pair<std::string, std::string>>& files) {
  const auto number = [](std::uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFF);
    return text;
  };
  std::string archive, directory;
  for (const auto& [name, data] : files) {
    const std::string sizes = number(0, 4) + number(data.size(), 4) + number(data.size(), 4);
    const std::uint64_t at = archive.size();
    archive += "PK\x03\x04" + number(20, 2) + number(0, 2) + number(0, 2) + number(0, 4) + sizes +
               number(name.size(), 2) + number(0, 2) + name + data;
    directory += "PK\x01\x02" + number(20, 2) + number(20, 2) + number(0, 2) + number(0, 2) +
                 number(0, 4) + sizes + number(name.size(), 2) + number(0, 2) + number(0, 2) +
                 number(0, 2) + number(0, 2) + number(0, 4) + number(at, 4) + name;
  }
  const std::uint64_t start = archive.size();
  return archive + directory + "PK\x05\x06" + number(0, 4) + number(files.size(), 2) +
         number(files.size(), 2) + number(directory.size(), 4) + number(start, 4) + number(0, 2);
}

// Two leads of 120 samples and their rate.
inline std::string MadeArchive() {
  std::vector<std::int16_t> values(240);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::int16_t>(i);
  return Zip({{"ecg.npy", Npy<std::int16_t>("<i2", "(2, 120)", values)},
              {"fs.npy", Npy<double>("<f8", "()", {250})}});
}

}  // namespace ecg::numpy::test
