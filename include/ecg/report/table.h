// A table, described once: as text, as HTML, as JSON.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/report/html.h"

namespace ecg::report {

// What a cell says of itself beside its words, always with a word or a sign too.
enum class Tone { kPlain, kGood, kDoubtful, kBad };

struct Cell {
  Cell(std::string text = {}) : text(std::move(text)) {}  // NOLINT: implicit
  Cell(const char* text) : text(text) {}                  // NOLINT: implicit
  // A number with so many decimals; empty where it is not finite.
  Cell(double value, int decimals);

  std::string text;
  double value = std::numeric_limits<double>::quiet_NaN();  // to sort by; NaN: the text
  Tone tone = Tone::kPlain;
  double bar = std::numeric_limits<double>::quiet_NaN();  // 0 to 1, drawn behind the text
  std::string link;                                       // to a file beside the page; empty: none
};

struct TableColumn {
  std::string title;
  bool numeric = false;  // set to the right
  std::string about;     // what it means, in a line; empty: it says so itself
};

struct Table {
  std::string caption;
  std::vector<TableColumn> columns;
  std::vector<std::vector<Cell>> rows;  // the first cell names its row
};

// Columns that line up, in words for terminals.
std::string TableText(const Table& table);

// Sorted by a click on a column's title. `filtered`: with a field that leaves the rows that hold a
// text.
Html TableHtml(const Table& table, bool filtered = false);

// A list of objects, a key a column: numbers where cells have them, else texts.
Json TableJson(const Table& table);

}  // namespace ecg::report
