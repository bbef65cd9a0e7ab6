#include "ecg/core/csv.h"

#include <algorithm>

#include "ecg/core/file.h"

namespace ecg {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// Takes the cells of one row off the front of `text`; false where a quote stays open.
bool TakeRow(std::string_view& text, std::size_t& line, std::vector<std::string>& cells) {
  cells.assign(1, {});
  bool quoted = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        cells.back() += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cells.back() += text[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"' && cells.back().empty()) {
      quoted = true;
    } else if (c == ',') {
      cells.emplace_back();
    } else if (c == '\n') {
      ++i;
      break;
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  text.remove_prefix(i);
  return !quoted;
}

}  // namespace

Result<CsvTable> CsvTable::Parse(std::string_view text, const std::string& file) {
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    text.remove_prefix(kByteOrderMark.size());
  }
  CsvTable table;
  std::vector<std::string> cells;
  std::size_t next_line = 1;
  while (!text.empty()) {
    const std::size_t line = next_line;
    if (!TakeRow(text, next_line, cells)) return InputError("a quote stays open", file, line);
    if (cells.size() == 1 && cells[0].empty()) continue;  // a blank line
    if (table.columns_.empty()) {
      table.columns_ = cells;
      continue;
    }
    if (cells.size() != table.columns_.size()) {
      return InputError("has " + std::to_string(cells.size()) + " cells instead of " +
                            std::to_string(table.columns_.size()),
                        file, line);
    }
    std::move(cells.begin(), cells.end(), std::back_inserter(table.cells_));
    table.lines_.push_back(line);
  }
  if (table.columns_.empty()) return InputError("an empty table", file);
  return table;
}

Result<CsvTable> CsvTable::Read(const std::filesystem::path& path) {
  Result<std::string> text = ReadFile(path);
  if (!text.ok()) return text.error();
  return Parse(*text, path.string());
}

std::optional<std::size_t> CsvTable::Column(std::string_view name) const {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

std::string CsvLine(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += ',';
    if (cells[i].find_first_of(",\"\r\n") == std::string::npos) {
      line += cells[i];
      continue;
    }
    line += '"';
    for (const char c : cells[i]) line += c == '"' ? std::string("\"\"") : std::string(1, c);
    line += '"';
  }
  return line;
}

}  // namespace ecg
