#include "ecg/report/score_page.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "ecg/core/text.h"
#include "ecg/report/figure.h"
#include "ecg/report/table.h"
#include "ecg/score/curves.h"
#include "ecg/score/metric_list.h"

namespace ecg::report {
namespace {

constexpr std::size_t kDrawnClasses = 8;  // as many as there are colours
constexpr int kDecimals = 3;

Cell Number(double value) { return {value, kDecimals}; }

Cell Count(std::uint64_t count) { return {static_cast<double>(count), 0}; }

Cell Range(const score::Interval& interval) {
  if (!std::isfinite(interval.low)) return {};
  return Cell(interval.low, kDecimals).text + " to " + Cell(interval.high, kDecimals).text;
}

std::string IntervalTitle(const ScoreReport& report) {
  return Cell(100 * report.confidence, 0).text + " % interval";
}

Table OverallTable(const ScoreReport& report) {
  Table table;
  table.caption = Counted(report.metrics.recordings, "recording");
  if (report.failed > 0) table.caption += ", " + Counted(report.failed, "more", "more") + " failed";
  table.columns = {{"metric", false, {}}, {"value", true, {}}};
  if (report.intervals) table.columns.push_back({IntervalTitle(report), true, {}});
  table.columns.push_back({"meaning", false, {}});
  const auto& fields = score::MetricFields(report.scoring);
  for (std::size_t m = 0; m < fields.size(); ++m) {
    std::vector<Cell> row = {fields[m].title, Number(report.metrics.*fields[m].value)};
    if (report.intervals) row.push_back(Range(report.intervals->overall[m]));
    row.emplace_back(fields[m].meaning);
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table ClassTable(const ScoreReport& report) {
  Table table;
  table.caption = "By class; sensitivity = found / labels, PPV = found / (found + false)";
  table.columns = {{"class", false, {}},      {"name", false, {}},       {"labels", true, {}},
                   {"found", true, {}},       {"false", true, {}},       {"missed", true, {}},
                   {"sensitivity", true, {}}, {"specificity", true, {}}, {"PPV", true, {}}};
  const score::Scoring of_2021(score::Challenge::k2021);
  const auto& fields = score::ClassMetricFields(of_2021);
  for (std::size_t m = 0; m < fields.size(); ++m) {
    table.columns.push_back({fields[m].title, true, {}});
    if (report.intervals && m == 0) table.columns.push_back({IntervalTitle(report), true, {}});
  }
  const challenge::ClassSet& classes = report.scoring.classes();
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const score::ClassMetrics& of = report.metrics.per_class[k];
    std::vector<Cell> row = {
        classes[k].abbreviation,  classes[k].name,           Count(of.positives()),
        Count(of.true_positives), Count(of.false_positives), Count(of.false_negatives),
        Number(of.Sensitivity()), Number(of.Specificity()),  Number(of.PositivePredictiveValue())};
    for (std::size_t m = 0; m < fields.size(); ++m) {
      row.push_back(Number(of.*fields[m].value));
      if (report.intervals && m == 0) row.push_back(Range(report.intervals->per_class[k][m]));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

// The classes with the most labels.
std::vector<std::size_t> FrequentClasses(const ScoreReport& report) {
  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < report.metrics.per_class.size(); ++k) {
    if (report.metrics.per_class[k].positives() > 0) order.push_back(k);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return report.metrics.per_class[a].positives() > report.metrics.per_class[b].positives();
  });
  if (order.size() > kDrawnClasses) order.resize(kDrawnClasses);
  return order;
}

Figure UnitSquare(std::string title, std::string x, std::string y) {
  Figure figure;
  figure.title = std::move(title);
  figure.x = {std::move(x), 0.0, 1.0, false};
  figure.y = {std::move(y), 0.0, 1.0, false};
  figure.square = true;
  return figure;
}

Series SeriesOf(const std::string& name, const std::vector<score::CurvePoint>& curve) {
  Series series;
  series.name = name;
  for (const score::CurvePoint& point : curve) {
    series.x.push_back(point.x);
    series.y.push_back(point.y);
  }
  return series;
}

Html CurvesHtml(const ScoreReport& report, const score::Outcomes& outcomes) {
  const challenge::ClassSet& classes = report.scoring.classes();
  Figure roc = UnitSquare("Receiver operating characteristic", "1 - specificity", "sensitivity");
  roc.diagonal = true;
  Figure precision = UnitSquare("Precision and recall", "recall (sensitivity)", "precision (PPV)");
  for (const std::size_t k : FrequentClasses(report)) {
    const auto curve = score::RocCurve(outcomes, k);
    if (!curve.empty()) roc.series.push_back(SeriesOf(classes[k].abbreviation, curve));
    precision.series.push_back(
        SeriesOf(classes[k].abbreviation, score::PrecisionRecallCurve(outcomes, k)));
  }
  return FigureHtml(roc) + FigureHtml(precision);
}

Html ReliabilityHtml(const ScoreReport& report) {
  if (!report.calibration) {
    return Element("p", {{"class", "note"}},
                   "Some scores lie outside [0, 1], so they are no probabilities: no reliability.");
  }
  Figure figure =
      UnitSquare("Reliability, all classes", "mean probability", "share that is labelled");
  figure.diagonal = true;
  Series series;
  series.name = "all classes";
  const score::Reliability& overall = report.calibration->overall;
  for (const score::ReliabilityBin& bin : overall.bins) {
    series.x.push_back(bin.mean_score);
    series.y.push_back(bin.positives);
  }
  figure.series = {series};
  return FigureHtml(figure) +
         Element("p", {{"class", "note"}},
                 "Brier score " + Cell(overall.brier, 4).text + ", expected calibration error " +
                     Cell(overall.expected_error, 4).text + ".");
}

// The classes that are labelled or decided at all.
Matrix ConfusionMatrix(const score::Outcomes& outcomes, const challenge::ClassSet& classes,
                       const std::vector<std::vector<double>>& shares) {
  std::vector<bool> used(classes.size());
  for (std::size_t i = 0; i < outcomes.labels.size(); ++i) {
    if (outcomes.labels[i] != 0 || outcomes.decisions[i] != 0) used[i % classes.size()] = true;
  }
  Matrix matrix;
  matrix.title =
      "What the challenge weighs with its rewards: shares of recordings, labels in rows, "
      "decisions in columns";
  matrix.row_title = "label";
  matrix.column_title = "decided";
  matrix.decimals = 1;
  for (std::size_t a = 0; a < classes.size(); ++a) {
    if (!used[a]) continue;
    matrix.rows.push_back(classes[a].abbreviation);
    matrix.columns.push_back(classes[a].abbreviation);
    std::vector<double>& row = matrix.values.emplace_back();
    for (std::size_t b = 0; b < classes.size(); ++b) {
      if (used[b]) row.push_back(shares[a][b] == 0 ? std::nan("") : shares[a][b]);
    }
  }
  return matrix;
}

// The pairs that cost most: shares times what their reward lacks.
Table CostlyPairs(const challenge::ClassSet& classes,
                  const std::vector<std::vector<double>>& shares) {
  constexpr std::size_t kShown = 10;
  struct Pair {
    std::size_t label, output;
    double lost;
  };
  std::vector<Pair> pairs;
  for (std::size_t a = 0; a < classes.size(); ++a) {
    for (std::size_t b = 0; b < classes.size(); ++b) {
      const double lost = shares[a][b] * (1 - classes.Reward(a, b));
      if (lost > 0) pairs.push_back({a, b, lost});
    }
  }
  std::sort(pairs.begin(), pairs.end(),
            [](const Pair& a, const Pair& b) { return a.lost > b.lost; });
  if (pairs.size() > kShown) pairs.resize(kShown);
  Table table;
  table.caption = "What costs most: shares of recordings times the reward that is lacking";
  table.columns = {{"label", false, {}},
                   {"decided", false, {}},
                   {"share", true, {}},
                   {"reward", true, {}},
                   {"lost", true, {}}};
  for (const Pair& pair : pairs) {
    table.rows.push_back({classes[pair.label].abbreviation, classes[pair.output].abbreviation,
                          Cell(shares[pair.label][pair.output], 1),
                          Cell(classes.Reward(pair.label, pair.output), 2), Cell(pair.lost, 1)});
  }
  return table;
}

Table GroupTable(const ScoreReport& report) {
  Table table;
  table.columns = {{"group", false, {}}, {"recordings", true, {}}};
  if (report.bootstrap_samples > 0) {
    table.caption = "In brackets the " + IntervalTitle(report) +
                    ", by the bootstrap over the recordings of the group";
  }
  const auto& fields = score::MetricFields(report.scoring);
  for (const score::MetricField& field : fields) table.columns.push_back({field.title, true, {}});
  for (const ScoreGroup& group : report.groups) {
    std::vector<Cell> row = {group.kind + ": " + group.name, Count(group.metrics.recordings)};
    for (std::size_t m = 0; m < fields.size(); ++m) {
      Cell& cell = row.emplace_back(Number(group.metrics.*fields[m].value));
      if (cell.text.empty() || group.intervals.empty()) continue;
      const std::string range = Range(group.intervals[m]).text;
      if (!range.empty()) cell.text += " (" + range + ")";
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table ComparisonTable(const ScoreReport& report) {
  Table table;
  table.caption =
      "Paired bootstrap over the same recordings; an interval without 0 is hardly chance";
  table.columns = {{"metric", false, {}},
                   {"these", true, {}},
                   {"the others", true, {}},
                   {"difference", true, {}},
                   {IntervalTitle(report), true, {}},
                   {"p", true, {}}};
  const auto& fields = score::MetricFields(report.scoring);
  for (std::size_t m = 0; m < fields.size(); ++m) {
    const score::Difference& difference = report.comparison->differences[m];
    std::vector<Cell> row = {fields[m].title,
                             Number(report.metrics.*fields[m].value),
                             Number(report.comparison->other.*fields[m].value),
                             Number(difference.value),
                             Range(difference.interval),
                             Number(difference.p_value)};
    if (difference.interval.low > 0) row[3].tone = Tone::kGood;
    if (difference.interval.high < 0) row[3].tone = Tone::kBad;
    table.rows.push_back(std::move(row));
  }
  return table;
}

Html Columns(const Html& content) { return Element("div", {{"class", "columns"}}, content); }

}  // namespace

void AddScoreSections(const ScoreReport& report, const data::ScoreInput& input, Page* page) {
  const score::Outcomes& outcomes = input.outcomes.at(0);
  const challenge::ClassSet& classes = report.scoring.classes();
  Html notes;
  for (const data::InputNote& note : report.input_notes) {
    notes += Element("p", {{"class", data::IsDoubtful(note.kind) ? "warning" : "note"}},
                     InputNoteText(note, 5));
  }
  page->AddSection("metrics", "Metrics", TableHtml(OverallTable(report)) + notes);
  if (report.comparison) {
    page->AddSection("compared", "Compared", TableHtml(ComparisonTable(report)));
  }
  page->AddSection(
      "classes", "Classes",
      TableHtml(ClassTable(report)) +
          Columns(CurvesHtml(report, outcomes) + Element("div", {}, ReliabilityHtml(report))));
  const auto shares = score::ChallengeConfusion(outcomes);
  Html confusion = MatrixHtml(ConfusionMatrix(outcomes, classes, shares));
  if (!classes.rewards().empty()) confusion += TableHtml(CostlyPairs(classes, shares));
  page->AddSection("confusion", "Confusion", confusion);
  if (!report.groups.empty()) {
    page->AddSection("groups", "By source, leads, age and sex", TableHtml(GroupTable(report)));
  }
}

}  // namespace ecg::report
