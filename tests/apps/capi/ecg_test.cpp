#include "ecg/ecg.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include "ecg/apps/jobs/predict_folder.h"
#include "ecg/core/file.h"
#include "ecg/core/progress.h"
#include "ecg/data/labels/prediction_file.h"
#include "ecg/formats/registry.h"
#include "ecg/model/nn/networks.h"
#include "ecg/record/ecg_record.h"
#include "tests/support.h"

namespace ecg {
namespace {

const std::string kModel = test::SourcePath("tests/golden/bundle_format_1").string();

class CInterface : public testing::Test {
 protected:
  CInterface() {
    EXPECT_EQ(ecg_load(kModel.c_str(), 1, &model_), ECG_OK) << ecg_last_error();
    test::TestRecord record;
    record.samples = 1500;
    record.signal = [](std::size_t lead, double t) {
      return 0.8 * std::sin(6.28 * t * static_cast<double>(lead + 1) / 4);
    };
    test::WriteRecord(folder_ / "in", record);
    record_ = formats::ReadEcg(folder_ / "in/A0001.hea").value();
  }
  ~CInterface() override { ecg_free(model_); }

  // Of the record's first `leads` leads.
  ecg_status Classify(std::size_t leads, std::vector<float>& probabilities,
                      std::vector<unsigned char>& decisions) {
    std::vector<float> samples;
    std::vector<const char*> names;
    for (std::size_t i = 0; i < leads; ++i) {
      samples.insert(samples.end(), record_.leads[i].begin(), record_.leads[i].end());
      names.push_back(record_.info.leads[i].c_str());
    }
    probabilities.assign(ecg_class_count(model_), -1);
    decisions.assign(ecg_class_count(model_), 9);
    return ecg_classify(model_, samples.data(), leads, record_.info.samples, names.data(),
                        record_.info.sampling_rate, probabilities.data(), decisions.data());
  }

  test::TemporaryFolder folder_;
  record::EcgRecord record_;
  ecg_model* model_ = nullptr;
};

TEST_F(CInterface, SaysOfSamplesWhatTheToolSaysOfTheirFile) {
  std::vector<float> probabilities;
  std::vector<unsigned char> decisions;
  ASSERT_EQ(Classify(12, probabilities, decisions), ECG_OK) << ecg_last_error();
  model::ComputeConfig compute;
  compute.threads = 1;
  const infer::Ensemble ensemble = infer::LoadEnsemble(kModel, nn::TorchNetworks(compute)).value();
  ProgressBar silent(nullptr);
  jobs::PredictFolder(ensemble, folder_ / "in", folder_ / "out", {}, silent);
  const data::Prediction file =
      data::ParsePrediction(*ReadFile(folder_ / "out/A0001.csv"), "A0001.csv").value();
  std::size_t column = 0;
  for (std::size_t k = 0; k < ecg_class_count(model_); ++k) {
    std::string codes;
    for (std::size_t i = 0; i < ensemble.classes()[k].codes.size(); ++i, ++column) {
      EXPECT_EQ(static_cast<double>(probabilities[k]), file.scores[column]);
      EXPECT_EQ(decisions[k], file.decisions[column]);
      codes += (i > 0 ? "|" : "") + file.classes[column];
    }
    EXPECT_EQ(ecg_class_codes(model_, k), codes);
  }
  EXPECT_EQ(column, file.classes.size());
  EXPECT_STREQ(ecg_class_abbreviation(model_, 0), ensemble.classes()[0].abbreviation.c_str());
  EXPECT_STREQ(ecg_class_name(model_, 0), ensemble.classes()[0].name.c_str());
  EXPECT_EQ(ecg_class_name(model_, ecg_class_count(model_)), nullptr);
}

TEST_F(CInterface, SaysWhatIsWrong) {
  ecg_model* none = model_;
  EXPECT_EQ(ecg_load("/nonexistent", 0, &none), ECG_INPUT);
  EXPECT_EQ(none, nullptr);
  EXPECT_NE(std::string(ecg_last_error()).find("/nonexistent"), std::string::npos);
  EXPECT_EQ(ecg_load(nullptr, 0, &none), ECG_USAGE);
  EXPECT_EQ(ecg_load(kModel.c_str(), -1, &none), ECG_USAGE);
  EXPECT_EQ(ecg_load(kModel.c_str(), 0, nullptr), ECG_USAGE);
  std::vector<float> p;
  std::vector<unsigned char> d;
  EXPECT_EQ(Classify(0, p, d), ECG_USAGE);  // no lead
  record_.info.leads[1] = "i";              // I twice
  EXPECT_EQ(Classify(2, p, d), ECG_USAGE);
  EXPECT_NE(std::string(ecg_last_error()).find("twice"), std::string::npos) << ecg_last_error();
  record_.info.leads = std::vector<std::string>(12, "nothing");
  EXPECT_EQ(Classify(1, p, d), ECG_INPUT);
  record_.info.leads[0] = "I";
  record_.info.sampling_rate = std::nan("");
  EXPECT_EQ(Classify(1, p, d), ECG_INPUT);
  const float sample = 0;
  EXPECT_EQ(ecg_classify(nullptr, &sample, 1, 1, nullptr, 500, nullptr, nullptr), ECG_USAGE);
  EXPECT_EQ(ecg_class_count(nullptr), 0u);
  ecg_free(nullptr);
}

TEST_F(CInterface, MayBeCalledFromSeveralThreads) {
  std::vector<float> expected;
  std::vector<unsigned char> decisions;
  ASSERT_EQ(Classify(12, expected, decisions), ECG_OK);
  std::vector<std::thread> threads;
  std::vector<std::vector<float>> answers(4);
  for (std::vector<float>& answer : answers) {
    threads.emplace_back([&] {
      std::vector<unsigned char> own;
      for (int i = 0; i < 5; ++i) EXPECT_EQ(Classify(12, answer, own), ECG_OK);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::vector<float>& answer : answers) EXPECT_EQ(answer, expected);
}

}  // namespace
}  // namespace ecg
