#include "ecg/score/metric_list.h"

#include <gtest/gtest.h>

#include <limits>

namespace ecg::score {
namespace {

TEST(MetricFloor, IsReadAndHeld) {
  const MetricFloor floor = ParseMetricFloor("f_measure=0.5", Challenge::k2021).value();
  Metrics metrics;
  metrics.f_measure = 0.5;
  EXPECT_FALSE(IsBelow(metrics, floor));
  metrics.f_measure = 0.49;
  EXPECT_TRUE(IsBelow(metrics, floor));
  metrics.f_measure = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(IsBelow(metrics, floor));
}

TEST(MetricFloor, NamesWhatIsWrong) {
  const auto message = [](const char* text) {
    return ParseMetricFloor(text, Challenge::k2021).error().message;
  };
  EXPECT_EQ(message("f_beta=1"),
            "no metric \"f_beta\"; there are auroc, auprc, accuracy, f_measure, challenge");
  EXPECT_EQ(message("auroc=high"), "no number: \"high\"");
  EXPECT_EQ(message("auroc=nan"), "no number: \"nan\"");
  EXPECT_EQ(message("auroc"), "no number: \"\"");
  EXPECT_TRUE(ParseMetricFloor("f_beta=1", Challenge::k2020));
}

TEST(Scoring, OwnClassesHaveTheMetricOnlyWithRewards) {
  const Scoring without{challenge::ClassSet({{"MI", "infarction", {"164865005"}}})};
  EXPECT_FALSE(without.IsOfAChallenge());
  EXPECT_EQ(without.classes().size(), 1u);
  EXPECT_EQ(MetricFields(without).back().key, "f_measure");
  EXPECT_FALSE(ParseMetricFloor("challenge=0.5", without));
  const Scoring with{challenge::ClassesCpsc()};
  EXPECT_EQ(MetricFields(with).back().key, "challenge");
  EXPECT_EQ(&Scoring().classes(), &challenge::Classes2021());
  EXPECT_TRUE(Scoring(Challenge::k2020).IsOfAChallenge());
}

}  // namespace
}  // namespace ecg::score
