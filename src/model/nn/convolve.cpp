#include "src/model/nn/convolve.h"

#include <array>
#include <vector>

#include "src/onednn/weight_gradient.h"

namespace ecg::nn {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Below this many numbers LibTorch computes a batch of one by other means than oneDNN.
constexpr std::int64_t kSmall = 20480;

onednn::WeightGradientShape ShapeOf(const Tensor& x, const Tensor& weight) {
  const auto size = [](std::int64_t n) { return static_cast<std::size_t>(n); };
  return {size(x.size(0)), size(x.size(3)), size(weight.size(1)), size(weight.size(0)),
          size(weight.size(2))};
}

// A convolution in bf16 whose weights [out][in][kernel] stay in single precision, and so does their
// gradient. No bias, no strides.
class RowsFunction : public torch::autograd::Function<RowsFunction> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& weight) {
    const Tensor rounded = weight.unsqueeze(2).to(torch::kBFloat16);
    context->save_for_backward({x, rounded});
    return at::convolution(x, rounded, {}, {1, 1}, PadsOf(rounded), {1, 1}, false, {0, 0}, 1);
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &x = saved[0], &rounded = saved[1];
    const Tensor y =
        gradients[0].to(torch::kBFloat16).contiguous(torch::MemoryFormat::ChannelsLast);
    const Tensor of_x = std::get<0>(at::convolution_backward(
        y, x, rounded, at::OptionalIntArrayRef(), {1, 1}, PadsOf(rounded), {1, 1}, false, {0, 0}, 1,
        std::array<bool, 3>{true, false, false}));
    const std::int64_t out = rounded.size(0), in = rounded.size(1), kernel = rounded.size(3);
    // In the weights' order, and no view of another tensor: gradients are added up in place.
    const Tensor of_weight =
        torch::empty_strided({out, in, kernel}, {kernel * in, 1, in}, torch::kFloat32);
    onednn::WeightGradient(ShapeOf(x, rounded.squeeze(2)), x.data_ptr(), y.data_ptr(),
                           of_weight.data_ptr<float>());
    return {of_x, of_weight};
  }

 private:
  static std::vector<std::int64_t> PadsOf(const Tensor& weight) { return {0, weight.size(3) / 2}; }
};

bool TakesRows(const torch::nn::Conv1d& layer, const Tensor& x) {
  return IsInRows(x) && x.scalar_type() == torch::kBFloat16 && x.requires_grad() &&
         layer->weight.requires_grad() && torch::GradMode::is_enabled() &&
         layer->weight.scalar_type() == torch::kFloat32 && !layer->bias.defined() &&
         layer->options.stride()->at(0) == 1 && at::globalContext().userEnabledMkldnn() &&
         onednn::WeightGradientPays(ShapeOf(x, layer->weight));
}

}  // namespace

bool IsInRows(const Tensor& x) {
  return x.device().is_cpu() && x.dim() == 4 && x.size(2) == 1 &&
         (x.scalar_type() == torch::kFloat32 || x.scalar_type() == torch::kBFloat16) &&
         x.is_contiguous(torch::MemoryFormat::ChannelsLast);
}

// With one thread LibTorch has another way, a slower one, for some small batches. A kernel of one
// position has no dilation, but with one LibTorch takes oneDNN; and a small record that is alone
// gets company.
Tensor Convolve(const torch::nn::Conv1d& layer, const Tensor& x) {
  if (x.size(0) == 1 && x.numel() <= kSmall) {
    return Convolve(layer, torch::cat({x, x}).contiguous(torch::MemoryFormat::ChannelsLast))
        .slice(0, 0, 1);
  }
  if (TakesRows(layer, x)) return RowsFunction::apply(x, layer->weight);
  const auto& options = layer->options;
  const std::int64_t kernel = options.kernel_size()->at(0);
  const std::int64_t strides[] = {1, options.stride()->at(0)};
  const std::int64_t pads[] = {0, kernel / 2};
  const std::int64_t dilations[] = {1, kernel == 1 ? 2 : 1};
  return torch::conv2d(x, layer->weight.unsqueeze(2), layer->bias, torch::IntArrayRef(strides),
                       torch::IntArrayRef(pads), torch::IntArrayRef(dilations));
}

}  // namespace ecg::nn
