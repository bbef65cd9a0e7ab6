#include "src/report/holter_figures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/report/table.h"
#include "src/report/svg_text.h"
#include "src/report/xml.h"

namespace ecg::report {
namespace {

using dsp::BeatType;
using dsp::Episode;
using dsp::EpisodeKind;
using dsp::RhythmMinute;

constexpr double kMinute = 60, kDay = 86400;

// The figure of the day.
constexpr double kWidth = 1000;
constexpr double kLeft = 118, kRight = 12;
constexpr double kRateTop = 14, kRateHeight = 190;
constexpr double kTrackHeight = 20, kCountHeight = 44, kGap = 12;
constexpr double kBarMinutes = 5;  // that a bar of counts stands for

// The whole recording.
constexpr double kRowMm = 13;  // from one minute to the next, in units
constexpr double kUnitsPerMv = 8;
constexpr double kNameWidth = 56;  // of a row's time
constexpr double kColumn = 2;      // units
constexpr std::size_t kColumns = 472;
constexpr int kMinutesADrawing = 60;
constexpr double kBaseline = 1.2;  // s over which the baseline is averaged

std::string Text(double x, double y, const char* anchor, const std::string& text) {
  return "<text x=\"" + SvgNumber(x) + "\" y=\"" + SvgNumber(y) + "\" text-anchor=\"" + anchor +
         "\">" + EscapeXml(text) + "</text>\n";
}

std::string Path(const char* look, const std::string& d, const char* more = "") {
  if (d.empty()) return {};
  return std::string("<path class=\"") + look + "\" d=\"" + d + "\"" + more + "/>\n";
}

std::string Begin(double width, double height, const char* look, const std::string& label) {
  return std::string("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"") + look +
         "\" role=\"img\" aria-label=\"" + EscapeXml(label) + "\" viewBox=\"0 0 " +
         SvgNumber(width) + " " + SvgNumber(height) + "\" font-size=\"12\">\n";
}

// From times to places of the figure of the day.
struct TimeAxis {
  double duration = 1;
  double At(double seconds) const {
    return kLeft + (kWidth - kLeft - kRight) * std::clamp(seconds / duration, 0.0, 1.0);
  }
};

// So many seconds between two times that are named that they have room.
double TickStep(double duration) {
  constexpr std::array<double, 9> kSteps = {60, 300, 600, 900, 1800, 3600, 7200, 14400, 28800};
  for (const double step : kSteps) {
    if (duration / step <= 13) return step;
  }
  return kDay;
}

// What the figure is drawn from, and how far down it has come.
class DayDrawing {
 public:
  explicit DayDrawing(const HolterReport& report)
      : report_(report), axis_{std::max(DurationOf(report.record->info()), 1.0)} {}

  Html Draw() {
    DrawRate();
    top_ = kRateTop + kRateHeight + kGap;
    DrawEpisodes("AF", EpisodeKind::kFibrillation, "fill1");
    DrawEpisodes("pauses", EpisodeKind::kPause, "fill5");
    DrawEpisodes("ventricular runs", EpisodeKind::kVentricularRun, "fill3");
    DrawEpisodes("atrial runs", EpisodeKind::kAtrialRun, "fill2");
    DrawUnreadable();
    DrawCounts("ventricular", &RhythmMinute::ventricular, "fill3");
    DrawCounts("atrial", &RhythmMinute::atrial, "fill2");
    const std::string times = DrawTimes();
    const double height = top_ + 26;
    return Html::Drawing(Begin(kWidth, height, "chart wide",
                               "Heart rate, episodes and ectopic beats over the recording") +
                         times + out_ + "</svg>\n");
  }

 private:
  double RateAt(double rate) const {
    return kRateTop + kRateHeight * (1 - (rate - low_) / (high_ - low_));
  }

  void DrawRate() {
    const auto& minutes = report_.answer.minutes;
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const RhythmMinute& minute : minutes) {
      if (!std::isfinite(minute.rate)) continue;
      low = std::min(low, std::isfinite(minute.least) ? minute.least : minute.rate);
      high = std::max(high, std::isfinite(minute.most) ? minute.most : minute.rate);
    }
    if (low < high) {
      low_ = std::floor(std::max(0.0, low) / 20) * 20;
      high_ = std::ceil(std::min(high, 300.0) / 20) * 20;
    }
    std::string grid;
    const double step = high_ - low_ > 160 ? 40 : 20;
    for (double rate = low_; rate <= high_; rate += step) {
      grid +=
          "M" + SvgNumber(kLeft) + " " + SvgNumber(RateAt(rate)) + "H" + SvgNumber(kWidth - kRight);
      out_ += Text(kLeft - 8, RateAt(rate) + 4, "end", FormatDouble(rate));
    }
    out_ += Path("grid", grid, " fill=\"none\"");
    out_ += Text(kLeft - 42, kRateTop + kRateHeight / 2, "end", "beats");
    out_ += Text(kLeft - 42, kRateTop + kRateHeight / 2 + 15, "end", "a minute");
    std::string band, line;
    bool joined = false;
    for (std::size_t i = 0; i < minutes.size(); ++i) {
      const RhythmMinute& minute = minutes[i];
      if (!std::isfinite(minute.rate)) {
        joined = false;
        continue;
      }
      const double from = axis_.At(static_cast<double>(i) * kMinute);
      const double to = axis_.At(static_cast<double>(i + 1) * kMinute);
      line += (joined ? "L" : "M") + SvgNumber((from + to) / 2) + " " +
              SvgNumber(RateAt(std::clamp(minute.rate, low_, high_)));
      joined = true;
      if (!std::isfinite(minute.least)) continue;
      const double top = RateAt(std::min(minute.most, high_));
      band += "M" + SvgNumber(from) + " " + SvgNumber(top) + "H" + SvgNumber(to) + "V" +
              SvgNumber(RateAt(std::max(minute.least, low_))) + "H" + SvgNumber(from) + "Z";
    }
    out_ += Path("fill0", band, " fill-opacity=\"0.28\"");
    out_ += Path("line0", line, " fill=\"none\" stroke-width=\"1.6\" stroke-linejoin=\"round\"");
  }

  void DrawEpisodes(const char* name, EpisodeKind kind, const char* look) {
    std::string d;
    for (const Episode& episode : report_.answer.episodes) {
      if (episode.kind == kind) d += Bar(episode.span);
    }
    Track(name, d, look);
  }

  void DrawUnreadable() {
    std::string d;
    for (const dsp::Span& span : report_.answer.unreadable) d += Bar(span);
    if (!d.empty()) Track("not readable", d, "fill7");
  }

  // Wide enough to be seen, however brief.
  std::string Bar(const dsp::Span& span) const {
    const double from = axis_.At(span.from);
    const double width = std::max(2.0, axis_.At(span.to) - from);
    return "M" + SvgNumber(from) + " " + SvgNumber(top_ + 3) + "h" + SvgNumber(width) + "v" +
           SvgNumber(kTrackHeight - 6) + "h" + SvgNumber(-width) + "Z";
  }

  void Track(const char* name, const std::string& d, const char* look) {
    out_ += Text(kLeft - 8, top_ + kTrackHeight / 2 + 4, "end", name);
    out_ += Path("grid",
                 "M" + SvgNumber(kLeft) + " " + SvgNumber(top_ + kTrackHeight) + "H" +
                     SvgNumber(kWidth - kRight),
                 " fill=\"none\"");
    out_ += Path(look, d);
    top_ += kTrackHeight;
  }

  void DrawCounts(const char* name, std::size_t RhythmMinute::*count, const char* look) {
    const auto& minutes = report_.answer.minutes;
    const auto share = static_cast<std::size_t>(kBarMinutes);
    std::vector<double> bars;
    for (std::size_t i = 0; i < minutes.size(); i += share) {
      std::size_t sum = 0;
      for (std::size_t k = i; k < std::min(i + share, minutes.size()); ++k)
        sum += minutes[k].*count;
      bars.push_back(static_cast<double>(sum));
    }
    const double most = bars.empty() ? 0 : *std::max_element(bars.begin(), bars.end());
    const double base = top_ + kGap + kCountHeight;
    std::string d;
    for (std::size_t i = 0; i < bars.size(); ++i) {
      if (bars[i] == 0) continue;
      const double from = axis_.At(static_cast<double>(i) * kBarMinutes * kMinute);
      const double to = axis_.At(static_cast<double>(i + 1) * kBarMinutes * kMinute);
      d += "M" + SvgNumber(from) + " " + SvgNumber(base) + "V" +
           SvgNumber(base - kCountHeight * bars[i] / most) + "H" +
           SvgNumber(std::max(to - 0.5, from + 1)) + "V" + SvgNumber(base) + "Z";
    }
    out_ += Text(kLeft - 8, base - kCountHeight / 2, "end", name);
    out_ += Text(kLeft - 8, base - kCountHeight / 2 + 14, "end", "in 5 min");
    if (most > 0) {
      out_ += Path("grid",
                   "M" + SvgNumber(kLeft) + " " + SvgNumber(base - kCountHeight) + "H" +
                       SvgNumber(kWidth - kRight),
                   " fill=\"none\"");
      out_ += Text(kWidth - kRight, base - kCountHeight - 2, "end", FormatDouble(most));
    }
    out_ += Path("grid",
                 "M" + SvgNumber(kLeft) + " " + SvgNumber(base) + "H" + SvgNumber(kWidth - kRight),
                 " fill=\"none\"");
    out_ += Path(look, d);
    top_ = base;
  }

  std::string DrawTimes() {
    std::string grid, words;
    const double step = TickStep(axis_.duration);
    const double start = report_.record->info().acquisition.time.value_or(0);
    for (double clock = std::ceil(start / step) * step; clock <= start + axis_.duration;
         clock += step) {
      const double x = axis_.At(clock - start);
      grid += "M" + SvgNumber(x) + " " + SvgNumber(kRateTop) + "V" + SvgNumber(top_);
      const std::string text = ClockText(report_.record->info(), clock - start);
      words +=
          Text(x, top_ + 17, x > kWidth - 40 ? "end" : "middle", text.substr(0, text.size() - 3));
    }
    return Path("grid", grid, " fill=\"none\"") + words;
  }

  const HolterReport& report_;
  const TimeAxis axis_;
  double low_ = 40, high_ = 120;  // beats a minute
  double top_ = 0;
  std::string out_;
};

// The least and the most of each column of a minute, less the baseline around it.
struct MinuteTrace {
  std::vector<double> low, high;  // mV; NaN where nothing was recorded
};

// The samples of some minutes of a lead, and as many on both sides as its base line is averaged
// over.
struct LeadPart {
  std::vector<float> samples;
  std::size_t from = 0;  // of the recording
  double rate = 0;
  std::size_t all = 0;  // samples that the recording has

  std::size_t At(std::size_t minute) const {
    return std::min(all, static_cast<std::size_t>(static_cast<double>(minute) * kMinute * rate));
  }
  std::size_t Around() const { return static_cast<std::size_t>(kBaseline * rate / 2); }
  float operator[](std::size_t i) const { return samples[i - from]; }
};

LeadPart PartOf(const HolterReport& report, std::size_t lead, std::size_t first, std::size_t last) {
  const record::EcgInfo& info = report.record->info();
  LeadPart part;
  part.rate = info.sampling_rate;
  part.all = info.samples;
  const std::size_t around = part.Around();
  part.from = part.At(first) - std::min(part.At(first), around);
  record::EcgRecord read =
      report.record->Read(part.from, std::min(part.all, part.At(last) + around)).value();
  part.samples = std::move(read.leads[lead]);
  return part;
}

MinuteTrace TraceOf(const LeadPart& lead, std::size_t minute) {
  const double rate = lead.rate;
  const std::size_t begin = lead.At(minute), end = lead.At(minute + 1);
  const std::size_t around = lead.Around();
  const std::size_t from = begin > around ? begin - around : 0;
  const std::size_t to = std::min(lead.all, end + around);
  std::vector<double> sums = {0}, counts = {0};
  for (std::size_t i = from; i < to; ++i) {
    const bool valid = std::isfinite(lead[i]);
    sums.push_back(sums.back() + (valid ? lead[i] : 0));
    counts.push_back(counts.back() + (valid ? 1 : 0));
  }
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  MinuteTrace trace;
  trace.low.assign(kColumns, kNone);
  trace.high.assign(kColumns, kNone);
  for (std::size_t i = begin; i < end; ++i) {
    if (!std::isfinite(lead[i])) continue;
    const std::size_t left = (i > around ? std::max(i - around, from) : from) - from;
    const std::size_t right = std::min(i + around, to) - from;
    const double value =
        lead[i] - (sums[right] - sums[left]) / std::max(1.0, counts[right] - counts[left]);
    const auto column = std::min(
        kColumns - 1, static_cast<std::size_t>(static_cast<double>(i - begin) / (kMinute * rate) *
                                               static_cast<double>(kColumns)));
    double& low = trace.low[column];
    double& high = trace.high[column];
    low = std::isfinite(low) ? std::min(low, value) : value;
    high = std::isfinite(high) ? std::max(high, value) : value;
  }
  return trace;
}

// In whole units, each relative to the one before.
std::string TracePath(const MinuteTrace& trace, double baseline) {
  const auto unit = [&](double mv) {
    return static_cast<int>(std::lround(-kUnitsPerMv * std::clamp(mv, -2.5, 2.5)));
  };
  std::string d;
  int x = 0, y = 0;
  bool joined = false;
  int flat = 0;  // columns that were passed over
  for (std::size_t i = 0; i < kColumns; ++i) {
    if (!std::isfinite(trace.low[i])) {
      joined = false;
      continue;
    }
    const int top = unit(trace.high[i]), bottom = unit(trace.low[i]);
    const int at = static_cast<int>(kNameWidth) + static_cast<int>(kColumn) * static_cast<int>(i);
    // The nearer end first, so that strokes are short.
    const bool down = std::abs(top - y) <= std::abs(bottom - y);
    const int first = down ? top : bottom, second = down ? bottom : top;
    if (!joined) {
      d += "M" + std::to_string(at) + " " + SvgNumber(baseline + first);
      flat = 0;
    } else if (first == y && second == y) {
      flat += at - x;
      x = at;
      continue;
    } else {
      if (flat > 0) d += "h" + std::to_string(flat);
      flat = 0;
      d += "l" + std::to_string(at - x) + (first < y ? "" : " ") + std::to_string(first - y);
    }
    if (second != first) d += "v" + std::to_string(second - first);
    x = at;
    y = second;
    joined = true;
  }
  if (flat > 0) d += "h" + std::to_string(flat);
  return d;
}

// Where a time of the recording lies in its minute's row.
double PlaceInRow(double at) {
  const double within = std::fmod(at, kMinute) / kMinute;
  return kNameWidth + within * kColumn * static_cast<double>(kColumns);
}

std::string ShadesOf(const HolterReport& report, std::size_t minute, double top) {
  const double from = static_cast<double>(minute) * kMinute, to = from + kMinute;
  std::string d;
  for (const Episode& episode : report.answer.episodes) {
    if (episode.kind != EpisodeKind::kFibrillation || episode.span.from >= to ||
        episode.span.to <= from) {
      continue;
    }
    const double left = episode.span.from > from ? PlaceInRow(episode.span.from) : kNameWidth;
    const double right = episode.span.to < to
                             ? PlaceInRow(episode.span.to)
                             : kNameWidth + kColumn * static_cast<double>(kColumns);
    d += "M" + SvgNumber(left) + " " + SvgNumber(top) + "H" + SvgNumber(right) + "V" +
         SvgNumber(top + kRowMm) + "H" + SvgNumber(left) + "Z";
  }
  return d;
}

// Ticks below the beats of a type.
std::string BeatsOf(const HolterReport& report, BeatType type, std::size_t minute, double bottom) {
  const double from = static_cast<double>(minute) * kMinute;
  const auto& beats = report.answer.beats;
  auto beat = std::lower_bound(beats.begin(), beats.end(), from,
                               [](const dsp::LongBeat& b, double at) { return b.at < at; });
  std::string d;
  for (; beat != beats.end() && beat->at < from + kMinute; ++beat) {
    if (beat->type != type) continue;
    d += "M" + SvgNumber(PlaceInRow(beat->at)) + " " + SvgNumber(bottom) + "v-3";
  }
  return d;
}

Html Hour(const HolterReport& report, std::size_t position, std::size_t first, std::size_t last) {
  const LeadPart lead = PartOf(report, position, first, last);
  const record::EcgInfo& info = report.record->info();
  std::string traces, shades, ventricular, atrial, words;
  for (std::size_t minute = first; minute < last; ++minute) {
    const double top = static_cast<double>(minute - first) * kRowMm + 8;
    traces += TracePath(TraceOf(lead, minute), top + 0.62 * kRowMm);
    shades += ShadesOf(report, minute, top);
    ventricular += BeatsOf(report, BeatType::kVentricular, minute, top + kRowMm);
    atrial += BeatsOf(report, BeatType::kAtrialPremature, minute, top + kRowMm);
    if (minute % 5 != 0 && minute != first) continue;
    const std::string clock = ClockText(info, static_cast<double>(minute) * kMinute);
    words +=
        Text(kNameWidth - 6, top + 0.62 * kRowMm + 4, "end", clock.substr(0, clock.size() - 3));
  }
  const double height = static_cast<double>(last - first) * kRowMm + 16;
  const std::string name =
      ClockText(info, static_cast<double>(first) * kMinute) + " and the hour after it";
  const Html drawing =
      Html::Drawing(Begin(kNameWidth + kColumn * static_cast<double>(kColumns), height,
                          "chart wide disclosure", report.answer.leads.front() + ", " + name) +
                    Path("shade", shades) + Path("trace", traces) +
                    Path("line3", ventricular, " stroke-width=\"1.5\"") +
                    Path("line2", atrial, " stroke-width=\"1.5\"") + words + "</svg>\n");
  return Element("figure", {{"class", "hour"}},
                 Element("figcaption", {},
                         "From " + ClockText(info, static_cast<double>(first) * kMinute)) +
                     Element("div",
                             {{"class", "scroll"},
                              {"tabindex", "0"},
                              {"role", "region"},
                              {"aria-label", name}},
                             drawing)) +
         Html::Literal("\n");
}

}  // namespace

double DurationOf(const record::EcgInfo& info) {
  return info.sampling_rate > 0 ? static_cast<double>(info.samples) / info.sampling_rate : 0;
}

std::string ClockText(const record::EcgInfo& info, double seconds) {
  const double clock = info.acquisition.time.value_or(0) + seconds;
  const bool of_day = info.acquisition.time.has_value();
  const auto whole = static_cast<long long>(of_day ? std::fmod(clock, kDay) : clock);
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%02lld:%02lld:%02lld", whole / 3600, whole / 60 % 60,
                whole % 60);
  return text.data();
}

Html DayFigure(const HolterReport& report) { return DayDrawing(report).Draw(); }

std::vector<Html> FullDisclosure(const HolterReport& report) {
  const record::EcgInfo& info = report.record->info();
  const auto name = std::find(info.leads.begin(), info.leads.end(), report.answer.leads.front());
  std::vector<Html> hours;
  if (name == info.leads.end()) return hours;
  const auto lead = static_cast<std::size_t>(name - info.leads.begin());
  const auto minutes = static_cast<std::size_t>(std::ceil(DurationOf(info) / kMinute));
  for (std::size_t first = 0; first < minutes; first += kMinutesADrawing) {
    hours.push_back(Hour(report, lead, first, std::min(minutes, first + kMinutesADrawing)));
  }
  return hours;
}

}  // namespace ecg::report
