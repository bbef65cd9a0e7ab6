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

// A network that says where the signal's largest values are would need training; the joining of
// windows does not, so the network's own output is taken window by window.
TEST(PredictRecords, TakesPeaksFromTheWindowWhoseEdgeIsFurtherAway) {
  nn::SeResNetConfig architecture;
  architecture.width = 4;
  architecture.blocks = {1, 1};
  architecture.samples = 200;
  architecture.peak_grid = data::PeakGridKind::kPaper;
  torch::manual_seed(5);
  nn::SeResNet model(architecture);
  model->eval();
  ModelInfo info = Info(Aggregation::kMean);
  info.peak_threshold = 0.505;  // an untrained network is nowhere sure
  PredictConfig config;
  config.batch_size = 3;
  config.classify = false;
  config.detect_peaks = true;
  config.compute.precision = nn::Precision::kFp32;
  std::size_t peaks = 0;
  PredictRecords(
      model, info, config, 20, Produce, [&](std::size_t i, const Result<RecordPrediction>& got) {
        if (!got.ok()) return;
        EXPECT_TRUE(got->probabilities.empty());
        const torch::NoGradGuard no_grad;
        const data::PreparedRecord record = *Produce(i);
        const auto starts = data::WindowStarts(record.samples, 200, 0.5);
        std::vector<data::PeakGrid::Detection> expected;
        for (std::size_t w = 0; w < starts.size(); ++w) {
          std::vector<float> window(8 * 200);
          data::CopyWindow(record.View(), starts[w], 200, window.data());
          const torch::Tensor grid =
              model->DetectPeaks(model->Features(torch::from_blob(window.data(), {1, 8, 200})));
          for (const auto& detection : model->peak_grid().Decode(
                   grid.contiguous().data_ptr<float>(), starts[w], 200, info.peak_threshold)) {
            // The distance to the nearer edge; the record's own ends are none.
            const auto edge = [&](std::size_t v) {
              const double at = detection.peak.sample - static_cast<double>(starts[v]);
              return std::min(v == 0 ? 1e9 : at, v + 1 == starts.size() ? 1e9 : 200 - at);
            };
            bool chosen = detection.peak.sample < static_cast<std::int32_t>(record.samples);
            for (std::size_t v = 0; v < starts.size(); ++v) {
              chosen = chosen && (v > w ? edge(v) < edge(w) : edge(v) <= edge(w));
            }
            if (chosen) expected.push_back(detection);
          }
        }
        EXPECT_EQ(got->peaks, data::KeepStrongest(expected, 0.1 * 500)) << i;
        peaks += got->peaks.size();
      });
  EXPECT_GT(peaks, 50u);
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

  PredictFolderConfig with_peaks;
  with_peaks.predict.detect_peaks = true;
  EXPECT_THROW(PredictFolder(bundle, folder / "in", folder / "out", with_peaks, silent), Exception);
}

}  // namespace
}  // namespace ecg::infer
