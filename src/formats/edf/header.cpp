#include "src/formats/edf/header.h"

#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/record/info_lines.h"
#include "ecg/record/signal_file.h"
#include "src/record/bytes.h"

namespace ecg::edf {
namespace {

constexpr std::size_t kFixedBytes = 256, kSignalBytes = 256;
constexpr double kMaxRecordSeconds = 1e6;

// Fields of the fixed part: offset and width.
struct Field {
  std::size_t offset, width;
  const char* name;
};
constexpr Field kPatient = {8, 80, "patient"}, kRecording = {88, 80, "recording"},
                kDate = {168, 8, "startdate"}, kTime = {176, 8, "starttime"},
                kHeaderBytes = {184, 8, "header bytes"}, kReserved = {192, 44, "reserved"},
                kRecords = {236, 8, "number of data records"},
                kDuration = {244, 8, "duration of a data record"},
                kSignals = {252, 4, "number of signals"};

// "02-AUG-1951"; nothing for "X".
std::optional<record::Date> ParseDate(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                        "jul", "aug", "sep", "oct", "nov", "dec"};
  const std::vector<std::string_view> parts = Split(text, '-');
  if (parts.size() != 3) return {};
  const auto day = ParseInt(parts[0]), year = ParseInt(parts[2]);
  if (!day || !year || *day > 31 || *year > 9999) return {};
  for (std::size_t m = 0; m < kMonths.size(); ++m) {
    if (ToLower(parts[1]) != kMonths[m]) continue;
    return record::MakeDate(static_cast<int>(*year), static_cast<int>(m) + 1,
                            static_cast<int>(*day));
  }
  return {};
}

// Three numbers with dots between them.
std::optional<std::array<int, 3>> ParseDotted(std::string_view text) {
  const std::vector<std::string_view> parts = Split(text, '.');
  if (parts.size() != 3) return {};
  std::array<int, 3> numbers{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto number = ParseInt(Trim(parts[i]));
    if (!number || *number < 0 || *number > 99) return {};
    numbers[i] = static_cast<int>(*number);
  }
  return numbers;
}

class Parser {
 public:
  explicit Parser(const InputFile& file) : file_(file) {}

  Result<Header> Parse() {
    if (const Status fixed = ReadFixed(); !fixed.ok()) return fixed.error();
    ReadPerson();
    if (const Status signals = ReadSignals(); !signals.ok()) return signals.error();
    if (const Status data = MeasureData(); !data.ok()) return data.error();
    return std::move(header_);
  }

 private:
  Error Fail(std::string message, std::string field) const {
    return InputError(std::move(message), file_.path().string(), 0, std::move(field));
  }

  Status Load(std::size_t offset, std::size_t count) {
    bytes_.resize(count);
    const Result<std::size_t> got = file_.ReadAt(offset, bytes_.data(), count);
    if (!got.ok()) return got.error();
    return *got == count ? Status() : Fail("the file ends within it", "header");
  }

  std::string Text(const Field& field) const {
    return record::FixedText(std::string_view(bytes_).substr(field.offset, field.width));
  }

  Status ReadFixed() {
    if (const Status loaded = Load(0, kFixedBytes); !loaded.ok()) return loaded;
    header_.sample_bytes = bytes_[0] == '\xFF' ? 3 : 2;
    reserved_ = Text(kReserved);
    header_.discontinuous = reserved_.substr(0, 5) == "EDF+D" || reserved_.substr(0, 5) == "BDF+D";
    const auto count = ParseInt(Text(kSignals));
    if (!count || *count < 0) return Fail("is no count", kSignals.name);
    signal_count_ = static_cast<std::size_t>(*count);
    const auto records = ParseInt(Text(kRecords));
    if (!records || *records < -1) return Fail("is no count", kRecords.name);
    header_.stated_records = *records;
    const auto seconds = ParseDecimal(Text(kDuration));
    if (!seconds || !(*seconds >= 0 && *seconds <= kMaxRecordSeconds)) {
      return Fail("is no duration", kDuration.name);
    }
    header_.record_seconds = *seconds;
    const auto header_bytes = ParseInt(Text(kHeaderBytes));
    header_.header_bytes = kFixedBytes + signal_count_ * kSignalBytes;
    if (header_bytes && *header_bytes == static_cast<std::int64_t>(header_.header_bytes)) return {};
    return Fail("does not fit " + Counted(signal_count_, "signal"), kHeaderBytes.name);
  }

  // EDF+ orders what EDF leaves to the writer: code, sex, birthdate, name; start and equipment.
  void ReadPerson() {
    const auto date = ParseDotted(Text(kDate)), time = ParseDotted(Text(kTime));
    record::Acquisition& acquisition = header_.acquisition;
    if (date) {  // years from 1985 to 2084
      const int year = (*date)[2] + ((*date)[2] < 85 ? 2000 : 1900);
      acquisition.date = record::MakeDate(year, (*date)[1], (*date)[0]);
    }
    if (time && (*time)[0] < 24 && (*time)[1] < 60 && (*time)[2] < 60) {
      acquisition.time = (*time)[0] * 3600 + (*time)[1] * 60 + (*time)[2];
    }
    if (reserved_.substr(0, 4) != "EDF+" && reserved_.substr(0, 4) != "BDF+") return;
    const std::string recording = Text(kRecording), patient = Text(kPatient);
    const std::vector<std::string_view> made = Split(recording, ' ');
    if (made.size() > 1) {
      if (const auto start = ParseDate(made[1])) acquisition.date = start;
      // Then the fixed fields hold the first moment that they can say.
      if (made[1] == "X") acquisition = {};
    }
    if (made.size() > 4 && made[4] != "X") acquisition.device = std::string(made[4]);
    const std::vector<std::string_view> person = Split(patient, ' ');
    if (!person.front().empty() && person.front() != "X") {
      header_.patient_code = std::string(person.front());
    }
    if (person.size() > 1) header_.sex = record::ParseSex(person[1]);
    const auto birth = person.size() > 2 ? ParseDate(person[2]) : std::nullopt;
    if (birth && acquisition.date) header_.age = record::AgeBetween(*birth, *acquisition.date);
    // As we write it into a further subfield.
    constexpr std::string_view kAge = "age=";
    for (std::size_t i = 4; i < person.size() && !header_.age; ++i) {
      if (person[i].substr(0, kAge.size()) == kAge) {
        header_.age = record::ParseAge(person[i].substr(kAge.size()));
      }
    }
  }

  // The column of one field of all signals.
  std::string Cell(std::size_t before, std::size_t width, std::size_t signal) const {
    return record::FixedText(
        std::string_view(bytes_).substr(before * signal_count_ + width * signal, width));
  }

  Status ReadSignals() {
    if (const Status loaded = Load(kFixedBytes, signal_count_ * kSignalBytes); !loaded.ok()) {
      return loaded;
    }
    for (std::size_t i = 0; i < signal_count_; ++i) {
      Signal signal;
      signal.label = Cell(0, 16, i);
      signal.units = Cell(96, 8, i);
      signal.prefilter = Cell(136, 80, i);
      signal.annotations = signal.label == "EDF Annotations" || signal.label == "BDF Annotations";
      const auto samples = ParseInt(Cell(216, 8, i));
      if (!samples || *samples < 0 || *samples > std::int64_t{1} << 32) {
        return Fail("is no count: " + signal.label, "samples in a data record");
      }
      signal.samples = static_cast<std::size_t>(*samples);
      ReadScale(i, signal);
      signal.begin = header_.record_bytes;
      header_.record_bytes += signal.samples * header_.sample_bytes;
      header_.signals.push_back(std::move(signal));
    }
    return {};
  }

  void ReadScale(std::size_t i, Signal& signal) const {
    const auto low = ParseDecimal(Cell(104, 8, i)), high = ParseDecimal(Cell(112, 8, i));
    const auto first = ParseDecimal(Cell(120, 8, i)), last = ParseDecimal(Cell(128, 8, i));
    signal.scaled = low && high && first && last && *low != *high && *first != *last &&
                    std::isfinite(*low) && std::isfinite(*high) && std::isfinite(*first) &&
                    std::isfinite(*last);
    if (!signal.scaled) return;
    signal.factor = (*high - *low) / (*last - *first);
    signal.offset = *low - *first * signal.factor;
  }

  Status MeasureData() {
    if (header_.record_bytes == 0) return Fail("holds no samples", kSignals.name);
    const std::uint64_t data =
        file_.size() > header_.header_bytes ? file_.size() - header_.header_bytes : 0;
    header_.records = data / header_.record_bytes;
    if (header_.stated_records >= 0) {
      header_.records =
          std::min(header_.records, static_cast<std::uint64_t>(header_.stated_records));
    }
    return header_.records > 0 ? Status() : Fail("holds no whole data record", kRecords.name);
  }

  const InputFile& file_;
  std::string bytes_;
  std::string reserved_;
  std::size_t signal_count_ = 0;
  Header header_;
};

}  // namespace

Result<Header> ReadHeader(const InputFile& file) { return Parser(file).Parse(); }

}  // namespace ecg::edf
