#include "ecg/record/info_lines.h"

#include <algorithm>

#include "ecg/core/text.h"

namespace ecg::record {
namespace {

bool IsWord(std::string_view word, std::string_view lower_case) {
  return word.size() == lower_case.size() &&
         std::equal(word.begin(), word.end(), lower_case.begin(),
                    [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a + 32 == b); });
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
  const std::optional<double> age = ParseDouble(Trim(text));
  if (!age || !(*age >= 0 && *age <= kOldest)) return std::nullopt;
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
  if (source.empty() && line.Is("source")) source = line.value;
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
