#include <cmath>

#include "ecg/core/text.h"
#include "src/report/paper_pen.h"
#include "src/report/svg_text.h"
#include "src/report/xml.h"

namespace ecg::report {
namespace {

std::string ClassOf(const char* look) {
  return *look == '\0' ? "" : std::string(" class=\"") + look + "\"";
}

std::string RectangleSvg(const Box& box, const std::string& fill, double opacity,
                         const char* look) {
  return "<rect x=\"" + SvgNumber(box.left) + "\" y=\"" + SvgNumber(box.top) + "\" width=\"" +
         SvgNumber(box.right - box.left) + "\" height=\"" + SvgNumber(box.bottom - box.top) +
         "\" fill=\"" + fill + "\" fill-opacity=\"" + SvgNumber(opacity) + "\"" + ClassOf(look) +
         "/>\n";
}

// A square of the grid: lines at its right and upper edge.
std::string Pattern(const std::string& id, const char* size, const std::string& ground,
                    const char* colour, const char* width, const char* look) {
  const std::string s = size;
  return "<pattern id=\"" + id + "\" width=\"" + s + "\" height=\"" + s +
         "\" patternUnits=\"userSpaceOnUse\">" + ground + "<path d=\"M" + s + " 0H0V" + s +
         "\" fill=\"none\" stroke=\"" + colour + "\" stroke-width=\"" + width + "\"" +
         ClassOf(look) + "/></pattern>\n";
}

// Whole numbers, each relative to the point before: half the size of decimals, and no error that
// adds up.
std::string TracePath(const std::vector<TracePoint>& trace) {
  std::string path;
  TracePoint last;
  for (const TracePoint& point : trace) {
    const int x = point.joined ? point.x - last.x : point.x;
    const int y = point.joined ? point.y - last.y : point.y;
    path += (point.joined ? "l" : "M") + std::to_string(x) + " " + std::to_string(y);
    last = point;
  }
  return path;
}

}  // namespace

SvgPen::SvgPen(const PageSize& page, std::string id) : id_(std::move(id)) {
  const std::string width = SvgNumber(page.width);
  const std::string height = SvgNumber(page.height);
  const std::string fine = "<rect width=\"5\" height=\"5\" fill=\"url(#" + id_ + "mm)\"/>";
  svg_ =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" +
      width + "mm\" height=\"" + height + "mm\" viewBox=\"0 0 " + width + " " + height +
      "\" class=\"paper\">\n<defs>\n" + Pattern(id_ + "mm", "1", "", kGridFine, "0.1", "fine") +
      Pattern(id_ + "cm", "5", fine, kGridBold, "0.2", "bold") + "<clipPath id=\"" + id_ +
      "page\">" + RectangleSvg({0, 0, page.width, page.height}, "#fff", 1, "") +
      "</clipPath>\n</defs>\n"
      // A viewer whose window has another shape would show what runs off the page.
      "<g clip-path=\"url(#" +
      id_ + "page)\">\n";
}

void SvgPen::BeginGroup(const char* look, std::string_view name) {
  svg_ += std::string("<g") + ClassOf(look);
  if (!name.empty()) svg_ += " data-name=\"" + EscapeXml(name) + "\"";
  svg_ += ">\n";
}

void SvgPen::EndGroup() { svg_ += "</g>\n"; }

void SvgPen::BeginInset(double x, double y, double scale) {
  svg_ += "<g transform=\"translate(" + SvgNumber(x) + " " + SvgNumber(y) + ") scale(" +
          FormatDouble(scale) + ")\">\n";
}

void SvgPen::EndInset() { EndGroup(); }

void SvgPen::Rectangle(const Box& box, const PaperFill& fill) {
  svg_ += RectangleSvg(box, fill.colour, fill.opacity, fill.look);
}

void SvgPen::Grid(const Box& box) { svg_ += RectangleSvg(box, "url(#" + id_ + "cm)", 1, ""); }

void SvgPen::Stroke(const std::vector<PaperStroke>& strokes, const PaperLine& line) {
  if (strokes.empty()) return;
  svg_ += "<path d=\"";
  for (const PaperStroke& stroke : strokes) {
    svg_ += "M" + SvgNumber(stroke.x) + " " + SvgNumber(stroke.y);
    for (const PaperStroke::Move& move : stroke.moves) {
      svg_ += move.x == 0 ? "v" + SvgNumber(move.y) : "h" + SvgNumber(move.x);
    }
  }
  svg_ += std::string("\" fill=\"none\" stroke=\"") + line.colour + "\" stroke-width=\"" +
          SvgNumber(line.width) + "\"" + ClassOf(line.look) + "/>\n";
}

void SvgPen::Trace(double left, double baseline, const std::vector<TracePoint>& points,
                   double width) {
  if (points.empty()) return;
  svg_ += "<path transform=\"translate(" + SvgNumber(left) + " " + SvgNumber(baseline) +
          ") scale(" + SvgNumber(kPaperUnit) + ")\" d=\"" + TracePath(points) +
          "\" fill=\"none\" stroke=\"#000\" stroke-width=\"" +
          std::to_string(std::lround(width / kPaperUnit)) +
          "\" stroke-linejoin=\"round\" class=\"trace\"/>\n";
}

void SvgPen::Text(double x, double y, double size, std::string_view text, const char* colour,
                  double rim) {
  svg_ += SvgText(x, y, size, text, colour, rim);
}

std::string SvgPen::Finish() { return svg_ + "</g>\n</svg>\n"; }

}  // namespace ecg::report
