// The report for machines: JSON and CSV.
#include <cmath>

#include "ecg/core/csv.h"
#include "ecg/core/text.h"
#include "ecg/report/score_report.h"
#include "ecg/score/metric_list.h"

namespace ecg::report {
namespace {

Json Number(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json ValueJson(double value, const score::Interval* interval) {
  Json json = {{"value", Number(value)}};
  if (interval != nullptr) {
    json["low"] = Number(interval->low);
    json["high"] = Number(interval->high);
  }
  return json;
}

// Null for classes of one's own.
Json ChallengeJson(const score::Scoring& scoring) {
  if (!scoring.IsOfAChallenge()) return {};
  return scoring.year() == score::Challenge::k2020 ? 2020 : 2021;
}

Json MetricsJson(const score::Metrics& metrics, const score::Scoring& scoring) {
  Json json;
  for (const score::MetricField& field : score::MetricFields(scoring)) {
    json[field.key] = Number(metrics.*field.value);
  }
  return json;
}

Json CalibrationJson(const score::Reliability& calibration) {
  Json bins = Json::array();
  for (const score::ReliabilityBin& bin : calibration.bins) {
    bins.push_back({{"low", bin.low},
                    {"high", bin.high},
                    {"count", bin.count},
                    {"mean_score", Number(bin.mean_score)},
                    {"positives", Number(bin.positives)}});
  }
  return {{"brier", Number(calibration.brier)},
          {"expected_error", Number(calibration.expected_error)},
          {"bins", bins}};
}

Json ClassJson(const ScoreReport& report, std::size_t k) {
  const challenge::DiagnosisClass& entry = report.scoring.classes()[k];
  const score::ClassMetrics& of = report.metrics.per_class[k];
  Json json = {{"class", entry.abbreviation},
               {"name", entry.name},
               {"codes", entry.codes},
               {"labels", of.positives()},
               {"true_positives", of.true_positives},
               {"false_positives", of.false_positives},
               {"false_negatives", of.false_negatives},
               {"true_negatives", of.true_negatives},
               {"sensitivity", Number(of.Sensitivity())},
               {"specificity", Number(of.Specificity())},
               {"ppv", Number(of.PositivePredictiveValue())},
               {"best_threshold", Number(of.best_threshold)},
               {"best_f_measure", Number(of.best_f_measure)}};
  const std::vector<score::ClassMetricField>& fields = score::ClassMetricFields(report.scoring);
  for (std::size_t m = 0; m < fields.size(); ++m) {
    const score::Interval* interval =
        report.intervals ? &report.intervals->per_class[k][m] : nullptr;
    json[fields[m].key] = ValueJson(of.*fields[m].value, interval);
  }
  if (report.calibration) json["calibration"] = CalibrationJson(report.calibration->per_class[k]);
  return json;
}

Json ComparisonJson(const ScoreReport& report) {
  Json json;
  const std::vector<score::MetricField>& fields = score::MetricFields(report.scoring);
  for (std::size_t m = 0; m < fields.size(); ++m) {
    const score::Difference& difference = report.comparison->differences[m];
    json[fields[m].key] = {{"other", Number(report.comparison->other.*fields[m].value)},
                           {"difference", Number(difference.value)},
                           {"low", Number(difference.interval.low)},
                           {"high", Number(difference.interval.high)},
                           {"p_value", Number(difference.p_value)}};
  }
  return json;
}

Json InputNotesJson(const ScoreReport& report) {
  Json json = Json::array();
  for (const data::InputNote& note : report.input_notes) {
    Json records = Json::array();
    for (const data::InputNote::Place& place : note.places) {
      Json record = {{"record", place.record}};
      if (!place.detail.empty()) record["detail"] = place.detail;
      records.push_back(std::move(record));
    }
    json.push_back({{"kind", data::NameOf(note.kind)},
                    {"failure", data::IsFailure(note.kind)},
                    {"count", note.places.size()},
                    {"records", std::move(records)}});
  }
  return json;
}

class CsvWriter {
 public:
  void Add(const std::string& group, const std::string& name, const std::string& metric,
           double value, const score::Interval* interval = nullptr) {
    const auto bound = [&](double score::Interval::*of) {
      return interval != nullptr ? FormatDouble(interval->*of) : std::string();
    };
    text_ += CsvLine({group, name, metric, FormatDouble(value), bound(&score::Interval::low),
                      bound(&score::Interval::high)}) +
             "\n";
  }
  // `intervals` as the fields, or none.
  void AddAll(const std::string& group, const score::Metrics& metrics,
              const score::Scoring& scoring, const std::vector<score::Interval>& intervals = {}) {
    Add(group, "", "recordings", static_cast<double>(metrics.recordings));
    const std::vector<score::MetricField>& fields = score::MetricFields(scoring);
    for (std::size_t m = 0; m < fields.size(); ++m) {
      Add(group, "", fields[m].key, metrics.*fields[m].value,
          m < intervals.size() ? &intervals[m] : nullptr);
    }
  }
  std::string Take() { return std::move(text_); }

 private:
  std::string text_ = "group,class,metric,value,low,high\n";
};

void AddClass(const ScoreReport& report, std::size_t k, CsvWriter& csv) {
  const std::string& name = report.scoring.classes()[k].abbreviation;
  const score::ClassMetrics& of = report.metrics.per_class[k];
  const std::vector<score::ClassMetricField>& fields = score::ClassMetricFields(report.scoring);
  for (std::size_t m = 0; m < fields.size(); ++m) {
    csv.Add("all", name, fields[m].key, of.*fields[m].value,
            report.intervals ? &report.intervals->per_class[k][m] : nullptr);
  }
  const std::pair<const char*, double> values[] = {
      {"true_positives", static_cast<double>(of.true_positives)},
      {"false_positives", static_cast<double>(of.false_positives)},
      {"false_negatives", static_cast<double>(of.false_negatives)},
      {"true_negatives", static_cast<double>(of.true_negatives)},
      {"sensitivity", of.Sensitivity()},
      {"specificity", of.Specificity()},
      {"ppv", of.PositivePredictiveValue()},
      {"best_threshold", of.best_threshold},
      {"best_f_measure", of.best_f_measure}};
  for (const auto& [metric, value] : values) csv.Add("all", name, metric, value);
  if (!report.calibration) return;
  csv.Add("all", name, "brier", report.calibration->per_class[k].brier);
  csv.Add("all", name, "expected_error", report.calibration->per_class[k].expected_error);
}

}  // namespace

Json ReportJson(const ScoreReport& report) {
  const std::vector<score::MetricField>& fields = score::MetricFields(report.scoring);
  Json json = {{"challenge", ChallengeJson(report.scoring)},
               {"recordings", report.metrics.recordings},
               {"failed", report.failed},
               {"confidence", report.confidence},
               {"bootstrap_samples", report.bootstrap_samples}};
  for (std::size_t m = 0; m < fields.size(); ++m) {
    json["metrics"][fields[m].key] =
        ValueJson(report.metrics.*fields[m].value,
                  report.intervals ? &report.intervals->overall[m] : nullptr);
  }
  json["classes"] = Json::array();
  for (std::size_t k = 0; k < report.metrics.per_class.size(); ++k) {
    json["classes"].push_back(ClassJson(report, k));
  }
  for (const ScoreGroup& group : report.groups) {
    Json one = {{"kind", group.kind},
                {"name", group.name},
                {"recordings", group.metrics.recordings},
                {"metrics", MetricsJson(group.metrics, report.scoring)}};
    for (std::size_t m = 0; m < group.intervals.size(); ++m) {
      one["intervals"][fields[m].key] =
          ValueJson(group.metrics.*fields[m].value, &group.intervals[m]);
    }
    json["groups"].push_back(std::move(one));
  }
  for (const score::Baseline& baseline : report.baselines) {
    json["baselines"][baseline.key] = MetricsJson(baseline.metrics, report.scoring);
  }
  if (report.comparison) json["comparison"] = ComparisonJson(report);
  if (report.calibration) json["calibration"] = CalibrationJson(report.calibration->overall);
  json["findings"] = InputNotesJson(report);
  return json;
}

std::string ReportCsv(const ScoreReport& report) {
  const std::vector<score::MetricField>& fields = score::MetricFields(report.scoring);
  CsvWriter csv;
  csv.Add("all", "", "recordings", static_cast<double>(report.metrics.recordings));
  for (std::size_t m = 0; m < fields.size(); ++m) {
    csv.Add("all", "", fields[m].key, report.metrics.*fields[m].value,
            report.intervals ? &report.intervals->overall[m] : nullptr);
  }
  if (report.calibration) {
    csv.Add("all", "", "brier", report.calibration->overall.brier);
    csv.Add("all", "", "expected_error", report.calibration->overall.expected_error);
  }
  for (std::size_t k = 0; k < report.metrics.per_class.size(); ++k) AddClass(report, k, csv);
  for (const ScoreGroup& group : report.groups) {
    csv.AddAll(group.kind + "=" + group.name, group.metrics, report.scoring, group.intervals);
  }
  for (const score::Baseline& baseline : report.baselines) {
    csv.AddAll("baseline=" + baseline.key, baseline.metrics, report.scoring);
  }
  if (report.comparison) {
    csv.AddAll("compared", report.comparison->other, report.scoring);
    for (std::size_t m = 0; m < fields.size(); ++m) {
      const score::Difference& difference = report.comparison->differences[m];
      csv.Add("difference", "", fields[m].key, difference.value, &difference.interval);
    }
  }
  return csv.Take();
}

}  // namespace ecg::report
