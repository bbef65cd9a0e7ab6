// EDF files made by hand.
#pragma once

#include <string>
#include <vector>

namespace ecg::edf::test {

struct MadeSignal {
  std::string label = "ECG II";
  std::string units = "uV";
  std::string low = "-1000", high = "1000";    // physical
  std::string first = "-2000", last = "2000";  // digital
  std::vector<std::string> records;            // bytes of each data record
};

inline std::string Padded(std::string text, std::size_t width) {
  text.resize(width, ' ');
  return text;
}

struct MadeFile {
  std::string version = "0";  // "\xFF" "BIOSEMI" of BDF
  std::string patient = "X F 02-AUG-1951 X";
  std::string recording = "Startdate 02-MAR-2002 X X TestDevice";
  std::string reserved;
  std::string records;  // empty: as many as there are
  std::string seconds = "1";
  std::size_t sample_bytes = 2;
  std::vector<MadeSignal> signals;

  std::string Bytes() const {
    const std::size_t count = signals.front().records.size();
    std::string text = Padded(version, 8) + Padded(patient, 80) + Padded(recording, 80) +
                       "02.03.0212.30.15" + Padded(std::to_string(256 * (signals.size() + 1)), 8) +
                       Padded(reserved, 44) +
                       Padded(records.empty() ? std::to_string(count) : records, 8) +
                       Padded(seconds, 8) + Padded(std::to_string(signals.size()), 4);
    const auto column = [&](std::size_t width, auto&& of) {
      for (const MadeSignal& signal : signals) text += Padded(of(signal), width);
    };
    column(16, [](const MadeSignal& s) { return s.label; });
    column(80, [](const MadeSignal&) { return std::string("electrode"); });
    column(8, [](const MadeSignal& s) { return s.units; });
    column(8, [](const MadeSignal& s) { return s.low; });
    column(8, [](const MadeSignal& s) { return s.high; });
    column(8, [](const MadeSignal& s) { return s.first; });
    column(8, [](const MadeSignal& s) { return s.last; });
    column(80, [](const MadeSignal&) { return std::string("HP:0.05Hz"); });
    column(8, [&](const MadeSignal& s) {
      return std::to_string(s.records.front().size() / sample_bytes);
    });
    column(32, [](const MadeSignal&) { return std::string(); });
    for (std::size_t r = 0; r < count; ++r) {
      for (const MadeSignal& signal : signals) text += signal.records[r];
    }
    return text;
  }
};

// 16 bits, little endian.
inline std::string Samples(const std::vector<int>& values) {
  std::string bytes;
  for (const int value : values) {
    bytes += static_cast<char>(value & 0xFF);
    bytes += static_cast<char>(value >> 8 & 0xFF);
  }
  return bytes;
}

inline MadeSignal Annotations(const std::vector<std::string>& lists, std::size_t bytes) {
  MadeSignal signal{"EDF Annotations", "", "-1", "1", "-32768", "32767", {}};
  for (std::string list : lists) {
    list.resize(bytes, '\0');
    signal.records.push_back(list);
  }
  return signal;
}

// Two leads, one of half the rate, and a temperature; with a gap of two seconds.
inline MadeFile Discontinuous() {
  MadeFile file;
  file.reserved = "EDF+D";
  file.signals.push_back({"ECG II",
                          "uV",
                          "-1000",
                          "1000",
                          "-2000",
                          "2000",
                          {Samples({0, 2, 4, 6}), Samples({8, 10, -12, 14})}});
  file.signals.push_back({"V1",
                          "mV",
                          "-1",
                          "1",
                          "-2000",
                          "2000",
                          {Samples({2000, 0, 1, 2}), Samples({-2000, 3, 4, 5})}});
  file.signals.push_back({"ECG V2",
                          "uV",
                          "-1000",
                          "1000",
                          "-2000",
                          "2000",
                          {Samples({100, 200}), Samples({300, 400})}});
  file.signals.push_back({"Temp", "degC", "30", "40", "0", "100", {Samples({50}), Samples({60})}});
  file.signals.push_back(Annotations({"+0\x14\x14" + std::string(1, '\0') +
                                          "+0.5\x15"
                                          "1\x14"
                                          "start\x14",
                                      "+3\x14\x14"},
                                     40));
  return file;
}

}  // namespace ecg::edf::test
