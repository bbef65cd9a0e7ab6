#include "src/model/nn/epilogue.h"

#include <utility>
#include <vector>

#include "src/model/kernels/epilogue_coefficients.h"
#include "src/model/kernels/epilogue_kernels.h"
#include "src/model/nn/convolve.h"

namespace ecg::nn {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Record n of a tensor.
Rows RowsOf(const Tensor& x, std::int64_t n) {
  const std::int64_t record = x.size(1) * x.size(3);
  return {static_cast<const char*>(x.data_ptr()) + n * record * x.element_size(),
          static_cast<std::size_t>(x.size(3)), static_cast<std::size_t>(x.size(1)),
          x.scalar_type() == torch::kBFloat16};
}

void* DataOf(const Tensor& x, std::int64_t n) { return const_cast<void*>(RowsOf(x, n).data); }

// double [2][N][C]: sums and sums of squares.
Tensor MomentsOf(const Tensor& x) {
  Tensor moments = torch::zeros({2, x.size(0), x.size(1)}, torch::kFloat64);
  double* sums = moments.data_ptr<double>();
  double* squares = sums + x.size(0) * x.size(1);
  for (std::int64_t n = 0; n < x.size(0); ++n) {
    AddMoments(RowsOf(x, n), sums + n * x.size(1), squares + n * x.size(1));
  }
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

// Of an operation, what does not become a tensor of the graph.
struct Measured {
  Tensor moments, shortcut_moments;  // as MomentsOf; undefined where nothing needs them
};

NormParameters NormOf(const Tensor* tensors) {
  return {tensors[0].data_ptr<float>(), tensors[1].data_ptr<float>(), tensors[2].data_ptr<float>(),
          tensors[3].data_ptr<float>()};
}

EpilogueSource SourceOf(at::TensorList tensors, const Measured& measured, const Layout& layout) {
  const Tensor& h = tensors[0];
  EpilogueSource source;
  source.records = static_cast<std::size_t>(h.size(0));
  source.channels = static_cast<std::size_t>(h.size(1));
  source.positions = static_cast<std::size_t>(h.size(3));
  source.training = layout.training;
  source.epsilon = NormImpl::kEpsilon;
  const auto pointer = [](const Tensor& moments) {
    return moments.defined() ? moments.data_ptr<double>() : nullptr;
  };
  source.moments = pointer(measured.moments);
  source.shortcut_moments = pointer(measured.shortcut_moments);
  const Tensor* parameters = tensors.data() + layout.first_parameter();
  source.norm = NormOf(parameters);
  parameters += 4;
  if (layout.gate) {
    source.gate = {static_cast<std::size_t>(parameters[0].size(0)), parameters[0].data_ptr<float>(),
                   parameters[1].data_ptr<float>(), parameters[2].data_ptr<float>(),
                   parameters[3].data_ptr<float>()};
    parameters += 4;
  }
  if (layout.shortcut_norm) source.shortcut_norm = NormOf(parameters);
  return source;
}

// The coefficients of record n.
Epilogue EpilogueOf(const EpilogueCoefficients& made, std::int64_t n, std::int64_t channels,
                    const Dropout& dropout) {
  Epilogue sum;
  sum.scale = made.scale().data() + n * channels;
  sum.bias = made.bias().data() + n * channels;
  if (!made.residual_scale().empty()) sum.residual_scale = made.residual_scale().data();
  sum.dropout = dropout;
  sum.dropout.key += static_cast<std::uint64_t>(n) * 0x9E3779B97F4A7C15ULL;
  return sum;
}

class EpilogueFunction : public torch::autograd::Function<EpilogueFunction> {
 public:
  static Tensor forward(AutogradContext* context, at::TensorList tensors, const Measured& measured,
                        const EpilogueCoefficients& made, const Layout& layout,
                        const Dropout& dropout) {
    const Tensor& h = tensors[0];
    Tensor y = torch::empty_like(h);
    for (std::int64_t n = 0; n < h.size(0); ++n) {
      ApplyEpilogue(RowsOf(h, n), layout.shortcut ? DataOf(tensors[1], n) : nullptr,
                    EpilogueOf(made, n, h.size(1), dropout), DataOf(y, n));
    }
    variable_list saved = tensors.vec();
    saved.insert(saved.end(), {measured.moments, measured.shortcut_moments, y});
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
    const Measured measured = {saved[saved.size() - 2], saved[saved.size() - 1]};
    saved.resize(saved.size() - 2);
    const Tensor& h = saved[0];
    const std::int64_t channels = h.size(1);
    const Tensor gradient =
        gradients[0].to(h.scalar_type()).contiguous(torch::MemoryFormat::ChannelsLast);

    // The coefficients are made once more: they cost less than the memory to keep them.
    const EpilogueCoefficients made(SourceOf(saved, measured, layout));
    const auto cells = static_cast<std::size_t>(h.size(0) * channels);
    std::vector<float> scale(cells), bias(cells), residual_scale(layout.shortcut_norm ? cells : 0);
    for (std::int64_t n = 0; n < h.size(0); ++n) {
      AddCoefficientGradients(
          RowsOf(h, n), layout.shortcut ? DataOf(saved[1], n) : nullptr,
          EpilogueOf(made, n, channels, dropout), DataOf(y, n), DataOf(gradient, n),
          scale.data() + n * channels, bias.data() + n * channels,
          layout.shortcut_norm ? residual_scale.data() + n * channels : nullptr);
    }
    const EpilogueCoefficients::Gradients derived = made.Derive(
        scale.data(), bias.data(), layout.shortcut_norm ? residual_scale.data() : nullptr);

    variable_list all = {torch::empty_like(h)};
    if (layout.shortcut) all.push_back(torch::empty_like(saved[1]));
    for (std::int64_t n = 0; n < h.size(0); ++n) {
      const Epilogue sum = EpilogueOf(made, n, channels, dropout);
      InputGradient to_h = InputGradientOf(derived.terms, n * channels);
      to_h.scale = sum.scale;
      to_h.out = DataOf(all[0], n);
      InputGradient to_shortcut;
      if (layout.shortcut) {
        to_shortcut = InputGradientOf(derived.shortcut_terms, n * channels);
        to_shortcut.scale = sum.residual_scale;
        to_shortcut.out = DataOf(all[1], n);
      }
      WriteInputGradients(RowsOf(h, n), layout.shortcut ? DataOf(saved[1], n) : nullptr, sum,
                          DataOf(y, n), DataOf(gradient, n), to_h, to_shortcut);
    }
    AppendParameterGradients(saved, layout, derived, all);
    all.insert(all.end(), 4, Tensor());  // measured, made, layout, dropout
    return all;
  }

 private:
  static InputGradient InputGradientOf(const EpilogueCoefficients::Terms& terms, std::int64_t at) {
    InputGradient gradient;
    if (!terms.offset.empty()) gradient.offset = terms.offset.data() + at;
    if (!terms.slope.empty()) gradient.slope = terms.slope.data() + at;
    return gradient;
  }

  // In the order of the tensors of the operation.
  static void AppendParameterGradients(const variable_list& tensors, const Layout& layout,
                                       const EpilogueCoefficients::Gradients& derived,
                                       variable_list& all) {
    const auto append = [&](const std::vector<float>& values) {
      all.push_back(torch::tensor(values).reshape(tensors[all.size()].sizes()));
    };
    const auto append_norm = [&](const EpilogueCoefficients::NormGradients& norm) {
      append(norm.weight);
      append(norm.bias);
      all.insert(all.end(), 2, Tensor());  // running statistics
    };
    append_norm(derived.norm);
    if (layout.gate) {
      append(derived.gate.squeeze_weight);
      append(derived.gate.squeeze_bias);
      append(derived.gate.excite_weight);
      append(derived.gate.excite_bias);
    }
    if (layout.shortcut_norm) append_norm(derived.shortcut_norm);
  }
};

void Append(std::vector<Tensor>& tensors, const Norm& norm) {
  tensors.insert(tensors.end(), {norm->weight, norm->bias, norm->running_mean, norm->running_var});
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

  Measured measured;
  if (parts.training || layout.gate) measured.moments = MomentsOf(h.detach());
  if (parts.training && layout.shortcut_norm) {
    measured.shortcut_moments = MomentsOf(parts.shortcut.detach());
  }
  Dropout dropout;
  if (parts.training && parts.dropout > 0) {
    dropout.probability = static_cast<float>(parts.dropout);
    dropout.key = TrainingPass::Current().NextKey();
  }
  const EpilogueCoefficients made(SourceOf(tensors, measured, layout));
  Tensor y = EpilogueFunction::apply(at::TensorList(tensors), measured, made, layout, dropout);
  if (parts.training) {
    TrainingPass& pass = TrainingPass::Current();
    pass.Keep(*parts.norm, made.Statistics());
    if (layout.shortcut_norm) pass.Keep(*parts.shortcut_norm, made.ShortcutStatistics());
  }
  return y;
}

class MaxPoolFunction : public torch::autograd::Function<MaxPoolFunction> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x) {
    Tensor y = torch::empty({x.size(0), x.size(1), 1, (x.size(3) + 1) / 2},
                            x.options().memory_format(torch::MemoryFormat::ChannelsLast));
    for (std::int64_t n = 0; n < x.size(0); ++n) MaxPoolRows(RowsOf(x, n), DataOf(y, n));
    context->save_for_backward({x, y});
    return y;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor& x = saved[0];
    const Tensor gradient =
        gradients[0].to(x.scalar_type()).contiguous(torch::MemoryFormat::ChannelsLast);
    const Tensor out = torch::empty_like(x);
    for (std::int64_t n = 0; n < x.size(0); ++n) {
      MaxPoolGradient(RowsOf(x, n), DataOf(saved[1], n), DataOf(gradient, n), DataOf(out, n));
    }
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
  const auto normalise = [&](const Norm& norm, const Tensor& x) {
    if (!parts.training) {
      return torch::batch_norm(x, norm->weight, norm->bias, norm->running_mean, norm->running_var,
                               false, 0, NormImpl::kEpsilon, false);
    }
    const auto [y, mean, inverse] =
        torch::native_batch_norm(x, norm->weight, norm->bias, {}, {}, true, 0, NormImpl::kEpsilon);
    const auto count = static_cast<double>(x.numel() / x.size(1));
    const Tensor variance = inverse.detach().to(torch::kFloat64).pow(-2) - NormImpl::kEpsilon;
    const Tensor both = torch::cat({mean.detach().to(torch::kFloat64),
                                    variance.clamp_min(0) * (count / (count - 1))})
                            .cpu();
    TrainingPass::Current().Keep(*norm,
                                 {both.data_ptr<double>(), both.data_ptr<double>() + both.numel()});
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
  return parts.training ? TrainingPass::Current().DropOut(y, parts.dropout) : y;
}

torch::Tensor HalveByMaxPool(const torch::Tensor& x) {
  return IsInRows(x) ? MaxPoolFunction::apply(x) : HalveByMaxPoolPlainly(x);
}

torch::Tensor HalveByMaxPoolPlainly(const torch::Tensor& x) {
  return torch::max_pool2d(x, {1, 3}, {1, 2}, {0, 1});
}

}  // namespace ecg::nn
