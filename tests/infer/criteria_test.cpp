#include "ecg/infer/criteria.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ecg/data/prepare/ready_record.h"
#include "ecg/data/sim/simulator.h"
#include "ecg/dsp/measure/measurement_vector.h"
#include "ecg/infer/predictor.h"
#include "ecg/record/ecg_record.h"
#include "src/data/sim/write.h"
#include "tests/fakes.h"

namespace ecg::infer {
namespace {

const std::vector<challenge::DiagnosisClass>& Classes() {
  return challenge::Classes2021().classes();
}

std::size_t Index(const char* name) { return *challenge::Classes2021().IndexOfAbbreviation(name); }

data::PreprocessConfig At100Hz() {
  data::PreprocessConfig config;
  config.sampling_rate = 100;
  return config;
}

const std::vector<std::uint8_t> kTwoLeads = {1, 1, 0, 0, 0, 0, 0, 0};

// The criterion of a class must tell the recordings that show it from those that do not: the share
// of pairs in the right order, by the truth of the simulator.
TEST(Criteria, TellSimulatedFindings) {
  constexpr std::size_t kRecords = 260;
  std::vector<sim::SimulatedRecord> records;
  std::vector<std::vector<double>> of_all, of_two;
  for (std::size_t i = 0; i < kRecords; ++i) {
    sim::SimOptions options;
    options.seed = 11;
    for (const auto& entry : Classes()) options.classes.push_back(entry.abbreviation);
    records.push_back(sim::SimulateRecord(options, i));
    const auto prepared = data::Preprocess(sim::AsEcgRecord(records.back()), At100Hz()).value();
    for (auto* excess : {&of_all, &of_two}) {
      const Measured measured = MeasurePrepared(
          prepared.View(), At100Hz(), excess == &of_all ? std::vector<std::uint8_t>() : kTwoLeads);
      excess->push_back(ExcessOf(measured, CriteriaOf(Classes())));
    }
  }
  const auto right = [&](const char* name, const std::vector<std::vector<double>>& excess) {
    const std::size_t k = Index(name);
    double pairs = 0, good = 0;
    for (std::size_t i = 0; i < kRecords; ++i) {
      for (std::size_t j = 0; j < kRecords; ++j) {
        if (records[i].truth[k] == 0 || records[j].truth[k] != 0) continue;
        if (std::isnan(excess[i][k]) || std::isnan(excess[j][k])) continue;
        pairs += 1;
        good += excess[i][k] > excess[j][k] ? 1 : 0;
      }
    }
    EXPECT_GT(pairs, 100) << name;
    return good / pairs;
  };
  for (const char* name : {"SB", "STach", "IAVB", "LQT", "LAD", "RAD", "LAnFB", "LQRSV"}) {
    EXPECT_GT(right(name, of_all), 0.9) << name;
    EXPECT_GT(right(name, of_two), 0.9) << name << " by two leads";
  }
  for (const char* name : {"LBBB", "PRWP", "TInv", "QAb"})
    EXPECT_GT(right(name, of_all), 0.8) << name;
  for (const auto& excess : of_two) {
    EXPECT_TRUE(std::isnan(excess[Index("PRWP")]));  // there is no V3
    EXPECT_TRUE(std::isnan(excess[Index("AF")]));    // no criterion
  }
}

TEST(Criteria, LongRecordingsAreMeasuredInTheirFirstTenMinutes) {
  sim::SimOptions options;
  options.duration = 700;
  options.rate = 100;
  auto prepared =
      data::Preprocess(sim::AsEcgRecord(sim::SimulateRecord(options, 0)), At100Hz()).value();
  const auto excess = [&] {
    return ExcessOf(MeasurePrepared(prepared.View(), At100Hz(), {}), CriteriaOf(Classes()));
  };
  const std::vector<double> before = excess();
  for (std::size_t c = 0; c < 8; ++c) {
    const auto begin = prepared.signal.begin() + static_cast<std::ptrdiff_t>(c * prepared.samples);
    std::fill(begin + 60000, begin + static_cast<std::ptrdiff_t>(prepared.samples), 1.0F);
  }
  const std::vector<double> after = excess();
  for (std::size_t k = 0; k < before.size(); ++k) {
    EXPECT_TRUE(before[k] == after[k] || (std::isnan(before[k]) && std::isnan(after[k]))) << k;
  }
}

TEST(Criteria, MeasureLeadsAndNotAgeAndSex) {
  sim::SimOptions options;
  data::PreprocessConfig way = At100Hz();
  record::EcgRecord record = sim::AsEcgRecord(sim::SimulateRecord(options, 0));
  record.info.age = 20;
  record.info.sex = record::Sex::kMale;
  const auto plain = data::Preprocess(record, way).value();
  const Measured before = MeasurePrepared(plain.View(), way, {});
  way.leads.insert(way.leads.end(), {"age", "sex"});
  const auto prepared = data::Preprocess(record, way).value();
  const Measured after = MeasurePrepared(prepared.View(), way, {});
  EXPECT_EQ(after.leads, before.leads);
  const auto [a, b] =
      std::pair(ExcessOf(before, CriteriaOf(Classes())), ExcessOf(after, CriteriaOf(Classes())));
  for (std::size_t k = 0; k < a.size(); ++k) {
    EXPECT_TRUE(a[k] == b[k] || (std::isnan(a[k]) && std::isnan(b[k]))) << k;
  }
}

// Scores of a model that go by the rate alone, in whatever leads: 1 a beat a minute above 100.
model::LeadScores ByRate(std::vector<std::string> leads, double offset) {
  model::LeadScores one;
  const std::size_t values = dsp::MeasurementCount(leads.size());
  one.leads = std::move(leads);
  one.scores.centre.assign(values, 0);
  one.scores.centre[0] = 100;
  one.scores.scale.assign(values, 100);
  one.scores.weights.resize(26);
  one.scores.weights[Index("AF")].assign(one.scores.terms(), 0);
  one.scores.weights[Index("AF")][0] = offset;
  one.scores.weights[Index("AF")][1] = 100;
  return one;
}

TEST(Criteria, OfAllMeasurementsGoByTheFirstScoresWhoseLeadsAreThere) {
  std::vector<model::ClassCriterion> criteria = CriteriaOf(Classes());
  for (const char* name : {"AF", "AFL"}) {
    criteria[Index(name)].criterion = dsp::Criterion::kMeasurements;
  }
  const std::vector<model::LeadScores> scores = {ByRate({"I", "II", "aVF", "V3"}, 1000),
                                                 ByRate({"I", "II", "aVR"}, 2000)};
  const auto prepared =
      data::Preprocess(sim::AsEcgRecord(sim::SimulateRecord({}, 0)), At100Hz()).value();
  const auto measured = [&](const std::vector<std::uint8_t>& keep) {
    return MeasurePrepared(prepared.View(), At100Hz(), keep);
  };
  const Measured all = measured({}), two = measured(kTwoLeads);
  const std::vector<double> of_all = ExcessOf(all, criteria, scores),
                            of_two = ExcessOf(two, criteria, scores);
  EXPECT_NEAR(of_all[Index("AF")], 1000 + all.values.heart_rate - 100, 1e-9);
  EXPECT_NEAR(of_two[Index("AF")], 2000 + two.values.heart_rate - 100, 1e-9);
  EXPECT_TRUE(std::isnan(of_all[Index("AFL")]));  // nothing is known of it
  EXPECT_TRUE(std::isnan(of_all[Index("SA")]));   // no criterion
  EXPECT_EQ(of_all[Index("SB")], dsp::Excess(dsp::Criterion::kSlowRate, {}, all.values));
  EXPECT_TRUE(std::isnan(ExcessOf(all, criteria)[Index("AF")]));
  EXPECT_TRUE(
      std::isnan(ExcessOf(measured({1, 0, 0, 0, 0, 0, 0, 0}), criteria, scores)[Index("AF")]));
}

class CriteriaCount : public testing::TestWithParam<model::MeasuredSignal> {};

TEST_P(CriteriaCount, InAPrediction) {
  model::ModelInfo info;
  info.preprocess = At100Hz();
  info.window.samples = 500;
  info.decision.criteria = CriteriaOf(Classes());
  info.decision.criteria[Index("SB")].map = {1, 0, 0.5, 1};
  info.decision.measured = GetParam();
  info.decision.thresholds.assign(26, 0.5);
  const Ensemble ensemble = MakeEnsemble(info, test::ConstantNetwork(std::vector<float>(26, 0.4F)));

  sim::SimOptions slow, fast;
  slow.classes = {"SB"};
  fast.classes = {"STach"};
  const auto predict = [&](int batch, int threads) {
    PredictConfig config;
    config.batch_size = batch;
    config.loader_threads = threads;
    MemorySource source({sim::AsEcgRecord(sim::SimulateRecord(slow, 0)),
                         sim::AsEcgRecord(sim::SimulateRecord(fast, 0))});
    std::vector<RecordAnswer> said;
    PredictRecords(ensemble, config, source,
                   [&](std::size_t, Result<RecordAnswer> answer) { said.push_back(*answer); });
    return said;
  };
  const std::vector<RecordAnswer> said = predict(8, 2);
  ASSERT_EQ(said.size(), 2u);
  const std::size_t sb = Index("SB");
  EXPECT_GT(said[0].excess[sb], 0);
  EXPECT_LT(said[1].excess[sb], -3);
  EXPECT_GT(said[0].probabilities[sb], 0.4F);
  EXPECT_NEAR(said[1].probabilities[sb], 0.4 / (0.4 + 0.6 * std::exp(1.5)), 1e-6);
  EXPECT_NEAR(said[1].probabilities[Index("AF")], 0.4, 1e-6);     // without a criterion
  EXPECT_NEAR(said[1].probabilities[Index("STach")], 0.4, 1e-6);  // one that adds nothing
  EXPECT_EQ(said[0].measured.has_value(), GetParam() == model::MeasuredSignal::kRecord);
  EXPECT_EQ(predict(1, 1)[0].probabilities, said[0].probabilities);
}

INSTANTIATE_TEST_SUITE_P(Of, CriteriaCount,
                         testing::Values(model::MeasuredSignal::kRecord,
                                         model::MeasuredSignal::kPrepared));

// What criteria measure is what a delineation of the same leads measures: the recording as it is,
// however the network sees it.
TEST(Criteria, MeasureTheRecordingAsItIs) {
  sim::SimOptions options;
  options.rate = 500;
  const record::EcgRecord record = sim::AsEcgRecord(sim::SimulateRecord(options, 3));
  model::ModelInfo info;
  info.preprocess = At100Hz();
  info.preprocess.highpass_hz = 2;
  info.preprocess.limit_mv = 1;
  info.window.samples = 500;
  info.decision.criteria = CriteriaOf(Classes());
  info.decision.thresholds.assign(26, 0.5);
  const Ensemble ensemble = MakeEnsemble(info, test::ConstantNetwork(std::vector<float>(26, 0.4F)));
  MemorySource source({record});
  std::optional<Measured> measured;
  PredictRecords(ensemble, {}, source,
                 [&](std::size_t, Result<RecordAnswer> answer) { measured = answer->measured; });
  MeasureConfig plain;
  plain.leads = info.preprocess.leads;
  const Measured expected = MeasureRecord(record, plain).value();
  ASSERT_TRUE(measured.has_value());
  EXPECT_EQ(measured->sampling_rate, 500);
  ASSERT_EQ(measured->beats.size(), expected.beats.size());
  EXPECT_EQ(measured->values.qrs, expected.values.qrs);
  EXPECT_EQ(measured->values.qrs_axis, expected.values.qrs_axis);
  // Limb leads that follow from others are measured too.
  EXPECT_EQ(measured->measured_leads.size(), 12u);
  EXPECT_GT(measured->values.leads[8].r, 0);
}

TEST(Measure, AFlatLeadIsNoLead) {
  sim::SimOptions options;
  record::EcgRecord record = sim::AsEcgRecord(sim::SimulateRecord(options, 0));
  MeasureConfig config;
  config.derive = true;
  config.leads = {"I", "II", "V1"};
  EXPECT_EQ(MeasureRecord(record, config)->leads, config.leads);
  std::fill(record.leads[0].begin(), record.leads[0].end(), 0.5F);
  EXPECT_EQ(MeasureRecord(record, config)->leads, (std::vector<std::string>{"II", "V1"}));
}

}  // namespace
}  // namespace ecg::infer
