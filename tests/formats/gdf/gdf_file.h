// GDF files made by hand.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace ecg::gdf::test {

template <typename T>
std::string Bytes(T value) {
  std::string bytes(sizeof(T), '\0');
  std::memcpy(bytes.data(), &value, sizeof(T));
  return bytes;
}

inline std::string Padded(std::string text, std::size_t width, char with = ' ') {
  text.resize(width, with);
  return text;
}

struct MadeChannel {
  std::string label = "II";
  std::uint32_t type = 3;
  std::string unit = "uV";            // version 1
  std::uint16_t code = 4275;          // version 2: uV
  double low = -1000, high = 1000;    // physical
  double first = -2000, last = 2000;  // digital
  std::uint32_t samples = 3;          // in a data record
};

// Days since year 0 as versions from 2 on have them; `fraction` of a day.
inline std::uint64_t Moment(std::uint64_t days, double fraction = 0) {
  return days << 32 | static_cast<std::uint64_t>(fraction * 4294967296.0);
}

struct MadeFile {
  std::string version = "GDF 2.10";
  std::int64_t records = 2;
  std::uint32_t numerator = 1, denominator = 100;  // of seconds a data record takes
  std::vector<MadeChannel> channels = {MadeChannel()};
  std::string data = std::string("\x01\0\x02\0\x03\0\x04\0\x05\0\xF8\xFF", 12);

  std::string Text() const {
    const bool first = version < "GDF 1.9";
    const auto count = static_cast<std::uint32_t>(channels.size());
    std::string text = version;
    if (first) {
      text += Padded("X", 80) + Padded("X", 80) + "2006013112301599" +
              Bytes<std::int64_t>(256 * (count + 1)) + std::string(44, '\0');
    } else {
      // Born on 2 August 1951, recorded on 2 March 2002 at noon: days as MATLAB counts them.
      text += Padded("X X", 76) + std::string(3, '\0') + "\x02" + Padded("X", 80) +
              Bytes(Moment(731277, 0.5)) + Bytes(Moment(712803)) +
              Bytes(static_cast<std::uint16_t>(count + 1)) + std::string(50, '\0');
    }
    text += Bytes(records);
    if (version > "GDF 2.205") {
      text += Bytes(static_cast<double>(numerator) / denominator);
    } else {
      text += Bytes(numerator) + Bytes(denominator);
    }
    text += Bytes(count);
    const auto column = [&](auto&& of) {
      for (const MadeChannel& channel : channels) text += of(channel);
    };
    column([](const MadeChannel& c) { return Padded(c.label, 16); });
    column([](const MadeChannel&) { return Padded("electrode", 80); });
    column([&](const MadeChannel& c) { return first ? Padded(c.unit, 8) : Padded("", 6); });
    if (!first) column([](const MadeChannel& c) { return Bytes(c.code); });
    column([](const MadeChannel& c) { return Bytes(c.low); });
    column([](const MadeChannel& c) { return Bytes(c.high); });
    const auto digital = [&](double value) {
      return first ? Bytes(static_cast<std::int64_t>(value)) : Bytes(value);
    };
    column([&](const MadeChannel& c) { return digital(c.first); });
    column([&](const MadeChannel& c) { return digital(c.last); });
    column(
        [&](const MadeChannel&) { return first ? Padded("HP 0.5", 80) : std::string(68, '\0'); });
    if (!first) {
      for (const float hertz : {150.0F, 0.5F, 0.0F}) {
        column([&](const MadeChannel&) { return Bytes(hertz); });
      }
    }
    column([](const MadeChannel& c) { return Bytes(c.samples); });
    column([](const MadeChannel& c) { return Bytes(c.type); });
    column([](const MadeChannel&) { return std::string(32, '\0'); });
    return text + data;
  }
};

// Two channels of different rates and types, a temperature between them.
inline MadeFile Mixed(const std::string& version) {
  MadeFile file;
  file.version = version;
  file.channels.resize(3);
  file.channels[1] = {"temperature", 17, "C", 6048, 0, 100, 0, 100, 1};
  file.channels[2] = {"V1", 255 + 24, "mV", 4274, -1, 1, -1000, 1000, 3};
  file.data.clear();
  for (int record = 0; record < 2; ++record) {
    file.data += std::string("\x01\0\x02\0\x03\0", 6) + Bytes(36.5) +
                 std::string("\x0A\0\0\xF6\xFF\xFF\0\0\0", 9);
  }
  return file;
}

}  // namespace ecg::gdf::test
