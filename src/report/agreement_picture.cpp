#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "ecg/report/agreement_report.h"
#include "src/report/figure_text.h"
#include "src/report/svg_text.h"
#include "src/report/xml.h"

namespace ecg::report {
namespace {

using record::Quantity;
using score::DifferenceOf;
using score::MeasuredTwice;

// Millimetres.
constexpr double kPanelWidth = 95, kPanelHeight = 70;
constexpr double kLeft = 16, kRight = 4, kTop = 13, kBottom = 12;  // around the field of a panel
constexpr double kTextSize = 2.8, kTitleSize = 3.4, kDot = 0.9;
constexpr std::size_t kColumns = 2;
constexpr char kBiasColour[] = "#1864ab", kLimitColour[] = "#c92a2a";

struct Range {
  double low = 0, high = 0;

  void Take(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  // With some room at both ends.
  void Widen() {
    constexpr double kNarrowest = 1e-6;
    const double room = high - low > kNarrowest ? 0.06 * (high - low) : 1;
    low -= room;
    high += room;
  }
};

// A step of 1, 2 or 5 times a power of ten that makes about `count` of the range.
double NiceStep(const Range& range, double count) {
  const double rough = (range.high - range.low) / count;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  const double digit = rough / power;
  return (digit > 5 ? 10 : digit > 2 ? 5 : digit > 1 ? 2 : 1) * power;
}

std::string Number(double value, const char* format) { return FigureText(format, value + 0.0); }

std::string Line(double x1, double y1, double x2, double y2, const char* colour, double width,
                 const char* dashes = "") {
  std::string out = "<line x1=\"" + SvgNumber(x1) + "\" y1=\"" + SvgNumber(y1) + "\" x2=\"" +
                    SvgNumber(x2) + "\" y2=\"" + SvgNumber(y2) + "\" stroke=\"" + colour +
                    "\" stroke-width=\"" + SvgNumber(width) + "\"";
  if (*dashes != '\0') out += std::string(" stroke-dasharray=\"") + dashes + "\"";
  return out + "/>\n";
}

std::string TextEnding(double right, double y, const std::string& text) {
  return SvgText(right - TextWidth(text) * kTextSize, y, kTextSize, text, "#444");
}

// One quantity's picture.
class Panel {
 public:
  Panel(Quantity quantity, const std::vector<MeasuredTwice>& pairs, double left, double top)
      : quantity_(quantity),
        pairs_(pairs),
        figures_(score::AgreementOf(quantity, pairs)),
        left_(left + kLeft),
        top_(top + kTop),
        right_(left + kPanelWidth - kRight),
        bottom_(top + kPanelHeight - kBottom) {
    across_.low = across_.high = MeanOf(pairs.front());
    for (const MeasuredTwice& pair : pairs) {
      across_.Take(MeanOf(pair));
      down_.Take(DifferenceOf(quantity, pair));
    }
    for (const score::Interval& interval : {figures_.lower_interval, figures_.upper_interval}) {
      down_.Take(interval.low);
      down_.Take(interval.high);
    }
    across_.Widen();
    down_.Widen();
  }

  std::string Draw() const {
    std::string out = Titles() + Axes();
    out += Level(figures_.bias, figures_.bias_interval, kBiasColour, "");
    out += Level(figures_.lower, figures_.lower_interval, kLimitColour, "2 1");
    out += Level(figures_.upper, figures_.upper_interval, kLimitColour, "2 1");
    for (const MeasuredTwice& pair : pairs_) out += Dot(pair);
    return out;
  }

 private:
  // Of an angle half way between both.
  double MeanOf(const MeasuredTwice& pair) const {
    return pair.stated + DifferenceOf(quantity_, pair) / 2;
  }
  double X(double value) const {
    return left_ + (value - across_.low) / (across_.high - across_.low) * (right_ - left_);
  }
  double Y(double value) const {
    return bottom_ - (value - down_.low) / (down_.high - down_.low) * (bottom_ - top_);
  }

  std::string Titles() const {
    std::string figures =
        "n " + std::to_string(figures_.count) + ", bias " + Number(figures_.bias, "%+.1f");
    if (std::isfinite(figures_.sd)) {
      figures += ", limits of agreement " + Number(figures_.lower, "%+.1f") + " to " +
                 Number(figures_.upper, "%+.1f");
    }
    return SvgText(left_, top_ - 7, kTitleSize, record::NameOf(quantity_), "#000") +
           SvgText(left_, top_ - 2.5, kTextSize, figures, "#444") +
           SvgText(left_, bottom_ + 9, kTextSize, "mean of own and stated; up: own minus stated",
                   "#444");
  }

  std::string Axes() const {
    std::string out;
    const double across = NiceStep(across_, 6), down = NiceStep(down_, 6);
    for (double tick = std::ceil(down_.low / down) * down; tick <= down_.high; tick += down) {
      out += Line(left_, Y(tick), right_, Y(tick), "#e9ecef", 0.2);
      out += TextEnding(left_ - 1.5, Y(tick) + 1, Number(tick, "%.4g"));
    }
    for (double tick = std::ceil(across_.low / across) * across; tick <= across_.high;
         tick += across) {
      out += Line(X(tick), bottom_, X(tick), bottom_ + 1, "#444", 0.2);
      const std::string text = Number(tick, "%.4g");
      out += SvgText(X(tick) - TextWidth(text) * kTextSize / 2, bottom_ + 4.5, kTextSize, text,
                     "#444");
    }
    return out + Line(left_, Y(0), right_, Y(0), "#868e96", 0.25) +
           Line(left_, top_, left_, bottom_, "#444", 0.25) +
           Line(left_, bottom_, right_, bottom_, "#444", 0.25);
  }

  // A line over the whole width, in the shade of its interval.
  std::string Level(double value, const score::Interval& interval, const char* colour,
                    const char* dashes) const {
    if (!std::isfinite(value)) return {};
    std::string out;
    if (std::isfinite(interval.low)) {
      out = "<rect x=\"" + SvgNumber(left_) + "\" y=\"" + SvgNumber(Y(interval.high)) +
            "\" width=\"" + SvgNumber(right_ - left_) + "\" height=\"" +
            SvgNumber(Y(interval.low) - Y(interval.high)) + "\" fill=\"" + colour +
            "\" fill-opacity=\"0.10\"/>\n";
    }
    return out + Line(left_, Y(value), right_, Y(value), colour, 0.35, dashes);
  }

  std::string Dot(const MeasuredTwice& pair) const {
    const std::string said = pair.record + ": own " + Number(pair.own, "%.1f") + ", stated " +
                             Number(pair.stated, "%.1f");
    return "<circle cx=\"" + SvgNumber(X(MeanOf(pair))) + "\" cy=\"" +
           SvgNumber(Y(DifferenceOf(quantity_, pair))) + "\" r=\"" + SvgNumber(kDot) +
           "\" fill=\"#212529\" fill-opacity=\"0.55\"><title>" + EscapeXml(said) +
           "</title></circle>\n";
  }

  const Quantity quantity_;
  const std::vector<MeasuredTwice>& pairs_;
  const score::Agreement figures_;
  const double left_, top_, right_, bottom_;  // of the field
  Range across_, down_;
};

}  // namespace

std::string AgreementPicture(const score::AllMeasuredTwice& pairs) {
  std::string panels;
  std::size_t count = 0;
  for (std::size_t q = 0; q < pairs.size(); ++q) {
    if (pairs[q].empty()) continue;
    const double left = static_cast<double>(count % kColumns) * kPanelWidth;
    const double top = static_cast<double>(count / kColumns) * kPanelHeight;
    panels += Panel(static_cast<Quantity>(q), pairs[q], left, top).Draw();
    ++count;
  }
  const std::size_t columns = std::clamp(count, std::size_t{1}, kColumns);
  const std::size_t rows = std::max<std::size_t>(1, (count + kColumns - 1) / kColumns);
  const std::string width = SvgNumber(static_cast<double>(columns) * kPanelWidth);
  const std::string height = SvgNumber(static_cast<double>(rows) * kPanelHeight);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" +
         width + "mm\" height=\"" + height + "mm\" viewBox=\"0 0 " + width + " " + height +
         "\">\n<rect width=\"" + width + "\" height=\"" + height + "\" fill=\"#fff\"/>\n" + panels +
         "</svg>\n";
}

}  // namespace ecg::report
