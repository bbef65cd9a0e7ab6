#include "ecg/report/quantisation_report.h"

#include <cmath>
#include <numeric>
#include <string>

#include "ecg/core/text.h"
#include "src/report/figure_text.h"
#include "src/report/text_table.h"

namespace ecg::report {
namespace {

score::Metrics MetricsOf(const infer::LabelledAnswers& answers,
                         const challenge::ClassSet& classes) {
  return score::Evaluate({answers.size(),
                          answers.classes,
                          answers.labels,
                          answers.decisions,
                          {answers.probabilities.begin(), answers.probabilities.end()}},
                         classes);
}

// Of a figure that no class has nothing is lost.
bool LosesAtMost(double limit, double exact, double bytes) {
  return std::isnan(exact) || exact - bytes <= limit;
}

Json Both(double exact, double bytes) { return {{"fp32", exact}, {"int8", bytes}}; }

}  // namespace

double QuantisationReport::ChangedShare() const {
  const auto all = static_cast<double>(recordings * changed.size());
  const std::size_t sum = std::accumulate(changed.begin(), changed.end(), std::size_t{0});
  return all > 0 ? static_cast<double>(sum) / all : 0;
}

bool QuantisationReport::Holds(const QuantisationLimits& limits) const {
  return LosesAtMost(limits.auroc, exact.auroc, bytes.auroc) &&
         LosesAtMost(limits.auprc, exact.auprc, bytes.auprc) && ChangedShare() <= limits.changed;
}

Result<QuantisationReport> CompareQuantised(const infer::LabelledAnswers& exact,
                                            const infer::LabelledAnswers& bytes,
                                            const challenge::ClassSet& classes) {
  if (exact.labels != bytes.labels) {
    return InputError("in bytes the model answers " + Counted(bytes.size(), "recording") + " of " +
                          std::to_string(exact.size()),
                      {});
  }
  QuantisationReport report;
  report.recordings = exact.size();
  report.exact = MetricsOf(exact, classes);
  report.bytes = MetricsOf(bytes, classes);
  report.changed.assign(exact.classes, 0);
  for (std::size_t i = 0; i < exact.decisions.size(); ++i) {
    report.changed[i % exact.classes] += exact.decisions[i] != bytes.decisions[i] ? 1 : 0;
  }
  return report;
}

std::string QuantisationText(const QuantisationReport& report, const challenge::ClassSet& classes) {
  TextTable table({{"class", TextTable::Align::kLeft},
                   {"examples"},
                   {"AUROC fp32"},
                   {"int8"},
                   {"AUPRC fp32"},
                   {"int8"},
                   {"changed"}});
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const score::ClassMetrics &exact = report.exact.per_class[k],
                              &bytes = report.bytes.per_class[k];
    table.AddRow({classes[k].abbreviation, std::to_string(exact.positives()),
                  FigureText("%.4f", exact.auroc), FigureText("%.4f", bytes.auroc),
                  FigureText("%.4f", exact.auprc), FigureText("%.4f", bytes.auprc),
                  std::to_string(report.changed[k])});
  }
  table.AddRow({"mean", "", FigureText("%.4f", report.exact.auroc),
                FigureText("%.4f", report.bytes.auroc), FigureText("%.4f", report.exact.auprc),
                FigureText("%.4f", report.bytes.auprc), ""});
  return table.ToString() + "ranges from " + Counted(report.measured, "recording") +
         ", compared on " + Counted(report.recordings, "other labelled one") + "; " +
         FigureText("%.3f", 100 * report.ChangedShare()) + " % of decisions changed\n";
}

Json QuantisationJson(const QuantisationReport& report, const challenge::ClassSet& classes) {
  Json json = {{"measured", report.measured},
               {"recordings", report.recordings},
               {"auroc", Both(report.exact.auroc, report.bytes.auroc)},
               {"auprc", Both(report.exact.auprc, report.bytes.auprc)},
               {"changed_share", report.ChangedShare()},
               {"classes", Json::object()}};
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const score::ClassMetrics &exact = report.exact.per_class[k],
                              &bytes = report.bytes.per_class[k];
    json["classes"][classes[k].abbreviation] = {{"examples", exact.positives()},
                                                {"auroc", Both(exact.auroc, bytes.auroc)},
                                                {"auprc", Both(exact.auprc, bytes.auprc)},
                                                {"changed", report.changed[k]}};
  }
  return json;
}

}  // namespace ecg::report
