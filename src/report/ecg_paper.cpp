#include "ecg/report/ecg_paper.h"

#include <algorithm>
#include <optional>

#include "ecg/core/text.h"
#include "ecg/record/leads.h"
#include "src/report/paper_layout.h"
#include "src/report/paper_pen.h"
#include "src/report/svg_text.h"

namespace ecg::report {
namespace {

constexpr char kShadeColour[] = "#f08c00";
constexpr double kBytesOfASample = 72;    // as a point and as text
constexpr double kStrongestShade = 0.55;  // opacity

// Captions and footers stand on white of their own, whatever a trace beneath does.
void DrawCaption(const PaperPage& page, PaperPen& pen) {
  pen.Rectangle({0, 0, page.width, page.caption_height}, {"#fff", 1, "ground"});
  double y = 6.5;
  for (const std::string& line : page.caption) {
    pen.Text(kPaperMargin, y, kCaptionTextSize, line, "#000", 0);
    y += 5;
  }
}

struct WaveLook {
  const char* name;
  const char* colour;
  const char* look;
};
WaveLook LookOf(dsp::WaveType type) {
  switch (type) {
    case dsp::WaveType::kP:
      return {"P", "#2e9e5b", "wave-p"};
    case dsp::WaveType::kQrs:
      return {"QRS", "#3b76d1", "wave-qrs"};
    case dsp::WaveType::kT:
      break;
  }
  return {"T", "#9b51c8", "wave-t"};
}
constexpr double kWaveShade = 0.16;  // opacity

// A line of a legend that is put together from its right end.
class Legend {
 public:
  Legend(double right, double base, PaperPen& pen) : left_(right), base_(base), pen_(pen) {}

  void Text(const std::string& text) {
    left_ -= TextWidth(text) * kSize;
    pen_.Text(left_, base_, kSize, text, "#444", 0);
    left_ -= 1;
  }
  // From nothing to full strength where there are several fields.
  void Fields(const PaperFill& fill, int count) {
    constexpr double kWidth = 3;
    for (int i = count; i > 0; --i) {
      left_ -= kWidth;
      pen_.Rectangle({left_, base_ - 2.6, left_ + kWidth, base_ + 0.6},
                     {fill.colour, fill.opacity * i / count, fill.look});
    }
    left_ -= 1;
  }
  void Gap() { left_ -= 4; }

 private:
  static constexpr double kSize = 3;
  double left_;
  double base_;
  PaperPen& pen_;
};

void DrawLegend(const PaperPage& page, const PaperOptions& options, PaperPen& pen) {
  Legend legend(page.width - kPaperMargin, page.height - 1.5, pen);
  if (!options.shades.empty() && !options.shades_title.empty()) {
    legend.Text(options.shades_high);
    legend.Fields({kShadeColour, kStrongestShade, "shade"}, 6);
    legend.Text(options.shades_low);
    legend.Text(options.shades_title);
    legend.Gap();
  }
  if (options.waves.empty()) return;
  pen.BeginGroup("waves", {});
  for (const dsp::WaveType type : {dsp::WaveType::kT, dsp::WaveType::kQrs, dsp::WaveType::kP}) {
    const auto of_type = [type](const PaperWave& wave) { return wave.type == type; };
    if (std::none_of(options.waves.begin(), options.waves.end(), of_type)) continue;
    const WaveLook look = LookOf(type);
    legend.Text(look.name);
    legend.Fields({look.colour, 2 * kWaveShade, look.look}, 1);
    legend.Gap();
  }
  pen.EndGroup();
}

// The scale, which part of the record this is, and what colours mean.
void DrawFooter(const PaperPage& page, const PaperOptions& options, std::size_t leads,
                double length, PaperPen& pen) {
  const auto seconds = [](double s) { return SvgNumber(s) + " s"; };
  const double from = options.start;
  const double to = std::min(from + options.seconds, length);
  std::string text = "25 mm/s, 10 mm/mV";
  if (from > 0 || to < length) {
    text += ", " + seconds(from) + " to " + seconds(to) + " of " + seconds(length);
  }
  if (page.leads_left_out > 0) {
    text += "; " + Counted(page.leads_left_out, "lead") + " of " + std::to_string(leads) +
            (page.leads_left_out == 1 ? " is" : " are") + " not shown";
  }
  pen.Rectangle({0, page.height - kFooterHeight, page.width, page.height}, {"#fff", 1, "ground"});
  pen.Text(kPaperMargin, page.height - 1.5, 3, text, "#444", 0);
  DrawLegend(page, options, pen);
}

// One millivolt high, a fifth of a second long.
void DrawPulse(double baseline, PaperPen& pen) {
  pen.Stroke({{kPaperMargin, baseline, {{2, 0}, {0, -kMmPerMv}, {5, 0}, {0, kMmPerMv}, {2, 0}}}},
             {"#000", 0.25, "trace"});
}

// Where one lead ends and the next begins.
void DrawBorder(const Strip& strip, double baseline, PaperPen& pen) {
  if (strip.left == kPaperMargin + kPulseWidth) return;
  pen.Stroke({{strip.left, baseline - 4, {{0, -2}}}, {strip.left, baseline + 4, {{0, 2}}}},
             {"#555", 0.25, "border"});
}

// Ticks above the trace, with their names above them where there is room.
void DrawMarks(const PaperPage& page, const Strip& strip, bool beats, PaperPen& pen) {
  constexpr char kColour[] = "#1a4fa0";
  const double baseline = page.rows[strip.row];
  std::vector<PaperStroke> ticks;
  for (const PlacedMark& mark : strip.marks) {
    if (mark.beat == beats) ticks.push_back({mark.x, baseline - mark.foot, {{0, -kTick}}});
  }
  if (ticks.empty()) return;
  pen.BeginGroup(beats ? "beats" : "peaks", {});
  pen.Stroke(ticks, {kColour, 0.25, "mark"});
  for (const PlacedMark& mark : strip.marks) {
    if (mark.beat != beats || mark.name.empty()) continue;
    pen.Text(mark.name_left, baseline - mark.name_base, kMarkTextSize, mark.name, kColour, 0);
  }
  pen.EndGroup();
}

// A stretch of time behind a trace.
void DrawStretch(const PaperPage& page, const Strip& strip, double from, double to,
                 const PaperFill& fill, PaperPen& pen) {
  const double begin = std::max(from - strip.from, 0.0);
  const double end = std::min(to - strip.from, strip.seconds);
  if (!(begin < end)) return;
  const double baseline = page.rows[strip.row];
  pen.Rectangle({strip.left + begin * kMmPerSecond, baseline - page.shade_above,
                 strip.left + end * kMmPerSecond, baseline + page.shade_below},
                fill);
}

void DrawWaves(const PaperPage& page, const PaperOptions& options, PaperPen& pen) {
  if (options.waves.empty()) return;
  pen.BeginGroup("waves", {});
  for (const Strip& strip : page.strips) {
    for (const PaperWave& wave : options.waves) {
      const WaveLook look = LookOf(wave.type);
      DrawStretch(page, strip, wave.from, wave.to, {look.colour, kWaveShade, look.look}, pen);
    }
  }
  pen.EndGroup();
}

// The shades of each group one after another.
void DrawShades(const PaperPage& page, const std::vector<std::string>& leads,
                const PaperOptions& options, PaperPen& pen) {
  std::vector<std::string> groups;
  for (const PaperShade& shade : options.shades) {
    if (!Contains(groups, shade.group)) groups.push_back(shade.group);
  }
  for (const std::string& group : groups) {
    pen.BeginGroup("shades", group);
    for (const Strip& strip : page.strips) {
      for (const PaperShade& shade : options.shades) {
        if (shade.group != group || shade.lead != leads[strip.lead]) continue;
        DrawStretch(page, strip, shade.from, shade.to,
                    {kShadeColour, kStrongestShade * std::clamp(shade.strength, 0.0, 1.0), "shade"},
                    pen);
      }
    }
    pen.EndGroup();
  }
}

// The lead below the columns, unless none has the name that is wanted.
std::optional<std::size_t> RhythmLead(const record::EcgInfo& info, const std::string& wanted) {
  if (!wanted.empty()) return record::LeadIndex(info, record::CanonicalLead(wanted));
  return record::LeadIndex(info, "II").value_or(0);
}

}  // namespace

Result<PaperPage> LayOut(const record::EcgRecord& record, const PaperOptions& options) {
  const record::EcgInfo& info = record.info;
  if (!(info.sampling_rate > 0) || info.samples == 0) {
    return InputError("holds no samples", info.name);
  }
  if (info.leads.empty()) {
    return InputError("has " + record::LeadsInWords(record), info.name, 0, "leads");
  }
  const Status starts = CheckStart(info.name, LengthOf(info, options), options.start);
  if (!starts.ok()) return starts.error();
  const std::optional<std::size_t> rhythm = RhythmLead(info, options.rhythm_lead);
  if (!rhythm) return UsageError("the record has no lead " + options.rhythm_lead, info.name);
  return LayOutPage(record, options, *rhythm);
}

void DrawTraces(const PaperPage& page, double width, PaperPen& pen) {
  for (const double baseline : page.rows) DrawPulse(baseline, pen);
  for (const Strip& strip : page.strips) {
    pen.Trace(strip.left, page.rows[strip.row], strip.trace, width);
    DrawBorder(strip, page.rows[strip.row], pen);
  }
}

void DrawName(const Strip& strip, double size, PaperPen& pen) {
  const Box& place = strip.name_place;
  // A rim by a text of its own: not every viewer knows in which order to paint one that has both.
  constexpr double kRim = 0.6;
  if (strip.name_on_trace) {
    pen.Text(place.left, place.bottom, size, strip.name, "#fff", kRim);
  }
  pen.Text(place.left, place.bottom, size, strip.name, "#000", 0);
}

void DrawPaper(const record::EcgInfo& info, const PaperPage& page, const PaperOptions& options,
               PaperPen& pen) {
  pen.Rectangle({0, 0, page.width, page.height}, {"#fff", 1, "ground"});
  pen.Grid({0, page.caption_height, page.width, page.height});
  DrawWaves(page, options, pen);
  DrawShades(page, info.leads, options, pen);
  DrawTraces(page, kTraceWidth, pen);
  for (const Strip& strip : page.strips) {
    for (const bool beats : {false, true}) DrawMarks(page, strip, beats, pen);
    pen.BeginGroup("name", {});
    DrawName(strip, page.name_size, pen);
    pen.EndGroup();
  }
  DrawFooter(page, options, info.leads.size(), LengthOf(info, options), pen);
  DrawCaption(page, pen);
}

Status CheckStart(const std::string& name, double length, double start) {
  if (start >= 0 && start < length) return {};
  return UsageError(
      "the record has " + SvgNumber(length) + " s, nothing can start at " + SvgNumber(start) + " s",
      name);
}

double BytesToDraw(const record::EcgInfo& info, double seconds) {
  const double shown =
      std::min(static_cast<double>(info.samples), seconds * std::max(info.sampling_rate, 1.0));
  // The leads, and one of them as a rhythm strip.
  return static_cast<double>(info.leads.size() + 1) * shown * kBytesOfASample;
}

Result<std::string> EcgPaperSvg(const record::EcgRecord& record, const PaperOptions& options) {
  const Result<PaperPage> page = LayOut(record, options);
  if (!page.ok()) return page.error();
  SvgPen pen({page->width, page->height}, options.id);
  DrawPaper(record.info, *page, options, pen);
  return pen.Finish();
}

}  // namespace ecg::report
