#include "ecg/data/header_labels.h"

#include <algorithm>
#include <optional>

#include "ecg/core/text.h"

namespace ecg::data {
namespace {

constexpr std::string_view kOfficialStart = "#Dx";
constexpr std::size_t kMaxNamedLength = 80;  // of a text that is no code

bool IsKey(std::string_view key, std::string_view lower_case) {
  return key.size() == lower_case.size() &&
         std::equal(key.begin(), key.end(), lower_case.begin(),
                    [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a + 32 == b); });
}

// A comment line "# Key: value", however it is spaced; the key may stand in "<>". Both are empty
// for other lines.
struct Comment {
  explicit Comment(std::string_view line) {
    if (line.empty() || line.front() != '#') return;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    key = Trim(line.substr(1, colon - 1));
    if (key.size() > 2 && key.front() == '<' && key.back() == '>') {
      key = key.substr(1, key.size() - 2);
    }
    value = Trim(line.substr(colon + 1));
  }
  std::string_view key, value;
};

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
    MarkDiagnosis({code, is_code ? challenge::FindDiagnosis(code) : nullptr,
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
      const bool seen = entry.text.size() == piece.size() && challenge::IsCode(entry.text);
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
  if (entry.IsNotUnderstood()) {
    notes.bits |= kTextLabel;
    Name(entry.text, notes.text_labels);
  } else if (entry.IsUnknownCode()) {
    notes.bits |= kUnknownCode;
    Name(entry.text, notes.unknown_codes);
  }
}

std::optional<double> ReadAge(std::string_view text) {
  constexpr double kOldest = 130;
  const std::optional<double> age = ParseDouble(Trim(text));
  if (!age || !(*age >= 0 && *age <= kOldest)) return std::nullopt;
  return age;
}

std::string_view ReadSex(std::string_view text) {
  const std::string_view word = Trim(text);
  if (IsKey(word, "female") || IsKey(word, "f")) return "female";
  if (IsKey(word, "male") || IsKey(word, "m")) return "male";
  return {};
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
    const Comment comment(line);
    if (header.source.empty() && IsKey(comment.key, "source")) header.source = comment.value;
    if (IsKey(comment.key, "age")) header.age = ReadAge(comment.value);
    if (IsKey(comment.key, "sex")) header.sex = ReadSex(comment.value);
    if (rules == LabelRules::kOfficial) {
      dx_seen |= ReadOfficialDx(line, classes, labels, header.notes);
    } else if (IsKey(comment.key, "dx")) {
      dx_seen = true;
      ReadSensibleDx(line, comment.value, classes, labels, header.notes);
    }
  });
  if (!dx_seen) header.notes.bits |= kNoDxLine;
  return header;
}

}  // namespace ecg::data
