#include "ecg/report/ecg_paper.h"

#include <algorithm>
#include <array>
#include <optional>

#include "ecg/record/leads.h"
#include "src/report/paper_layout.h"
#include "src/report/svg_text.h"

namespace ecg::report {
namespace {

std::string Rectangle(const Box& box, const char* fill, double opacity = 1) {
  return "<rect x=\"" + SvgNumber(box.left) + "\" y=\"" + SvgNumber(box.top) + "\" width=\"" +
         SvgNumber(box.right - box.left) + "\" height=\"" + SvgNumber(box.bottom - box.top) +
         "\" fill=\"" + fill + "\" fill-opacity=\"" + SvgNumber(opacity) + "\"/>\n";
}

std::string Path(const std::string& d, const std::string& stroke, double width) {
  return "<path d=\"" + d + "\" fill=\"none\" stroke=\"" + stroke + "\" stroke-width=\"" +
         SvgNumber(width) + "\"/>\n";
}

std::string Head(const Page& page) {
  const std::string width = SvgNumber(page.width);
  const std::string height = SvgNumber(page.height);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" +
         width + "mm\" height=\"" + height + "mm\" viewBox=\"0 0 " + width + " " + height +
         "\">\n"
         "<defs>\n"
         "<pattern id=\"mm\" width=\"1\" height=\"1\" patternUnits=\"userSpaceOnUse\">"
         "<path d=\"M1 0H0V1\" fill=\"none\" stroke=\"#f7c9c4\" stroke-width=\"0.1\"/></pattern>\n"
         "<pattern id=\"cm\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">"
         "<rect width=\"5\" height=\"5\" fill=\"url(#mm)\"/>"
         "<path d=\"M5 0H0V5\" fill=\"none\" stroke=\"#eb9a92\" stroke-width=\"0.2\"/></pattern>\n"
         "</defs>\n" +
         Rectangle({0, 0, page.width, page.height}, "#fff") +
         Rectangle({0, page.caption_height, page.width, page.height}, "url(#cm)");
}

// Captions and footers stand on white of their own, whatever a trace beneath does.
std::string DrawCaption(const Page& page) {
  std::string out = Rectangle({0, 0, page.width, page.caption_height}, "#fff");
  double y = 6.5;
  for (const std::string& line : page.caption) {
    out += SvgText(kPaperMargin, y, kCaptionTextSize, line, "#000");
    y += 5;
  }
  return out;
}

// The scale, and which part of the record this is.
std::string DrawFooter(const Page& page, double from, double length) {
  const auto seconds = [](double s) { return SvgNumber(s) + " s"; };
  const double to = std::min(from + kPaperSeconds, length);
  std::string text = "25 mm/s   10 mm/mV";
  if (from > 0 || to < length) {
    text += "   " + seconds(from) + " to " + seconds(to) + " of " + seconds(length);
  }
  return Rectangle({0, page.height - kFooterHeight, page.width, page.height}, "#fff") +
         SvgText(kPaperMargin, page.height - 1.5, 3, text, "#444");
}

// One millivolt high, a fifth of a second long.
std::string CalibrationPulse(double baseline) {
  const std::string height = SvgNumber(kMmPerMv);
  return Path("M" + SvgNumber(kPaperMargin) + " " + SvgNumber(baseline) + "h2v-" + height + "h5v" +
                  height + "h2",
              "#000", 0.25);
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

std::string DrawTrace(const Strip& strip, double baseline) {
  if (strip.trace.empty()) return {};
  return "<path transform=\"translate(" + SvgNumber(strip.left) + " " + SvgNumber(baseline) +
         ") scale(" + SvgNumber(kPaperUnit) + ")\" d=\"" + TracePath(strip.trace) +
         "\" fill=\"none\" stroke=\"#000\" stroke-width=\"25\" stroke-linejoin=\"round\"/>\n";
}

std::string DrawName(const Strip& strip) {
  const Box& place = strip.name_place;
  const Box ground = {place.left - 0.5, place.top - 0.5, place.right, place.bottom + 0.5};
  return (strip.name_on_trace ? Rectangle(ground, "#fff", 0.8) : std::string()) +
         SvgText(place.left, place.bottom, kLeadTextSize, strip.name, "#000");
}

// Where one lead ends and the next begins.
std::string DrawBorder(const Strip& strip, double baseline) {
  if (strip.left == kPaperMargin + kPulseWidth) return {};
  const std::string x = SvgNumber(strip.left);
  return Path(
      "M" + x + " " + SvgNumber(baseline - 4) + "v-2M" + x + " " + SvgNumber(baseline + 4) + "v2",
      "#555", 0.25);
}

// A line for each mark, and its name above it: on the lowest of three lines that has room for it,
// else none.
std::string DrawMarks(const Page& page, const Strip& strip, const std::vector<PaperMark>& marks) {
  constexpr double kSize = 2.4;
  constexpr double kLongest = 20;
  const double baseline = page.rows[strip.row];
  const double top = baseline - (strip.marks_named ? page.names_above - 0.5 : page.marks_above);
  const std::string line_end = "V" + SvgNumber(baseline + page.marks_below);
  std::string lines;
  std::string names;
  std::array<double, 3> taken = {};
  for (const PaperMark& mark : marks) {
    const double at = mark.seconds - strip.from;
    if (!(at >= 0 && at < strip.seconds)) continue;
    const double x = strip.left + at * kMmPerSecond;
    lines += "M" + SvgNumber(x) + " " + SvgNumber(top) + line_end;
    if (!strip.marks_named || mark.label.empty()) continue;
    const double left = x - 0.8;
    const std::string name = CutText(mark.label, std::min(kLongest, page.width - left) / kSize);
    for (std::size_t i = 0; i < taken.size(); ++i) {
      if (left < taken[i]) continue;
      const double y = baseline - page.names_above - 2.3 * static_cast<double>(i);
      names += SvgText(left, y, kSize, name, "#1a4fa0");
      taken[i] = left + TextWidth(name) * kSize;
      break;
    }
  }
  if (lines.empty()) return {};
  return "<path d=\"" + lines +
         "\" stroke=\"#1a4fa0\" stroke-width=\"0.1\" stroke-opacity=\"0.7\"/>\n" + names;
}

// Behind the trace of their lead.
std::string DrawShades(const Page& page, const Strip& strip, const std::string& lead,
                       const std::vector<PaperShade>& shades) {
  constexpr double kStrongest = 0.55;  // opacity
  std::string out;
  for (const PaperShade& shade : shades) {
    const double from = std::max(shade.from - strip.from, 0.0);
    const double to = std::min(shade.to - strip.from, strip.seconds);
    if (shade.lead != lead || !(from < to)) continue;
    const double baseline = page.rows[strip.row];
    out += Rectangle({strip.left + from * kMmPerSecond, baseline - page.marks_above,
                      strip.left + to * kMmPerSecond, baseline + page.marks_below},
                     "#f08c00", kStrongest * std::clamp(shade.strength, 0.0, 1.0));
  }
  return out;
}

// The lead below the columns, unless none has the name that is wanted.
std::optional<std::size_t> RhythmLead(const record::EcgInfo& info, const std::string& wanted) {
  if (!wanted.empty()) return record::LeadIndex(info, record::CanonicalLead(wanted));
  return record::LeadIndex(info, "II").value_or(0);
}

}  // namespace

Result<std::string> EcgPaperSvg(const record::EcgRecord& record, const PaperOptions& options) {
  const record::EcgInfo& info = record.info;
  if (!(info.sampling_rate > 0) || info.samples == 0) {
    return InputError("holds no samples", info.name);
  }
  if (info.leads.empty()) {
    return InputError("has " + record::LeadsInWords(record), info.name, 0, "leads");
  }
  const double length = static_cast<double>(info.samples) / info.sampling_rate;
  if (!(options.start >= 0 && options.start < length)) {
    return UsageError("the record has " + SvgNumber(length) + " s, nothing can start at " +
                          SvgNumber(options.start) + " s",
                      info.name);
  }
  const std::optional<std::size_t> rhythm = RhythmLead(info, options.rhythm_lead);
  if (!rhythm) return UsageError("the record has no lead " + options.rhythm_lead, info.name);
  const Page page = LayOutPage(record, options, *rhythm);
  std::string svg = Head(page);
  for (const Strip& strip : page.strips) {
    svg += DrawShades(page, strip, info.leads[strip.lead], options.shades);
  }
  for (const double baseline : page.rows) svg += CalibrationPulse(baseline);
  for (const Strip& strip : page.strips) svg += DrawMarks(page, strip, options.marks);
  for (const Strip& strip : page.strips) {
    svg += DrawTrace(strip, page.rows[strip.row]) + DrawBorder(strip, page.rows[strip.row]);
  }
  for (const Strip& strip : page.strips) svg += DrawName(strip);
  return svg + DrawFooter(page, options.start, length) + DrawCaption(page) + "</svg>\n";
}

}  // namespace ecg::report
