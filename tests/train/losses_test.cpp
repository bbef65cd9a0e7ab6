#include "ecg/train/losses.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ecg/data/prepare/peak_grid.h"
#include "ecg/score/metric_list.h"
#include "ecg/score/metrics.h"
#include "tests/model/nn/golden.h"

namespace ecg::train {
namespace {

using test::ExpectClose;
using test::Golden;
using test::ToTensor;
using test::Wave;

TEST(PeakLoss, IsZeroWithoutRecordsToLearnFromAndForPerfectOutput) {
  const data::PeakGrid grid(data::PeakGridKind::kPaper, 4);
  torch::Tensor target = torch::zeros({2, 8, 3, 7});
  grid.Encode({{20, dsp::PeakType::kP}, {50, dsp::PeakType::kR}, {52, dsp::PeakType::kS}}, 0, 128,
              target.data_ptr<float>());
  torch::Tensor output = torch::full({2, 8, 3, 7}, 0.5).requires_grad_(true);
  const torch::Tensor none = PeakLoss(output, target, torch::zeros({2}), {});
  EXPECT_EQ(none.item<float>(), 0);
  none.backward();
  EXPECT_EQ(output.grad().abs().max().item<float>(), 0);
  EXPECT_EQ(PeakLoss(target, target, torch::ones({2}), {}).item<float>(), 0);
  // A window without peaks of a record that has some elsewhere: 8 cells x 3 slots x 0.2 x 0.25 / 8.
  const torch::Tensor second = torch::tensor({0.F, 1.F});
  EXPECT_NEAR(PeakLoss(output, target, second, {}).item<double>(), 0.15, 1e-6);
}

// A network of several scales is one whose first convolutions are of the longest length, with zeros
// where a shorter one does not reach.
class LossGolden : public testing::TestWithParam<std::pair<const char*, LossConfig>> {};

TEST_P(LossGolden, ValueAndGradientEqualPyTorch) {
  const Json golden = Golden()[GetParam().first];
  const torch::Tensor values = Wave({4, 5}, 1.9, 0.2, 6.0);
  const torch::Tensor y = (Wave({4, 5}, 2.3, 0.0, 1.0) > 0.3).to(torch::kFloat32);
  const torch::Tensor mask = (Wave({4, 5}, 3.1, 1.0, 1.0) > -0.5).to(torch::kFloat32);
  const torch::Tensor logits = values.to(torch::kFloat32).requires_grad_(true);
  LossConfig config = GetParam().second;
  const torch::Tensor masked = ClassificationLoss(logits, y, mask, config);
  masked.backward();
  // Single precision on our side, double on the other.
  EXPECT_NEAR(masked.item<double>(), golden["masked_mean"].get<double>(), 2e-6);
  ExpectClose(logits.grad().to(torch::kFloat64), ToTensor(golden["gradient"]), 1e-6);
  config.masked = false;
  EXPECT_NEAR(ClassificationLoss(logits, y, mask, config).item<double>(),
              golden["unmasked_mean"].get<double>(), 2e-6);
}

INSTANTIATE_TEST_SUITE_P(
    All, LossGolden,
    testing::Values(std::make_pair("asymmetric", LossConfig{}),
                    std::make_pair("asymmetric_plain",
                                   LossConfig{LossKind::kAsymmetric, 0, 0, 0, true}),
                    std::make_pair("bce", LossConfig{LossKind::kBinaryCrossEntropy, 0, 0, 0, true}),
                    std::make_pair("sign", LossConfig{LossKind::kSign, 0, 0, 0, true})),
    [](const auto& info) { return std::string(info.param.first); });

// With decisions in the place of probabilities it is the challenge metric, but for its scaling.
TEST(MetricLoss, OfDecisionsIsTheChallengeMetric) {
  const challenge::ClassSet& classes = challenge::Classes2021();
  const auto n = static_cast<std::int64_t>(classes.size());
  constexpr std::int64_t kRecords = 40;
  const torch::Tensor labels = (Wave({kRecords, n}, 2.3, 0.0, 1.0) > 0.7).to(torch::kFloat32);
  const torch::Tensor outputs = (Wave({kRecords, n}, 1.1, 0.7, 1.0) > 0.5).to(torch::kFloat32);
  torch::Tensor normal = torch::zeros({kRecords, n});
  normal.select(1, static_cast<std::int64_t>(*classes.normal_index())).fill_(1);
  const torch::Tensor rewards = torch::tensor(classes.rewards(), torch::kFloat32).reshape({n, n});
  const auto loss = [&](const torch::Tensor& decisions, const torch::Tensor& mask) {
    return MetricLoss((decisions - 0.5) * 200, labels, mask, rewards).item<double>();
  };
  const torch::Tensor all = torch::ones({kRecords, n});
  const double scaled =
      (loss(outputs, all) - loss(normal, all)) / (loss(labels, all) - loss(normal, all));
  const auto bytes = [](const torch::Tensor& tensor) {
    const torch::Tensor flat = tensor.to(torch::kUInt8).contiguous();
    return std::vector<std::uint8_t>(flat.data_ptr<std::uint8_t>(),
                                     flat.data_ptr<std::uint8_t>() + flat.numel());
  };
  EXPECT_NEAR(scaled, score::ChallengeMetric(bytes(labels), bytes(outputs), classes), 1e-5);
  // What is left out might as well not be there.
  torch::Tensor mask = all.clone();
  mask.select(1, 3).zero_();
  torch::Tensor without = outputs.clone();
  without.select(1, 3).zero_();
  EXPECT_NEAR(loss(outputs, mask), loss(without, mask), 1e-6);
}

TEST(Loss, SmoothedLabelsMoveTheLeastLossAwayFromZeroAndOne) {
  LossConfig config{LossKind::kBinaryCrossEntropy, 0, 0, 0, true};
  config.label_smoothing = 0.1;
  const torch::Tensor y = torch::tensor({0.F, 1.F}).reshape({1, 2});
  // sigmoid(log 19) = 0.95
  const torch::Tensor logits =
      (torch::tensor({-1.F, 1.F}) * std::log(19.F)).reshape({1, 2}).requires_grad_(true);
  ClassificationLoss(logits, y, torch::ones({1, 2}), config).backward();
  EXPECT_LT(logits.grad().abs().max().item<float>(), 1e-6);
}

TEST(Loss, StaysFiniteAtExtremeLogits) {
  const torch::Tensor logits =
      torch::tensor({-1e4F, -50.F, 0.F, 50.F, 1e4F}).reshape({1, 5}).requires_grad_(true);
  for (const LossKind kind :
       {LossKind::kAsymmetric, LossKind::kBinaryCrossEntropy, LossKind::kSign}) {
    for (const float label : {0.F, 1.F}) {
      const torch::Tensor y = torch::full({1, 5}, label);
      LossConfig config;
      config.kind = kind;
      const torch::Tensor loss = ClassificationLoss(logits, y, torch::ones({1, 5}), config);
      logits.mutable_grad() = torch::Tensor();
      loss.backward();
      EXPECT_TRUE(torch::isfinite(loss).item<bool>());
      EXPECT_TRUE(torch::isfinite(logits.grad()).all().item<bool>());
    }
  }
}

}  // namespace
}  // namespace ecg::train
