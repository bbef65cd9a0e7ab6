#include "ecg/report/score_report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "ecg/core/text.h"
#include "tests/score/plain_metrics.h"

namespace ecg::report {
namespace {

using test::RandomOutcomes;

const challenge::ClassSet& Classes() { return challenge::Classes2021(); }

data::ScoreInput RandomInput(std::size_t recordings) {
  data::ScoreInput input;
  input.outcomes.push_back(RandomOutcomes(recordings, 26, {0.1, 0.1, 50, 0, 0.2, 0}, 8));
  for (std::size_t i = 0; i < recordings; ++i) {
    data::ScoredRecord record;
    record.name = "R" + std::to_string(i);
    record.source = i % 3 == 0 ? "PTB_XL" : i % 3 == 1 ? "CPSC" : "";
    record.leads = i % 2 == 0 ? 12 : 2;
    if (i % 9 != 0) record.age = static_cast<double>(i % 9) * 12;  // 12 to 96
    record.sex = i % 5 == 0 ? "" : i % 5 == 1 ? "male" : "female";
    input.records.push_back(record);
  }
  return input;
}

TEST(ScoreReport, BreaksTheMetricsDown) {
  const data::ScoreInput input = RandomInput(90);
  ReportOptions options;
  options.samples = 0;
  options.by_source = options.by_leads = true;
  const ScoreReport report = BuildReport(input, score::Challenge::k2021, options);
  std::string groups;
  std::uint64_t recordings = 0;
  for (const ScoreGroup& group : report.groups) {
    groups += group.kind + "=" + group.name + " ";
    recordings += group.metrics.recordings;
  }
  EXPECT_EQ(groups, "source=CPSC source=PTB_XL source=unknown leads=12 leads=2 ");
  EXPECT_EQ(recordings, 2 * 90u);
  ReportOptions by_person;
  by_person.samples = 0;
  by_person.by_age = by_person.by_sex = true;
  std::string people;
  for (const ScoreGroup& group : BuildReport(input, score::Challenge::k2021, by_person).groups) {
    people += group.kind + "=" + group.name + ":" + std::to_string(group.metrics.recordings) + " ";
  }
  EXPECT_EQ(people,
            "age=to 39:30 age=40 to 59:10 age=60 to 79:20 age=80 and older:20 age=unknown:10 "
            "sex=female:54 sex=male:18 sex=unknown:18 ");
  // The recordings of CPSC alone, by the plain definitions.
  score::Outcomes alone;
  alone.classes = 26;
  const score::Outcomes& all = input.outcomes[0];
  for (std::size_t i = 1; i < 90; i += 3) {
    ++alone.recordings;
    for (std::size_t cell = i * 26; cell < (i + 1) * 26; ++cell) {
      alone.labels.push_back(all.labels[cell]);
      alone.decisions.push_back(all.decisions[cell]);
      alone.scores.push_back(all.scores[cell]);
    }
  }
  const score::Metrics expected = test::PlainEvaluate(alone, Classes());
  EXPECT_NEAR(report.groups[0].metrics.auroc, expected.auroc, 1e-12);
  EXPECT_NEAR(report.groups[0].metrics.challenge, expected.challenge, 1e-12);
}

// A group's intervals are those of its recordings alone.
TEST(ScoreReport, GroupsHaveIntervalsOfTheirOwn) {
  const data::ScoreInput input = RandomInput(240);
  ReportOptions options;
  options.samples = 200;
  options.by_source = true;
  options.by_leads = true;
  const ScoreReport report = BuildReport(input, score::Challenge::k2021, options);
  for (const ScoreGroup& group : report.groups) {
    ASSERT_EQ(group.intervals.size(), score::MetricFields(report.scoring).size());
    EXPECT_LT(group.intervals[0].low, group.metrics.auroc) << group.name;
    EXPECT_GT(group.intervals[0].high, group.metrics.auroc) << group.name;
    // Fewer recordings tell less.
    EXPECT_GT(group.intervals[0].high - group.intervals[0].low,
              report.intervals->overall[0].high - report.intervals->overall[0].low);
  }
  // One source alone, as if nothing else had been scored.
  data::ScoreInput alone;
  alone.outcomes.emplace_back().classes = 26;
  for (std::size_t i = 1; i < 240; i += 3) {
    score::Outcomes& part = alone.outcomes[0];
    const score::Outcomes& all = input.outcomes[0];
    ++part.recordings;
    for (std::size_t cell = i * 26; cell < (i + 1) * 26; ++cell) {
      part.labels.push_back(all.labels[cell]);
      part.decisions.push_back(all.decisions[cell]);
      part.scores.push_back(all.scores[cell]);
    }
    alone.records.push_back(input.records[i]);
  }
  const ScoreReport of_it = BuildReport(alone, score::Challenge::k2021, options);
  ASSERT_EQ(report.groups[0].name, "CPSC");
  EXPECT_EQ(report.groups[0].intervals[0].low, of_it.intervals->overall[0].low);
  EXPECT_EQ(report.groups[0].intervals[0].high, of_it.intervals->overall[0].high);
  const Json json = ReportJson(report);
  EXPECT_EQ(json["groups"][0]["intervals"]["auroc"]["low"].get<double>(),
            report.groups[0].intervals[0].low);
  EXPECT_NE(
      ReportCsv(report).find("source=CPSC,,auroc," + FormatDouble(report.groups[0].metrics.auroc) +
                             "," + FormatDouble(report.groups[0].intervals[0].low)),
      std::string::npos);
}

TEST(ScoreReport, SaysTheSameInEveryForm) {
  data::ScoreInput input = RandomInput(60);
  input.outcomes.push_back(RandomOutcomes(60, 26, {}, 10));
  input.outcomes[1].labels = input.outcomes[0].labels;
  input.input_notes = {{data::InputNoteKind::kMissingPrediction, {{"R98", ""}, {"R99", ""}}},
                       {data::InputNoteKind::kBadPrediction, {{"R97", "f.csv:3: wrong"}}}};
  input.failed = 3;
  ReportOptions options;
  options.samples = 20;
  options.by_source = options.by_leads = options.calibration = options.baselines = true;
  const ScoreReport report = BuildReport(input, score::Challenge::k2021, options);

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

TEST(ScoreReport, NamesInputNotesInOneLine) {
  data::InputNote note{data::InputNoteKind::kMissingPrediction,
                       {{"A1", ""}, {"A2", ""}, {"A3", ""}}};
  EXPECT_EQ(InputNoteText(note, 5), "3 records without a prediction: A1, A2, A3");
  EXPECT_EQ(InputNoteText(note, 2), "3 records without a prediction: A1, A2, ...");
  note.places.resize(1);
  EXPECT_EQ(InputNoteText(note, 2), "1 record without a prediction: A1");
}

}  // namespace
}  // namespace ecg::report
