#include "ecg/report/contact_sheet.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ecg/core/text.h"
#include "src/report/cairo_pages.h"
#include "src/report/paper_layout.h"
#include "src/report/paper_pen.h"
#include "src/report/row_spacing.h"
#include "src/report/svg_text.h"

namespace ecg::report {
namespace {

constexpr PageSize kSheet = {210, 297};  // A4, mm
constexpr double kMargin = 8;
constexpr double kHeader = 9;
constexpr double kFooter = 6;
constexpr double kGap = 4;
constexpr double kTexts = 10.5;  // above each picture: its name, what is known, what is doubtful
constexpr double kNameText = 2.8;
constexpr double kAboutText = 2.2;
constexpr double kLeadText = 1.6;  // as printed
constexpr double kTrace = 0.11;    // as printed
constexpr char kDoubtColour[] = "#a61e1e";
constexpr char kQuietColour[] = "#555";

// The height of a paper without its edges whose complexes are hardly taller than usual.
double UsualHeight(PaperLayout layout) {
  constexpr double kMore = 10;  // as real ones often need
  const bool wide = layout == PaperLayout::kThreeByFour;
  const double row = wide ? 35 : 25;
  const double rows = wide ? 4 : layout == PaperLayout::kSixByTwo ? 7 : 12;
  const auto squares = [](double mm) { return std::ceil(mm / kGridSquare) * kGridSquare; };
  return squares(row / 2 + kPaperMargin) + (rows - 1) * row + squares(row / 2) + kMore;
}

// Where pictures stand.
struct Places {
  double width = 0;   // of a picture
  double height = 0;  // without its texts
  double scale = 0;   // of its paper
  std::size_t columns = 0;
  std::size_t rows = 0;

  std::size_t count() const { return columns * rows; }
  Box At(std::size_t i) const {
    const double left = kMargin + static_cast<double>(i % columns) * (width + kGap);
    const double top =
        kMargin + kHeader + static_cast<double>(i / columns) * (kTexts + height + kGap) + kTexts;
    return {left, top, left + width, top + height};
  }
};

Places PlacesOf(const SheetOptions& options) {
  constexpr double kRoom = kSheet.height - 2 * kMargin - kHeader - kFooter;
  Places places;
  places.columns = static_cast<std::size_t>(std::clamp(options.columns, 1, 6));
  const auto columns = static_cast<double>(places.columns);
  places.width = (kSheet.width - 2 * kMargin - (columns - 1) * kGap) / columns;
  places.scale = places.width / (2 * kPaperMargin + kPulseWidth + options.seconds * kMmPerSecond);
  places.height = std::min(UsualHeight(options.layout) * places.scale, kRoom - kTexts);
  places.rows =
      static_cast<std::size_t>(std::floor((kRoom + kGap) / (kTexts + places.height + kGap)));
  return places;
}

// Of points whose distance nobody sees the first, the lowest and the highest, in their order.
std::vector<TracePoint> Thinned(const std::vector<TracePoint>& trace, double scale) {
  const int apart = std::max(1, static_cast<int>(kTrace / 2 / scale / kPaperUnit));
  std::vector<TracePoint> thinned;
  for (std::size_t begin = 0; begin < trace.size();) {
    std::size_t low = begin, high = begin, end = begin + 1;
    for (; end < trace.size() && trace[end].joined && trace[end].x < trace[begin].x + apart;
         ++end) {
      if (trace[end].y < trace[low].y) low = end;
      if (trace[end].y > trace[high].y) high = end;
    }
    thinned.push_back(trace[begin]);
    for (const std::size_t i : {std::min(low, high), std::max(low, high)}) {
      if (i > begin && trace[i].x > thinned.back().x) thinned.push_back(trace[i]);
    }
    begin = end;
  }
  return thinned;
}

void DrawGrid(const Box& box, PaperPen& pen) {
  std::vector<PaperStroke> lines;
  for (double x = box.left; x <= box.right; x += kGridSquare) {
    lines.push_back({x, box.top, {{0, box.bottom - box.top}}});
  }
  for (double y = box.top; y <= box.bottom; y += kGridSquare) {
    lines.push_back({box.left, y, {{box.right - box.left, 0}}});
  }
  pen.Stroke(lines, {kGridFine, 0.3, "bold"});
}

void DrawFrame(const Box& box, const char* colour, double width, PaperPen& pen) {
  const double across = box.right - box.left, down = box.bottom - box.top;
  pen.Stroke({{box.left, box.top, {{across, 0}, {0, down}, {-across, 0}, {0, -down}}}},
             {colour, width, ""});
}

// Draws the paper into its place, and returns how much smaller than the others it is.
double DrawPicture(const PaperPage& page, const Box& place, double scale, PaperPen& pen) {
  const Box paper = {0, page.caption_height, page.width, page.height - kFooterHeight};
  const double room = place.bottom - place.top;
  const double smaller = std::min(1.0, room / scale / (paper.bottom - paper.top));
  const double own = scale * smaller;
  pen.BeginInset(place.left, place.top - paper.top * own, own);
  DrawGrid(paper, pen);
  DrawTraces(page, kTrace / scale, pen);
  for (const Strip& strip : page.strips) DrawName(strip, page.name_size, pen);
  pen.EndInset();
  return smaller;
}

void DrawFailure(const SheetPicture& picture, const Box& place, PaperPen& pen) {
  double y = place.top + 4;
  for (const std::string& line :
       WrapText("Not drawn: " + picture.failure, (place.right - place.left - 4) / kAboutText, 5)) {
    pen.Text(place.left + 2, y, kAboutText, line, kDoubtColour, 0);
    y += 3;
  }
}

void DrawOne(const SheetPicture& picture, const Box& place, double scale, PaperPen& pen) {
  const double width = place.right - place.left;
  std::string about = picture.about;
  if (picture.page) {
    const double smaller = DrawPicture(*picture.page, place, scale, pen);
    const auto put_first = [&](const std::string& what) {
      about = what + (about.empty() ? "" : "; ") + about;
    };
    const std::size_t left_out = picture.page->leads_left_out;
    if (left_out > 0) put_first(Counted(left_out, "lead") + " not shown");
    if (smaller < 1) {
      put_first("drawn at " + std::to_string(static_cast<int>(100 * smaller)) + " %");
    }
  } else {
    DrawFailure(picture, place, pen);
  }
  const bool doubtful = !picture.page || !picture.doubt.empty();
  DrawFrame(place, doubtful ? kDoubtColour : kGridBold, doubtful ? 0.6 : 0.2, pen);
  double y = place.top - kTexts + kNameText;
  pen.Text(place.left, y, kNameText, CutText(picture.name, width / kNameText), "#000", 0);
  pen.Text(place.left, y += 3.2, kAboutText, CutText(about, width / kAboutText), kQuietColour, 0);
  if (picture.doubt.empty()) return;
  pen.Text(place.left, y + 3, kAboutText, CutText("Doubtful: " + picture.doubt, width / kAboutText),
           kDoubtColour, 0);
}

void DrawSheet(const SheetOptions& options, const std::vector<SheetPicture>& pictures,
               std::size_t number, std::size_t count, PaperPen& pen) {
  const Places places = PlacesOf(options);
  pen.Rectangle({0, 0, kSheet.width, kSheet.height}, {"#fff", 1, "ground"});
  const std::string which = "Sheet " + std::to_string(number) + " of " + std::to_string(count);
  const double right = kSheet.width - kMargin - TextWidth(which) * 3;
  pen.Text(kMargin, kMargin + 3, 4, CutText(options.title, (right - kMargin - 4) / 4), "#000", 0);
  pen.Text(right, kMargin + 3, 3, which, "#444", 0);
  for (std::size_t i = 0; i < std::min(pictures.size(), places.count()); ++i) {
    DrawOne(pictures[i], places.At(i), places.scale, pen);
  }
  const auto brief = [](double value) { return SvgNumber(std::round(value * 10) / 10); };
  const std::string scale =
      FormatDouble(options.seconds) + " s from " + FormatDouble(options.start) + " s of each at " +
      brief(kMmPerSecond * places.scale) + " mm/s, " + brief(kMmPerMv * places.scale) +
      " mm/mV; squares of 200 ms and 0.5 mV. For research, not a medical device.";
  pen.Text(kMargin, kSheet.height - kMargin, kAboutText,
           CutText(scale, (kSheet.width - 2 * kMargin) / kAboutText), "#444", 0);
}

std::string NameOf(std::size_t number) { return "sheet " + std::to_string(number); }

}  // namespace

Result<std::shared_ptr<const PaperPage>> PaperForSheet(const record::EcgRecord& record,
                                                       const SheetOptions& options,
                                                       const std::optional<PaperPart>& part) {
  const double scale = PlacesOf(options).scale;
  PaperOptions paper;
  paper.layout = options.layout;
  paper.rhythm_lead = options.rhythm_lead;
  paper.start = options.start;
  paper.seconds = options.seconds;
  paper.part = part;
  paper.name_size = kLeadText / scale;
  Result<PaperPage> page = LayOut(record, paper);
  if (!page.ok()) return page.error();
  for (Strip& strip : page->strips) strip.trace = Thinned(strip.trace, scale);
  return std::make_shared<const PaperPage>(std::move(*page));
}

std::size_t PicturesASheet(const SheetOptions& options) { return PlacesOf(options).count(); }

std::string SheetSvg(const SheetOptions& options, const std::vector<SheetPicture>& pictures,
                     std::size_t number, std::size_t count) {
  SvgPen pen(kSheet, "");
  DrawSheet(options, pictures, number, count, pen);
  return pen.Finish();
}

Result<std::string> SheetPng(const SheetOptions& options, const std::vector<SheetPicture>& pictures,
                             std::size_t number, std::size_t count, double dpi) {
  return PngPage(kSheet, dpi, NameOf(number),
                 [&](PaperPen& pen) { DrawSheet(options, pictures, number, count, pen); });
}

SheetsPdf::SheetsPdf(std::function<void(std::string_view bytes)> write)
    : pages_(std::make_unique<PdfPages>(std::move(write))) {}

SheetsPdf::~SheetsPdf() = default;

Status SheetsPdf::Add(const SheetOptions& options, const std::vector<SheetPicture>& pictures,
                      std::size_t number, std::size_t count) {
  return pages_->Add(kSheet, NameOf(number),
                     [&](PaperPen& pen) { DrawSheet(options, pictures, number, count, pen); });
}

Status SheetsPdf::Finish() { return pages_->Finish("sheets"); }

}  // namespace ecg::report
