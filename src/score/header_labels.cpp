#include "ecg/score/header_labels.h"

#include <algorithm>
#include <optional>

#include "ecg/core/text.h"

namespace ecg::score {
namespace {

constexpr std::string_view kOfficialStart = "#Dx";

void AppendEntries(std::string_view list, std::vector<std::string_view>& entries) {
  for (const std::string_view entry : Split(list, ',')) {
    if (const std::string_view trimmed = Trim(entry); !trimmed.empty()) entries.push_back(trimmed);
  }
}

// `line.split(': ')[1]` of the official code; nothing where that fails.
std::string_view OfficialList(std::string_view line) {
  const std::size_t at = line.find(": ");
  if (at == std::string_view::npos) return {};
  const std::string_view rest = line.substr(at + 2);
  return rest.substr(0, rest.find(": "));
}

// The text after "# Dx:", with any blanks and any case of the key; none for other lines.
std::optional<std::string_view> SensibleList(std::string_view line) {
  if (line.empty() || line.front() != '#') return std::nullopt;
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view key = Trim(line.substr(1, colon - 1));
  const bool is_dx =
      key.size() == 2 && (key[0] == 'D' || key[0] == 'd') && (key[1] == 'x' || key[1] == 'X');
  if (!is_dx) return std::nullopt;
  return line.substr(colon + 1);
}

struct DxLine {
  std::string_view list;
  bool official = false;  // the official scorer sees the same list
};

std::optional<DxLine> ReadDxLine(std::string_view line, LabelRules rules) {
  if (line.empty() || line.front() != '#') return std::nullopt;
  const bool official = line.substr(0, kOfficialStart.size()) == kOfficialStart;
  if (rules == LabelRules::kOfficial) {
    if (!official) return std::nullopt;
    return DxLine{OfficialList(line), true};
  }
  const std::optional<std::string_view> list = SensibleList(line);
  if (!list) return std::nullopt;
  return DxLine{*list, official && Trim(OfficialList(line)) == Trim(*list)};
}

// Calls visit(line) for every line, without its LF, CR LF or CR.
template <typename Visit>
void ForEachLine(std::string_view text, const Visit& visit) {
  const bool has_cr = text.find('\r') != std::string_view::npos;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end =
        std::min(has_cr ? text.find_first_of("\r\n", begin) : text.find('\n', begin), text.size());
    visit(text.substr(begin, end - begin));
    begin = end + 1;
  }
}

std::size_t LeadsOfRecordLine(std::string_view line) {
  const std::vector<std::string_view> words = SplitWords(line);
  const std::optional<std::int64_t> leads =
      words.size() > 1 ? ParseInt(words[1]) : std::optional<std::int64_t>();
  return leads && *leads > 0 ? static_cast<std::size_t>(*leads) : 0;
}

bool IsCode(std::string_view entry) {
  return entry.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::vector<std::string_view> DiagnosesOf(std::string_view text, LabelRules rules) {
  std::vector<std::string_view> entries;
  ForEachLine(text, [&](std::string_view line) {
    if (const std::optional<DxLine> dx = ReadDxLine(line, rules)) AppendEntries(dx->list, entries);
  });
  return entries;
}

bool MarkDiagnosis(std::string_view diagnosis, const challenge::ClassSet& classes, LabelRules rules,
                   std::uint8_t* labels) {
  std::optional<std::size_t> k = classes.IndexOfCode(diagnosis);
  if (!k && rules == LabelRules::kSensible && !IsCode(diagnosis)) {
    k = classes.IndexOfAbbreviation(diagnosis);
  }
  if (k) labels[*k] = 1;
  return k || IsCode(diagnosis);
}

HeaderLabels ReadHeaderLabels(std::string_view text, const challenge::ClassSet& classes,
                              LabelRules rules, std::uint8_t* labels) {
  std::fill_n(labels, classes.size(), std::uint8_t{0});
  HeaderLabels header;
  bool record_line_seen = false, dx_seen = false;
  std::vector<std::string_view> entries;
  ForEachLine(text, [&](std::string_view line) {
    if (!record_line_seen && !line.empty() && line.front() != '#') {
      record_line_seen = true;
      header.leads = LeadsOfRecordLine(line);
    }
    const std::optional<DxLine> dx = ReadDxLine(line, rules);
    if (!dx) return;
    dx_seen = true;
    entries.clear();
    AppendEntries(dx->list, entries);
    if (!dx->official && !entries.empty()) header.notes |= kUnofficialDx;
    for (const std::string_view entry : entries) {
      const bool known = MarkDiagnosis(entry, classes, rules, labels);
      if (!known) header.notes |= kTextLabel;
      if (known && !IsCode(entry)) header.notes |= kUnofficialDx;
    }
  });
  if (!dx_seen) header.notes |= kNoDxLine;
  return header;
}

}  // namespace ecg::score
