#include "ecg/infer/fit_point.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ecg/core/random.h"
#include "ecg/infer/criteria.h"
#include "ecg/score/metrics.h"

namespace ecg::infer {
namespace {

const challenge::ClassSet& Classes() { return challenge::Classes2021(); }
std::size_t Index(const char* name) { return *Classes().IndexOfAbbreviation(name); }

model::Decision AtHalf() {
  model::Decision decision;
  decision.thresholds.assign(26, 0.5);
  return decision;
}

// Recordings of a place that says AF from a probability of .2 on, or where `random`, by chance; the
// others have sinus rhythm, and SB in its place where the heart is slow, if the place says so.
LabelledAnswers Place(std::size_t recordings, bool random, bool slow_instead, std::uint64_t seed) {
  LabelledAnswers answers;
  Rng rng({seed});
  for (std::size_t i = 0; i < recordings; ++i) {
    RecordAnswer answer;
    answer.probabilities.assign(26, 0.001F);
    const double af = rng.Uniform();
    answer.probabilities[Index("AF")] = static_cast<float>(af);
    answer.probabilities[Index("NSR")] = static_cast<float>(1 - af / 2);
    answer.probabilities[Index("SB")] = 0.01F;
    answer.measured.emplace();
    answer.measured->values.heart_rate = rng.Uniform(45, 90);
    std::vector<std::uint8_t> labels(26, 0);
    const bool has_af = random ? rng.Chance(0.5) : af >= 0.2;
    const bool slow = slow_instead && !has_af && answer.measured->values.heart_rate < 60;
    labels[Index(has_af ? "AF" : slow ? "SB" : "NSR")] = 1;
    answers.Add(labels, answer);
  }
  return answers;
}

TEST(FitPoint, FollowsAPlacesHabits) {
  const LabelledAnswers here = Place(60, false, false, 1);
  const PointFit fit = FitPoint(AtHalf(), here, Classes(), {});
  EXPECT_TRUE(fit.Gains());
  EXPECT_GT(fit.fitted, fit.usual + 0.1);
  EXPECT_GT(fit.difference.interval.high, fit.difference.interval.low);
  EXPECT_GT(fit.difference.interval.low, 0);
  EXPECT_EQ(fit.definitions, "");
  // On recordings of the place that took no part it keeps what it says.
  const LabelledAnswers others = Place(400, false, false, 2);
  std::vector<std::uint8_t> decisions;
  for (std::size_t i = 0; i < others.size(); ++i) {
    const auto own =
        Decide(others.probabilities.data() + 26 * i, Classes().classes(), fit.decision);
    decisions.insert(decisions.end(), own.begin(), own.end());
  }
  EXPECT_NEAR(score::ChallengeMetric(others.labels, decisions, Classes()), fit.fitted, 0.1);
  // The same for the same recordings.
  EXPECT_EQ(FitPoint(AtHalf(), here, Classes(), {}).decision.thresholds, fit.decision.thresholds);
}

TEST(FitPoint, LearnsThatRatesAreNamedInPlaceOfSinusRhythm) {
  const PointFit fit = FitPoint(AtHalf(), Place(60, false, true, 3), Classes(), {});
  EXPECT_TRUE(fit.Gains());
  EXPECT_NE(fit.definitions.find("instead of sinus rhythm"), std::string::npos);
  ASSERT_EQ(fit.decision.definitions.size(), 2u);
  EXPECT_EQ(fit.decision.definitions[0].diagnosis, "SB");
  EXPECT_EQ(fit.decision.definitions[0].instead_of, std::vector<std::string>{"NSR"});
}

// Labels that have nothing to do with the recordings promise nothing.
TEST(FitPoint, SeesThatThereIsNothingToGain) {
  int gains = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    model::Decision usual = AtHalf();
    usual.thresholds[Index("NSR")] = 0.05;
    const PointFit fit = FitPoint(usual, Place(30, true, false, 10 + seed), Classes(), {});
    gains += fit.difference.interval.low > 0 ? 1 : 0;
  }
  EXPECT_LE(gains, 2);
}

TEST(FitPoint, HoldsClassesAndWantsEnoughRecordings) {
  FitConfig config;
  config.held.assign(26, 1);
  const PointFit fit = FitPoint(AtHalf(), Place(60, false, false, 1), Classes(), config);
  EXPECT_EQ(fit.decision.thresholds, AtHalf().thresholds);
  EXPECT_THROW(FitPoint(AtHalf(), Place(9, false, false, 1), Classes(), {}), Exception);
}

// Labels of AF alone: what else is decided stays, and its silence costs nothing.
TEST(FitPoint, LabelsMaySpeakOfSomeClassesAlone) {
  LabelledAnswers answers = Place(60, false, false, 1);
  for (std::size_t i = 0; i < answers.size(); ++i) answers.labels[26 * i + Index("NSR")] = 0;
  FitConfig config;
  config.held.assign(26, 1);
  config.held[Index("AF")] = 0;
  answers.FillUnspoken(AtHalf(), Classes(), config.held);
  EXPECT_EQ(answers.labels[Index("NSR")], 1);
  const PointFit fit = FitPoint(AtHalf(), answers, Classes(), config);
  EXPECT_TRUE(fit.Gains());
  EXPECT_LT(fit.decision.thresholds[Index("AF")], 0.35);
  EXPECT_EQ(fit.decision.thresholds[Index("NSR")], 0.5);
}

// float [recordings][26], mapped.
std::vector<float> Mapped(const LabelledAnswers& answers,
                          const std::vector<score::LogitMap>& maps) {
  std::vector<float> mapped = answers.probabilities;
  for (std::size_t cell = 0; cell < mapped.size(); ++cell) {
    mapped[cell] = maps[cell % 26].Apply(mapped[cell]);
  }
  return mapped;
}

TEST(FitPoint, CalibratesToAPlace) {
  FitConfig config;
  config.held.assign(26, 0);
  config.held[Index("NSR")] = 1;
  const PointFit fit = FitPoint(AtHalf(), Place(60, false, false, 1), Classes(), config);
  ASSERT_EQ(fit.calibration.size(), 26u);
  EXPECT_LT(fit.log_loss, fit.usual_log_loss);
  EXPECT_EQ(fit.calibration[Index("NSR")], score::LogitMap());
  EXPECT_GT(fit.calibration[Index("AF")].offset, 0.5);  // found from .2 on
  // Recordings that took no part lose as little as was said of those that did.
  const LabelledAnswers others = Place(400, false, false, 2);
  const double before = score::LogLoss(others.labels, others.probabilities);
  const double after = score::LogLoss(others.labels, Mapped(others, fit.calibration));
  EXPECT_LT(after, before);
  const double told = (fit.usual_log_loss - fit.log_loss) * 25 / 26;  // without NSR
  EXPECT_NEAR(before - after, told, 0.3 * told);
}

// Where probabilities are right already few recordings make them worse, and mostly that is seen.
TEST(FitPoint, LeavesProbabilitiesThatAreRight) {
  FitConfig config;
  config.held.assign(26, 1);
  config.held[Index("AF")] = config.held[Index("NSR")] = 0;
  int calibrated = 0;
  double lost = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    LabelledAnswers answers = Place(40, false, false, seed);
    Rng rng({seed, 7});
    for (std::size_t cell = 0; cell < answers.labels.size(); ++cell) {
      answers.labels[cell] = rng.Chance(static_cast<double>(answers.probabilities[cell])) ? 1 : 0;
    }
    const PointFit fit = FitPoint(AtHalf(), answers, Classes(), config);
    EXPECT_EQ(fit.calibration.empty(), fit.log_loss >= fit.usual_log_loss);
    calibrated += fit.calibration.empty() ? 0 : 1;
    lost += fit.log_loss - fit.usual_log_loss;
  }
  EXPECT_LE(calibrated, 3);
  EXPECT_GT(lost, 0);
  config.held.assign(26, 1);
  EXPECT_TRUE(
      FitPoint(AtHalf(), Place(40, false, false, 1), Classes(), config).calibration.empty());
}

TEST(Recalibrated, MapsProbabilitiesOnceMoreAndDecidesAsBefore) {
  model::Decision usual = AtHalf();
  usual.thresholds[Index("AF")] = 0.3;
  usual.thresholds[Index("PVC")] = 2;  // never
  usual.criteria.resize(26);
  usual.criteria[Index("SB")] = {dsp::Criterion::kSlowRate, {0.9, 0.2, 1.5, 0.4}};
  std::vector<score::LogitMap> maps(26);
  maps[Index("AF")] = {0.7, 1.2};
  maps[Index("SB")] = {1.3, -0.6};
  maps[Index("PVC")] = {1, 5};
  const model::Decision then = Recalibrated(usual, maps);
  EXPECT_EQ(then.thresholds[Index("PVC")], 2);
  EXPECT_EQ(then.thresholds[Index("LAD")], 0.5);
  Rng rng({3});
  for (int i = 0; i < 200; ++i) {
    std::vector<float> before;
    std::vector<double> excess;
    for (int k = 0; k < 26; ++k) {
      before.push_back(static_cast<float>(rng.Uniform(0.01, 0.99)));
      excess.push_back(rng.Uniform(-2, 2));
    }
    std::vector<float> after = before;
    Calibrate(usual, before);
    ApplyCriteria(usual.criteria, excess, before);
    Calibrate(then, after);
    ApplyCriteria(then.criteria, excess, after);
    for (std::size_t k = 0; k < 26; ++k) EXPECT_NEAR(after[k], maps[k].Apply(before[k]), 1e-6);
    EXPECT_EQ(Decide(after.data(), Classes().classes(), then),
              Decide(before.data(), Classes().classes(), usual));
  }
  EXPECT_TRUE(Recalibrated(usual, {}).calibration.empty());
}

TEST(ThresholdsThatFind, FindTheShareAndNoMore) {
  LabelledAnswers answers = Place(200, false, false, 5);
  const auto thresholds = ThresholdsThatFind(AtHalf(), answers, 0.95, 5);
  std::size_t found = 0, all = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const std::size_t cell = 26 * i + Index("AF");
    if (answers.labels[cell] == 0) continue;
    ++all;
    found += static_cast<double>(answers.probabilities[cell]) >= thresholds[Index("AF")] ? 1 : 0;
  }
  EXPECT_EQ(found, static_cast<std::size_t>(std::ceil(0.95 * static_cast<double>(all))));
  EXPECT_EQ(thresholds[Index("PVC")], 0.5);  // without an example
  EXPECT_EQ(ThresholdsThatFind(AtHalf(), answers, 0.95, 500), AtHalf().thresholds);
}

// Answers of `Place` for other classes: the columns that have these names, by their order.
LabelledAnswers As(const LabelledAnswers& answers, const challenge::ClassSet& classes,
                   const std::vector<const char*>& names) {
  LabelledAnswers others = answers;
  others.classes = classes.size();
  others.labels.clear();
  others.probabilities.clear();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    for (const char* name : names) {
      others.labels.push_back(answers.labels[26 * i + Index(name)]);
      others.probabilities.push_back(answers.probabilities[26 * i + Index(name)]);
    }
  }
  return others;
}

TEST(FitPoint, TakesTheMeanFMeasureOfClassesWithoutRewards) {
  const challenge::ClassSet classes(
      {{"normal", "nothing found", {"426783006"}}, {"ABN", "anything else", {"164889003"}}});
  model::Decision half;
  half.thresholds.assign(2, 0.5);
  const LabelledAnswers here = As(Place(60, false, false, 1), classes, {"NSR", "AF"});
  const PointFit fit = FitPoint(half, here, classes, {});
  EXPECT_EQ(fit.figure, "mean F-measure");
  EXPECT_TRUE(fit.Gains());
  EXPECT_GT(fit.difference.value, 0);
  EXPECT_LT(fit.decision.thresholds[1], 0.4);
  const LabelledAnswers others = As(Place(400, false, false, 2), classes, {"NSR", "AF"});
  double found = 0, labelled = 0, both = 0;
  for (std::size_t i = 0; i < others.size(); ++i) {
    const bool is = others.labels[2 * i + 1] != 0;
    const bool said =
        static_cast<double>(others.probabilities[2 * i + 1]) >= fit.decision.thresholds[1];
    found += said ? 1 : 0;
    labelled += is ? 1 : 0;
    both += is && said ? 1 : 0;
  }
  EXPECT_GT(2 * both / (found + labelled), 0.9);
}

TEST(FitPoint, TakesTheChallengeMetricOfThe26WhereOthersStandBeside) {
  std::vector<challenge::DiagnosisClass> more = Classes().classes();
  more.push_back({"LVH", "left ventricular hypertrophy", {"164873001"}});
  const challenge::ClassSet classes(more);
  std::vector<const char*> names;
  for (const auto& entry : Classes().classes()) names.push_back(entry.abbreviation.c_str());
  names.push_back("AF");  // what LVH is labelled by here, and known by
  model::Decision half;
  half.thresholds.assign(27, 0.5);
  const LabelledAnswers plain = Place(60, false, false, 1);
  const LabelledAnswers here = As(plain, classes, names);
  FitConfig config;
  const PointFit fit = FitPoint(half, here, classes, config);
  const PointFit alone = FitPoint(AtHalf(), plain, Classes(), config);
  EXPECT_EQ(fit.figure, "challenge metric of the 26");
  EXPECT_EQ(fit.usual, alone.usual);
  EXPECT_EQ(fit.fitted, alone.fitted);
  EXPECT_EQ(fit.difference.interval.low, alone.difference.interval.low);
  EXPECT_LT(fit.decision.thresholds[26], 0.4);
  // Where the labels speak of the others alone it is these that count.
  config.held.assign(27, 1);
  config.held[26] = 0;
  const PointFit other = FitPoint(half, here, classes, config);
  EXPECT_EQ(other.figure, "mean F-measure");
  EXPECT_TRUE(other.Gains());
  EXPECT_EQ(other.decision.thresholds[0], 0.5);
}

}  // namespace
}  // namespace ecg::infer
