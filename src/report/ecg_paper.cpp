#include "ecg/report/ecg_paper.h"

#include <algorithm>
#include <optional>

#include "ecg/record/leads.h"
#include "src/report/paper_layout.h"
#include "src/report/svg_text.h"

namespace ecg::report {
namespace {

constexpr char kShadeColour[] = "#f08c00";
constexpr double kBytesOfASample = 72;    // as a point and as text
constexpr double kStrongestShade = 0.55;  // opacity

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
         "<clipPath id=\"page\">" +
         Rectangle({0, 0, page.width, page.height}, "#fff") +
         "</clipPath>\n</defs>\n"
         // A viewer whose window has another shape would show what runs off the page.
         "<g clip-path=\"url(#page)\">\n" +
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

struct WaveLook {
  const char* name;
  const char* colour;
};
WaveLook LookOf(dsp::WaveType type) {
  switch (type) {
    case dsp::WaveType::kP:
      return {"P", "#2e9e5b"};
    case dsp::WaveType::kQrs:
      return {"QRS", "#3b76d1"};
    case dsp::WaveType::kT:
      break;
  }
  return {"T", "#9b51c8"};
}
constexpr double kWaveShade = 0.16;  // opacity

// A line of a legend that is put together from its right end.
class Legend {
 public:
  Legend(double right, double base) : left_(right), base_(base) {}

  void Text(const std::string& text) {
    left_ -= TextWidth(text) * kSize;
    out_ += SvgText(left_, base_, kSize, text, "#444");
    left_ -= 1;
  }
  // From nothing to full strength where there are several fields.
  void Fields(const char* colour, double opacity, int count) {
    constexpr double kWidth = 3;
    for (int i = count; i > 0; --i) {
      left_ -= kWidth;
      out_ +=
          Rectangle({left_, base_ - 2.6, left_ + kWidth, base_ + 0.6}, colour, opacity * i / count);
    }
    left_ -= 1;
  }
  void Gap() { left_ -= 4; }
  const std::string& out() const { return out_; }

 private:
  static constexpr double kSize = 3;
  double left_;
  double base_;
  std::string out_;
};

std::string DrawLegend(const Page& page, const PaperOptions& options) {
  Legend legend(page.width - kPaperMargin, page.height - 1.5);
  if (!options.shades.empty() && !options.shades_title.empty()) {
    legend.Text(options.shades_high);
    legend.Fields(kShadeColour, kStrongestShade, 6);
    legend.Text(options.shades_low);
    legend.Text(options.shades_title);
    legend.Gap();
  }
  for (const dsp::WaveType type : {dsp::WaveType::kT, dsp::WaveType::kQrs, dsp::WaveType::kP}) {
    const auto of_type = [type](const PaperWave& wave) { return wave.type == type; };
    if (std::none_of(options.waves.begin(), options.waves.end(), of_type)) continue;
    legend.Text(LookOf(type).name);
    legend.Fields(LookOf(type).colour, 2 * kWaveShade, 1);
    legend.Gap();
  }
  return legend.out();
}

// The scale, which part of the record this is, and what colours mean.
std::string DrawFooter(const Page& page, const PaperOptions& options, double length) {
  const auto seconds = [](double s) { return SvgNumber(s) + " s"; };
  const double from = options.start;
  const double to = std::min(from + kPaperSeconds, length);
  std::string text = "25 mm/s, 10 mm/mV";
  if (from > 0 || to < length) {
    text += ", " + seconds(from) + " to " + seconds(to) + " of " + seconds(length);
  }
  return Rectangle({0, page.height - kFooterHeight, page.width, page.height}, "#fff") +
         SvgText(kPaperMargin, page.height - 1.5, 3, text, "#444") + DrawLegend(page, options);
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
  const std::string name = SvgText(place.left, place.bottom, kLeadTextSize, strip.name, "#000");
  if (!strip.name_on_trace) return name;
  // A rim by a text of its own: not every viewer knows in which order to paint one that has both.
  constexpr double kRim = 0.6;
  return SvgText(place.left, place.bottom, kLeadTextSize, strip.name, "#fff", kRim) + name;
}

// Where one lead ends and the next begins.
std::string DrawBorder(const Strip& strip, double baseline) {
  if (strip.left == kPaperMargin + kPulseWidth) return {};
  const std::string x = SvgNumber(strip.left);
  return Path(
      "M" + x + " " + SvgNumber(baseline - 4) + "v-2M" + x + " " + SvgNumber(baseline + 4) + "v2",
      "#555", 0.25);
}

// Ticks above the trace, with their names above them where there is room.
std::string DrawMarks(const Page& page, const Strip& strip) {
  constexpr char kColour[] = "#1a4fa0";
  const double baseline = page.rows[strip.row];
  std::string ticks;
  std::string names;
  for (const PlacedMark& mark : strip.marks) {
    ticks +=
        "M" + SvgNumber(mark.x) + " " + SvgNumber(baseline - mark.foot) + "v-" + SvgNumber(kTick);
    if (mark.name.empty()) continue;
    names += SvgText(mark.name_left, baseline - mark.name_base, kMarkTextSize, mark.name, kColour);
  }
  return ticks.empty() ? ticks : Path(ticks, kColour, 0.25) + names;
}

// A stretch of time behind a trace.
std::string DrawStretch(const Page& page, const Strip& strip, double from, double to,
                        const char* colour, double opacity) {
  const double begin = std::max(from - strip.from, 0.0);
  const double end = std::min(to - strip.from, strip.seconds);
  if (!(begin < end)) return {};
  const double baseline = page.rows[strip.row];
  return Rectangle({strip.left + begin * kMmPerSecond, baseline - page.shade_above,
                    strip.left + end * kMmPerSecond, baseline + page.shade_below},
                   colour, opacity);
}

std::string DrawShades(const Page& page, const Strip& strip, const std::string& lead,
                       const PaperOptions& options) {
  std::string out;
  for (const PaperWave& wave : options.waves) {
    out += DrawStretch(page, strip, wave.from, wave.to, LookOf(wave.type).colour, kWaveShade);
  }
  for (const PaperShade& shade : options.shades) {
    if (shade.lead != lead) continue;
    out += DrawStretch(page, strip, shade.from, shade.to, kShadeColour,
                       kStrongestShade * std::clamp(shade.strength, 0.0, 1.0));
  }
  return out;
}

// The lead below the columns, unless none has the name that is wanted.
std::optional<std::size_t> RhythmLead(const record::EcgInfo& info, const std::string& wanted) {
  if (!wanted.empty()) return record::LeadIndex(info, record::CanonicalLead(wanted));
  return record::LeadIndex(info, "II").value_or(0);
}

}  // namespace

double BytesToDraw(const record::EcgInfo& info) {
  const double shown = std::min(static_cast<double>(info.samples),
                                kPaperSeconds * std::max(info.sampling_rate, 1.0));
  // The leads, and one of them as a rhythm strip.
  return static_cast<double>(info.leads.size() + 1) * shown * kBytesOfASample;
}

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
    svg += DrawShades(page, strip, info.leads[strip.lead], options);
  }
  for (const double baseline : page.rows) svg += CalibrationPulse(baseline);
  for (const Strip& strip : page.strips) {
    svg += DrawTrace(strip, page.rows[strip.row]) + DrawBorder(strip, page.rows[strip.row]);
  }
  for (const Strip& strip : page.strips) svg += DrawMarks(page, strip) + DrawName(strip);
  return svg + DrawFooter(page, options, length) + DrawCaption(page) + "</g>\n</svg>\n";
}

}  // namespace ecg::report
