#include "src/model/nn/epilogue.h"

#include <gtest/gtest.h>

#include <vector>

namespace ecg::nn {
namespace {

constexpr std::int64_t kRecords = 3;
constexpr std::int64_t kChannels = 20;
constexpr std::int64_t kPositions = 75;

torch::Tensor InRows(torch::Tensor x) { return x.contiguous(torch::MemoryFormat::ChannelsLast); }

struct Shape {
  bool gate;
  bool shortcut;
  bool shortcut_norm;
  bool training;
};

class EpilogueTest : public testing::TestWithParam<Shape> {
 protected:
  EpilogueTest() {
    torch::manual_seed(3);
    const std::vector<std::int64_t> shape = {kRecords, kChannels, 1, kPositions};
    h_ = InRows(torch::randn(shape) * 2 + 0.7).requires_grad_();
    gradient_ = InRows(torch::randn(shape));
    parts_.norm = MakeNorm();
    parts_.training = GetParam().training;
    if (GetParam().gate) parts_.gate = MakeGate();
    if (GetParam().shortcut) parts_.shortcut = InRows(torch::randn(shape) - 0.3).requires_grad_();
    if (GetParam().shortcut_norm) parts_.shortcut_norm = MakeNorm();
  }

  static SqueezeExcitation MakeGate() {
    const std::int64_t hidden = kChannels / 4;
    return SqueezeExcitation(model::LinearLayer{"squeeze", kChannels, hidden},
                             model::LinearLayer{"excite", hidden, kChannels});
  }

  static Norm MakeNorm() {
    Norm norm(kChannels);
    const torch::NoGradGuard no_grad;
    norm->weight.copy_(torch::rand({kChannels}) + 0.5);
    norm->bias.copy_(torch::randn({kChannels}));
    norm->running_mean.copy_(torch::randn({kChannels}));
    norm->running_var.copy_(torch::rand({kChannels}) + 0.5);
    return norm;
  }

  // Result, gradients of inputs and parameters, batch statistics.
  std::vector<torch::Tensor> Run(bool plain) {
    EpilogueParts parts = parts_;
    torch::Tensor h = h_.detach().clone(torch::MemoryFormat::Preserve).requires_grad_();
    std::vector<torch::Tensor> leaves = {h};
    if (parts.shortcut.defined()) {
      parts.shortcut = parts.shortcut.detach().clone(torch::MemoryFormat::Preserve);
      leaves.push_back(parts.shortcut.requires_grad_());
    }
    const auto add = [&](const Norm& norm) {
      if (norm.is_empty()) return;
      leaves.insert(leaves.end(), {norm->weight, norm->bias});
    };
    add(parts.norm);
    add(parts.shortcut_norm);
    if (!parts.gate.is_empty()) {
      for (const torch::Tensor& parameter : parts.gate->parameters()) leaves.push_back(parameter);
    }
    const TrainingPass pass(1);
    const torch::Tensor y = plain ? SumChannelsPlainly(h, parts) : SumChannels(h, parts);
    std::vector<torch::Tensor> all = torch::autograd::grad({y}, leaves, {gradient_});
    all.insert(all.begin(), y.detach());
    for (const Norm& norm : {parts.norm, parts.shortcut_norm}) {
      if (norm.is_empty()) continue;
      const std::vector<double>* statistics = pass.StatisticsOf(*norm);
      EXPECT_EQ(statistics != nullptr, parts.training);
      if (parts.training) all.push_back(torch::tensor(*statistics, torch::kFloat64));
    }
    return all;
  }

  torch::Tensor h_, gradient_;
  EpilogueParts parts_;
};

TEST_P(EpilogueTest, EqualsTheOperationsThatItStandsFor) {
  const std::vector<torch::Tensor> fast = Run(false), plain = Run(true);
  ASSERT_EQ(fast.size(), plain.size());
  for (std::size_t i = 0; i < fast.size(); ++i) {
    const double error = (fast[i] - plain[i]).abs().max().item<double>();
    EXPECT_LT(error, 2e-5 * (1 + plain[i].abs().max().item<double>())) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, EpilogueTest,
    testing::Values(Shape{false, false, false, true}, Shape{false, false, false, false},
                    Shape{true, true, false, true}, Shape{true, true, false, false},
                    Shape{true, true, true, true}, Shape{true, true, true, false},
                    Shape{false, true, true, true}));

TEST(Epilogue, InBf16ItRoundsOnceAtTheEnd) {
  torch::manual_seed(4);
  const torch::Tensor h =
      InRows(torch::randn({4, 16, 1, 50}).to(torch::kBFloat16)).requires_grad_();
  const torch::Tensor wide = InRows(h.detach().to(torch::kFloat32)).requires_grad_();
  EpilogueParts parts;
  parts.norm = Norm(16);
  parts.training = true;
  const TrainingPass pass(1);
  const torch::Tensor y = SumChannels(h, parts);
  const torch::Tensor reference = SumChannels(wide, parts);
  EXPECT_EQ(y.scalar_type(), torch::kBFloat16);
  EXPECT_TRUE(torch::equal(y, reference.to(torch::kBFloat16)));
  const torch::Tensor gradient = torch::randn_like(reference).to(torch::kBFloat16);
  y.backward(gradient);
  reference.backward(gradient.to(torch::kFloat32));
  // relu looks at y, which is not rounded in the reference: only what rounds to zero differs.
  const torch::Tensor difference = (h.grad().to(torch::kFloat32) - wide.grad()).abs();
  EXPECT_LT(difference.max().item<double>(), 0.02);
}

TEST(Epilogue, DropsItsShareAndNoOther) {
  const torch::Tensor h = InRows(torch::rand({8, 32, 1, 400}) + 1).requires_grad_();
  EpilogueParts parts;
  parts.norm = Norm(32);
  {
    const torch::NoGradGuard no_grad;
    parts.norm->bias.fill_(20);  // relu lets all pass
  }
  parts.training = true;
  const auto draw = [&](std::uint64_t key) {
    const TrainingPass pass(key);
    return SumChannels(h, parts);
  };
  const torch::Tensor whole = draw(0).detach();
  parts.dropout = 0.2;
  const torch::Tensor y = draw(1);
  const torch::Tensor kept = (y != 0).to(torch::kFloat32);
  EXPECT_NEAR(kept.mean().item<double>(), 0.8, 0.005);  // 102,400 draws: a deviation is 0.00125
  EXPECT_LT((y - whole * kept / 0.8).abs().max().item<double>(), 1e-4);
  // Neighbours, records and channels are dropped independently.
  const auto correlation = [](const torch::Tensor& a, const torch::Tensor& b) {
    return ((a - 0.8) * (b - 0.8)).mean().item<double>() / 0.16;
  };
  EXPECT_NEAR(correlation(kept.slice(3, 1), kept.slice(3, 0, -1)), 0, 0.02);
  EXPECT_NEAR(correlation(kept.slice(1, 1), kept.slice(1, 0, -1)), 0, 0.02);
  EXPECT_NEAR(correlation(kept.slice(0, 1), kept.slice(0, 0, -1)), 0, 0.02);
  EXPECT_TRUE(torch::equal(y, draw(1)));
  EXPECT_FALSE(torch::equal(y, draw(2)));
  // Of a sum of what is kept, the gradient of the norm's bias counts the kept.
  y.sum().backward();
  EXPECT_NEAR(parts.norm->bias.grad().sum().item<double>(), kept.sum().item<double>() / 0.8, 1);
}

TEST(HalveByMaxPool, EqualsTheOperationThatItStandsFor) {
  torch::manual_seed(5);
  for (const std::int64_t positions : {1, 2, 7, 8}) {
    // Few values, so that ties are frequent.
    const torch::Tensor x =
        InRows(torch::randint(0, 4, {3, 5, 1, positions}).to(torch::kFloat32)).requires_grad_();
    const torch::Tensor y = HalveByMaxPool(x), plain = HalveByMaxPoolPlainly(x);
    EXPECT_TRUE(torch::equal(y, plain)) << positions;
    const torch::Tensor gradient = torch::randn_like(plain);
    EXPECT_TRUE(torch::allclose(torch::autograd::grad({y}, {x}, {gradient})[0],
                                torch::autograd::grad({plain}, {x}, {gradient})[0]))
        << positions;
  }
  torch::Tensor holed = InRows(torch::zeros({1, 1, 1, 9}));
  holed[0][0][0][3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(torch::equal(HalveByMaxPool(holed).isnan(), HalveByMaxPoolPlainly(holed).isnan()));
}

}  // namespace
}  // namespace ecg::nn
