#include "ecg/report/wave_report.h"

#include <cmath>
#include <vector>

#include "src/report/figure_text.h"
#include "src/report/text_table.h"

namespace ecg::report {
namespace {

std::string Share(double value, const score::Interval& interval) {
  if (!std::isfinite(value)) return "-";
  return FigureText("%.4f", value) + " (" + FigureText("%.4f", interval.low) + "-" +
         FigureText("%.4f", interval.high) + ")";
}

std::string Errors(const score::MarkErrors& errors) {
  return errors.count == 0 ? "-"
                           : FigureText("%+.1f", errors.Mean()) + " +- " +
                                 FigureText("%.1f", errors.StandardDeviation());
}

// Where the working party gives a tolerance.
std::string Within(const score::MarkErrors& errors, double tolerance) {
  return errors.count == 0 || !std::isfinite(tolerance)
             ? "-"
             : FigureText("%.0f %%", 100 * errors.ShareWithin());
}

Json OrNull(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json ErrorsJson(const score::MarkErrors& errors, double tolerance) {
  Json json = {{"count", errors.count},
               {"mean_ms", OrNull(errors.Mean())},
               {"sd_ms", OrNull(errors.StandardDeviation())}};
  if (std::isfinite(tolerance)) json["within_cse_tolerance"] = OrNull(errors.ShareWithin());
  return json;
}

}  // namespace

std::string WaveReport(const AllWaveFigures& figures) {
  using Align = TextTable::Align;
  TextTable table({{"", Align::kLeft},
                   {"reference"},
                   {"detected"},
                   {"sensitivity"},
                   {"pos. predictivity"},
                   {"onset, ms"},
                   {"peak, ms"},
                   {"offset, ms"},
                   {"on in CSE"},
                   {"off in CSE"}});
  for (std::size_t k = 0; k < dsp::kWaveTypes; ++k) {
    const score::WaveTally& tally = figures[k].tally;
    const score::MarkTolerances allowed = score::CseTolerances(static_cast<dsp::WaveType>(k));
    table.AddRow({dsp::kWaveNames[k], std::to_string(tally.peaks.reference),
                  std::to_string(tally.peaks.detected),
                  Share(tally.peaks.Sensitivity(), figures[k].sensitivity),
                  Share(tally.peaks.PositivePredictivity(), figures[k].positive_predictivity),
                  Errors(tally.onset), Errors(tally.peak), Errors(tally.offset),
                  Within(tally.onset, allowed.onset), Within(tally.offset, allowed.offset)});
  }
  return table.ToString();
}

Json WaveJson(const AllWaveFigures& figures) {
  Json json = Json::object();
  for (std::size_t k = 0; k < dsp::kWaveTypes; ++k) {
    const score::WaveTally& tally = figures[k].tally;
    const score::MarkTolerances allowed = score::CseTolerances(static_cast<dsp::WaveType>(k));
    const auto share = [](double value, const score::Interval& interval) -> Json {
      return {{"value", OrNull(value)},
              {"interval", {OrNull(interval.low), OrNull(interval.high)}}};
    };
    json[dsp::kWaveNames[k]] = {
        {"reference", tally.peaks.reference},
        {"detected", tally.peaks.detected},
        {"matched", tally.peaks.matched},
        {"sensitivity", share(tally.peaks.Sensitivity(), figures[k].sensitivity)},
        {"positive_predictivity",
         share(tally.peaks.PositivePredictivity(), figures[k].positive_predictivity)},
        {"onset", ErrorsJson(tally.onset, allowed.onset)},
        {"peak", ErrorsJson(tally.peak, std::numeric_limits<double>::infinity())},
        {"offset", ErrorsJson(tally.offset, allowed.offset)}};
  }
  return json;
}

}  // namespace ecg::report
