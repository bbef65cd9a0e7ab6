#include "ecg/challenge/class_table.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "ecg/core/csv.h"
#include "ecg/core/text.h"
#include "ecg/core/text_encoding.h"

namespace ecg::challenge {
namespace {

constexpr std::size_t kMaxNameLength = 200;

// What stands in a line of a prediction, in a column's name and in a list of diagnoses.
bool IsWord(std::string_view text) {
  constexpr std::string_view kSeparators = ",;|\"'`";
  return !text.empty() && text.size() <= kMaxNameLength &&
         std::none_of(text.begin(), text.end(), [&](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte <= 0x20 || byte == 0x7F || kSeparators.find(c) != std::string_view::npos;
         });
}

bool IsName(std::string_view text) {
  return text.size() <= kMaxNameLength && std::none_of(text.begin(), text.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte < 0x20 || byte == 0x7F;
         });
}

// The rows that are no comments. `heading` is what the first one must begin with.
Result<std::vector<CsvRow>> Rows(std::string_view text, const std::string& file,
                                 const std::vector<std::string>& heading) {
  CsvReader reader(text, file);
  std::vector<CsvRow> rows;
  CsvRow row;
  for (;;) {
    const Result<bool> more = reader.Next(row);
    if (!more.ok()) return more.error();
    if (!*more) break;
    if (!row.cells.empty() && !row.cells[0].empty() && row.cells[0][0] == '#') continue;
    if (!rows.empty() && row.cells.size() != rows[0].cells.size()) {
      return InputError("has " + Counted(row.cells.size(), "cell") + " instead of " +
                            std::to_string(rows[0].cells.size()),
                        file, row.line);
    }
    if (rows.size() > kMaxClasses) {
      return InputError("has more than " + std::to_string(kMaxClasses) + " classes", file,
                        row.line);
    }
    rows.push_back(row);
  }
  const bool fits = !rows.empty() && rows[0].cells.size() >= heading.size() &&
                    std::equal(heading.begin(), heading.end(), rows[0].cells.begin());
  if (fits) return rows;
  return InputError("the first line must begin with " + Join(heading, ","), file,
                    rows.empty() ? 1 : rows[0].line);
}

Result<DiagnosisClass> ReadClass(const CsvRow& row, const std::string& file) {
  const auto fail = [&](const char* column, const std::string& message) {
    return InputError(message, file, row.line, column);
  };
  constexpr char kWordRule[] =
      "must be there, without blanks, commas, semicolons, bars and quotes, and of at most 200 "
      "letters";
  DiagnosisClass entry{row.cells[0], row.cells[2], {}};
  if (!IsWord(entry.abbreviation)) return fail("abbreviation", kWordRule);
  if (!IsName(entry.name)) return fail("name", "holds control characters, or is too long");
  if (entry.name.empty()) entry.name = entry.abbreviation;
  for (const std::string_view part : Split(row.cells[1], '|')) {
    const std::string_view code = Trim(part);
    if (!IsWord(code)) return fail("codes", std::string("each ") + kWordRule);
    if (entry.codes.size() == kMaxCodesOfClass) {
      return fail("codes", "are more than " + std::to_string(kMaxCodesOfClass));
    }
    entry.codes.emplace_back(code);
  }
  return entry;
}

Result<std::vector<DiagnosisClass>> ReadClasses(std::string_view text, const std::string& file) {
  const auto rows = Rows(text, file, {"abbreviation", "codes", "name"});
  if (!rows.ok()) return rows.error();
  std::vector<DiagnosisClass> classes;
  std::map<std::string, std::size_t> line_of;  // of each abbreviation and code
  const auto taken = [&](const std::string& what, const CsvRow& row) -> std::optional<Error> {
    const auto [at, is_new] = line_of.emplace(what, row.line);
    if (is_new) return std::nullopt;
    return InputError("stands in line " + std::to_string(at->second) + " already", file, row.line,
                      what.substr(what.find(' ') + 1));
  };
  for (std::size_t r = 1; r < rows->size(); ++r) {
    const CsvRow& row = (*rows)[r];
    Result<DiagnosisClass> entry = ReadClass(row, file);
    if (!entry.ok()) return entry.error();
    if (auto error = taken("class " + ToLower(entry->abbreviation), row)) return *error;
    for (const std::string& code : entry->codes) {
      if (auto error = taken("code " + code, row)) return *error;
    }
    classes.push_back(std::move(*entry));
  }
  if (classes.empty()) return InputError("holds no class", file);
  return classes;
}

// double [classes][classes].
Result<std::vector<double>> ReadRewards(std::string_view text, const std::string& file,
                                        const ClassSet& classes) {
  const auto rows = Rows(text, file, {"class"});
  if (!rows.ok()) return rows.error();
  const auto fail = [&](const CsvRow& row, const std::string& field, const std::string& message) {
    return InputError(message, file, row.line, field);
  };
  const CsvRow& heading = (*rows)[0];
  const std::size_t size = classes.size();
  std::vector<std::size_t> class_of_column;
  for (std::size_t c = 1; c < heading.cells.size(); ++c) {
    const auto k = classes.IndexOfAbbreviation(heading.cells[c]);
    if (!k) return fail(heading, heading.cells[c], "is none of the classes");
    if (std::count(class_of_column.begin(), class_of_column.end(), *k) > 0) {
      return fail(heading, heading.cells[c], "given twice");
    }
    class_of_column.push_back(*k);
  }
  if (class_of_column.size() != size || rows->size() != size + 1) {
    return fail(
        heading, {},
        "must have a column and a line for each of the " + Counted(size, "class", "classes"));
  }
  std::vector<double> rewards(size * size);
  std::vector<bool> seen(size);
  for (std::size_t r = 1; r < rows->size(); ++r) {
    const CsvRow& row = (*rows)[r];
    const auto label = classes.IndexOfAbbreviation(row.cells[0]);
    if (!label || seen[*label]) {
      return fail(row, row.cells[0], label ? "given twice" : "is none of the classes");
    }
    seen[*label] = true;
    for (std::size_t c = 1; c < row.cells.size(); ++c) {
      const auto value = ParseDouble(row.cells[c]);
      if (!value || !std::isfinite(*value) || *value > 1) {
        return fail(row, heading.cells[c],
                    "must be a number of at most 1, is \"" + row.cells[c] + "\"");
      }
      rewards[*label * size + class_of_column[c - 1]] = *value;
    }
  }
  for (std::size_t a = 0; a < size; ++a) {
    for (std::size_t b = 0; b <= a; ++b) {
      const double value = rewards[a * size + b];
      const double other = rewards[b * size + a];
      if (a == b ? value == 1 : std::abs(value - other) <= kRewardTolerance) continue;
      const std::string& name = classes[a].abbreviation;
      return InputError(a == b
                            ? "a class that is found must have the reward 1"
                            : "must be the same as of " + classes[b].abbreviation + " and " + name,
                        file, 0, name + "," + classes[b].abbreviation);
    }
  }
  return rewards;
}

}  // namespace

Result<ClassSet> ParseClassTable(std::string_view text, const std::string& file,
                                 std::string_view rewards, const std::string& rewards_file) {
  Result<std::vector<DiagnosisClass>> classes = ReadClasses(text, file);
  if (!classes.ok()) return classes.error();
  ClassSet set(std::move(*classes));
  if (rewards.empty() && rewards_file.empty()) return set;
  Result<std::vector<double>> matrix = ReadRewards(rewards, rewards_file, set);
  if (!matrix.ok()) return matrix.error();
  if (!set.normal_index()) {
    return InputError(
        "has rewards, but no class of sinus rhythm (426783006), which the challenge metric "
        "compares with",
        file);
  }
  return ClassSet(set.classes(), std::move(*matrix));
}

Result<ClassSet> ReadClassTable(const std::string& path, const std::string& rewards) {
  const Result<std::string> text = ReadText(path);
  if (!text.ok()) return text.error();
  if (rewards.empty()) return ParseClassTable(*text, path);
  const Result<std::string> matrix = ReadText(rewards);
  if (!matrix.ok()) return matrix.error();
  return ParseClassTable(*text, path, *matrix, rewards);
}

std::vector<std::size_t> Find2021(const std::vector<DiagnosisClass>& classes) {
  std::vector<std::size_t> columns;
  for (const DiagnosisClass& wanted : Classes2021().classes()) {
    const auto found =
        std::find_if(classes.begin(), classes.end(), [&](const DiagnosisClass& entry) {
          return entry.abbreviation == wanted.abbreviation && entry.codes == wanted.codes;
        });
    if (found == classes.end()) return {};
    columns.push_back(static_cast<std::size_t>(found - classes.begin()));
  }
  return columns;
}

}  // namespace ecg::challenge
