#include "ecg/report/agreement_report.h"

#include <cmath>
#include <vector>

#include "src/report/figure_text.h"
#include "src/report/text_table.h"

namespace ecg::report {
namespace {

using record::Quantity;

std::string With(double value, const score::Interval& interval) {
  if (!std::isfinite(value)) return "-";
  std::string text = FigureText("%+.1f", value);
  if (!std::isfinite(interval.low)) return text;
  return text + " (" + FigureText("%+.1f", interval.low) + " to " +
         FigureText("%+.1f", interval.high) + ")";
}

Json OrNull(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json IntervalJson(const score::Interval& interval) {
  return {OrNull(interval.low), OrNull(interval.high)};
}

double MeanStated(const std::vector<score::MeasuredTwice>& pairs) {
  double sum = 0;
  for (const score::MeasuredTwice& pair : pairs) sum += pair.stated;
  return sum / static_cast<double>(pairs.size());
}

}  // namespace

std::string AgreementReport(const score::AllMeasuredTwice& pairs) {
  TextTable table({{"", TextTable::Align::kLeft},
                   {"n"},
                   {"mean stated"},
                   {"bias (95 %)"},
                   {"sd"},
                   {"lower limit (95 %)"},
                   {"upper limit (95 %)"}});
  for (std::size_t q = 0; q < pairs.size(); ++q) {
    if (pairs[q].empty()) continue;
    const auto quantity = static_cast<Quantity>(q);
    const score::Agreement figures = score::AgreementOf(quantity, pairs[q]);
    // Angles have no mean that means anything.
    const double mean = record::IsAxis(quantity) ? NAN : MeanStated(pairs[q]);
    table.AddRow({record::NameOf(quantity), std::to_string(figures.count), FigureText("%.1f", mean),
                  With(figures.bias, figures.bias_interval), FigureText("%.1f", figures.sd),
                  With(figures.lower, figures.lower_interval),
                  With(figures.upper, figures.upper_interval)});
  }
  return table.ToString();
}

Json AgreementJson(const score::AllMeasuredTwice& pairs) {
  Json json = Json::object();
  for (std::size_t q = 0; q < pairs.size(); ++q) {
    if (pairs[q].empty()) continue;
    const auto quantity = static_cast<Quantity>(q);
    const score::Agreement figures = score::AgreementOf(quantity, pairs[q]);
    Json& entry = json[record::NameOf(quantity)] = {
        {"count", figures.count},
        {"bias", OrNull(figures.bias)},
        {"bias_interval", IntervalJson(figures.bias_interval)},
        {"sd", OrNull(figures.sd)},
        {"lower_limit", OrNull(figures.lower)},
        {"lower_limit_interval", IntervalJson(figures.lower_interval)},
        {"upper_limit", OrNull(figures.upper)},
        {"upper_limit_interval", IntervalJson(figures.upper_interval)}};
    Json& list = entry["recordings"] = Json::array();
    for (const score::MeasuredTwice& pair : pairs[q]) {
      list.push_back({{"record", pair.record}, {"own", pair.own}, {"stated", pair.stated}});
    }
  }
  return json;
}

}  // namespace ecg::report
