#include "ecg/record/info_lines.h"

#include <algorithm>
#include <initializer_list>

#include "ecg/core/text.h"

namespace ecg::record {
namespace {

bool IsWord(std::string_view word, std::string_view lower_case) {
  return word.size() == lower_case.size() &&
         std::equal(word.begin(), word.end(), lower_case.begin(),
                    [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a + 32 == b); });
}

// Years in one unit of an age; 0 for what is none. Behind three digits, as DICOM has them, a letter
// is a unit too; elsewhere an M may mean a man.
double YearsIn(std::string_view unit, bool as_in_dicom) {
  const auto is = [&](std::initializer_list<const char*> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](const char* word) { return IsWord(unit, word); });
  };
  constexpr double kDays = 365.25;  // in a year
  if (unit.empty() || is({"y", "yr", "yrs", "yo", "year", "years"})) return 1;
  if (is({"mo", "mos", "month", "months"}) || (as_in_dicom && is({"m"}))) return 1.0 / 12;
  if (is({"wk", "wks", "week", "weeks"}) || (as_in_dicom && is({"w"}))) return 7 / kDays;
  if (is({"day", "days"}) || (as_in_dicom && is({"d"}))) return 1 / kDays;
  return 0;
}

// "record NAME" is what converters write of the file that they made this one of.
bool IsProvenance(std::string_view source) {
  constexpr std::string_view kStart = "record ";
  return source.size() > kStart.size() && IsWord(source.substr(0, kStart.size()), kStart);
}

}  // namespace

bool InfoLine::Is(std::string_view lower_case) const { return IsWord(key, lower_case); }

InfoLine SplitInfoLine(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  std::string_view key = Trim(line.substr(0, colon));
  if (key.size() > 2 && key.front() == '<' && key.back() == '>') {
    key = key.substr(1, key.size() - 2);
  }
  return {key, Trim(line.substr(colon + 1))};
}

std::optional<double> ParseAge(std::string_view text) {
  std::string_view rest = Trim(text);
  const bool above = !rest.empty() && rest.front() == '>';
  if (above) rest.remove_prefix(1);
  const bool or_equal = above && !rest.empty() && rest.front() == '=';
  if (or_equal) rest.remove_prefix(1);
  rest = Trim(rest);
  const std::size_t end = std::min(rest.find_first_not_of("0123456789.,"), rest.size());
  const std::optional<double> number = ParseDecimal(rest.substr(0, end));
  std::string_view unit = Trim(rest.substr(end));
  if (!unit.empty() && unit.front() == '+') unit = Trim(unit.substr(1));
  const double years = YearsIn(unit, end == 3);
  if (!number || years == 0) return std::nullopt;
  // Who is over 89 is 90 or older.
  const double age = *number * years + (above && !or_equal && years == 1 ? 1 : 0);
  if (!(age >= 0 && age <= kOldest)) return std::nullopt;
  return age;
}

std::optional<Sex> ParseSex(std::string_view text) {
  const std::string_view word = Trim(text);
  if (IsWord(word, "female") || IsWord(word, "f")) return Sex::kFemale;
  if (IsWord(word, "male") || IsWord(word, "m")) return Sex::kMale;
  return {};
}

void PatientInfo::Read(const InfoLine& line) {
  if (!age && line.Is("age")) age = ParseAge(line.value);
  if (!sex && line.Is("sex")) sex = ParseSex(line.value);
  if (source.empty() && line.Is("source") && !IsProvenance(line.value)) source = line.value;
}

bool ReadInfoLine(const InfoLine& line, EcgInfo& info) {
  PatientInfo patient{info.age, info.sex, {}};
  patient.Read(line);
  info.age = patient.age;
  info.sex = patient.sex;
  if (info.source.empty()) info.source = std::string(patient.source);
  const auto take = [&](std::string& text) {
    if (text.empty()) text = std::string(line.value);
    return true;
  };
  if (line.Is("dx")) AddDiagnoses(line.value, info.dx);
  if (line.Is("device")) return take(info.acquisition.device);
  if (line.Is("filters")) return take(info.acquisition.filters);
  if (line.Is("patient id")) return take(info.patient_id);
  return line.Is("age") || line.Is("sex") || line.Is("dx") || line.Is("source");
}

std::vector<std::string> InfoLinesOf(const EcgInfo& info) {
  std::vector<std::string> lines;
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) lines.push_back(OneLine(std::string(key) + ": " + value));
  };
  if (info.age) add("Age", FormatDouble(*info.age));
  if (info.sex) add("Sex", *info.sex == Sex::kFemale ? "Female" : "Male");
  add("Dx", Join(info.dx, ","));
  add("Source", info.source);
  add("Device", info.acquisition.device);
  add("Filters", info.acquisition.filters);
  add("Patient ID", info.patient_id);
  return lines;
}

std::string OneLine(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = ' ';
  }
  return text;
}

void AddDiagnoses(std::string_view list, std::vector<std::string>& dx) {
  while (!list.empty() && dx.size() < kMaxDiagnoses) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view entry = Trim(list.substr(0, comma));
    if (!entry.empty() && std::find(dx.begin(), dx.end(), entry) == dx.end()) {
      dx.emplace_back(entry);
    }
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

}  // namespace ecg::record
