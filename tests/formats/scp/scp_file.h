// SCP-ECG files made by hand.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ecg::scp::test {

inline std::string Number(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFF);
  return text;
}

inline std::string Samples(const std::vector<int>& values) {
  std::string bytes;
  for (const int value : values) bytes += Number(static_cast<std::uint64_t>(value), 2);
  return bytes;
}

// Sections 1 and up by number; section 0 and all headers are added.
inline std::string File(const std::map<int, std::string>& sections) {
  constexpr int kNumbers = 12;
  const std::size_t own = 16 + 10 * kNumbers;
  std::string body, pointers = Number(0, 2) + Number(own, 4) + Number(7, 4);
  for (int number = 1; number < kNumbers; ++number) {
    const auto found = sections.find(number);
    if (found == sections.end()) {
      pointers += Number(static_cast<std::uint64_t>(number), 2) + Number(0, 8);
      continue;
    }
    const std::size_t size = 16 + found->second.size();
    pointers += Number(static_cast<std::uint64_t>(number), 2) + Number(size, 4) +
                Number(6 + own + body.size() + 1, 4);
    body += Number(0, 2) + Number(static_cast<std::uint64_t>(number), 2) + Number(size, 4) +
            std::string("\x14\x14", 2) + std::string(6, '\0') + found->second;
  }
  const std::string zero = Number(0, 2) + Number(0, 2) + Number(own, 4) +
                           std::string("\x14\x14", 2) + "SCPECG" + pointers;
  return Number(0, 2) + Number(6 + zero.size() + body.size(), 4) + zero + body;
}

inline std::string Tag(int tag, const std::string& value) {
  return Number(static_cast<std::uint64_t>(tag), 1) + Number(value.size(), 2) + value;
}

inline std::string Person() {
  return Tag(0, "Doe") + Tag(2, "4711") + Tag(5, Number(1953, 2) + "\5\x08") +
         Tag(8, std::string(1, '\2')) + Tag(25, Number(2002, 2) + "\x0B\x16") +
         Tag(26, "\x09\x0A" + std::string(1, '\0')) + Tag(255, "");
}

inline std::string LeadsOf(const std::vector<int>& ids, std::size_t samples, int flags = 0) {
  std::string data = Number(ids.size(), 1) + Number(static_cast<std::uint64_t>(flags), 1);
  for (const int id : ids) {
    data += Number(1, 4) + Number(samples, 4) + Number(static_cast<std::uint64_t>(id), 1);
  }
  return data;
}

inline std::string Wave(int nanovolts, int interval, int differences,
                        const std::vector<std::string>& leads) {
  std::string data = Number(static_cast<std::uint64_t>(nanovolts), 2) +
                     Number(static_cast<std::uint64_t>(interval), 2) +
                     Number(static_cast<std::uint64_t>(differences), 1) + Number(0, 1);
  for (const std::string& lead : leads) data += Number(lead.size(), 2);
  for (const std::string& lead : leads) data += lead;
  return data;
}

// 1, -1, 0, 9 and 300 by the standard's table: 100 101 0, ten bits and eight, ten bits and sixteen.
inline std::string Packed() {
  const std::string bits =
      "100"
      "101"
      "0"
      "1111111110"
      "00001001"
      "1111111111"
      "0000000100101100";
  std::string bytes;
  for (std::size_t i = 0; i < bits.size(); i += 8) {
    std::string eight = bits.substr(i, 8);
    eight.resize(8, '0');
    int byte = 0;
    for (const char bit : eight) byte = byte << 1 | (bit - '0');
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

// One reference beat: P from 100 to 202, QRS from 277 to 377, T to 620 ms, RR 731 ms, no T axis.
inline std::string Measurements() {
  return Number(1, 1) + Number(0, 1) + Number(731, 2) + Number(29999, 2) +
         Samples({100, 202, 277, 377, 620, 64, -49, 29999});
}

// Packed first differences, with a statement in Latin-1.
inline std::string Standard() {
  return File({{1, Person()},
               {2, Number(19999, 2)},
               {3, LeadsOf({1, 62}, 5)},
               {6, Wave(5000, 2000, 1, {Packed(), Packed()})},
               {7, Measurements()},
               {8, std::string(9, '\1') + std::string(1, '\1') + Number(6, 2) + "h\xF6g P" +
                       std::string(1, '\0')}});
}

// A beat of three samples taken off at two places.
inline std::string Subtracted() {
  const std::string places = Number(6, 2) + Number(2, 2) + Number(2, 2) + Number(0, 2) +
                             Number(2, 4) + Number(3, 4) + Number(4, 4) + Number(0, 2) +
                             Number(6, 4) + Number(7, 4) + Number(8, 4);
  return File({{1, Person()},
               {3, LeadsOf({1}, 8, 1)},
               {4, places},
               {5, Wave(1000, 2000, 0, {Samples({10, 20, 30})})},
               {6, Wave(1000, 2000, 0, {Samples({1, 1, 1, 1, 1, 1, 1, 1})})}});
}

// A ramp of 500 Hz of which four samples in a row have one mean, but for a protected complex of
// four samples and what belongs to a beat of three taken off there: 0 4 ... 44 with a peak of 1000.
inline std::string Bimodal() {
  const std::string places = Number(6, 2) + Number(2, 2) + Number(1, 2) + Number(0, 2) +
                             Number(10, 4) + Number(11, 4) + Number(12, 4) + Number(9, 4) +
                             Number(12, 4);
  std::string rhythm =
      Wave(1000, 8000, 1, {Samples({6, 16, 10, 4, 4, 4, 10, 16, 8})});  // 6 22 32 36 40 44 54 70 78
  rhythm[5] = 1;
  return File({{1, Person()},
               {3, LeadsOf({1}, 22, 1)},
               {4, places},
               {5, Wave(1000, 2000, 0, {Samples({0, 1000, 0})})},
               {6, rhythm}});
}

}  // namespace ecg::scp::test
