#include "src/formats/xml/document.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/core/text_encoding.h"
#include "src/record/bytes.h"

namespace ecg::xml {
namespace {

// The digits of a text as a number.
std::optional<int> Digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return {};
  const auto number = ParseInt(text.substr(at, count));
  if (!number || *number < 0) return {};
  return static_cast<int>(*number);
}

constexpr int Base64Value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

// Of each character; -1 for what is no digit.
constexpr std::array<std::int8_t, 256> MakeBase64Values() {
  std::array<std::int8_t, 256> values{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<std::int8_t>(Base64Value(static_cast<char>(i)));
  }
  return values;
}
constexpr std::array<std::int8_t, 256> kBase64Values = MakeBase64Values();

int DigitOf(char c) { return kBase64Values[static_cast<unsigned char>(c)]; }

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Decodes groups of four digits as long as there are whole ones, and returns how many characters
// they were.
std::size_t DecodeGroups(std::string_view text, char*& out) {
  std::size_t at = 0;
  for (; at + 4 <= text.size(); at += 4) {
    const int a = DigitOf(text[at]), b = DigitOf(text[at + 1]), c = DigitOf(text[at + 2]),
              d = DigitOf(text[at + 3]);
    if ((a | b | c | d) < 0) break;
    const int group = a << 18 | b << 12 | c << 6 | d;
    *out++ = static_cast<char>(group >> 16);
    *out++ = static_cast<char>(group >> 8 & 0xFF);
    *out++ = static_cast<char>(group & 0xFF);
  }
  return at;
}

// Whether it stands between numbers; as a table, since it is asked of every character.
constexpr std::array<bool, 256> MakeSeparators() {
  std::array<bool, 256> are{};
  for (const char c : {' ', '\t', '\r', '\n', ','}) are[static_cast<unsigned char>(c)] = true;
  return are;
}
constexpr std::array<bool, 256> kSeparators = MakeSeparators();

bool IsSeparator(char c) { return kSeparators[static_cast<unsigned char>(c)]; }

// The whole number of up to nine digits, as most samples are, that begins at `at`, which is then
// behind it; nothing, and `at` stays, where what stands there is written otherwise.
std::optional<float> TakeShortNumber(std::string_view text, std::size_t& at) {
  constexpr std::size_t kMostDigits = 9;
  const bool negative = text[at] == '-';
  const std::size_t first = at + (negative ? 1 : 0);
  std::size_t end = first;
  std::int32_t number = 0;
  for (; end < text.size() && end - first <= kMostDigits; ++end) {
    const auto digit = static_cast<unsigned char>(text[end] - '0');
    if (digit > 9) break;
    number = static_cast<std::int32_t>(static_cast<std::uint32_t>(number) * 10 + digit);
  }
  if (end == first || end - first > kMostDigits) return {};
  if (end < text.size() && !IsSeparator(text[end])) return {};
  at = end;
  return static_cast<float>(negative ? -static_cast<double>(number) : number);
}

}  // namespace

Result<std::unique_ptr<pugi::xml_document>> Load(const std::filesystem::path& path) {
  const Result<std::string> bytes = ReadFile(path, kMostBytes);
  if (!bytes.ok()) return bytes.error();
  auto document = std::make_unique<pugi::xml_document>();
  const pugi::xml_parse_result parsed = document->load_buffer(bytes->data(), bytes->size());
  if (parsed) return document;
  const auto offset =
      std::min(static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, parsed.offset)), bytes->size());
  const auto lines =
      std::count(bytes->begin(), bytes->begin() + static_cast<std::ptrdiff_t>(offset), '\n');
  return InputError(std::string("is no sound XML: ") + parsed.description(), path.string(),
                    static_cast<std::size_t>(lines) + 1);
}

std::string_view LocalName(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node Child(const pugi::xml_node& node, std::string_view name) {
  for (const pugi::xml_node& child : node.children()) {
    if (LocalName(child) == name) return child;
  }
  return {};
}

pugi::xml_node At(const pugi::xml_node& node, std::string_view way) {
  pugi::xml_node at = node;
  for (const std::string_view name : Split(way, '/')) at = Child(at, name);
  return at;
}

std::vector<pugi::xml_node> Children(const pugi::xml_node& node, std::string_view name) {
  std::vector<pugi::xml_node> found;
  for (const pugi::xml_node& child : node.children()) {
    if (LocalName(child) == name) found.push_back(child);
  }
  return found;
}

std::string Text(const pugi::xml_node& node, std::string_view way) {
  return std::string(Trim(At(node, way).text().get()));
}

std::optional<double> Number(const pugi::xml_node& node, std::string_view way) {
  const std::string text = Text(node, way);
  const auto number = ParseDecimal(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

bool HasRoot(std::string_view begin, std::string_view name) {
  std::string buffer;
  // Of UTF-16 whole characters.
  const Result<std::string_view> decoded =
      DecodeText(begin.substr(0, begin.size() / 2 * 2), {}, buffer);
  if (!decoded.ok()) return false;
  std::string_view text = *decoded;
  while (true) {
    const std::size_t open = text.find('<');
    if (open == std::string_view::npos || !Trim(text.substr(0, open)).empty()) return false;
    text.remove_prefix(open + 1);
    if (text.empty()) return false;
    // A declaration, a document type or a comment before it.
    if (text.front() != '?' && text.front() != '!') break;
    const std::string_view end = text.substr(0, 3) == "!--" ? "-->" : ">";
    const std::size_t close = text.find(end);
    if (close == std::string_view::npos) return false;
    text.remove_prefix(close + end.size());
  }
  const std::string_view root = text.substr(0, text.find_first_of(" \t\r\n/>"));
  return root.find(name) != std::string_view::npos;
}

Result<std::string> DecodeBase64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  char* out = bytes.data();
  std::uint32_t group = 0;
  int bits = 0;
  while (!text.empty()) {
    if (bits == 0) {
      text.remove_prefix(DecodeGroups(text, out));
      if (text.empty()) break;
    }
    const char c = text.front();
    text.remove_prefix(1);
    if (IsBlank(c)) continue;
    if (c == '=') break;
    const int value = DigitOf(c);
    if (value < 0) return InputError("is no base64");
    group = group << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    *out++ = static_cast<char>(group >> bits & 0xFF);
  }
  bytes.resize(static_cast<std::size_t>(out - bytes.data()));
  return bytes;
}

std::vector<float> Samples16(std::string_view bytes) {
  std::vector<float> samples(bytes.size() / 2);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = static_cast<float>(record::Load<std::int16_t>(bytes.data() + 2 * i));
  }
  return samples;
}

Result<std::vector<float>> ParseNumbers(std::string_view text) {
  std::vector<float> numbers;
  numbers.reserve(text.size() / 4);
  std::size_t at = 0;
  while (true) {
    while (at < text.size() && IsSeparator(text[at])) ++at;
    if (at == text.size()) return numbers;
    if (const auto number = TakeShortNumber(text, at)) {
      numbers.push_back(*number);
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && !IsSeparator(text[at])) ++at;
    const auto number = ParseDouble(text.substr(begin, at - begin));
    if (!number) return InputError("holds what is no number");
    numbers.push_back(static_cast<float>(*number));
  }
}

std::optional<record::Date> ParseDate(std::string_view text, bool american) {
  text = Trim(text);
  const bool dashed =
      text.size() >= 10 && (text[american ? 2 : 4] == '-' || text[american ? 2 : 4] == '/');
  std::optional<int> year, month, day;
  if (american) {
    if (!dashed) return {};
    month = Digits(text, 0, 2), day = Digits(text, 3, 2), year = Digits(text, 6, 4);
  } else {
    year = Digits(text, 0, 4), month = Digits(text, dashed ? 5 : 4, 2),
    day = Digits(text, dashed ? 8 : 6, 2);
  }
  if (!year || !month || !day) return {};
  return record::MakeDate(*year, *month, *day);
}

std::optional<double> ParseTime(std::string_view text) {
  text = Trim(text);
  const bool colons = text.size() > 2 && text[2] == ':';
  const auto hour = Digits(text, 0, 2), minute = Digits(text, colons ? 3 : 2, 2);
  auto second = Digits(text, colons ? 6 : 4, 2);
  if (!second) second = 0;
  if (!hour || !minute || *hour > 23 || *minute > 59 || *second > 59) return {};
  return *hour * 3600 + *minute * 60 + *second;
}

Result<std::unique_ptr<record::RecordFile>> XmlReader::Open(const std::filesystem::path& path,
                                                            const record::OpenOptions& told) const {
  const auto document = Load(path);
  if (!document.ok()) return document.error();
  Content content;
  content.info.format = std::string(name_);
  if (const std::optional<Problem> problem = read_(**document, content)) {
    return InputError(problem->message, path.string(), 0, problem->field);
  }
  return Hold(path, told, std::move(content));
}

Result<std::unique_ptr<record::RecordFile>> XmlReader::Hold(const std::filesystem::path& path,
                                                            const record::OpenOptions& told,
                                                            Content content) {
  return record::HeldFile::Make(path, told, std::move(content.info), std::move(content.signals),
                                std::move(content.values), std::move(content.warnings));
}

}  // namespace ecg::xml
