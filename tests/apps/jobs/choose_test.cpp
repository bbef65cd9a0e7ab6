#include "src/apps/jobs/choose.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "ecg/core/csv.h"
#include "ecg/core/random.h"
#include "ecg/core/text.h"

namespace ecg::jobs {
namespace {

const std::vector<challenge::DiagnosisClass>& Classes() {
  static const std::vector<challenge::DiagnosisClass> classes = {
      {"A", "a", {"1"}}, {"B", "b", {"2"}}, {"C", "c", {"3"}}};
  return classes;
}

infer::RecordAnswer Answer(std::vector<float> probabilities, const std::string& source = "") {
  infer::RecordAnswer answer;
  answer.info.source = source;
  answer.thresholds.assign(3, 0.5);
  answer.spread.assign(3, 0);
  answer.defined.assign(3, 0);
  for (const float p : probabilities) answer.decisions.push_back(p >= 0.5F ? 1 : 0);
  answer.probabilities = std::move(probabilities);
  return answer;
}

// By record: why, and for how many it stands.
std::map<std::string, std::pair<std::string, double>> Rows(const std::string& text) {
  const CsvTable table = CsvTable::Parse(text, "choose.csv").value();
  std::map<std::string, std::pair<std::string, double>> rows;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    rows[std::string(table.Cell(r, *table.Column("record")))] = {
        std::string(table.Cell(r, *table.Column("why"))),
        *ParseDouble(table.Cell(r, *table.Column("weight")))};
  }
  return rows;
}

TEST(Choice, DoubtsWhatLiesNearItsThreshold) {
  Choice choice(Classes());
  choice.Add("sure", Answer({0.01F, 0.99F, 0.01F}));
  choice.Add("near", Answer({0.48F, 0.01F, 0.01F}));
  choice.Add("nearer", Answer({0.51F, 0.01F, 0.01F}));
  choice.Add("other", Answer({0.01F, 0.01F, 0.4F}));
  infer::RecordAnswer apart = Answer({0.01F, 0.8F, 0.01F});
  apart.spread[1] = 0.3F;
  choice.Add("apart", apart);
  infer::RecordAnswer against = Answer({0.01F, 0.01F, 0.02F});
  against.defined[2] = against.decisions[2] = 1;
  choice.Add("against", against);
  infer::RecordAnswer flat;
  flat.unclassifiable = dsp::Unclassifiable();
  choice.Add("flat", flat);

  const auto first = Rows(choice.Table(1, 1));
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first.at("against").first, "doubt: C by definition against the network");
  const auto rows = Rows(choice.Table(6, 1));  // all, three of them doubtful
  EXPECT_EQ(rows.at("nearer").first, "doubt: A 0.51 at 0.5");
  // B has not been doubted yet, and its members lie apart.
  EXPECT_EQ(rows.at("apart").first, "doubt: B 0.8 at 0.5");
  EXPECT_EQ(rows.at("sure").first, "random: B");
  EXPECT_EQ(rows.at("near").first, "random: nothing found");
  for (const auto& [record, row] : rows) EXPECT_EQ(row.second, 1) << record;
  EXPECT_EQ(rows.count("flat"), 0u);
  EXPECT_EQ(Rows(choice.Table(100, 1)).size(), 6u);
}

TEST(Choice, SpreadsOverClassesAndSources) {
  Choice choice(Classes());
  // A great hospital with many of A and few of B, and a small one.
  for (int i = 0; i < 1000; ++i) {
    const bool rare = i % 50 == 0;
    choice.Add("great" + std::to_string(i),
               Answer({rare ? 0.1F : 0.9F, rare ? 0.9F : 0.1F, 0.1F}, "Great"));
  }
  for (int i = 0; i < 20; ++i)
    choice.Add("small" + std::to_string(i), Answer({0.9F, 0, 0}, "Small"));
  std::map<std::string, int> of;
  for (const auto& [record, row] : Rows(choice.Table(60, 3))) ++of[row.first];
  EXPECT_GE(of["random: B, Great"], 2);  // of 20 in 1020
  EXPECT_GE(of["random: A, Small"], 2);
  EXPECT_GE(of["random: A, Great"], 15);
}

// What is estimated by the weights is right in the mean, and by counting rows it is not.
TEST(Choice, WeightsGiveTheRatesOfAll) {
  Choice choice(Classes());
  Rng rng({1});
  const std::size_t all = 600;
  std::set<std::string> positive;  // what a person would find: mostly, but not always, as predicted
  for (std::size_t i = 0; i < all; ++i) {
    const bool rare = rng.Chance(0.05);
    const float b = static_cast<float>(rare ? rng.Uniform(0.5, 1) : rng.Uniform(0, 0.45));
    const std::string name = "r" + std::to_string(i);
    choice.Add(name, Answer({0.05F, b, 0.02F}, rng.Chance(0.3) ? "One" : "Two"));
    if (rng.Chance(rare ? 0.7 : 0.02)) positive.insert(name);
  }
  const double truth = static_cast<double>(positive.size()) / all;
  double estimated = 0, counted = 0;
  constexpr int kDraws = 400;
  for (int seed = 0; seed < kDraws; ++seed) {
    double sum = 0, number = 0, rows = 0;
    for (const auto& [record, row] : Rows(choice.Table(80, static_cast<std::uint64_t>(seed)))) {
      const double is = positive.count(record) > 0 ? 1 : 0;
      sum += row.second;
      number += is * row.second;
      rows += is;
    }
    EXPECT_NEAR(sum, all, 100);
    estimated += number / all / kDraws;
    counted += rows / 80 / kDraws;
  }
  EXPECT_NEAR(estimated, truth, 0.006);
  EXPECT_GT(counted, truth * 1.5);
}

TEST(Choice, IsTheSameForTheSameSeed) {
  Choice choice(Classes());
  Rng rng({5});
  for (int i = 0; i < 200; ++i) {
    const auto p = [&] { return static_cast<float>(rng.Uniform()); };
    choice.Add("r" + std::to_string(i), Answer({p(), p(), p()}));
  }
  EXPECT_EQ(choice.Table(21, 7), choice.Table(21, 7));
  EXPECT_NE(choice.Table(21, 7), choice.Table(21, 8));
  for (const std::size_t count : {1u, 2u, 21u, 199u, 200u}) {
    EXPECT_EQ(Rows(choice.Table(count, 7)).size(), count);
  }
  EXPECT_EQ(Choice(Classes()).Table(5, 1), "record,why,source,weight,A,B,C\n");
}

}  // namespace
}  // namespace ecg::jobs
