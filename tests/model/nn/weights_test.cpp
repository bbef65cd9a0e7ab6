#include "ecg/model/nn/weights.h"

#include <gtest/gtest.h>

#include "ecg/model/nn/se_resnet.h"

namespace ecg::nn {
namespace {

SeResNet Small(int width = 2) {
  model::SeResNetConfig config;
  config.width = width;
  config.blocks = {1, 1};
  return SeResNet(config);
}

// A network that has seen a batch.
SeResNet Taught() {
  torch::manual_seed(1);
  SeResNet module = Small();
  const TrainingPass pass(1);
  module(torch::randn({4, 8, 64}));
  module->MoveStatistics(module->StatisticsOf(pass).data());
  return module;
}

TEST(Weights, ComeBackBitForBit) {
  SeResNet written = Taught();
  torch::manual_seed(2);
  SeResNet read = Small();
  const std::string bytes = SerializeWeights(*written);
  ASSERT_TRUE(DeserializeWeights(bytes, "w", *read).ok());
  EXPECT_EQ(SerializeWeights(*read), bytes);
  written->eval(), read->eval();
  const torch::Tensor x = torch::randn({1, 8, 64});
  EXPECT_TRUE(torch::equal(written(x), read(x)));
}

TEST(Weights, HalfPrecisionHoldsWhatWasRoundedToIt) {
  SeResNet written = Taught();
  RoundToHalf(*written);
  const std::string half = SerializeWeights(*written, /*half=*/true);
  const std::string whole = SerializeWeights(*written);
  std::int64_t floats = 0;
  for (const auto& [name, tensor] : TensorsOf(*written)) {
    if (tensor.is_floating_point()) floats += tensor.numel();
  }
  EXPECT_GE(whole.size() - half.size(), 2 * static_cast<std::size_t>(floats));
  torch::manual_seed(2);
  SeResNet read = Small();
  ASSERT_TRUE(DeserializeWeights(half, "w", *read).ok());
  EXPECT_EQ(SerializeWeights(*read), whole);
  const torch::NoGradGuard no_grad;
  written->parameters()[0][0][0][0] = 1e6;
  EXPECT_THROW(RoundToHalf(*written), Exception);
}

TEST(Weights, RefuseWhatDoesNotFitAndLeaveTheModuleAlone) {
  SeResNet model = Small();
  const std::string before = SerializeWeights(*model);
  EXPECT_FALSE(DeserializeWeights(SerializeWeights(*Small(3)), "w", *model).ok());
  const std::string bytes = SerializeWeights(*Small());
  for (std::size_t length = 0; length < bytes.size(); length += 97) {
    EXPECT_FALSE(DeserializeWeights(bytes.substr(0, length), "w", *model).ok()) << length;
  }
  EXPECT_FALSE(DeserializeWeights(bytes + "x", "w", *model).ok());
  EXPECT_EQ(SerializeWeights(*model), before);
}

}  // namespace
}  // namespace ecg::nn
