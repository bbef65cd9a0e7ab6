#include "ecg/formats/wfdb/header.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/core/text_encoding.h"
#include "ecg/record/ecg_record.h"

namespace ecg::wfdb {
namespace {

constexpr int kMaxSamplesPerFrame = 1 << 20;
// 139 years at 1 kHz; times the samples of a frame it still fits in 64 bits.
constexpr std::uint64_t kMaxSamples = std::uint64_t{1} << 42;
// Gains beyond are mistakes, and would leave the range of single precision.
constexpr double kMinGain = 1e-15, kMaxGain = 1e15;

constexpr std::array<int, 14> kFormats = {0,   8,   16,  24,  32,  61,  80,
                                          160, 212, 310, 311, 508, 516, 524};

// signal(5) gives no default resolution for the newer formats; 12 is that of all others.
int DefaultResolution(Format format) {
  switch (format) {
    case Format::kOffset8:
      return 8;
    case Format::kOffset16:
      return 16;
    case Format::kPacked10:
    case Format::kPacked10Word:
      return 10;
    default:
      return 12;
  }
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes the leading number of a text off it. Unlike strtod it knows neither "inf" nor hexadecimal.
std::string_view TakeNumber(std::string_view& text) {
  std::size_t end = 0;
  if (end < text.size() && (text[end] == '+' || text[end] == '-')) ++end;
  while (end < text.size() && (IsDigit(text[end]) || text[end] == '.')) ++end;
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    std::size_t exponent = end + 1;
    if (exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-')) ++exponent;
    if (exponent < text.size() && IsDigit(text[exponent])) {
      while (exponent < text.size() && IsDigit(text[exponent])) ++exponent;
      end = exponent;
    }
  }
  const std::string_view number = text.substr(0, end);
  text.remove_prefix(end);
  return number;
}

// An integer, also where it is written as "16.0".
std::optional<std::int64_t> ParseIntegral(std::string_view text) {
  if (const auto value = ParseInt(text)) return value;
  const auto value = ParseDouble(text);
  if (!value || *value != std::floor(*value) || std::abs(*value) > 9007199254740992.0) return {};
  return static_cast<std::int64_t>(*value);
}

// The text between the parentheses that `text` starts with, taken off it.
std::optional<std::string_view> TakeParentheses(std::string_view& text) {
  if (text.empty() || text.front() != '(') return {};
  const std::size_t close = text.find(')');
  if (close == std::string_view::npos) return {};
  const std::string_view inner = text.substr(1, close - 1);
  text.remove_prefix(close + 1);
  return inner;
}

// HH:MM:SS, MM:SS or SS, the seconds with an optional fraction.
std::optional<double> ParseTime(std::string_view text) {
  const std::vector<std::string_view> parts = Split(text, ':');
  if (parts.size() > 3) return {};
  double seconds = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::string_view rest = parts[i];
    const std::string_view number = TakeNumber(rest);
    const auto value = ParseDouble(number);
    const bool last = i + 1 == parts.size();
    if (!rest.empty() || !value || *value < 0 || *value > 1e6) return {};
    if (!last && *value != std::floor(*value)) return {};
    seconds = seconds * 60 + *value;
  }
  return seconds;
}

std::optional<int> ParseMonth(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                        "jul", "aug", "sep", "oct", "nov", "dec"};
  const std::string lower = ToLower(text);
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (lower.size() >= 3 && lower.compare(0, 3, kMonths[i]) == 0) return static_cast<int>(i + 1);
  }
  const auto number = ParseInt(text);
  if (!number || *number < 1 || *number > 12) return {};
  return static_cast<int>(*number);
}

// DD/MM/YYYY, with dashes and with a month's name too.
std::optional<record::Date> ParseDate(std::string_view text) {
  const std::vector<std::string_view> parts =
      Split(text, text.find('/') != std::string_view::npos ? '/' : '-');
  if (parts.size() != 3) return {};
  const auto day = ParseInt(parts[0]);
  const auto month = ParseMonth(parts[1]);
  const auto year = ParseInt(parts[2]);
  if (!day || !month || !year || *day < 1 || *day > 31 || *year < 1 || *year > 9999) return {};
  return record::Date{static_cast<int>(*year), *month, static_cast<int>(*day)};
}

// The fields of a line, taken off one after the other.
class Fields {
 public:
  explicit Fields(std::string_view line) : rest_(Trim(line)) {}

  // The next field; empty when there is none.
  std::string_view Next() {
    std::size_t end = 0;
    while (end < rest_.size() && rest_[end] != ' ' && rest_[end] != '\t') ++end;
    const std::string_view field = rest_.substr(0, end);
    rest_ = Trim(rest_.substr(end));
    return field;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

class Parser {
 public:
  Parser(std::string_view text, const std::string& file) : text_(text) { header_.file = file; }

  Result<Header> Parse();

 private:
  // The next line that is not blank; comment lines go to the header's info.
  std::optional<std::string_view> NextLine();

  void ParseRecordLine(std::string_view line);
  void ParseRecordName(std::string_view field);
  void ParseRates(std::string_view field);
  void ParseTimeAndDate(Fields& fields);
  void ParseSignalLine(std::string_view line);
  void ParseFormat(std::string_view field, SignalHeader& signal);
  bool ParseGain(std::string_view field, SignalHeader& signal);
  void ParseSegmentLine(std::string_view line);
  void CheckGroups();
  void SumSegments();

  // An integer in [low, high]; anything else is an error.
  std::int64_t Integer(std::string_view text, const char* field, std::int64_t low,
                       std::int64_t high);
  std::optional<std::int64_t> OptionalInteger(std::string_view text, const char* field);

  // A name must be that of a file beside the header.
  void CheckName(const char* field, std::string_view name);
  void FailOnFolder(const char* field, std::string_view path);

  // Keeps the first error; parsing goes on with a default and stops at the end of the line.
  void Fail(const char* field, std::string message) {
    if (!error_) error_ = InputError(std::move(message), header_.file, line_, field);
  }
  void Warn(const char* field, std::string message) {
    header_.warnings.push_back(
        InputError(std::move(message), header_.file, line_, field).ToString());
  }

  std::string_view text_;
  std::size_t line_ = 0;
  std::size_t segment_count_ = 0;
  Header header_;
  std::optional<Error> error_;
};

// Foreign text in a message: short, printable.
std::string Quote(std::string_view text) {
  constexpr std::size_t kMaxLength = 40;
  std::string quoted = "'";
  for (const char c : text.substr(0, kMaxLength)) {
    quoted += c >= 0x20 && c < 0x7f ? c : '?';
  }
  return quoted + (text.size() > kMaxLength ? "...'" : "'");
}

std::optional<std::string_view> Parser::NextLine() {
  while (!text_.empty() && !error_) {
    const std::size_t end = std::min(text_.find('\n'), text_.size());
    const std::string_view line = Trim(text_.substr(0, end));
    text_.remove_prefix(std::min(end + 1, text_.size()));
    ++line_;
    if (line.empty()) continue;
    if (line.front() != '#') return line;
    if (line_ == 1 && line.compare(0, 6, "#wfdb ") == 0) continue;
    if (header_.info.size() == kMaxInfoLines) {
      Fail("comment", "more than " + std::to_string(kMaxInfoLines) + " comment lines");
      break;
    }
    header_.info.emplace_back(Trim(line.substr(1)));
  }
  return {};
}

std::int64_t Parser::Integer(std::string_view text, const char* field, std::int64_t low,
                             std::int64_t high) {
  const auto value = ParseIntegral(text);
  if (!value || *value < low || *value > high) {
    Fail(field, "expected an integer from " + std::to_string(low) + " to " + std::to_string(high) +
                    ", found " + Quote(text));
    return low;
  }
  return *value;
}

std::optional<std::int64_t> Parser::OptionalInteger(std::string_view text, const char* field) {
  if (text.empty()) return {};
  const auto value = ParseIntegral(text);
  if (!value) Fail(field, "expected an integer, found " + Quote(text));
  return value;
}

void Parser::FailOnFolder(const char* field, std::string_view path) {
  Fail(field, "holds a folder, expected a name beside this header: " + Quote(path));
}

void Parser::CheckName(const char* field, std::string_view name) {
  if (IsPlainFileName(name)) return;
  if (name.find_first_of("/\\") != std::string_view::npos) return FailOnFolder(field, name);
  Fail(field, "expected the name of a file, found " + Quote(name));
}

void Parser::ParseRecordName(std::string_view field) {
  const std::size_t slash = field.rfind('/');
  header_.name = std::string(field.substr(0, slash));
  CheckName("record name", header_.name);
  if (slash == std::string_view::npos) return;
  // Whatever no number can begin with is no number of segments: "folder/name".
  const std::string_view count = field.substr(slash + 1);
  if (!ParseIntegral(count) && IsPlainFileName(count)) return FailOnFolder("record name", field);
  segment_count_ = static_cast<std::size_t>(
      Integer(count, "number of segments", 1, static_cast<std::int64_t>(kMaxSegments)));
}

// fs[/counter frequency[(base counter)]]
void Parser::ParseRates(std::string_view field) {
  if (field.empty()) return;
  std::string_view rest = field;
  const auto rate = ParseDouble(TakeNumber(rest));
  if (!rate || !(*rate > 0) || !std::isfinite(*rate) ||
      (!rest.empty() && rest.front() != '/' && rest.front() != '(')) {
    return Fail("sampling frequency", "expected a number above 0, found " + Quote(field));
  }
  header_.sampling_rate = header_.counter_frequency = *rate;
  if (!rest.empty() && rest.front() == '/') {
    rest.remove_prefix(1);
    const auto counter = ParseDouble(TakeNumber(rest));
    if (!counter || !std::isfinite(*counter)) {
      return Fail("counter frequency", "expected a number after '/', found " + Quote(field));
    }
    if (*counter > 0) header_.counter_frequency = *counter;
  }
  if (const auto inner = TakeParentheses(rest)) {
    const auto base = ParseDouble(Trim(*inner));
    if (!base || !std::isfinite(*base)) {
      return Fail("base counter", "expected a number in parentheses, found " + Quote(field));
    }
    header_.base_counter = *base;
  }
  if (!rest.empty()) Fail("sampling frequency", "unexpected text " + Quote(rest));
}

// By the grammar the time comes first; the challenge's headers put the date before it.
void Parser::ParseTimeAndDate(Fields& fields) {
  for (std::string_view field = fields.Next(); !field.empty(); field = fields.Next()) {
    const std::optional<record::Date> date = ParseDate(field);
    const std::optional<double> time = date ? std::nullopt : ParseTime(field);
    if (date && !header_.base_date) {
      header_.base_date = date;
    } else if (time && !header_.base_time) {
      header_.base_time = time;
    } else {
      return Warn("base time", "passed over what is neither HH:MM:SS nor DD/MM/YYYY");
    }
  }
}

void Parser::ParseRecordLine(std::string_view line) {
  Fields fields(line);
  ParseRecordName(fields.Next());
  const std::string_view count = fields.Next();
  if (count.empty()) return Fail("number of signals", "missing");
  header_.signal_count = static_cast<std::size_t>(
      Integer(count, "number of signals", 0, static_cast<std::int64_t>(kMaxSignals)));
  ParseRates(fields.Next());
  if (const std::string_view samples = fields.Next(); !samples.empty()) {
    const std::int64_t value =
        Integer(samples, "number of samples", 0, static_cast<std::int64_t>(kMaxSamples));
    if (value > 0) header_.samples = static_cast<std::uint64_t>(value);
  }
  ParseTimeAndDate(fields);
}

// format[xspf][:skew][+offset], the three in any order.
void Parser::ParseFormat(std::string_view field, SignalHeader& signal) {
  std::string_view rest = field;
  const auto take_digits = [&rest] {
    const auto end = static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), IsDigit) -
                                              rest.begin());
    const std::string_view digits = rest.substr(0, end);
    rest.remove_prefix(end);
    return digits;
  };
  const auto number = ParseInt(take_digits());
  if (!number || std::find(kFormats.begin(), kFormats.end(), *number) == kFormats.end()) {
    return Fail("format",
                "expected one of 0, 8, 16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516,"
                " 524, found " +
                    Quote(field));
  }
  signal.format = static_cast<Format>(*number);
  while (!rest.empty()) {
    const char modifier = rest.front();
    rest.remove_prefix(1);
    const std::string_view digits = take_digits();
    if (modifier == 'x') {
      signal.samples_per_frame =
          static_cast<int>(Integer(digits, "samples per frame", 1, kMaxSamplesPerFrame));
    } else if (modifier == ':') {
      signal.skew = static_cast<int>(Integer(digits, "skew", 0, std::numeric_limits<int>::max()));
    } else if (modifier == '+') {
      signal.byte_offset =
          Integer(digits, "byte offset", 0, std::numeric_limits<std::int64_t>::max());
    } else {
      return Fail("format", "expected 'x', ':' or '+' after the number, found " + Quote(field));
    }
  }
}

// gain[(baseline)][/units]; true where it gives the baseline.
bool Parser::ParseGain(std::string_view field, SignalHeader& signal) {
  signal.calibrated = false;
  if (field.empty()) return false;
  std::string_view rest = field;
  const auto gain = ParseDouble(TakeNumber(rest));
  if (!gain || (*gain != 0 && !(std::abs(*gain) >= kMinGain && std::abs(*gain) <= kMaxGain))) {
    Fail("gain", "expected 0 or a magnitude from 1e-15 to 1e15, found " + Quote(field));
    return false;
  }
  if (*gain != 0) {
    signal.gain = *gain;
    signal.calibrated = true;
  }
  bool has_baseline = false;
  if (const auto inner = TakeParentheses(rest)) {
    if (const auto baseline = OptionalInteger(Trim(*inner), "baseline")) {
      signal.baseline = *baseline;
      has_baseline = true;
    }
  }
  if (rest.size() > 1 && rest.front() == '/') {
    signal.units = std::string(rest.substr(1));
  } else if (!rest.empty() && rest != "/") {
    Fail("gain", "expected gain(baseline)/units, found " + Quote(field));
  }
  return has_baseline;
}

void Parser::ParseSignalLine(std::string_view line) {
  SignalHeader& signal = header_.signals.emplace_back();
  signal.line = line_;
  Fields fields(line);
  signal.file = std::string(fields.Next());
  CheckName("file name", signal.file);
  ParseFormat(fields.Next(), signal);
  const bool has_baseline = ParseGain(fields.Next(), signal);
  const std::string_view resolution = fields.Next();
  signal.adc_resolution =
      static_cast<int>(resolution.empty() ? 0 : Integer(resolution, "ADC resolution", 0, 64));
  if (signal.adc_resolution == 0) signal.adc_resolution = DefaultResolution(signal.format);
  signal.adc_zero = OptionalInteger(fields.Next(), "ADC zero").value_or(0);
  if (!has_baseline) signal.baseline = signal.adc_zero;
  signal.initial_value = OptionalInteger(fields.Next(), "initial value");
  if (const auto checksum = OptionalInteger(fields.Next(), "checksum")) {
    signal.checksum = static_cast<std::uint16_t>(static_cast<std::uint64_t>(*checksum) & 0xffff);
  }
  signal.block_size = OptionalInteger(fields.Next(), "block size").value_or(0);
  signal.description = std::string(fields.rest());
  if (signal.description.empty()) {
    signal.description =
        "record " + header_.name + ", signal " + std::to_string(header_.signals.size() - 1);
  }
}

void Parser::ParseSegmentLine(std::string_view line) {
  SegmentHeader segment;
  segment.line = line_;
  Fields fields(line);
  segment.name = std::string(fields.Next());
  CheckName("segment name", segment.name);
  segment.samples = static_cast<std::uint64_t>(
      Integer(fields.Next(), "number of samples", 0, static_cast<std::int64_t>(kMaxSamples)));
  header_.segments.push_back(std::move(segment));
}

// Signals of one file stand together and agree in what concerns the file.
void Parser::CheckGroups() {
  std::vector<std::string_view> seen;
  for (std::size_t i = 0; i < header_.signals.size() && !error_; ++i) {
    const SignalHeader& signal = header_.signals[i];
    line_ = signal.line;
    if (signal.format == Format::kNull) continue;
    if (i > 0 && header_.signals[i - 1].file == signal.file &&
        header_.signals[i - 1].format != Format::kNull) {
      const SignalHeader& first = header_.signals[i - 1];
      if (first.format != signal.format) Fail("format", "differs within the file " + signal.file);
      if (first.byte_offset != signal.byte_offset) {
        Fail("byte offset", "differs within the file " + signal.file);
      }
      continue;
    }
    seen.push_back(signal.file);
  }
  std::sort(seen.begin(), seen.end());
  const auto twice = std::adjacent_find(seen.begin(), seen.end());
  if (twice != seen.end()) {
    Fail("file name", "the signals of " + std::string(*twice) + " do not stand together");
  }
}

void Parser::SumSegments() {
  std::uint64_t total = 0;
  for (const SegmentHeader& segment : header_.segments) {
    line_ = segment.line;
    total += segment.samples;
    if (total > kMaxSamples) return Fail("number of samples", "the segments' sum is too large");
  }
  if (header_.samples && *header_.samples != total) {
    line_ = 0;
    Warn("number of samples", "the record line says " + std::to_string(*header_.samples) +
                                  ", the segments have " + std::to_string(total));
  }
  header_.samples = total;
}

Result<Header> Parser::Parse() {
  const auto record_line = NextLine();
  if (!record_line) Fail("record line", "missing");
  if (record_line) ParseRecordLine(*record_line);
  const std::size_t expected = segment_count_ > 0 ? segment_count_ : header_.signal_count;
  if (segment_count_ == 0) header_.signals.reserve(header_.signal_count);
  for (std::size_t i = 0; i < expected && !error_; ++i) {
    const auto line = NextLine();
    if (!line) {
      Fail(segment_count_ > 0 ? "number of segments" : "number of signals",
           "the record line says " + std::to_string(expected) + ", found " + std::to_string(i));
    } else if (segment_count_ > 0) {
      ParseSegmentLine(*line);
    } else {
      ParseSignalLine(*line);
    }
  }
  std::size_t surplus = 0;
  for (auto line = NextLine(); line; line = NextLine()) {
    if (surplus++ == 0)
      Warn("text", "passed over " + Quote(*line) + " after the last expected line");
  }
  if (!error_) CheckGroups();
  if (!error_ && segment_count_ > 0) SumSegments();
  if (error_) return std::move(*error_);
  return std::move(header_);
}

}  // namespace

bool IsPlainFileName(std::string_view name) {
  const auto separates = [](char c) { return c == '/' || c == '\\' || c == '\0'; };
  return !name.empty() && name != "." && name != ".." &&
         std::none_of(name.begin(), name.end(), separates);
}

Result<Header> ParseHeader(std::string_view bytes, const std::string& file) {
  std::string buffer;
  const Result<std::string_view> text = DecodeText(bytes, file, buffer);
  if (!text.ok()) return text.error();
  return Parser(*text, file).Parse();
}

Result<Header> ReadHeader(const std::filesystem::path& path) {
  const Result<std::string> text = ReadFile(path, kMaxHeaderBytes);
  if (!text.ok()) return text.error();
  return ParseHeader(*text, path.string());
}

}  // namespace ecg::wfdb
