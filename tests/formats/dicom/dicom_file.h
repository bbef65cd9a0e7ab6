// DICOM waveforms made by hand.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ecg::dicom::test {

inline std::string Number(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFF);
  return text;
}

// Writes elements, explicit or implicit, little endian.
struct Writer {
  bool is_explicit = true;

  std::string Element(std::uint32_t tag, const std::string& type, std::string value) const {
    if (value.size() % 2 != 0) value += type == "UI" ? '\0' : ' ';
    std::string bytes = Number(tag >> 16, 2) + Number(tag & 0xFFFF, 2);
    if (!is_explicit) return bytes + Number(value.size(), 4) + value;
    bytes += type;
    const bool wide = type == "SQ" || type == "OW";
    return bytes + (wide ? Number(0, 2) + Number(value.size(), 4) : Number(value.size(), 2)) +
           value;
  }

  // Of undefined length, as are its items.
  std::string Sequence(std::uint32_t tag, const std::vector<std::string>& items) const {
    std::string bytes = Number(tag >> 16, 2) + Number(tag & 0xFFFF, 2);
    if (is_explicit) bytes += "SQ" + Number(0, 2);
    bytes += Number(0xFFFFFFFF, 4);
    for (const std::string& item : items) {
      bytes += Number(0xFFFE, 2) + Number(0xE000, 2) + Number(0xFFFFFFFF, 4) + item +
               Number(0xFFFE, 2) + Number(0xE00D, 2) + Number(0, 4);
    }
    return bytes + Number(0xFFFE, 2) + Number(0xE0DD, 2) + Number(0, 4);
  }

  std::string Channel(const std::string& meaning, const std::string& unit) const {
    return Sequence(0x003A0208,
                    {Element(0x00080100, "SH", "5.6.3-9-1") + Element(0x00080104, "LO", meaning)}) +
           Element(0x003A0210, "DS", "2.5") +
           Sequence(0x003A0211, {Element(0x00080100, "SH", unit)}) +
           Element(0x003A0212, "DS", "2") + Element(0x003A0213, "DS", "0");
  }

  std::string Group(const std::string& label, int bits, const std::string& kind,
                    const std::string& data) const {
    return Element(0x003A0005, "US", Number(2, 2)) + Element(0x003A0010, "UL", Number(2, 4)) +
           Element(0x003A001A, "DS", "500") + Element(0x003A0020, "SH", label) +
           Sequence(0x003A0200, {Channel("Lead I (Einthoven)", "uV"), Channel("V2", "mV")}) +
           Element(0x54001004, "US", Number(static_cast<unsigned>(bits), 2)) +
           Element(0x54001006, "CS", kind) + Element(0x5400100A, "OW", Number(0x8000, 2)) +
           Element(0x54001010, "OW", data);
  }

  std::string Measurement(const std::string& meaning, const std::string& unit,
                          const std::string& number) const {
    return Sequence(0x004008EA, {Element(0x00080100, "SH", unit)}) +
           Sequence(0x0040A043, {Element(0x00080104, "LO", meaning)}) +
           Element(0x0040A30A, "DS", number);
  }

  std::string Object(const std::vector<std::string>& groups) const {
    return Element(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.9.1.1") +
           Element(0x0008002A, "DT", "20021122091000") + Element(0x00081090, "LO", "ELI250") +
           Element(0x00100010, "PN", "Doe^John") + Element(0x00100030, "DA", "19530508") +
           Element(0x00100040, "CS", "M") +
           Sequence(
               0x0040B020,
               {Element(0x00700006, "ST", "Normal ECG"), Measurement("PR Interval", "ms", "148"),
                Measurement("QT Interval", "s", "0.42"), Measurement("PP Interval", "ms", "0")}) +
           Sequence(0x54000100, groups);
  }
};

inline std::string Marked(const std::string& syntax, const std::string& object) {
  return std::string(128, '\0') + "DICM" + Writer{true}.Element(0x00020010, "UI", syntax) + object;
}

inline const std::string kRhythm =
    Number(4, 2) + Number(1, 2) + Number(0x8000, 2) + Number(0xFFFF, 2);

inline std::string Explicit() {
  const Writer w{true};
  return Marked("1.2.840.10008.1.2.1", w.Object({w.Group("RHYTHM", 16, "SS", kRhythm),
                                                 w.Group("MEDIAN BEAT", 16, "SS", kRhythm)}));
}

inline std::string Implicit() {
  const Writer w{false};
  return Marked("1.2.840.10008.1.2", w.Object({w.Group("RHYTHM", 16, "SS", kRhythm)}));
}

}  // namespace ecg::dicom::test
