#include "src/formats/gdf/header.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/record/signal_file.h"
#include "src/formats/gdf/units.h"
#include "src/record/bytes.h"

namespace ecg::gdf {
namespace {

using record::Load;

constexpr std::size_t kFixedBytes = 256, kChannelBytes = 256;
constexpr std::size_t kMostChannels = 4096;
constexpr double kMostRecordSeconds = 1e6;

// Of days since the first of January of year 0, the second half of the number being a fraction; 0
// where it is not known.
struct Moment {
  std::optional<record::Date> date;
  double time = 0;  // seconds since midnight
};

Moment MomentOf(std::uint64_t fixed) {
  Moment moment;
  if (fixed == 0) return moment;
  // Years of the Gregorian calendar begin in March here, so that a leap day is a year's last.
  constexpr int kToMarch = 60, kDaysOf400 = 146097;
  const int days = static_cast<int>(fixed >> 32 & 0xFFFFFFF) - kToMarch - 1;
  if (days < 0) return moment;
  const int era = days / kDaysOf400, day_of_era = days % kDaysOf400;
  const int year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int month = (5 * day_of_year + 2) / 153;
  const int day = day_of_year - (153 * month + 2) / 5 + 1;
  const int year = era * 400 + year_of_era + (month >= 10 ? 1 : 0);
  moment.date = record::MakeDate(year, month < 10 ? month + 3 : month - 9, day);
  moment.time = static_cast<double>(fixed & 0xFFFFFFFF) / 4294967296.0 * 86400;
  return moment;
}

// Digits alone, as in "20060131".
std::optional<int> Digits(std::string_view text) {
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return {};
    number = number * 10 + (c - '0');
  }
  return number;
}

class Parser {
 public:
  explicit Parser(const InputFile& file) : file_(file) {}

  Result<Header> Parse() {
    for (const auto read : {&Parser::ReadFixed, &Parser::ReadChannels, &Parser::MeasureData}) {
      if (const Status status = (this->*read)(); !status.ok()) return status.error();
    }
    return std::move(header_);
  }

 private:
  Error Fail(std::string message, std::string field) const {
    return InputError(std::move(message), file_.path().string(), 0, std::move(field));
  }

  Status LoadBytes(std::size_t offset, std::size_t count) {
    bytes_.resize(count);
    const Result<std::size_t> got = file_.ReadAt(offset, bytes_.data(), count);
    if (!got.ok()) return got.error();
    return *got == count ? Status() : Fail("the file ends within it", "header");
  }

  std::string_view At(std::size_t offset, std::size_t width) const {
    return std::string_view(bytes_).substr(offset, width);
  }

  template <typename T>
  T Number(std::size_t offset) const {
    return Load<T>(bytes_.data() + offset);
  }

  Status ReadFixed() {
    if (const Status loaded = LoadBytes(0, kFixedBytes); !loaded.ok()) return loaded;
    const auto version = ParseDecimal(Trim(At(4, 4)));
    if (At(0, 4) != "GDF " || !version || !(*version >= 1 && *version < 4)) {
      return Fail("of no version that is read: " + record::FixedText(At(0, 8)), "version");
    }
    version_ = *version;
    header_.stated_records = Number<std::int64_t>(236);
    if (header_.stated_records < -1) return Fail("is no count", "number of data records");
    channel_count_ = IsFirst() ? Number<std::uint32_t>(252) : Number<std::uint16_t>(252);
    if (channel_count_ == 0 || channel_count_ > kMostChannels) {
      return Fail("is no number of channels: " + std::to_string(channel_count_),
                  "number of channels");
    }
    if (const Status duration = ReadDuration(); !duration.ok()) return duration;
    // The first version counts bytes, the second blocks.
    const std::uint64_t stated =
        IsFirst() ? Number<std::uint64_t>(184) : std::uint64_t{Number<std::uint16_t>(184)} * 256;
    if (stated < kFixedBytes + channel_count_ * kChannelBytes || stated > file_.size()) {
      return Fail("does not fit " + Counted(channel_count_, "channel"), "header length");
    }
    header_.header_bytes = stated;
    IsFirst() ? ReadFirstPerson() : ReadPerson();
    return {};
  }

  bool IsFirst() const { return version_ < 1.9; }

  Status ReadDuration() {
    constexpr double kFirstOfSeconds = 2.205;  // version 2.21, which says it as one number
    double& seconds = header_.record_seconds;
    if (version_ > kFirstOfSeconds) {
      seconds = Number<double>(244);
    } else {
      const double parts = Number<std::uint32_t>(248);
      seconds = parts == 0 ? 0 : Number<std::uint32_t>(244) / parts;
    }
    if (seconds > 0 && seconds <= kMostRecordSeconds) return {};
    return Fail("is no duration", "duration of a data record");
  }

  // Text of 16 digits: year to hundredths of a second.
  void ReadFirstPerson() {
    const auto year = Digits(At(168, 4)), month = Digits(At(172, 2)), day = Digits(At(174, 2));
    const auto hour = Digits(At(176, 2)), minute = Digits(At(178, 2)), second = Digits(At(180, 2));
    if (year && month && day) header_.acquisition.date = record::MakeDate(*year, *month, *day);
    if (hour && minute && second && *hour < 24 && *minute < 60 && *second < 60) {
      header_.acquisition.time = *hour * 3600 + *minute * 60 + *second;
    }
  }

  void ReadPerson() {
    const unsigned sex = static_cast<unsigned char>(bytes_[87]) & 3U;
    if (sex == 1) header_.sex = record::Sex::kMale;
    if (sex == 2) header_.sex = record::Sex::kFemale;
    const Moment start = MomentOf(Number<std::uint64_t>(168));
    const Moment birth = MomentOf(Number<std::uint64_t>(176));
    if (!start.date) return;
    header_.acquisition.date = start.date;
    header_.acquisition.time = std::floor(start.time);
    if (birth.date) header_.age = record::AgeBetween(*birth.date, *start.date);
  }

  // Where a field of a channel stands: fields are columns, `before` is what the others take of a
  // channel.
  std::size_t Cell(std::size_t before, std::size_t width, std::size_t channel) const {
    return before * channel_count_ + width * channel;
  }

  Status ReadChannels() {
    const Status loaded = LoadBytes(kFixedBytes, channel_count_ * kChannelBytes);
    if (!loaded.ok()) return loaded;
    for (std::size_t i = 0; i < channel_count_; ++i) {
      Channel channel;
      channel.label = record::FixedText(At(Cell(0, 16, i), 16));
      channel.units = IsFirst() ? record::FixedText(At(Cell(96, 8, i), 8))
                                : UnitOfCode(Number<std::uint16_t>(Cell(102, 2, i)));
      channel.prefilter = Filter(i);
      channel.samples = Number<std::uint32_t>(Cell(216, 4, i));
      channel.type = static_cast<SampleType>(Number<std::uint32_t>(Cell(220, 4, i)));
      const std::size_t bytes = BytesOf(channel.type);
      if (bytes == 0) {
        return Fail("samples of type " + std::to_string(static_cast<std::uint32_t>(channel.type)) +
                        " are not read, of channel " + std::to_string(i + 1),
                    "type of data");
      }
      ReadScale(i, channel);
      channel.begin = header_.record_bytes;
      header_.record_bytes += channel.samples * bytes;
      header_.channels.push_back(std::move(channel));
    }
    return {};
  }

  // In words of version 1; in frequencies of version 2, where 0 and NaN are none.
  std::string Filter(std::size_t channel) const {
    if (IsFirst()) return record::FixedText(At(Cell(136, 80, channel), 80));
    std::vector<std::string> filters;
    const char* names[] = {"lowpass ", "highpass ", "notch "};
    for (std::size_t i = 0; i < 3; ++i) {
      const auto hertz = static_cast<double>(Number<float>(Cell(204 + 4 * i, 4, channel)));
      if (hertz > 0 && std::isfinite(hertz)) {
        filters.push_back(names[i] + FormatDouble(hertz) + " Hz");
      }
    }
    return Join(filters, ", ");
  }

  // Digital limits are integers in version 1.
  void ReadScale(std::size_t i, Channel& channel) const {
    const auto digital = [&](std::size_t before) {
      const std::size_t at = Cell(before, 8, i);
      return IsFirst() ? static_cast<double>(Number<std::int64_t>(at)) : Number<double>(at);
    };
    const double low = Number<double>(Cell(104, 8, i)), high = Number<double>(Cell(112, 8, i));
    const double first = digital(120), last = digital(128);
    channel.factor = (high - low) / (last - first);
    channel.offset = low - first * channel.factor;
    channel.scaled = low != high && first != last && std::isfinite(channel.factor) &&
                     std::isfinite(channel.offset);
  }

  Status MeasureData() {
    if (header_.record_bytes == 0) return Fail("holds no samples", "number of channels");
    header_.records = (file_.size() - header_.header_bytes) / header_.record_bytes;
    if (header_.stated_records >= 0) {
      header_.records =
          std::min(header_.records, static_cast<std::uint64_t>(header_.stated_records));
    }
    return header_.records > 0 ? Status()
                               : Fail("holds no whole data record", "number of data records");
  }

  const InputFile& file_;
  std::string bytes_;
  double version_ = 0;
  std::size_t channel_count_ = 0;
  Header header_;
};

}  // namespace

std::size_t BytesOf(SampleType type) {
  switch (type) {
    case SampleType::kInt8:
    case SampleType::kUint8:
      return 1;
    case SampleType::kInt16:
    case SampleType::kUint16:
      return 2;
    case SampleType::kInt24:
    case SampleType::kUint24:
      return 3;
    case SampleType::kInt32:
    case SampleType::kUint32:
    case SampleType::kFloat32:
      return 4;
    case SampleType::kInt64:
    case SampleType::kUint64:
    case SampleType::kFloat64:
      return 8;
  }
  return 0;
}

Result<Header> ReadHeader(const InputFile& file) { return Parser(file).Parse(); }

}  // namespace ecg::gdf
