#include "src/train/validation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "tests/fakes.h"
#include "tests/support.h"
#include "tests/train/pair.h"

namespace ecg::train {
namespace {

// Says something of each window that depends on its first samples.
std::shared_ptr<model::Network> MeanNetwork() {
  return std::make_shared<test::FakeNetwork>(
      8 * 200, [](const float* window, std::vector<float>& output) {
        for (std::size_t k = 0; k < 26; ++k) {
          output.push_back(0.5F + 0.4F * std::sin(window[3] * static_cast<float>(k + 1)));
        }
      });
}

class PredictLabelledTest : public testing::Test {
 protected:
  PredictLabelledTest() {
    for (int i = 0; i < 7; ++i) {
      test::TestRecord record;
      record.name = "A000" + std::to_string(i);
      record.samples = 200;
      record.dx = i % 2 == 0 ? "164889003" : "426783006";
      record.signal = [i](std::size_t, double t) { return std::sin(40 * t + i); };
      test::WriteRecord(folder_.path(), record);
    }
    std::filesystem::resize_file(folder_ / "A0003.mat", 100);
    const model::Task task;
    const data::RecordIndex index = data::ScanRecords(folder_.path(), 1).value();
    for (const data::RecordEntry& record : index.records) {
      records_.Add(record, task.LabelsOf(record, false));
    }
    model::ModelInfo info;
    info.window.samples = 200;
    info.decision.thresholds.assign(26, 0.5);
    ensemble_ = infer::MakeEnsemble(info, MeanNetwork());
  }

  Predictions Predict(Communicator& communicator) {
    const data::RecordStore store({}, {}, {});
    return PredictLabelled(ensemble_, {}, &store, records_, communicator, {}).value();
  }

  test::TemporaryFolder folder_;
  LabelledRecords records_;
  infer::Ensemble ensemble_;
};

TEST_F(PredictLabelledTest, LeavesOutWhatCannotBeRead) {
  SingleProcess alone;
  const Predictions predictions = Predict(alone);
  EXPECT_EQ(predictions.labels.size(), 6u * 26);
  EXPECT_EQ(predictions.probabilities.size(), 6u * 26);
  ASSERT_EQ(predictions.failed.size(), 1u);
  EXPECT_EQ(predictions.failed[0].id, "A0003");
}

TEST_F(PredictLabelledTest, TwoProcessesGetAllPredictions) {
  SingleProcess alone;
  const Predictions expected = Predict(alone);
  train_test::Pair pair;
  train_test::Pair::Side sides[] = {{pair, 0}, {pair, 1}};
  Predictions found[2];
  std::thread other([&] { found[1] = Predict(sides[1]); });
  found[0] = Predict(sides[0]);
  other.join();
  for (const Predictions& predictions : found) {
    EXPECT_EQ(predictions.labels, expected.labels);
    EXPECT_EQ(predictions.probabilities, expected.probabilities);
  }
}

TEST(FigureOf, OfEqualAreasTheLowerLossIsBetter) {
  score::Metrics metrics;
  metrics.auroc = 0.75;
  metrics.challenge = 0.5;
  const auto figure = [&](double loss) {
    return FigureOf(metrics, loss, model::Selection::kAuroc);
  };
  EXPECT_GT(figure(0.1), figure(0.2));
  EXPECT_GT(figure(0.2), figure(1e6));
  EXPECT_NEAR(figure(1e6), 0.75, 1e-8);
  EXPECT_EQ(figure(std::numeric_limits<double>::quiet_NaN()), 0.75);
  EXPECT_EQ(FigureOf(metrics, 3, model::Selection::kChallenge), 0.5);
}

}  // namespace
}  // namespace ecg::train
