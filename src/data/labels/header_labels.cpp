#include "ecg/data/labels/header_labels.h"

#include <algorithm>
#include <optional>

#include "ecg/core/text.h"

namespace ecg::data {
namespace {

constexpr std::string_view kOfficialStart = "#Dx";
constexpr std::size_t kMaxNamedLength = 80;  // of a text that is no code

// A comment line "# Key: value", however it is spaced. Both parts are empty for other lines.
record::InfoLine SplitComment(std::string_view line) {
  if (line.empty() || line.front() != '#') return {};
  return record::SplitInfoLine(line.substr(1));
}

bool IsOfficialLine(std::string_view line) {
  return line.substr(0, kOfficialStart.size()) == kOfficialStart;
}

// `line.split(': ')[1]` of the official code; nothing where that fails.
std::string_view OfficialList(std::string_view line) {
  const std::size_t at = line.find(": ");
  if (at == std::string_view::npos) return {};
  const std::string_view rest = line.substr(at + 2);
  return rest.substr(0, rest.find(": "));
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

// Calls visit(entry) for every piece between commas, trimmed, that is not empty.
template <typename Visit>
void ForEachPiece(std::string_view list, const Visit& visit) {
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string_view piece = Trim(list.substr(begin, end - begin));
    if (!piece.empty()) visit(piece);
    begin = end + 1;
  }
}

std::size_t LeadsOfRecordLine(std::string_view line) {
  const std::vector<std::string_view> words = SplitWords(line);
  const std::optional<std::int64_t> leads =
      words.size() > 1 ? ParseInt(words[1]) : std::optional<std::int64_t>();
  return leads && *leads > 0 ? static_cast<std::size_t>(*leads) : 0;
}

// Whether the line is one of diagnoses by the official rules; if so, marks its codes.
bool ReadOfficialDx(std::string_view line, const challenge::ClassSet& classes, std::uint8_t* labels,
                    LabelNotes& notes) {
  if (!IsOfficialLine(line)) return false;
  ForEachPiece(OfficialList(line), [&](std::string_view code) {
    const bool is_code = challenge::IsCode(code);
    MarkDiagnosis({code, is_code, is_code ? challenge::FindDiagnosis(code) : nullptr,
                   is_code ? classes.IndexOfCode(code) : std::nullopt},
                  labels, notes);
  });
  return true;
}

// The same by the sensible rules; notes what the official ones would miss.
void ReadSensibleDx(std::string_view line, std::string_view list,
                    const challenge::ClassSet& classes, std::uint8_t* labels, LabelNotes& notes) {
  const bool official = IsOfficialLine(line) && Trim(OfficialList(line)) == list;
  ForEachPiece(list, [&](std::string_view piece) {
    if (!official) notes.bits |= kUnofficialDx;
    challenge::ForEachDx(piece, classes, [&](const challenge::DxEntry& entry) {
      const bool seen = entry.text.size() == piece.size() && challenge::IsCode(piece);
      if (!seen && !entry.IsNotUnderstood()) notes.bits |= kUnofficialDx;
      MarkDiagnosis(entry, labels, notes);
    });
  });
}

void Name(std::string_view text, std::vector<std::string>& names) {
  if (names.size() < kMaxNamed) names.emplace_back(text.substr(0, kMaxNamedLength));
}

}  // namespace

void MarkDiagnosis(const challenge::DxEntry& entry, std::uint8_t* labels, LabelNotes& notes) {
  if (entry.index) labels[*entry.index] = 1;
  notes.understood |= entry.index || entry.diagnosis != nullptr;
  if (entry.IsNotUnderstood()) {
    notes.bits |= kTextLabel;
    Name(entry.text, notes.text_labels);
  } else if (entry.IsUnknownCode()) {
    notes.bits |= kUnknownCode;
    Name(entry.text, notes.unknown_codes);
  }
}

void MarkSaid(const std::vector<std::string>& statements,
              const std::vector<challenge::StatementMeaning>& said, const StatementLabels& reading,
              const challenge::ClassSet& classes, std::uint8_t* labels, LabelNotes& notes) {
  for (const std::string& code : reading.Counted(said)) {
    notes.understood = true;
    if (const auto index = classes.IndexOfCode(code)) labels[*index] = 1;
  }
  for (const std::string& part : UnreadStatements(statements, said)) {
    notes.bits |= kTextLabel;
    Name(part, notes.text_labels);
  }
}

HeaderLabels ReadHeaderLabels(std::string_view text, const challenge::ClassSet& classes,
                              LabelRules rules, std::uint8_t* labels) {
  std::fill_n(labels, classes.size(), std::uint8_t{0});
  HeaderLabels header;
  bool record_line_seen = false, dx_seen = false;
  ForEachLine(text, [&](std::string_view line) {
    if (!record_line_seen && !line.empty() && line.front() != '#') {
      record_line_seen = true;
      header.leads = LeadsOfRecordLine(line);
    }
    const record::InfoLine comment = SplitComment(line);
    header.patient.Read(comment);
    if (rules == LabelRules::kOfficial) {
      dx_seen |= ReadOfficialDx(line, classes, labels, header.notes);
    } else if (comment.Is("dx")) {
      dx_seen = true;
      ReadSensibleDx(line, comment.value, classes, labels, header.notes);
    }
  });
  if (!dx_seen) header.notes.bits |= kNoDxLine;
  return header;
}

}  // namespace ecg::data
