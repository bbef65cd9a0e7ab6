#include "src/model/nn/epilogue.h"

#include <ATen/Parallel.h>

#include <functional>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

#include "src/model/kernels/epilogue_kernels.h"

namespace ecg::nn {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Whether the kernels can work on it: [N][C][1][L] with the channels of a position together.
bool IsInRows(const Tensor& x) {
  return x.device().is_cpu() && x.dim() == 4 && x.size(2) == 1 &&
         (x.scalar_type() == torch::kFloat32 || x.scalar_type() == torch::kBFloat16) &&
         x.is_contiguous(torch::MemoryFormat::ChannelsLast);
}

// Record n of a tensor.
Rows RowsOf(const Tensor& x, std::int64_t n) {
  const std::int64_t record = x.size(1) * x.size(3);
  return {static_cast<const char*>(x.data_ptr()) + n * record * x.element_size(),
          static_cast<std::size_t>(x.size(3)), static_cast<std::size_t>(x.size(1)),
          x.scalar_type() == torch::kBFloat16};
}

void* DataOf(const Tensor& x, std::int64_t n) { return const_cast<void*>(RowsOf(x, n).data); }

void ForEachRecord(const Tensor& x, const std::function<void(std::int64_t)>& work) {
  at::parallel_for(0, x.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t n = begin; n < end; ++n) work(n);
  });
}

// double [2][N][C]: sums and sums of squares.
Tensor MomentsOf(const Tensor& x) {
  Tensor moments = torch::zeros({2, x.size(0), x.size(1)}, torch::kFloat64);
  ForEachRecord(x, [&](std::int64_t n) {
    AddMoments(RowsOf(x, n), moments[0][n].data_ptr<double>(), moments[1][n].data_ptr<double>());
  });
  return moments;
}

// What the tensors of an operation are, in their order: h, shortcut?, then of norm (weight, bias,
// mean, variance: the running ones), gate? (two linear layers) and shortcut norm?.
struct Layout {
  bool shortcut = false;
  bool gate = false;
  bool shortcut_norm = false;
  bool training = false;

  std::size_t first_parameter() const { return shortcut ? 2 : 1; }
};

// [C] of normalisation as x * scale + bias.
struct Affine {
  Tensor scale, bias;
};

// Of a batch, the variance biased.
std::pair<Tensor, Tensor> MeanAndVariance(const Tensor& moments, double positions) {
  const double count = positions * static_cast<double>(moments.size(1));
  const Tensor mean = moments[0].sum(0) / count;
  return {mean, (moments[1].sum(0) / count - mean * mean).clamp_min(0)};
}

// Batch statistics in training, else the running ones. `parameters`: weight, bias, mean, variance.
Affine Normalise(const Tensor& moments, double positions, const Tensor* parameters,
                 const Layout& layout) {
  Tensor mean = parameters[2].to(torch::kFloat64), variance = parameters[3].to(torch::kFloat64);
  if (layout.training) {
    std::tie(mean, variance) = MeanAndVariance(moments, positions);
  }
  const Tensor scale = parameters[0].to(torch::kFloat64) * (variance + NormImpl::kEpsilon).rsqrt();
  return {scale, parameters[1].to(torch::kFloat64) - mean * scale};
}

// double [N][C] each; no residual_scale where it is one.
struct Coefficients {
  Tensor scale, bias, residual_scale;
};

Coefficients MakeCoefficients(const Tensor& moments, const Tensor& residual_moments,
                              double positions, const Tensor* parameters, const Layout& layout) {
  const Affine norm = Normalise(moments, positions, parameters, layout);
  parameters += 4;
  Coefficients made{norm.scale.expand_as(moments[0]), norm.bias.expand_as(moments[0]), {}};
  if (layout.gate) {
    const auto linear = [&](const Tensor& x, const Tensor* layer) {
      return torch::linear(x, layer[0].to(torch::kFloat64), layer[1].to(torch::kFloat64));
    };
    const Tensor pooled = moments[0] / positions * norm.scale + norm.bias;
    const Tensor gate =
        torch::sigmoid(linear(torch::relu(linear(pooled, parameters)), parameters + 2));
    made.scale = norm.scale * gate;
    made.bias = norm.bias * gate;
    parameters += 4;
  }
  if (layout.shortcut_norm) {
    const Affine shortcut = Normalise(residual_moments, positions, parameters, layout);
    made.residual_scale = shortcut.scale.expand_as(moments[0]);
    made.bias = made.bias + shortcut.bias;
  }
  return made;
}

// The coefficients as the kernels take them.
struct FloatCoefficients {
  Tensor scale, bias, residual_scale;

  explicit FloatCoefficients(const Coefficients& made)
      : scale(made.scale.to(torch::kFloat32).contiguous()),
        bias(made.bias.to(torch::kFloat32).contiguous()) {
    if (made.residual_scale.defined()) {
      residual_scale = made.residual_scale.to(torch::kFloat32).contiguous();
    }
  }

  Epilogue Of(std::int64_t n, const Dropout& dropout) const {
    Epilogue sum;
    const std::int64_t at = n * scale.size(1);
    sum.scale = scale.data_ptr<float>() + at;
    sum.bias = bias.data_ptr<float>() + at;
    if (residual_scale.defined()) sum.residual_scale = residual_scale.data_ptr<float>() + at;
    sum.dropout = dropout;
    sum.dropout.key += static_cast<std::uint64_t>(n) * 0x9E3779B97F4A7C15ULL;
    return sum;
  }
};

// double [2][C]: mean and unbiased variance.
Tensor BatchStatistics(const Tensor& moments, double positions) {
  const double count = positions * static_cast<double>(moments.size(1));
  const auto [mean, variance] = MeanAndVariance(moments, positions);
  return torch::stack({mean, variance * (count / (count - 1))});
}

class EpilogueFunction : public torch::autograd::Function<EpilogueFunction> {
 public:
  static Tensor forward(AutogradContext* context, at::TensorList tensors, const Tensor& moments,
                        const Tensor& residual_moments, const Layout& layout,
                        const Dropout& dropout) {
    const Tensor& h = tensors[0];
    const Tensor residual = layout.shortcut ? tensors[1] : Tensor();
    const FloatCoefficients made(
        MakeCoefficients(moments, residual_moments, static_cast<double>(h.size(3)),
                         tensors.data() + layout.first_parameter(), layout));
    Tensor y = torch::empty_like(h);
    ForEachRecord(h, [&](std::int64_t n) {
      ApplyEpilogue(RowsOf(h, n), residual.defined() ? DataOf(residual, n) : nullptr,
                    made.Of(n, dropout), DataOf(y, n));
    });
    variable_list saved = tensors.vec();
    saved.insert(saved.end(), {moments, residual_moments, y});
    context->save_for_backward(std::move(saved));
    context->saved_data["shortcut"] = layout.shortcut;
    context->saved_data["gate"] = layout.gate;
    context->saved_data["shortcut_norm"] = layout.shortcut_norm;
    context->saved_data["training"] = layout.training;
    context->saved_data["dropout"] = static_cast<double>(dropout.probability);
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    Layout layout;
    layout.shortcut = context->saved_data["shortcut"].toBool();
    layout.gate = context->saved_data["gate"].toBool();
    layout.shortcut_norm = context->saved_data["shortcut_norm"].toBool();
    layout.training = context->saved_data["training"].toBool();
    Dropout dropout;
    dropout.probability = static_cast<float>(context->saved_data["dropout"].toDouble());
    variable_list saved = context->get_saved_variables();
    const Tensor y = saved.back();
    saved.pop_back();
    const variable_list moments(saved.end() - 2, saved.end());
    saved.resize(saved.size() - 2);
    const Tensor& h = saved[0];
    const Tensor residual = layout.shortcut ? saved[1] : Tensor();
    const Tensor gradient =
        gradients[0].to(h.scalar_type()).contiguous(torch::MemoryFormat::ChannelsLast);

    // The coefficients once more, this time with their derivatives.
    const torch::AutoGradMode with_grad(true);
    variable_list leaves;
    for (std::size_t i = layout.first_parameter(); i < saved.size(); ++i) {
      leaves.push_back(saved[i].detach().requires_grad_());
    }
    const Tensor of_h = moments[0].detach().requires_grad_();
    const Tensor of_residual = moments[1].detach().requires_grad_();
    const Coefficients made =
        MakeCoefficients(of_h, of_residual, static_cast<double>(h.size(3)), leaves.data(), layout);
    const FloatCoefficients used(made);
    const torch::NoGradGuard no_grad;

    Tensor sums = torch::zeros({3, h.size(0), h.size(1)});
    const auto residual_of = [&](std::int64_t n) {
      return residual.defined() ? DataOf(residual, n) : nullptr;
    };
    ForEachRecord(h, [&](std::int64_t n) {
      AddCoefficientGradients(RowsOf(h, n), residual_of(n), used.Of(n, dropout), DataOf(y, n),
                              DataOf(gradient, n), sums[0][n].data_ptr<float>(),
                              sums[1][n].data_ptr<float>(),
                              layout.shortcut_norm ? sums[2][n].data_ptr<float>() : nullptr);
    });
    const Tensor back = sums.to(torch::kFloat64);
    variable_list outputs = {made.scale, made.bias};
    variable_list arrived = {back[0], back[1]};
    if (layout.shortcut_norm) {
      outputs.push_back(made.residual_scale);
      arrived.push_back(back[2]);
    }
    variable_list inputs = {of_h, of_residual};
    inputs.insert(inputs.end(), leaves.begin(), leaves.end());
    const variable_list derived = torch::autograd::grad(outputs, inputs, arrived, {},
                                                        /*create_graph=*/false,
                                                        /*allow_unused=*/true);
    return Collect(layout, saved, {derived, used, gradient, y, dropout});
  }

 private:
  struct Derived {
    const variable_list& derived;  // of the moments, the residual's, the parameters
    const FloatCoefficients& used;
    const Tensor& gradient;
    const Tensor& y;
    const Dropout& dropout;
  };

  // The gradients of all inputs, as Function wants them.
  static variable_list Collect(const Layout& layout, const variable_list& saved,
                               const Derived& from) {
    const Tensor& h = saved[0];
    const Tensor residual = layout.shortcut ? saved[1] : Tensor();
    const Tensor to_h = torch::empty_like(h);
    const Tensor to_residual = layout.shortcut ? torch::empty_like(residual) : Tensor();
    const Tensor of_h = Terms(from.derived[0]);
    const Tensor of_residual = Terms(from.derived[1]);
    ForEachRecord(h, [&](std::int64_t n) {
      const Epilogue sum = from.used.Of(n, from.dropout);
      InputGradient first, second;
      first.scale = sum.scale;
      SetTerms(of_h, n, first);
      first.out = DataOf(to_h, n);
      if (layout.shortcut) {
        second.scale = sum.residual_scale;
        SetTerms(of_residual, n, second);
        second.out = DataOf(to_residual, n);
      }
      WriteInputGradients(RowsOf(h, n), layout.shortcut ? DataOf(residual, n) : nullptr, sum,
                          DataOf(from.y, n), DataOf(from.gradient, n), first, second);
    });
    variable_list all = {to_h};
    if (layout.shortcut) all.push_back(to_residual);
    all.insert(all.end(), from.derived.begin() + 2, from.derived.end());
    all.insert(all.end(), 4, Tensor());  // moments, the residual's, layout, dropout
    return all;
  }

  // float [2][N][C]: what is added to an input's gradient, and its factor of the input; undefined
  // where its moments do not count.
  static Tensor Terms(const Tensor& derived) {
    if (!derived.defined()) return {};
    return torch::stack({derived[0], derived[1] * 2}).to(torch::kFloat32).contiguous();
  }

  static void SetTerms(const Tensor& terms, std::int64_t n, InputGradient& gradient) {
    if (!terms.defined()) return;
    gradient.offset = terms.data_ptr<float>() + n * terms.size(2);
    gradient.slope = terms.data_ptr<float>() + (terms.size(1) + n) * terms.size(2);
  }
};

void Append(std::vector<Tensor>& tensors, const Norm& norm) {
  tensors.insert(tensors.end(),
                 {norm->weight, norm->bias, norm->running_mean.clone(), norm->running_var.clone()});
}

Tensor SumInRows(const Tensor& h, const EpilogueParts& parts) {
  Layout layout;
  layout.shortcut = parts.shortcut.defined();
  layout.gate = !parts.gate.is_empty();
  layout.shortcut_norm = !parts.shortcut_norm.is_empty();
  layout.training = parts.training;
  std::vector<Tensor> tensors = {h};
  if (layout.shortcut) tensors.push_back(parts.shortcut);
  Append(tensors, parts.norm);
  if (layout.gate) {
    for (const Tensor& parameter : parts.gate->parameters()) tensors.push_back(parameter);
  }
  if (layout.shortcut_norm) Append(tensors, parts.shortcut_norm);

  const auto positions = static_cast<double>(h.size(3));
  const bool needs_moments = parts.training || layout.gate;
  const Tensor none = torch::zeros({2, h.size(0), h.size(1)}, torch::kFloat64);
  const Tensor moments = needs_moments ? MomentsOf(h.detach()) : none;
  const Tensor residual_moments =
      parts.training && layout.shortcut_norm ? MomentsOf(parts.shortcut.detach()) : none;
  Dropout dropout;
  if (parts.training && parts.dropout > 0) {
    dropout.probability = static_cast<float>(parts.dropout);
    dropout.key = static_cast<std::uint64_t>(
        torch::randint(std::numeric_limits<std::int64_t>::max(), {1}, torch::kInt64)
            .item<std::int64_t>());
  }
  Tensor y =
      EpilogueFunction::apply(at::TensorList(tensors), moments, residual_moments, layout, dropout);
  if (parts.training) {
    Norm(parts.norm)->batch = BatchStatistics(moments, positions);
    if (layout.shortcut_norm) {
      Norm(parts.shortcut_norm)->batch = BatchStatistics(residual_moments, positions);
    }
  }
  return y;
}

class MaxPoolFunction : public torch::autograd::Function<MaxPoolFunction> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x) {
    Tensor y = torch::empty({x.size(0), x.size(1), 1, (x.size(3) + 1) / 2},
                            x.options().memory_format(torch::MemoryFormat::ChannelsLast));
    ForEachRecord(x, [&](std::int64_t n) { MaxPoolRows(RowsOf(x, n), DataOf(y, n)); });
    context->save_for_backward({x, y});
    return y;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor& x = saved[0];
    const Tensor gradient =
        gradients[0].to(x.scalar_type()).contiguous(torch::MemoryFormat::ChannelsLast);
    const Tensor out = torch::empty_like(x);
    ForEachRecord(x, [&](std::int64_t n) {
      MaxPoolGradient(RowsOf(x, n), DataOf(saved[1], n), DataOf(gradient, n), DataOf(out, n));
    });
    return {out};
  }
};

}  // namespace

torch::Tensor SumChannels(const torch::Tensor& h, const EpilogueParts& parts) {
  const bool fits =
      IsInRows(h) && (!parts.shortcut.defined() ||
                      (IsInRows(parts.shortcut) && h.sizes() == parts.shortcut.sizes() &&
                       h.scalar_type() == parts.shortcut.scalar_type()));
  return fits ? SumInRows(h, parts) : SumChannelsPlainly(h, parts);
}

torch::Tensor SumChannelsPlainly(const torch::Tensor& h, const EpilogueParts& parts) {
  const auto normalise = [&](Norm norm, const Tensor& x) {
    if (!parts.training) {
      return torch::batch_norm(x, norm->weight, norm->bias, norm->running_mean, norm->running_var,
                               false, 0, NormImpl::kEpsilon, false);
    }
    const auto [y, mean, inverse] =
        torch::native_batch_norm(x, norm->weight, norm->bias, {}, {}, true, 0, NormImpl::kEpsilon);
    const auto count = static_cast<double>(x.numel() / x.size(1));
    const Tensor variance = inverse.detach().to(torch::kFloat64).pow(-2) - NormImpl::kEpsilon;
    norm->batch = torch::stack(
        {mean.detach().to(torch::kFloat64), variance.clamp_min(0) * (count / (count - 1))});
    return y;
  };
  Tensor y = normalise(parts.norm, h);
  if (!parts.gate.is_empty()) {
    const Tensor gate = SqueezeExcitation(parts.gate)(y.mean({2, 3}));
    y = y * gate.unsqueeze(2).unsqueeze(3);
  }
  if (parts.shortcut.defined()) {
    y = y + (parts.shortcut_norm.is_empty() ? parts.shortcut
                                            : normalise(parts.shortcut_norm, parts.shortcut));
  }
  y = torch::relu(y);
  return parts.training && parts.dropout > 0 ? torch::dropout(y, parts.dropout, true) : y;
}

torch::Tensor HalveByMaxPool(const torch::Tensor& x) {
  return IsInRows(x) ? MaxPoolFunction::apply(x) : HalveByMaxPoolPlainly(x);
}

torch::Tensor HalveByMaxPoolPlainly(const torch::Tensor& x) {
  return torch::max_pool2d(x, {1, 3}, {1, 2}, {0, 1});
}

}  // namespace ecg::nn
