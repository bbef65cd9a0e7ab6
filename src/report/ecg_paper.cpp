#include "ecg/report/ecg_paper.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include "ecg/challenge/challenge.h"
#include "src/report/xml.h"

namespace ecg::report {
namespace {

constexpr double kMmPerSecond = 25;
constexpr double kMmPerMv = 10;
constexpr double kStripSeconds = 10;
constexpr double kMargin = 5;    // mm around the paper, and before the calibration pulse
constexpr double kPulse = 10;    // mm kept for the pulse at the start of each row
constexpr double kCaption = 10;  // mm above the paper
constexpr double kUnit = 0.01;   // mm; traces are written as whole numbers of it

// One lead over one stretch of time, somewhere on the paper.
struct Strip {
  std::string lead;
  double left = 0;      // mm
  double baseline = 0;  // mm from the top
  double from = 0;      // s
  double seconds = 0;
  bool labelled_marks = false;
};

struct Page {
  double width = 0;
  double height = 0;
  double row_height = 0;
  std::vector<double> rows;  // baselines
  std::vector<Strip> strips;
};

std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

Page LayOut(const PaperOptions& options) {
  const std::vector<std::string>& leads = challenge::LeadSets().front().leads;
  const bool grid = options.layout == PaperLayout::kThreeByFour;
  const std::size_t rows = grid ? 4 : leads.size();
  Page page;
  page.row_height = grid ? 35 : 25;
  page.width = 2 * kMargin + kPulse + kStripSeconds * kMmPerSecond;
  page.height = kCaption + 2 * kMargin + static_cast<double>(rows) * page.row_height;
  const double left = kMargin + kPulse;
  for (std::size_t row = 0; row < rows; ++row) {
    page.rows.push_back(kCaption + kMargin + (static_cast<double>(row) + 0.5) * page.row_height);
  }
  if (!grid) {
    for (std::size_t row = 0; row < rows; ++row) {
      page.strips.push_back(
          {leads[row], left, page.rows[row], options.start, kStripSeconds, row == 0});
    }
    return page;
  }
  const double seconds = kStripSeconds / 4;
  for (std::size_t i = 0; i < leads.size(); ++i) {
    const std::size_t column = i / 3;
    const double offset = static_cast<double>(column) * seconds;
    page.strips.push_back({leads[i], left + offset * kMmPerSecond, page.rows[i % 3],
                           options.start + offset, seconds, false});
  }
  page.strips.push_back(
      {options.rhythm_lead, left, page.rows[3], options.start, kStripSeconds, true});
  return page;
}

std::string Head(const Page& page) {
  const std::string width = Number(page.width);
  const std::string height = Number(page.height);
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
         "</defs>\n"
         "<rect width=\"" +
         width + "\" height=\"" + height +
         "\" fill=\"#ffffff\"/>\n"
         "<rect y=\"" +
         Number(kCaption) + "\" width=\"" + width + "\" height=\"" +
         Number(page.height - kCaption) + "\" fill=\"url(#cm)\"/>\n";
}

std::string Text(double x, double y, double size, const std::string& text, const char* colour) {
  return "<text x=\"" + Number(x) + "\" y=\"" + Number(y) + "\" font-size=\"" + Number(size) +
         "\" font-family=\"Helvetica,Arial,sans-serif\" fill=\"" + colour + "\">" +
         EscapeXml(text) + "</text>\n";
}

// One millivolt high, a fifth of a second long.
std::string CalibrationPulse(double baseline) {
  return "<path d=\"M" + Number(kMargin) + " " + Number(baseline) + "h2v-" + Number(kMmPerMv) +
         "h5v" + Number(kMmPerMv) + "h2\" fill=\"none\" stroke=\"#000\" stroke-width=\"0.25\"/>\n";
}

std::optional<std::size_t> LeadIndex(const wfdb::EcgRecord& record, const std::string& name) {
  const auto& leads = record.info.leads;
  const auto found = std::find(leads.begin(), leads.end(), name);
  if (found == leads.end()) return std::nullopt;
  return static_cast<std::size_t>(found - leads.begin());
}

float MedianOf(const float* begin, const float* end) {
  std::vector<float> valid;
  std::copy_if(begin, end, std::back_inserter(valid), [](float mv) { return std::isfinite(mv); });
  if (valid.empty()) return 0;
  const auto middle = valid.begin() + static_cast<std::ptrdiff_t>(valid.size() / 2);
  std::nth_element(valid.begin(), middle, valid.end());
  return *middle;
}

// The trace as a path of whole hundredths of a millimetre, relative to the point before: half the
// size of decimals, and no error that adds up.
std::string TracePath(const float* mv, std::size_t samples, double rate, float median) {
  // What is far off the paper is not worth a number of its own.
  constexpr double kFar = 1e5;
  std::string path;
  bool drawing = false;
  long last_x = 0;
  long last_y = 0;
  for (std::size_t i = 0; i < samples; ++i) {
    if (!std::isfinite(mv[i])) {
      drawing = false;
      continue;
    }
    const double seconds = static_cast<double>(i) / rate;
    const double up =
        std::clamp(static_cast<double>(mv[i] - median) * kMmPerMv / kUnit, -kFar, kFar);
    const long x = std::lround(seconds * kMmPerSecond / kUnit);
    const long y = -std::lround(up);
    path += drawing ? "l" + std::to_string(x - last_x) + " " + std::to_string(y - last_y)
                    : "M" + std::to_string(x) + " " + std::to_string(y);
    drawing = true;
    last_x = x;
    last_y = y;
  }
  return path;
}

std::string DrawTrace(const wfdb::EcgRecord& record, const Strip& strip) {
  std::string out = Text(strip.left + 1, strip.baseline - 8, 3.5, strip.lead, "#000");
  const std::optional<std::size_t> lead = LeadIndex(record, strip.lead);
  const double rate = record.info.sampling_rate;
  const auto first = static_cast<std::size_t>(std::llround(strip.from * rate));
  if (!lead || first >= record.info.samples) return out;
  const auto wanted = static_cast<std::size_t>(std::llround(strip.seconds * rate));
  const std::size_t count = std::min(wanted, record.info.samples - first);
  const float* mv = record.Lead(*lead) + first;
  out += "<path transform=\"translate(" + Number(strip.left) + " " + Number(strip.baseline) +
         ") scale(" + Number(kUnit) + ")\" d=\"" +
         TracePath(mv, count, rate, MedianOf(mv, mv + count)) +
         "\" fill=\"none\" stroke=\"#000\" stroke-width=\"25\" stroke-linejoin=\"round\"/>\n";
  return out;
}

std::string DrawMarks(const Page& page, const Strip& strip, const std::vector<PaperMark>& marks) {
  const double top = strip.baseline - 0.5 * page.row_height;
  std::string lines;
  std::string labels;
  double last_label = -100;
  bool lowered = false;
  for (const PaperMark& mark : marks) {
    const double at = mark.seconds - strip.from;
    if (!(at >= 0 && at < strip.seconds)) continue;
    const double x = strip.left + at * kMmPerSecond;
    lines += "M" + Number(x) + " " + Number(top + 4) + "V" + Number(top + page.row_height - 2);
    if (strip.labelled_marks && !mark.label.empty()) {
      // Neighbours that would stand on one another take turns in height.
      lowered = x - last_label < 2.5 && !lowered;
      last_label = x;
      labels += Text(x - 0.8, top + (lowered ? 5.8 : 3.5), 2.4, mark.label, "#1a4fa0");
    }
  }
  if (lines.empty()) return {};
  return "<path d=\"" + lines +
         "\" stroke=\"#1a4fa0\" stroke-width=\"0.1\" stroke-opacity=\"0.7\"/>\n" + labels;
}

}  // namespace

Result<std::string> EcgPaperSvg(const wfdb::EcgRecord& record, const PaperOptions& options) {
  const wfdb::EcgInfo& info = record.info;
  if (!(info.sampling_rate > 0) || info.samples == 0) {
    return InputError("holds no samples", info.name);
  }
  const double length = static_cast<double>(info.samples) / info.sampling_rate;
  if (!(options.start >= 0 && options.start < length)) {
    return UsageError("the record has " + Number(length) + " s, nothing can start at " +
                          Number(options.start) + " s",
                      info.name);
  }
  const Page page = LayOut(options);
  std::string svg = Head(page);
  svg += Text(kMargin, 6.5, 4, options.caption, "#000");
  svg += Text(page.width - kMargin - 38, 6.5, 3.2, "25 mm/s   10 mm/mV", "#444");
  for (const double baseline : page.rows) svg += CalibrationPulse(baseline);
  for (const Strip& strip : page.strips) svg += DrawMarks(page, strip, options.marks);
  for (const Strip& strip : page.strips) svg += DrawTrace(record, strip);
  return svg + "</svg>\n";
}

}  // namespace ecg::report
