#include "ecg/score/score_report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <limits>

#include "ecg/core/text.h"
#include "tests/score/plain_metrics.h"

namespace ecg::score {
namespace {

using test::RandomOutcomes;

const challenge::ClassSet& Classes() { return challenge::Classes2021(); }

ScoreInput RandomInput(std::size_t recordings) {
  ScoreInput input;
  input.outcomes.push_back(RandomOutcomes(recordings, 26, {0.1, 0.1, 50, 0, 0.2, 0}, 8));
  for (std::size_t i = 0; i < recordings; ++i) {
    ScoredRecord record;
    record.name = "R" + std::to_string(i);
    record.source = i % 3 == 0 ? "PTB_XL" : i % 3 == 1 ? "CPSC" : "";
    record.leads = i % 2 == 0 ? 12 : 2;
    input.records.push_back(record);
  }
  return input;
}

// Every distinct score is tried as a threshold.
TEST(BestThreshold, IsTheBestOfAll) {
  const Outcomes outcomes = RandomOutcomes(150, 26, {0.1, 0.1, 40, 0, 0.1, 0}, 12);
  const Metrics metrics = Evaluate(outcomes, Classes());
  for (std::size_t k = 0; k < 26; ++k) {
    double best = std::numeric_limits<double>::quiet_NaN(), best_threshold = best;
    for (std::size_t j = 0; j < outcomes.recordings; ++j) {
      const double threshold = outcomes.scores[j * 26 + k];
      double tp = 0, wrong = 0, labels = 0;
      for (std::size_t i = 0; i < outcomes.recordings; ++i) {
        const bool positive = outcomes.scores[i * 26 + k] >= threshold;
        const bool label = outcomes.labels[i * 26 + k] != 0;
        labels += label ? 1 : 0;
        tp += positive && label ? 1 : 0;
        wrong += positive != label ? 1 : 0;
      }
      if (labels == 0) break;
      const double f = 2 * tp / (2 * tp + wrong);
      if (std::isnan(best) || f > best || (f == best && threshold > best_threshold)) {
        best = f;
        best_threshold = threshold;
      }
    }
    if (std::isnan(best)) {
      EXPECT_TRUE(std::isnan(metrics.per_class[k].best_f_measure));
      EXPECT_TRUE(std::isnan(metrics.per_class[k].best_threshold));
    } else {
      EXPECT_NEAR(metrics.per_class[k].best_f_measure, best, 1e-12);
      EXPECT_EQ(metrics.per_class[k].best_threshold, best_threshold);
    }
  }
}

TEST(ClassMetrics, GiveSensitivitySpecificityAndPredictiveValue) {
  ClassMetrics of;
  of.true_positives = 8;
  of.false_negatives = 2;
  of.false_positives = 24;
  of.true_negatives = 66;
  EXPECT_DOUBLE_EQ(of.Sensitivity(), 0.8);
  EXPECT_DOUBLE_EQ(of.Specificity(), 66.0 / 90);
  EXPECT_DOUBLE_EQ(of.PositivePredictiveValue(), 0.25);
  EXPECT_TRUE(std::isnan(ClassMetrics().Sensitivity()));
}

TEST(Calibration, FollowsItsDefinitions) {
  Outcomes outcomes;
  outcomes.recordings = 4;
  outcomes.classes = 1;
  outcomes.labels = {0, 1, 0, 1};
  outcomes.scores = {0.1, 0.3, 0.3, 1.0};
  const CalibrationTable table = Calibrate(outcomes, 4).value();
  const Calibration& of = table.overall;
  ASSERT_EQ(of.bins.size(), 4u);
  EXPECT_EQ(of.bins[0].count, 1u);
  EXPECT_EQ(of.bins[1].count, 2u);
  EXPECT_EQ(of.bins[2].count, 0u);
  EXPECT_EQ(of.bins[3].count, 1u);  // 1.0 belongs to the last bin
  EXPECT_DOUBLE_EQ(of.bins[1].mean_score, 0.3);
  EXPECT_DOUBLE_EQ(of.bins[1].positives, 0.5);
  EXPECT_TRUE(std::isnan(of.bins[2].mean_score));
  EXPECT_NEAR(of.brier, (0.01 + 0.49 + 0.09 + 0) / 4, 1e-12);
  EXPECT_NEAR(of.expected_error, (1 * 0.1 + 2 * 0.2 + 0) / 4, 1e-12);
  EXPECT_EQ(table.per_class.size(), 1u);
  outcomes.scores[0] = -0.1;
  EXPECT_FALSE(Calibrate(outcomes));
}

TEST(Baselines, AreWhatTheyClaim) {
  const Outcomes outcomes = RandomOutcomes(3000, 26, {0.1, 0.3, 0, 0, 0, 0}, 9);
  const std::vector<Baseline> baselines = Baselines(outcomes, Classes(), 1);
  ASSERT_EQ(baselines.size(), 3u);
  EXPECT_EQ(baselines[0].metrics.challenge, 0);
  EXPECT_DOUBLE_EQ(baselines[0].metrics.auroc, 0.5);
  EXPECT_NEAR(baselines[1].metrics.auroc, 0.5, 0.02);
  // A coin finds half of a class; by prevalence a tenth.
  EXPECT_NEAR(baselines[1].metrics.per_class[0].Sensitivity(), 0.5, 0.1);
  EXPECT_NEAR(baselines[2].metrics.per_class[0].Sensitivity(), 0.1, 0.06);
  EXPECT_EQ(Baselines(outcomes, Classes(), 1)[1].metrics.challenge, baselines[1].metrics.challenge);
  EXPECT_NE(Baselines(outcomes, Classes(), 2)[1].metrics.challenge, baselines[1].metrics.challenge);
}

TEST(ScoreReport, BreaksTheMetricsDown) {
  const ScoreInput input = RandomInput(90);
  ReportOptions options;
  options.bootstrap.samples = 0;
  options.by_source = options.by_leads = true;
  const ScoreReport report = BuildReport(input, Challenge::k2021, options);
  std::string groups;
  std::uint64_t recordings = 0;
  for (const ScoreGroup& group : report.groups) {
    groups += group.kind + "=" + group.name + " ";
    recordings += group.metrics.recordings;
  }
  EXPECT_EQ(groups, "source=CPSC source=PTB_XL source=unknown leads=12 leads=2 ");
  EXPECT_EQ(recordings, 2 * 90u);
  // The recordings of CPSC alone, by the plain definitions.
  Outcomes alone;
  alone.classes = 26;
  const Outcomes& all = input.outcomes[0];
  for (std::size_t i = 1; i < 90; i += 3) {
    ++alone.recordings;
    for (std::size_t cell = i * 26; cell < (i + 1) * 26; ++cell) {
      alone.labels.push_back(all.labels[cell]);
      alone.decisions.push_back(all.decisions[cell]);
      alone.scores.push_back(all.scores[cell]);
    }
  }
  const Metrics expected = test::PlainEvaluate(alone, Classes());
  EXPECT_NEAR(report.groups[0].metrics.auroc, expected.auroc, 1e-12);
  EXPECT_NEAR(report.groups[0].metrics.challenge, expected.challenge, 1e-12);
}

TEST(ScoreReport, SaysTheSameInEveryForm) {
  ScoreInput input = RandomInput(60);
  input.outcomes.push_back(RandomOutcomes(60, 26, {}, 10));
  input.outcomes[1].labels = input.outcomes[0].labels;
  input.findings = {{FindingKind::kMissingPrediction, {{"R98", ""}, {"R99", ""}}},
                    {FindingKind::kBadPrediction, {{"R97", "f.csv:3: wrong"}}}};
  input.failed = 3;
  ReportOptions options;
  options.bootstrap.samples = 20;
  options.by_source = options.by_leads = options.calibration = options.baselines = true;
  const ScoreReport report = BuildReport(input, Challenge::k2021, options);

  const Json json = ReportJson(report);
  EXPECT_EQ(json["recordings"], 60);
  EXPECT_EQ(json["failed"], 3);
  EXPECT_EQ(json["metrics"]["challenge"]["value"].get<double>(), report.metrics.challenge);
  EXPECT_EQ(json["metrics"]["auroc"]["low"].get<double>(), report.intervals->overall[0].low);
  EXPECT_EQ(json["classes"].size(), 26u);
  EXPECT_EQ(json["classes"][0]["class"], "AF");
  EXPECT_EQ(json["groups"].size(), 5u);
  EXPECT_EQ(json["baselines"]["always_normal"]["challenge"].get<double>(), 0);
  EXPECT_EQ(json["findings"][1]["records"][0]["detail"], "f.csv:3: wrong");
  EXPECT_EQ(json["comparison"]["auroc"]["difference"].get<double>(),
            report.comparison->differences[0].value);
  EXPECT_NEAR(report.comparison->differences[0].value,
              report.metrics.auroc - report.comparison->other.auroc, 1e-15);

  const std::string csv = ReportCsv(report);
  for (const std::string_view line : SplitLines(csv)) {
    EXPECT_EQ(Split(line, ',').size(), 6u) << line;
  }
  EXPECT_NE(csv.find("all,,challenge," + FormatDouble(report.metrics.challenge) + ","),
            std::string::npos);
  EXPECT_NE(csv.find("all,AF,true_positives," +
                     std::to_string(report.metrics.per_class[0].true_positives) + ",,"),
            std::string::npos);

  const std::string text = ReportText(report);
  char challenge[32];
  std::snprintf(challenge, sizeof(challenge), "Challenge metric  %.3f", report.metrics.challenge);
  const std::vector<std::string> parts = {challenge,      "60 recordings, 26 classes",
                                          "PTB_XL",       "always normal",
                                          "Difference",   "Brier score",
                                          "95 % interval"};
  for (const std::string& part : parts) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
  }
  for (const std::string_view line : SplitLines(text)) {
    EXPECT_LE(line.size(), 100u) << line;
    EXPECT_TRUE(line.empty() || line.back() != ' ') << line;
  }
}

TEST(ScoreReport, NamesFindingsInOneLine) {
  Finding finding{FindingKind::kMissingPrediction, {{"A1", ""}, {"A2", ""}, {"A3", ""}}};
  EXPECT_EQ(FindingText(finding, 5), "3 records without a prediction: A1, A2, A3");
  EXPECT_EQ(FindingText(finding, 2), "3 records without a prediction: A1, A2, ...");
  finding.places.resize(1);
  EXPECT_EQ(FindingText(finding, 2), "1 record without a prediction: A1");
}

}  // namespace
}  // namespace ecg::score
