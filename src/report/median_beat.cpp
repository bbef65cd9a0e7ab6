#include "src/report/median_beat.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ecg/core/text.h"
#include "ecg/infer/measurement.h"
#include "src/report/paper_layout.h"
#include "src/report/svg_text.h"
#include "src/report/xml.h"

namespace ecg::report {
namespace {

constexpr double kScale = 2;  // of the usual paper's
constexpr double kPerSecond = kScale * kMmPerSecond;
constexpr double kPerMv = kScale * kMmPerMv;
constexpr double kBelow = 22;  // mm for the intervals, below the traces
constexpr double kRight = 26;  // mm for the names of intervals, right of the traces
constexpr double kMargin = 4;

struct Span {
  double low = -0.3;  // mV
  double high = 0.6;
};

Span SpanOf(const dsp::MedianBeat& median) {
  Span span;
  for (const std::vector<double>& lead : median.leads) {
    for (const double mv : lead) {
      if (!std::isfinite(mv)) continue;
      span.low = std::min(span.low, mv);
      span.high = std::max(span.high, mv);
    }
  }
  span.low = std::max(std::floor(span.low * 4) / 4, -3.0);
  span.high = std::min(std::ceil(span.high * 4) / 4, 4.0);
  return span;
}

// Each lead against its level just before the QRS complex, as amplitudes are measured.
dsp::MedianBeat OnBaseLine(dsp::MedianBeat median, double rate) {
  constexpr double kLevel = 0.02;  // s
  const int to = std::max(median.qrs.onset == dsp::kMissing ? median.r : median.qrs.onset, 1);
  const int from = std::max(to - static_cast<int>(kLevel * rate) - 1, 0);
  for (std::vector<double>& lead : median.leads) {
    double sum = 0;
    int count = 0;
    for (int i = from; i < std::min(to, static_cast<int>(lead.size())); ++i) {
      if (!std::isfinite(lead[static_cast<std::size_t>(i)])) continue;
      sum += lead[static_cast<std::size_t>(i)];
      ++count;
    }
    for (double& mv : lead) mv -= count > 0 ? sum / count : 0;
  }
  return median;
}

std::string TraceOf(const std::vector<double>& lead, double rate, double zero) {
  std::string d;
  bool joined = false;
  for (std::size_t i = 0; i < lead.size(); ++i) {
    if (!std::isfinite(lead[i])) {
      joined = false;
      continue;
    }
    d += (joined ? "L" : "M") + SvgNumber(static_cast<double>(i) / rate * kPerSecond) + " " +
         SvgNumber(zero - lead[i] * kPerMv);
    joined = true;
  }
  return d;
}

// One interval: a line with its ends, and its name and length beneath or beside it.
std::string Bracket(double from, double to, double y, const std::string& text) {
  if (!(from < to)) return {};
  return "<path class=\"mark\" fill=\"none\" stroke=\"#1a4fa0\" stroke-width=\"0.3\" d=\"M" +
         SvgNumber(from) + " " + SvgNumber(y - 1) + "v2M" + SvgNumber(from) + " " + SvgNumber(y) +
         "H" + SvgNumber(to) + "M" + SvgNumber(to) + " " + SvgNumber(y - 1) + "v2\"/>\n" +
         SvgText(to + 1.5, y + 1.1, 3.2, text, "#1a4fa0");
}

std::string Milliseconds(const char* name, double seconds) {
  const std::string text = infer::FormatCell(seconds * 1000, 0);
  return text.empty() ? text : std::string(name) + " " + text + " ms";
}

// The lead that is drawn strongly.
std::size_t MainLead(const std::vector<std::string>& leads) {
  const auto found = std::find(leads.begin(), leads.end(), "II");
  return found == leads.end() ? 0 : static_cast<std::size_t>(found - leads.begin());
}

std::string Grid(double width, double height) {
  std::string fine;
  std::string bold;
  for (int x = 0; x <= static_cast<int>(width); ++x) {
    (x % 5 == 0 ? bold : fine) += "M" + std::to_string(x) + " 0V" + SvgNumber(height);
  }
  for (int y = 0; y <= static_cast<int>(height); ++y) {
    (y % 5 == 0 ? bold : fine) += "M0 " + std::to_string(y) + "H" + SvgNumber(width);
  }
  return "<path class=\"fine\" d=\"" + fine + "\" stroke=\"#f7c9c4\" stroke-width=\"0.1\"/>\n" +
         "<path class=\"bold\" d=\"" + bold + "\" stroke=\"#eb9a92\" stroke-width=\"0.2\"/>\n";
}

std::string DrawIntervals(const infer::Measured& measured, double bottom) {
  const dsp::MedianBeat& median = measured.values.median;
  const auto at = [&](int sample) {
    return sample == dsp::kMissing ? std::nan("") : sample / measured.sampling_rate * kPerSecond;
  };
  std::string lines;
  for (const int border : {median.p.onset, median.p.offset, median.qrs.onset, median.qrs.offset,
                           median.t.onset, median.t.offset}) {
    const double x = at(border);
    if (std::isfinite(x)) lines += "M" + SvgNumber(x) + " 0V" + SvgNumber(bottom);
  }
  const dsp::Measurements& values = measured.values;
  return "<path class=\"mark\" d=\"" + lines +
         "\" fill=\"none\" stroke=\"#1a4fa0\" stroke-width=\"0.15\" stroke-dasharray=\"1 1\"/>\n" +
         Bracket(at(median.p.onset), at(median.qrs.onset), bottom + 3,
                 Milliseconds("PR", values.pr)) +
         Bracket(at(median.qrs.onset), at(median.qrs.offset), bottom + 8,
                 Milliseconds("QRS", values.qrs)) +
         Bracket(at(median.qrs.onset), at(median.t.offset), bottom + 13,
                 Milliseconds("QT", values.qt));
}

}  // namespace

Html MedianBeatHtml(const infer::Measured& measured) {
  if (measured.values.median.leads.empty() || !(measured.sampling_rate > 0)) return {};
  const dsp::MedianBeat median = OnBaseLine(measured.values.median, measured.sampling_rate);
  if (median.leads[0].empty()) return {};
  const Span span = SpanOf(median);
  const double beat =
      static_cast<double>(median.leads[0].size()) / measured.sampling_rate * kPerSecond;
  const double width = std::max(beat + kRight, 60.0);
  const double zero = kMargin + span.high * kPerMv;
  const double bottom = zero - span.low * kPerMv + kMargin;
  const double height = bottom + kBelow;
  const std::size_t main = MainLead(measured.measured_leads);
  std::string svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"paper beat\" role=\"img\" "
      "aria-label=\"Median beat of " +
      EscapeXml(Counted(measured.measured_leads.size(), "lead")) + "\" width=\"" +
      SvgNumber(width) + "mm\" height=\"" + SvgNumber(height) + "mm\" viewBox=\"0 0 " +
      SvgNumber(width) + " " + SvgNumber(height) + "\">\n" + "<rect class=\"ground\" width=\"" +
      SvgNumber(width) + "\" height=\"" + SvgNumber(height) + "\" fill=\"#fff\"/>\n" +
      Grid(beat, bottom);
  for (std::size_t lead = 0; lead < median.leads.size(); ++lead) {
    const bool strong = lead == main;
    svg += "<path class=\"" + std::string(strong ? "trace" : "trace faint") + "\" d=\"" +
           TraceOf(median.leads[lead], measured.sampling_rate, zero) +
           "\" fill=\"none\" stroke=\"#000\" stroke-width=\"" + (strong ? "0.5" : "0.2") +
           "\" stroke-linejoin=\"round\"/>\n";
  }
  svg += DrawIntervals(measured, bottom) +
         SvgText(1.5, height - 1.5, 3,
                 "50 mm/s, 20 mm/mV; strong: " +
                     (main < measured.measured_leads.size() ? measured.measured_leads[main] : ""),
                 "#444") +
         "</svg>\n";
  return Html::Drawing(svg);
}

}  // namespace ecg::report
