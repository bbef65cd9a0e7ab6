#include "ecg/infer/predictor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ecg/core/file.h"
#include "ecg/core/random.h"
#include "ecg/data/window.h"
#include "ecg/infer/predict_folder.h"
#include "ecg/score/prediction_file.h"
#include "tests/support.h"

namespace ecg::infer {
namespace {

nn::SeResNet SmallModel() {
  nn::SeResNetConfig config;
  config.width = 4;
  config.blocks = {1, 1};
  torch::manual_seed(5);
  nn::SeResNet model(config);
  model->eval();
  return model;
}

// Records of 50 to 1,000 samples of noise; record 3 fails.
Result<data::PreparedRecord> Produce(std::size_t i) {
  if (i == 3) return InputError("is damaged", "three");
  data::PreparedRecord record;
  Rng rng({i});
  record.channels = 8;
  record.samples = 50 + rng.Below(951);
  for (std::size_t k = 0; k < 8 * record.samples; ++k) {
    record.signal.push_back(static_cast<float>(rng.Normal()));
  }
  return record;
}

ModelInfo Info(Aggregation aggregation) {
  ModelInfo info;
  info.window.samples = 200;
  info.window.aggregation = aggregation;
  return info;
}

std::vector<Result<RecordPrediction>> Predict(Aggregation aggregation, int batch_size,
                                              int threads) {
  nn::SeResNet model = SmallModel();
  PredictConfig config;
  config.batch_size = batch_size;
  config.loader_threads = threads;
  config.compute.precision = nn::Precision::kFp32;
  std::vector<Result<RecordPrediction>> results;
  PredictRecords(model, Info(aggregation), config, 20, Produce,
                 [&](std::size_t i, const Result<RecordPrediction>& prediction) {
                   EXPECT_EQ(i, results.size());  // in order
                   results.push_back(prediction);
                 });
  return results;
}

// One record, one window at a time, without any of the pipeline.
std::vector<float> Plainly(std::size_t i, Aggregation aggregation) {
  nn::SeResNet model = SmallModel();
  const torch::NoGradGuard no_grad;
  const data::PreparedRecord record = *Produce(i);
  const auto starts = data::WindowStarts(record.samples, 200, 0.5);
  std::vector<float> total(26, 0);
  for (const std::size_t start : starts) {
    torch::Tensor x = torch::zeros({1, 8, 200});
    for (std::size_t c = 0; c < 8; ++c) {
      for (std::size_t t = 0; t < 200 && start + t < record.samples; ++t) {
        x[0][static_cast<std::int64_t>(c)][static_cast<std::int64_t>(t)] =
            record.Channel(c)[start + t];
      }
    }
    const torch::Tensor p = torch::sigmoid(model(x));
    for (std::size_t k = 0; k < 26; ++k) {
      const float value = p[0][static_cast<std::int64_t>(k)].item<float>();
      total[k] = aggregation == Aggregation::kMax
                     ? std::max(total[k], value)
                     : total[k] + value / static_cast<float>(starts.size());
    }
  }
  return total;
}

TEST(PredictRecords, EqualsOneWindowAtATime) {
  for (const Aggregation aggregation : {Aggregation::kMean, Aggregation::kMax}) {
    const auto results = Predict(aggregation, 7, 3);
    ASSERT_EQ(results.size(), 20u);
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (i == 3) {
        EXPECT_EQ(results[i].error().message, "is damaged");
        continue;
      }
      const std::vector<float> expected = Plainly(i, aggregation);
      for (std::size_t k = 0; k < 26; ++k) {
        ASSERT_NEAR(results[i]->probabilities[k], expected[k], 1e-5) << i << " " << k;
      }
    }
  }
}

TEST(PredictRecords, DoesNotDependOnBatchesOrThreads) {
  const auto a = Predict(Aggregation::kMean, 1, 1);
  for (const int batch_size : {5, 64}) {
    const auto b = Predict(Aggregation::kMean, batch_size, 4);
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (i == 3) continue;
      for (std::size_t k = 0; k < 26; ++k) {
        EXPECT_NEAR(a[i]->probabilities[k], b[i]->probabilities[k], 1e-6);
      }
    }
  }
}

TEST(PredictFolder, WritesOneFileARecordAndListsWhatFailed) {
  const test::TemporaryFolder folder;
  test::TestRecord record;
  record.samples = 400;
  record.signal = [](std::size_t lead, double t) {
    return std::sin(6.28 * t * static_cast<double>(lead + 1));
  };
  test::WriteRecord(folder / "in/a", record);
  record.name = "A0002";
  record.leads = {"II", "I", "V2"};
  test::WriteRecord(folder / "in", record);
  record.name = "A0003";
  test::WriteRecord(folder / "in", record);
  std::filesystem::resize_file(folder / "in/A0003.mat", 200);

  Bundle bundle;
  bundle.model = SmallModel();
  bundle.info.architecture = bundle.model->config();
  bundle.info.classes = challenge::Classes2021().classes();
  bundle.info.thresholds.assign(26, 0.5);
  bundle.info.window = Info(Aggregation::kMean).window;
  ProgressBar silent(nullptr);
  const auto summary = PredictFolder(bundle, folder / "in", folder / "out", {}, silent);
  EXPECT_EQ(summary.predicted, 2u);
  ASSERT_EQ(summary.failed.size(), 1u);
  EXPECT_EQ(summary.failed[0].id, "A0003");
  EXPECT_NE(ReadFile(folder / "out/failed.csv")->find("A0003,"), std::string::npos);

  const auto text = ReadFile(folder / "out/a/A0001.csv");
  ASSERT_TRUE(text.ok());
  const auto prediction = score::ParsePrediction(*text, "A0001.csv");
  ASSERT_TRUE(prediction.ok());
  EXPECT_EQ(prediction->record, "A0001");
  EXPECT_EQ(prediction->classes.size(), 30u);  // every equivalent code has its column
  EXPECT_TRUE(ReadFile(folder / "out/A0002.csv").ok());
}

}  // namespace
}  // namespace ecg::infer
