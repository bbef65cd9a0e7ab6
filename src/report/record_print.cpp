// The page that a cart prints: measurements and diagnoses above, the paper true to scale below.
#include <algorithm>
#include <cmath>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/infer/measurement.h"
#include "ecg/report/record_page.h"
#include "src/report/cairo_pages.h"
#include "src/report/paper_layout.h"
#include "src/report/paper_pen.h"
#include "src/report/record_tables.h"
#include "src/report/svg_text.h"

namespace ecg::report {
namespace {

constexpr PageSize kA4 = {297, 210};  // mm
constexpr double kEdge = 5;
constexpr double kText = 2.5, kLine = 3.2, kTitle = 4, kBehind = 2;
constexpr std::size_t kColumns = 4;
constexpr double kColumnGap = 4;
// Above a paper that leaves no room for more on A4: what is measured takes two columns.
constexpr std::size_t kFewestLines = 7;
constexpr char kBlack[] = "#000", kGrey[] = "#555", kRed[] = "#a61e1e";

// A line of a column: texts at its left, at the right end of its first part, and behind that.
struct PrintLine {
  std::string text;
  std::string number;
  std::string behind;
  const char* colour = kBlack;
  double size = kText;
  bool parted = false;  // the number stands before what is behind it, also where that is nothing
};
using Lines = std::vector<PrintLine>;

void AddWrapped(const std::string& text, const char* colour, double width, std::size_t most,
                Lines* lines) {
  if (text.empty() || most == 0) return;
  for (std::string& line : WrapText(text, width / kText, most)) {
    lines->push_back({std::move(line), {}, {}, colour});
  }
}

Lines PersonLines(const RecordReport& report, double width, std::size_t room) {
  const record::EcgInfo& info = report.record->info;
  Lines lines = {{CutText(info.name, width / kTitle), {}, {}, kBlack, kTitle}};
  const auto add = [&](const std::string& text, const char* colour, std::size_t most) {
    if (lines.size() < room) {
      AddWrapped(text, colour, width, std::min(most, room - lines.size()), &lines);
    }
  };
  add(PersonLine(info), kBlack, 1);
  if (report.identify) {
    add(info.patient_id, kBlack, 1);
    add(info.acquisition.Start(), kBlack, 1);
  }
  if (report.part) add(PartLine(report), kBlack, 2);
  // Before what is only for the record: a short column keeps what matters.
  if (!report.flags.empty()) add("Doubtful: " + Join(report.flags, ", "), kRed, 3);
  add(FormatDouble(info.sampling_rate) + " Hz, " + Counted(info.leads.size(), "lead") + ", " +
          info.format,
      kGrey, 1);
  if (report.quality) {
    add("Quality " + infer::FormatCell(report.quality->quality, 2) +
            (report.quality->acceptable() ? ", acceptable" : ", doubtful"),
        report.quality->acceptable() ? kGrey : kRed, 1);
  }
  if (report.model) add(ModelLine(*report.model), kGrey, room);
  return lines;
}

// Limits in as few characters as a column has room for: "120 to below 200" as "120-<200".
std::string Brief(std::string limits) {
  for (const auto& [words, sign] : {std::pair<std::string, std::string>{" to below ", "-<"},
                                    {"up to ", "<="},
                                    {"below ", "<"},
                                    {" to ", "-"}}) {
    const std::size_t at = limits.find(words);
    if (at != std::string::npos) limits.replace(at, words.size(), sign);
  }
  return limits;
}

Lines MeasurementLines(const RecordReport& report) {
  if (!report.measured) return {};
  Lines lines = {{"Measured: " + BeatsLine(*report.measured), {}, {}}};
  for (const MeasurementRow& row : MeasurementRowsOf(*report.measured, report.record->info)) {
    PrintLine& line = lines.emplace_back();
    line.text = row.name;
    line.number = row.value + " " + row.unit;
    line.parted = true;
    line.behind = Brief(row.limits);
    if (row.verdict == 0) continue;
    line.behind = (row.verdict < 0 ? "low: " : "high: ") + line.behind;
    line.colour = kRed;
  }
  return lines;
}

// What was found, and then as many of the others as there is room for.
Lines ClassLines(const RecordReport& report, double width, std::size_t room) {
  if (!report.model) return {};
  const ModelAnswer& model = *report.model;
  Lines lines;
  if (model.answer.unclassifiable) {
    AddWrapped("The model says nothing: " + infer::NotClassifiable(model.answer).message, kRed,
               width, room, &lines);
    return lines;
  }
  const std::vector<ClassRow> rows = ClassRowsOf(model);
  const auto found = static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [](const ClassRow& row) { return row.found; }));
  lines.push_back(
      {found == 0 ? "Nothing is found. Probabilities:" : "Found, with probability:", {}, {}});
  for (std::size_t i = 0; i < rows.size() && lines.size() < room; ++i) {
    if (i < found && i + 1 < found && lines.size() + 1 == room) {
      lines.push_back({"and " + Counted(found - i, "more", "more"), {}, {}, kRed});
      break;
    }
    if (i == found && found > 0) {
      if (lines.size() + 2 > room) break;
      lines.push_back({"Not found:", {}, {}, kGrey});
    }
    lines.push_back({model.classes[rows[i].index].name,
                     infer::FormatCell(rows[i].probability, 3),
                     {},
                     rows[i].found ? kBlack : kGrey});
  }
  return lines;
}

// Where the columns of text stand.
struct Head {
  double left = 0;
  double column = 0;  // width
  std::size_t lines = 0;

  double At(std::size_t k) const { return left + static_cast<double>(k) * (column + kColumnGap); }
};

void DrawLine(const PrintLine& line, double left, double y, double width, PaperPen& pen) {
  constexpr double kParted = 0.615;
  const bool parted = line.parted;
  const double right = parted ? left + kParted * width : left + width;
  const double number = right - TextWidth(line.number) * line.size;
  const double room = (line.number.empty() ? left + width : number - 1) - left;
  pen.Text(left, y, line.size, CutText(line.text, room / line.size), line.colour, 0);
  if (!line.number.empty()) pen.Text(number, y, line.size, line.number, line.colour, 0);
  if (!parted) return;
  pen.Text(right + 2, y, kBehind, CutText(line.behind, ((1 - kParted) * width - 2) / kBehind),
           line.colour == kRed ? kRed : kGrey, 0);
}

// Lines go on in the next column where one is full. Returns the column behind them.
std::size_t DrawLines(const Lines& lines, const Head& head, std::size_t column, PaperPen& pen) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t k = column + i / head.lines;
    if (k >= kColumns) return kColumns;
    const double y = kEdge + kTitle + static_cast<double>(i % head.lines) * kLine;
    DrawLine(lines[i], head.At(k), y, head.column, pen);
  }
  return column + (lines.size() + head.lines - 1) / head.lines;
}

struct Print {
  PaperOptions options;
  PaperPage paper;
  PageSize page;
  Head head;
};

Result<Print> LayOutPrint(const RecordReport& report, PaperLayout layout) {
  Print print;
  print.options.layout = layout;
  print.options.start = report.start;
  print.options.part = report.part;
  print.options.caption =
      std::string(report.model ? "Measured and decided by a program" : "Measured by a program") +
      ", not confirmed by a physician. For research, not a medical device.";
  Result<PaperPage> paper = LayOut(*report.record, print.options);
  if (!paper.ok()) return paper.error();
  print.paper = std::move(*paper);
  const double least = static_cast<double>(kFewestLines) * kLine + kTitle;
  print.page.width = kA4.width;
  print.page.height = std::max(kA4.height, print.paper.height + least + 2 * kEdge);
  const double room = print.page.height - print.paper.height - 2 * kEdge - kTitle;
  print.head.lines = static_cast<std::size_t>(room / kLine + 1e-6);
  print.head.left = (kA4.width - print.paper.width) / 2 + kEdge;
  print.head.column = (print.paper.width - 2 * kEdge - (kColumns - 1) * kColumnGap) / kColumns;
  return print;
}

void DrawPrint(const RecordReport& report, const Print& print, PaperPen& pen) {
  const Head& head = print.head;
  pen.Rectangle({0, 0, print.page.width, print.page.height}, {"#fff", 1, "ground"});
  DrawLines(PersonLines(report, head.column, head.lines), head, 0, pen);
  const std::size_t behind = DrawLines(MeasurementLines(report), head, 1, pen);
  if (behind < kColumns) {
    const std::size_t room = (kColumns - behind) * head.lines;
    DrawLines(ClassLines(report, head.column, room), head, behind, pen);
  }
  pen.BeginInset((print.page.width - print.paper.width) / 2,
                 print.page.height - kEdge - print.paper.height, 1);
  DrawPaper(report.record->info, print.paper, print.options, pen);
  pen.EndInset();
}

}  // namespace

Result<std::string> RecordPdf(const RecordReport& report, PaperLayout layout) {
  const Result<Print> print = LayOutPrint(report, layout);
  if (!print.ok()) return print.error();
  const std::string& name = report.record->info.name;
  std::string bytes;
  PdfPages pages([&](std::string_view more) { bytes += more; });
  const Status drawn =
      pages.Add(print->page, name, [&](PaperPen& pen) { DrawPrint(report, *print, pen); });
  if (!drawn.ok()) return drawn.error();
  if (const Status whole = pages.Finish(name); !whole.ok()) return whole.error();
  return bytes;
}

Result<std::string> RecordPng(const RecordReport& report, PaperLayout layout, double dpi) {
  const Result<Print> print = LayOutPrint(report, layout);
  if (!print.ok()) return print.error();
  return PngPage(print->page, dpi, report.record->info.name,
                 [&](PaperPen& pen) { DrawPrint(report, *print, pen); });
}

Result<std::string> RecordSvg(const RecordReport& report, PaperLayout layout) {
  const Result<Print> print = LayOutPrint(report, layout);
  if (!print.ok()) return print.error();
  SvgPen pen(print->page, "");
  DrawPrint(report, *print, pen);
  return pen.Finish();
}

}  // namespace ecg::report
