#include "src/model/nn/convolve.h"

#include <gtest/gtest.h>

#include "ecg/model/nn/device.h"
#include "src/onednn/weight_gradient.h"

namespace ecg::nn {
namespace {

using onednn::WeightGradientShape;

bool MultipliesBf16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
#else
  return false;
#endif
}

torch::Tensor RowsOf(std::int64_t records, std::int64_t channels, std::int64_t rows) {
  return torch::randn({records, channels, 1, rows})
      .to(torch::kBFloat16)
      .contiguous(torch::MemoryFormat::ChannelsLast);
}

torch::Tensor ConvolvePlainly(const torch::Tensor& x, const torch::Tensor& weight) {
  const std::int64_t pads[] = {0, weight.size(3) / 2};
  return torch::conv2d(x, weight, {}, /*stride=*/1, torch::IntArrayRef(pads));
}

class WeightGradientTest : public testing::TestWithParam<WeightGradientShape> {};

// Against the gradient in double precision of the same numbers.
TEST_P(WeightGradientTest, IsThatOfTheConvolution) {
  if (!MultipliesBf16()) GTEST_SKIP() << "oneDNN multiplies no bf16 on this processor";
  const WeightGradientShape& s = GetParam();
  const auto size = [](std::size_t n) { return static_cast<std::int64_t>(n); };
  torch::manual_seed(5);
  // Twice, as the second call finds everything made.
  for (int time = 0; time < 2; ++time) {
    const torch::Tensor x = RowsOf(size(s.records), size(s.in), size(s.rows));
    const torch::Tensor y = RowsOf(size(s.records), size(s.out), size(s.rows));
    const torch::Tensor weight =
        torch::zeros({size(s.out), size(s.in), 1, size(s.kernel)}, torch::kFloat64)
            .requires_grad_();
    ConvolvePlainly(x.to(torch::kFloat64), weight).backward(y.to(torch::kFloat64));
    torch::Tensor found = torch::empty({size(s.out), size(s.kernel), size(s.in)});
    onednn::WeightGradient(s, x.data_ptr(), y.data_ptr(), found.data_ptr<float>());
    const torch::Tensor expected = weight.grad().squeeze(2).transpose(1, 2);
    // Sums of that many products of about 1, in single precision.
    const double most = 1e-6 * static_cast<double>(s.records * s.rows);
    EXPECT_LT((found.to(torch::kFloat64) - expected).abs().max().item<double>(), most);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, WeightGradientTest,
    testing::Values(WeightGradientShape{16, 62, 128, 128, 7},  // some records at a time
                    WeightGradientShape{5, 300, 128, 160, 7},  // and fewer at the end
                    WeightGradientShape{16, 31, 64, 128, 1},   // a shortcut
                    WeightGradientShape{2, 1, 32, 32, 3},      // a single row
                    WeightGradientShape{3, 17, 40, 37, 15},    // odd everything
                    WeightGradientShape{1, 2500, 32, 48,
                                        5}));  // longer than what is added at a time

// Forwards to the bit, and gradients as near as rounding to bf16 lets them be.
TEST(Convolve, HasLibTorchsResultAndGradientsInBf16) {
  if (!MultipliesBf16()) GTEST_SKIP() << "oneDNN multiplies no bf16 on this processor";
  torch::manual_seed(6);
  const torch::nn::Conv1d layer(torch::nn::Conv1dOptions(64, 96, 7).padding(3).bias(false));
  layer->weight.set_data(layer->weight.detach().transpose(1, 2).contiguous().transpose(1, 2));
  const torch::Tensor from = RowsOf(16, 64, 62), gradient = RowsOf(16, 96, 62);
  const AutocastGuard autocast(torch::kCPU, true);
  const auto run = [&](const auto& convolve) {
    const torch::Tensor x = from.detach().clone(torch::MemoryFormat::Preserve).requires_grad_();
    const torch::Tensor y = convolve(x);
    const auto gradients = torch::autograd::grad({y}, {x, layer->weight}, {gradient});
    return std::vector<torch::Tensor>{y, gradients[0], gradients[1]};
  };
  const auto found = run([&](const torch::Tensor& x) { return Convolve(layer, x); });
  const auto plain =
      run([&](const torch::Tensor& x) { return ConvolvePlainly(x, layer->weight.unsqueeze(2)); });
  EXPECT_TRUE(torch::equal(found[0], plain[0]));
  EXPECT_TRUE(torch::equal(found[1], plain[1]));
  EXPECT_EQ(found[2].scalar_type(), torch::kFloat32);
  const double scale = plain[2].abs().max().item<double>();
  EXPECT_LT((found[2] - plain[2]).abs().max().item<double>(), scale / 256);
}

}  // namespace
}  // namespace ecg::nn
