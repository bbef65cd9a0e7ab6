#include <cmath>

#include "ecg/core/text.h"
#include "ecg/report/score_report.h"
#include "ecg/score/metric_list.h"
#include "src/report/figure_text.h"
#include "src/report/text_table.h"

namespace ecg::report {
namespace {

using Align = TextTable::Align;

// A value that does not exist, as the AUROC of a class without a label, is a dash.
std::string Number(double value, const char* format = "%.3f") { return FigureText(format, value); }

std::string Range(const score::Interval& interval, const char* format = "%.3f") {
  if (std::isnan(interval.low)) return "-";
  return Number(interval.low, format) + " to " + Number(interval.high, format);
}

std::string Percent(double share) { return Number(100 * share, "%g") + " %"; }

std::string WhatFor(const score::Scoring& scoring) {
  if (!scoring.IsOfAChallenge()) return "classes of your own";
  const bool older = scoring.year() == score::Challenge::k2020;
  return std::string("metrics of the Challenge ") + (older ? "2020" : "2021");
}

std::string OverallTable(const ScoreReport& report) {
  std::vector<TextTable::Column> columns = {{"Metric", Align::kLeft}, {"Value"}};
  if (report.intervals) columns.push_back({Percent(report.confidence) + " interval", Align::kLeft});
  columns.push_back({"Meaning", Align::kLeft});
  TextTable table(columns);
  const std::vector<score::MetricField>& fields = score::MetricFields(report.scoring);
  for (std::size_t m = 0; m < fields.size(); ++m) {
    std::vector<std::string> row = {fields[m].title, Number(report.metrics.*fields[m].value)};
    if (report.intervals) row.push_back(Range(report.intervals->overall[m]));
    row.push_back(fields[m].meaning);
    table.AddRow(row);
  }
  return table.ToString();
}

std::string ClassTable(const ScoreReport& report) {
  // F-beta and G-beta of 2020 would make the lines too long; they are in JSON and CSV.
  const score::Scoring of_2021(score::Challenge::k2021);
  const std::vector<score::ClassMetricField>& fields = score::ClassMetricFields(of_2021);
  std::vector<TextTable::Column> columns = {{"Class", Align::kLeft},
                                            {"Labels"},
                                            {"Found"},
                                            {"False"},
                                            {"Missed"},
                                            {"Sens"},
                                            {"Spec"},
                                            {"PPV"}};
  for (const score::ClassMetricField& field : fields) columns.push_back({field.title});
  columns.push_back({"Best F"});
  columns.push_back({"at score"});
  TextTable table(columns);
  const challenge::ClassSet& classes = report.scoring.classes();
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const score::ClassMetrics& of = report.metrics.per_class[k];
    std::vector<std::string> row = {classes[k].abbreviation,
                                    std::to_string(of.positives()),
                                    std::to_string(of.true_positives),
                                    std::to_string(of.false_positives),
                                    std::to_string(of.false_negatives),
                                    Number(of.Sensitivity()),
                                    Number(of.Specificity()),
                                    Number(of.PositivePredictiveValue())};
    for (const score::ClassMetricField& field : fields) row.push_back(Number(of.*field.value));
    row.push_back(Number(of.best_f_measure));
    row.push_back(Number(of.best_threshold, "%.4g"));
    table.AddRow(row);
  }
  return table.ToString() +
         "Found, false and missed count recordings by decision; sens(itivity) = found / labels,\n"
         "PPV = found / (found + false); best F: what deciding at that score would reach. A dash:\n"
         "no value, as the class has no label (or no recording without it, or no decision).\n";
}

// A row of all metrics for each of several things.
template <typename Things, typename TitleOf>
std::string MetricTable(const ScoreReport& report, const std::string& heading, const Things& things,
                        const TitleOf& title_of) {
  std::vector<TextTable::Column> columns = {{heading, Align::kLeft}, {"Recordings"}};
  for (const score::MetricField& field : score::MetricFields(report.scoring))
    columns.push_back({field.title});
  TextTable table(columns);
  for (const auto& thing : things) {
    std::vector<std::string> row = {title_of(thing), std::to_string(thing.metrics.recordings)};
    for (const score::MetricField& field : score::MetricFields(report.scoring)) {
      row.push_back(Number(thing.metrics.*field.value));
    }
    table.AddRow(row);
  }
  return table.ToString();
}

std::string GroupTables(const ScoreReport& report) {
  std::string text;
  for (const auto& [kind, heading] : {std::pair("source", "Source"), std::pair("leads", "Leads"),
                                      std::pair("age", "Age"), std::pair("sex", "Sex")}) {
    std::vector<ScoreGroup> of_kind;
    for (const ScoreGroup& group : report.groups) {
      if (group.kind == kind) of_kind.push_back(group);
    }
    if (of_kind.empty()) continue;
    text += "\n" + MetricTable(report, heading, of_kind,
                               [](const ScoreGroup& group) { return group.name; });
  }
  return text;
}

std::string ComparisonTable(const ScoreReport& report) {
  TextTable table({{"Metric", Align::kLeft},
                   {"Value"},
                   {"Compared"},
                   {"Difference"},
                   {Percent(report.confidence) + " interval", Align::kLeft},
                   {"p"}});
  const std::vector<score::MetricField>& fields = score::MetricFields(report.scoring);
  for (std::size_t m = 0; m < fields.size(); ++m) {
    const score::Difference& difference = report.comparison->differences[m];
    table.AddRow({fields[m].title, Number(report.metrics.*fields[m].value),
                  Number(report.comparison->other.*fields[m].value),
                  Number(difference.value, "%+.3f"), Range(difference.interval, "%+.3f"),
                  Number(difference.p_value)});
  }
  return table.ToString() +
         "Paired bootstrap over recordings. An interval without 0 is hardly chance; p is about "
         "how\n"
         "often chance alone would make as large a difference.\n";
}

std::string CalibrationText(const ScoreReport& report) {
  const score::Reliability& overall = report.calibration->overall;
  TextTable bins({{"Score", Align::kLeft}, {"Count"}, {"Mean score"}, {"Labelled"}});
  for (const score::ReliabilityBin& bin : overall.bins) {
    bins.AddRow({Number(bin.low, "%.1f") + " to " + Number(bin.high, "%.1f"),
                 std::to_string(bin.count), Number(bin.mean_score), Number(bin.positives)});
  }
  TextTable classes({{"Class", Align::kLeft}, {"Brier score"}, {"Calibration error"}});
  classes.AddRow({"all", Number(overall.brier, "%.4f"), Number(overall.expected_error, "%.4f")});
  for (std::size_t k = 0; k < report.calibration->per_class.size(); ++k) {
    const score::Reliability& of = report.calibration->per_class[k];
    classes.AddRow({report.scoring.classes()[k].abbreviation, Number(of.brier, "%.4f"),
                    Number(of.expected_error, "%.4f")});
  }
  return bins.ToString() + "\n" + classes.ToString() +
         "Well calibrated: mean score and share of labelled cases agree in every bin. Both\n"
         "figures are better the smaller they are.\n";
}

}  // namespace

std::string ReportText(const ScoreReport& report) {
  const std::uint64_t recordings = report.metrics.recordings;
  std::string text = Counted(recordings, "recording") + ", " +
                     Counted(report.metrics.per_class.size(), "class", "classes") + ", " +
                     WhatFor(report.scoring) + "\n\n" + OverallTable(report) + "\n" +
                     ClassTable(report) + GroupTables(report);
  if (!report.baselines.empty()) {
    text += "\n" + MetricTable(report, "Without looking", report.baselines,
                               [](const score::Baseline& baseline) { return baseline.title; });
  }
  if (report.comparison) text += "\n" + ComparisonTable(report);
  if (report.calibration) text += "\n" + CalibrationText(report);
  if (!report.scores_are_probabilities) {
    text += "\nNo calibration: some scores lie outside [0, 1], so they are no probabilities.\n";
  }
  return text;
}

}  // namespace ecg::report
