#include "ecg/report/table.h"

#include <algorithm>
#include <cmath>

#include "ecg/core/text.h"
#include "ecg/infer/measurement.h"
#include "src/report/text_table.h"

namespace ecg::report {
namespace {

const char* ClassOf(Tone tone) {
  switch (tone) {
    case Tone::kGood:
      return "good";
    case Tone::kDoubtful:
      return "doubtful";
    case Tone::kBad:
      return "bad";
    case Tone::kPlain:
      break;
  }
  return "";
}

Html CellHtml(const Cell& cell, const TableColumn& column, bool heads_row) {
  std::string classes = column.numeric ? "number" : "";
  const std::string tone = ClassOf(cell.tone);
  if (!tone.empty()) classes += (classes.empty() ? "" : " ") + tone;
  Attributes attributes;
  if (heads_row) attributes.emplace_back("scope", "row");
  if (!classes.empty()) attributes.emplace_back("class", classes);
  if (std::isfinite(cell.value)) attributes.emplace_back("data-value", FormatDouble(cell.value));
  Html content = Html::Text(cell.text);
  if (!cell.link.empty()) content = Element("a", {{"href", FileLink(cell.link)}}, content);
  if (std::isfinite(cell.bar)) {
    content =
        Html::Literal(
            "<svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" "
            "aria-hidden=\"true\">") +
        Element("rect",
                {{"width", FormatDouble(std::round(std::clamp(cell.bar, 0.0, 1.0) * 1000) / 10)},
                 {"height", "10"}},
                Html()) +
        Html::Literal("</svg>") + content;
  }
  return Element(heads_row ? "th" : "td", attributes, content);
}

}  // namespace

Cell::Cell(double number, int decimals)
    : text(infer::FormatCell(number, decimals)), value(number) {}

std::string TableText(const Table& table) {
  std::vector<TextTable::Column> columns;
  for (const TableColumn& column : table.columns) {
    columns.push_back(
        {column.title, column.numeric ? TextTable::Align::kRight : TextTable::Align::kLeft});
  }
  TextTable text(std::move(columns));
  for (const std::vector<Cell>& row : table.rows) {
    std::vector<std::string> cells;
    for (const Cell& cell : row) cells.push_back(cell.text);
    text.AddRow(std::move(cells));
  }
  return (table.caption.empty() ? "" : table.caption + "\n\n") + text.ToString();
}

Html TableHtml(const Table& table, bool filtered) {
  Html head;
  for (const TableColumn& column : table.columns) {
    Attributes attributes = {{"scope", "col"}};
    if (column.numeric) attributes.emplace_back("class", "number");
    if (!column.about.empty()) attributes.emplace_back("title", column.about);
    head += Element("th", attributes, column.title);
  }
  Html body;
  for (const std::vector<Cell>& row : table.rows) {
    Html cells;
    for (std::size_t c = 0; c < row.size(); ++c) {
      cells += CellHtml(row[c], table.columns[c], c == 0);
    }
    body += Element("tr", {}, cells) + Html::Literal("\n");
  }
  Html content;
  if (!table.caption.empty()) content += Element("caption", {}, table.caption);
  content += Element("thead", {}, Element("tr", {}, head)) + Html::Literal("\n") +
             Element("tbody", {}, body);
  Attributes attributes = {{"class", "sortable"}};
  if (filtered) attributes.emplace_back("data-filtered", "");
  // What is too wide for a screen scrolls; the keyboard reaches it too.
  return Element("div",
                 {{"class", "scroll"},
                  {"tabindex", "0"},
                  {"role", "region"},
                  {"aria-label", table.caption.empty() ? "Table" : table.caption}},
                 Element("table", attributes, content)) +
         Html::Literal("\n");
}

Json TableJson(const Table& table) {
  Json rows = Json::array();
  for (const std::vector<Cell>& row : table.rows) {
    Json object = Json::object();
    for (std::size_t c = 0; c < row.size(); ++c) {
      object[table.columns[c].title] =
          std::isfinite(row[c].value) ? Json(row[c].value) : Json(row[c].text);
    }
    rows.push_back(std::move(object));
  }
  return rows;
}

}  // namespace ecg::report
