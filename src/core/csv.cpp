#include "ecg/core/csv.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/core/text_encoding.h"

namespace ecg {
namespace {

char SeparatorOf(std::string_view first_line) {
  char best = ',';
  const auto count = [&](char c) { return std::count(first_line.begin(), first_line.end(), c); };
  for (const char candidate : {';', '\t'}) {
    if (count(candidate) > count(best)) best = candidate;
  }
  return best;
}

// Spreadsheets compute a cell that begins so. With an apostrophe before it, it is text to them.
constexpr char kNoFormula = '\'';

bool BeginsAFormula(std::string_view cell) {
  return cell.size() > 1 &&
         std::string_view("=+-@\t\r").find(cell.front()) != std::string_view::npos;
}

// Numbers are none. What looks as if it had got its apostrophe gets another one, so that reading
// takes away what writing has put there.
bool IsTakenForAFormula(std::string_view cell) {
  if (BeginsAFormula(cell)) return !ParseDouble(cell);
  return cell.size() > 2 && cell.front() == kNoFormula &&
         (BeginsAFormula(cell.substr(1)) || cell[1] == kNoFormula);
}

void TakeApostrophe(std::string& cell) {
  if (cell.size() > 2 && cell.front() == kNoFormula &&
      (BeginsAFormula(std::string_view(cell).substr(1)) || cell[1] == kNoFormula)) {
    cell.erase(0, 1);
  }
}

}  // namespace

CsvReader::CsvReader(std::string_view bytes, std::string file)
    : file_(std::move(file)), decoded_(DecodeText(bytes, file_, buffer_)) {
  if (decoded_.ok()) text_ = *decoded_;
  separator_ = SeparatorOf(text_.substr(0, text_.find('\n')));
}

// Stands behind the opening quote, and afterwards behind the closing one.
Result<std::string> CsvReader::QuotedField() {
  const std::size_t opened_in = line_;
  std::string field;
  for (;; ++at_) {
    if (at_ >= text_.size()) return InputError("a quote without end", file_, opened_in);
    if (text_[at_] == '"') {
      ++at_;
      if (at_ >= text_.size() || text_[at_] != '"') return field;
    }
    if (text_[at_] == '\n') ++line_;
    field.push_back(text_[at_]);
  }
}

Result<bool> CsvReader::Next(CsvRow& row) {
  if (!decoded_.ok()) return decoded_.error();
  while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) {
    line_ += text_[at_++] == '\n' ? 1 : 0;
  }
  if (at_ >= text_.size()) return false;
  row.line = line_;
  std::size_t cells = 0;
  for (;;) {
    if (cells == kMaxCsvCells) {
      return InputError("has more than " + Counted(kMaxCsvCells, "cell"), file_, row.line);
    }
    if (row.cells.size() == cells) row.cells.emplace_back();
    std::string& cell = row.cells[cells++];
    if (at_ < text_.size() && text_[at_] == '"') {
      ++at_;
      Result<std::string> field = QuotedField();
      if (!field) return field.error();
      cell = std::move(*field);
    } else {
      cell.clear();
    }
    const std::size_t end =
        std::min(text_.find_first_of(std::string{separator_, '\n'}, at_), text_.size());
    cell += Trim(text_.substr(at_, end - at_));
    TakeApostrophe(cell);
    at_ = end;
    if (at_ >= text_.size() || text_[at_] == '\n') break;
    ++at_;
  }
  row.cells.resize(cells);
  return true;
}

void CsvTable::Add(const CsvRow& row) {
  for (const std::string& cell : row.cells) {
    text_ += cell;
    ends_.push_back(static_cast<std::uint32_t>(text_.size()));
  }
  lines_.push_back(row.line);
}

std::string_view CsvTable::Cell(std::size_t row, std::size_t column) const {
  const std::size_t cell = row * columns_.size() + column;
  const std::size_t begin = cell == 0 ? 0 : ends_[cell - 1];
  return std::string_view(text_).substr(begin, ends_[cell] - begin);
}

Result<CsvTable> CsvTable::Parse(std::string_view text, const std::string& file) {
  if (text.size() > std::numeric_limits<std::uint32_t>::max()) {
    return InputError("is longer than a table may be", file);
  }
  CsvReader reader(text, file);
  CsvTable table;
  CsvRow row;
  for (;;) {
    const Result<bool> more = reader.Next(row);
    if (!more.ok()) return more.error();
    if (!*more) break;
    if (table.columns_.empty()) {
      table.columns_ = row.cells;
      continue;
    }
    if (row.cells.size() != table.columns_.size()) {
      return InputError("has " + Counted(row.cells.size(), "cell") + " instead of " +
                            std::to_string(table.columns_.size()),
                        file, row.line);
    }
    table.Add(row);
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
    const std::string cell = IsTakenForAFormula(cells[i]) ? kNoFormula + cells[i] : cells[i];
    if (cell.find_first_of(",\"\r\n\t") == std::string::npos && Trim(cell).size() == cell.size()) {
      line += cell;
      continue;
    }
    line += '"';
    for (const char c : cell) line += c == '"' ? std::string("\"\"") : std::string(1, c);
    line += '"';
  }
  return line;
}

}  // namespace ecg
