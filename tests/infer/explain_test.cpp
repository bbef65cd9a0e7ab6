#include "ecg/infer/explain.h"

#include <gtest/gtest.h>

#include <fstream>

#include "ecg/core/file.h"
#include "ecg/core/json.h"
#include "ecg/report/explanation_shades.h"
#include "tests/support.h"

namespace ecg::infer {
namespace {

constexpr std::size_t kWindow = 500;
constexpr double kRate = 250;

// Each sample adds itself, in the first channel twice, to class 3, and its negative to class 5.
class AddingNetwork : public model::Network {
 public:
  void Run(const float*, std::size_t, model::Wanted, model::NetworkOutput&) override {}
  std::vector<std::vector<float>> Attribute(const float* signal, std::size_t windows,
                                            const std::vector<std::size_t>& classes) override {
    std::vector<std::vector<float>> all;
    for (const std::size_t column : classes) {
      std::vector<float>& out = all.emplace_back(signal, signal + windows * 8 * kWindow);
      for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] *= (column == 3 ? 1.0F : -1.0F) * (i / kWindow % 8 == 0 ? 2.0F : 1.0F);
      }
    }
    return all;
  }
};

class NetworkWithoutGradients : public AddingNetwork {
  std::vector<std::vector<float>> Attribute(const float* signal, std::size_t windows,
                                            const std::vector<std::size_t>& classes) override {
    return Network::Attribute(signal, windows, classes);
  }
};

Ensemble Make(std::shared_ptr<model::Network> network) {
  model::ModelInfo info;
  info.preprocess.sampling_rate = kRate;
  info.window.samples = kWindow;
  info.decision.thresholds.assign(26, 0.5);
  return MakeEnsemble(info, std::move(network));
}

class ExplainTest : public testing::Test {
 protected:
  // Two windows and a half of nothing, but 0.8 s of it in V1 at 1.2 s and 0.4 s in II at 4 s.
  ExplainTest() : signal_(8 * kSamples) {
    for (std::size_t i = 300; i < 500; ++i) signal_[2 * kSamples + i] = 1;
    for (std::size_t i = 1000; i < 1100; ++i) signal_[1 * kSamples + i] = 1;
    prediction_.probabilities.assign(26, 0);
    prediction_.decisions.assign(26, 0);
    prediction_.thresholds.assign(26, 0.5);
  }
  void Find(std::size_t k, float probability) {
    prediction_.decisions[k] = 1;
    prediction_.probabilities[k] = probability;
  }
  std::vector<Explanation> Run(const Ensemble& ensemble, std::vector<std::uint8_t> keep = {}) {
    data::ReadyRecord record;
    record.signal = {8, kSamples, signal_.data()};
    return Explain(ensemble, {record}, keep, prediction_);
  }

  static constexpr std::size_t kSamples = 1250;
  std::vector<float> signal_;
  RecordAnswer prediction_;
};

TEST_F(ExplainTest, NamesLeadsAndMomentsOfWhatWasFound) {
  Find(3, 0.9F);
  Find(14, 0.1F);  // for lack of anything else
  const Ensemble ensemble = Make(std::make_shared<AddingNetwork>());
  const std::vector<Explanation> explanations = Run(ensemble);
  ASSERT_EQ(explanations.size(), 1u);
  const Explanation& found = explanations[0];
  EXPECT_EQ(found.abbreviation, ensemble.classes()[3].abbreviation);
  EXPECT_FLOAT_EQ(found.probability, 0.9F);
  ASSERT_EQ(found.evidence.size(), 8u);
  EXPECT_EQ(found.evidence[2].size(), 125u);  // of 40 ms
  // V1 has twice as much, but not all windows see as much of it.
  EXPECT_GT(found.lead_shares[2], 0.6);
  EXPECT_NEAR(found.lead_shares[1] + found.lead_shares[2], 1, 1e-6);
  ASSERT_EQ(found.moments.size(), 2u);
  EXPECT_EQ(found.moments[0].lead, "V1");
  EXPECT_NEAR(found.moments[0].from, 1.2, 1e-9);
  EXPECT_NEAR(found.moments[0].to, 2.0, 1e-9);
  EXPECT_EQ(found.moments[1].lead, "II");
  EXPECT_NEAR(found.moments[1].from, 4.0, 1e-9);

  std::vector<std::uint8_t> keep(8, 1);
  keep[2] = 0;
  const std::vector<Explanation> without = Run(ensemble, keep);
  EXPECT_FLOAT_EQ(static_cast<float>(without[0].lead_shares[1]), 1);
}

TEST_F(ExplainTest, WhatSpeaksAgainstIsNoMoment) {
  Find(5, 0.9F);
  const std::vector<Explanation> explanations = Run(Make(std::make_shared<AddingNetwork>()));
  ASSERT_EQ(explanations.size(), 1u);
  EXPECT_TRUE(explanations[0].moments.empty());
  EXPECT_LT(explanations[0].evidence[2][40], 0);
  EXPECT_THROW(Run(Make(std::make_shared<NetworkWithoutGradients>())), Exception);
}

TEST_F(ExplainTest, IsReadAgainForThePicture) {
  Find(3, 0.9F);
  const test::TemporaryFolder folder;
  const Ensemble ensemble = Make(std::make_shared<AddingNetwork>());
  std::ofstream(folder / "a.json")
      << FormatExplanations("A0001", ensemble.Preparations().front().leads, Run(ensemble));
  const std::string name = ensemble.classes()[3].abbreviation;
  const RecordExplanations whole = ReadExplanations(folder / "a.json").value();
  EXPECT_EQ(whole.record, "A0001");
  EXPECT_EQ(whole.bin, kExplanationBin);
  EXPECT_EQ(whole.leads, ensemble.Preparations().front().leads);
  EXPECT_EQ(FormatExplanations(whole.record, whole.leads, whole.classes),
            *ReadFile(folder / "a.json"));
  for (const std::string& asked : {std::string(), name}) {
    const report::ExplanationShades read =
        report::ReadExplanation(folder / "a.json", asked).value();
    EXPECT_EQ(read.title, name + " 0.90");
    ASSERT_EQ(read.shades.size(), 30u);
    for (const report::PaperShade& shade : read.shades) {
      EXPECT_TRUE(shade.lead == "II" || shade.lead == "V1");
      EXPECT_GT(shade.strength, 0.3);
      EXPECT_LE(shade.strength, 1);
    }
  }
  EXPECT_NE(report::ReadExplanation(folder / "a.json", "XX").error().message.find(name),
            std::string::npos);
  for (const char* wrong : {"{}", "[]", "{\"classes\": [{\"class\": 3}]}", "{\"classes\": 3}",
                            "{\"classes\": [{\"class\": \"AF\", \"probability\": 1, \"evidence\": "
                            "{\"I\": [null]}}], \"bin_s\": 0.04}"}) {
    std::ofstream(folder / "b.json") << wrong;
    EXPECT_FALSE(report::ReadExplanation(folder / "b.json", {}).ok()) << wrong;
  }
}

}  // namespace
}  // namespace ecg::infer
