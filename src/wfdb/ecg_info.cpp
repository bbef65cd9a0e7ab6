#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "ecg/core/text.h"
#include "src/wfdb/decode.h"
#include "src/wfdb/selection.h"

namespace ecg::wfdb {
namespace {

std::string WithoutEnding(std::string name) {
  for (const std::string_view ending : {".mat", ".hea"}) {
    if (name.size() > ending.size() &&
        ToLower(std::string_view(name).substr(name.size() - ending.size())) == ending) {
      name.resize(name.size() - ending.size());
    }
  }
  return name;
}

// "Age: 74" -> {"age", "74"}; the key also without the "<>" that some databases put around it.
std::pair<std::string, std::string_view> SplitInfo(std::string_view info) {
  const std::size_t colon = info.find(':');
  if (colon == std::string_view::npos) return {};
  std::string_view key = Trim(info.substr(0, colon));
  if (key.size() > 2 && key.front() == '<' && key.back() == '>') {
    key = key.substr(1, key.size() - 2);
  }
  return {ToLower(key), Trim(info.substr(colon + 1))};
}

std::optional<double> ParseAge(std::string_view text) {
  const std::optional<double> age = ParseDouble(text);
  return age && std::isfinite(*age) && *age >= 0 ? age : std::nullopt;
}

std::optional<Sex> ParseSex(std::string_view text) {
  const std::string lower = ToLower(text);
  if (lower == "f" || lower == "female") return Sex::kFemale;
  if (lower == "m" || lower == "male") return Sex::kMale;
  return {};
}

// More than any record has; keeps the search for duplicates cheap.
constexpr std::size_t kMaxDiagnoses = 100;

void AddDiagnoses(std::string_view text, std::vector<std::string>& dx) {
  while (!text.empty() && dx.size() < kMaxDiagnoses) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view entry = Trim(text.substr(0, comma));
    if (!entry.empty() && std::find(dx.begin(), dx.end(), entry) == dx.end()) {
      dx.emplace_back(entry);
    }
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
}

// What the info strings say of the patient. The first age, sex and source count, all diagnoses do.
void ReadInfoStrings(const Header& header, EcgInfo& info) {
  for (const std::string& line : header.info) {
    const auto [key, value] = SplitInfo(line);
    if (key == "age" && !info.age) info.age = ParseAge(value);
    if (key == "sex" && !info.sex) info.sex = ParseSex(value);
    if (key == "dx") AddDiagnoses(value, info.dx);
    if (key == "source" && info.source.empty()) info.source = value;
  }
}

}  // namespace

Selection SelectSignals(const Header& header) {
  Selection selection;
  for (std::size_t i = 0; i < header.signals.size(); ++i) {
    if (MillivoltsPer(header.signals[i].units) != 0) selection.signals.push_back(i);
  }
  if (selection.signals.empty()) return selection;
  selection.samples_per_frame = header.signals[selection.signals[0]].samples_per_frame;
  for (const std::size_t i : selection.signals) {
    if (header.signals[i].samples_per_frame != selection.samples_per_frame) {
      selection.average = true;
    }
  }
  if (selection.average) selection.samples_per_frame = 1;
  return selection;
}

EcgInfo InfoOf(const Header& header, const Selection& selection) {
  EcgInfo info;
  info.name = WithoutEnding(header.name);
  info.sampling_rate = header.sampling_rate * selection.samples_per_frame;
  info.samples = static_cast<std::size_t>(header.samples.value_or(0)) *
                 static_cast<std::size_t>(selection.samples_per_frame);
  for (const std::size_t i : selection.signals) {
    info.leads.push_back(CanonicalLead(header.signals[i].description));
  }
  ReadInfoStrings(header, info);
  return info;
}

std::string CanonicalLead(std::string_view name) {
  constexpr std::array<std::string_view, 12> kLeads = {"I",  "II", "III", "aVR", "aVL", "aVF",
                                                       "V1", "V2", "V3",  "V4",  "V5",  "V6"};
  const std::string_view trimmed = Trim(name);
  const auto same_letter = [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c + 0; };
    return lower(a) == lower(b);
  };
  for (const std::string_view lead : kLeads) {
    if (std::equal(lead.begin(), lead.end(), trimmed.begin(), trimmed.end(), same_letter)) {
      return std::string(lead);
    }
  }
  return std::string(trimmed);
}

Result<EcgInfo> ReadEcgInfo(const std::filesystem::path& header) {
  Result<Header> parsed = ReadHeader(header);
  if (!parsed.ok()) return parsed.error();
  if (const Status resolved = ResolveSignals(*parsed); !resolved.ok()) return resolved.error();
  return InfoOf(*parsed, SelectSignals(*parsed));
}

std::optional<std::size_t> LeadIndex(const EcgInfo& info, std::string_view lead) {
  const auto found = std::find(info.leads.begin(), info.leads.end(), lead);
  if (found == info.leads.end()) return {};
  return static_cast<std::size_t>(found - info.leads.begin());
}

}  // namespace ecg::wfdb
