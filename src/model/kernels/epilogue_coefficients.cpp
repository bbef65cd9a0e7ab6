#include "src/model/kernels/epilogue_coefficients.h"

#include <algorithm>
#include <cmath>

#include "src/core/simd.h"

namespace ecg::nn {
namespace {

// y[n][to] = sum over from of x[n][from] * weight[from][to], added to what is there. Loops run over
// `to`, so vectors of any width give the same bits.
ECG_VECTOR_CLONES void AddProduct(const double* x, const double* weight, std::size_t records,
                                  std::size_t from, std::size_t to, double* y) {
  for (std::size_t n = 0; n < records; ++n) {
    double* __restrict out = y + n * to;
    for (std::size_t i = 0; i < from; ++i) {
      const double factor = x[n * from + i];
      const double* __restrict row = weight + i * to;
      for (std::size_t o = 0; o < to; ++o) out[o] += factor * row[o];
    }
  }
}

// sum[i][o] = sum over n of x[n][i] * y[n][o], added to what is there.
ECG_VECTOR_CLONES void AddOuter(const double* x, const double* y, std::size_t records,
                                std::size_t rows, std::size_t columns, double* sum) {
  for (std::size_t n = 0; n < records; ++n) {
    const double* __restrict right = y + n * columns;
    for (std::size_t i = 0; i < rows; ++i) {
      const double factor = x[n * rows + i];
      double* __restrict out = sum + i * columns;
      for (std::size_t o = 0; o < columns; ++o) out[o] += factor * right[o];
    }
  }
}

std::vector<double> Widen(const float* values, std::size_t count) {
  return std::vector<double>(values, values + count);
}

// [rows][columns] -> [columns][rows].
std::vector<double> Transpose(const float* values, std::size_t rows, std::size_t columns) {
  std::vector<double> transposed(rows * columns);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) transposed[c * rows + r] = values[r * columns + c];
  }
  return transposed;
}

std::vector<float> Narrow(const std::vector<double>& values) {
  return std::vector<float>(values.begin(), values.end());
}

// Each record gets a copy of the bias.
std::vector<double> Repeat(const float* bias, std::size_t count, std::size_t records) {
  std::vector<double> all;
  all.reserve(count * records);
  for (std::size_t n = 0; n < records; ++n) all.insert(all.end(), bias, bias + count);
  return all;
}

// visit(place in [N][C], channel)
template <typename Visit>
void ForEachCell(std::size_t records, std::size_t channels, const Visit& visit) {
  for (std::size_t n = 0; n < records; ++n) {
    for (std::size_t c = 0; c < channels; ++c) visit(n * channels + c, c);
  }
}

// `values` may be float or double [N][channels].
template <typename T>
std::vector<double> SumOverRecords(const T* values, std::size_t records, std::size_t channels) {
  std::vector<double> sums(channels, 0);
  ForEachCell(records, channels, [&](std::size_t i, std::size_t c) { sums[c] += values[i]; });
  return sums;
}

}  // namespace

EpilogueCoefficients::EpilogueCoefficients(const EpilogueSource& source)
    : source_(source), norm_(Normalise(source.norm, source.moments)) {
  const std::size_t records = source.records, channels = source.channels;
  if (source.gate.hidden > 0) MakeGate();
  if (source.shortcut_norm.weight != nullptr) {
    shortcut_ = Normalise(source.shortcut_norm, source.shortcut_moments);
    residual_scale_ = Narrow(shortcut_.scale);
  }
  scale_.resize(records * channels);
  bias_.resize(records * channels);
  ForEachCell(records, channels, [&](std::size_t i, std::size_t c) {
    const double gate = gate_.empty() ? 1 : gate_[i];
    const double added = shortcut_.bias.empty() ? 0 : shortcut_.bias[c];
    scale_[i] = static_cast<float>(norm_.scale[c] * gate);
    bias_[i] = static_cast<float>(norm_.bias[c] * gate + added);
  });
}

EpilogueCoefficients::Affine EpilogueCoefficients::Normalise(const NormParameters& norm,
                                                             const double* moments) const {
  const std::size_t channels = source_.channels, all = source_.records * channels;
  Affine affine;
  affine.clamped.resize(channels, 0);
  if (source_.training) {
    const double count =
        static_cast<double>(source_.positions) * static_cast<double>(source_.records);
    affine.mean = SumOverRecords(moments, source_.records, channels);
    affine.variance = SumOverRecords(moments + all, source_.records, channels);
    for (std::size_t c = 0; c < channels; ++c) {
      affine.mean[c] /= count;
      const double variance = affine.variance[c] / count - affine.mean[c] * affine.mean[c];
      affine.clamped[c] = variance < 0;
      affine.variance[c] = affine.clamped[c] ? 0 : variance;  // a NaN stays one
    }
  } else {
    affine.mean = Widen(norm.mean, channels);
    affine.variance = Widen(norm.variance, channels);
  }
  for (std::size_t c = 0; c < channels; ++c) {
    affine.inverse.push_back(1 / std::sqrt(affine.variance[c] + source_.epsilon));
    affine.scale.push_back(norm.weight[c] * affine.inverse[c]);
    affine.bias.push_back(norm.bias[c] - affine.mean[c] * affine.scale[c]);
  }
  return affine;
}

void EpilogueCoefficients::MakeGate() {
  const std::size_t records = source_.records, channels = source_.channels;
  const GateParameters& gate = source_.gate;
  const auto positions = static_cast<double>(source_.positions);
  pooled_.resize(records * channels);
  ForEachCell(records, channels, [&](std::size_t i, std::size_t c) {
    pooled_[i] = source_.moments[i] / positions * norm_.scale[c] + norm_.bias[c];
  });
  hidden_ = Repeat(gate.squeeze_bias, gate.hidden, records);
  AddProduct(pooled_.data(), Transpose(gate.squeeze_weight, gate.hidden, channels).data(), records,
             channels, gate.hidden, hidden_.data());
  for (double& value : hidden_) value = value < 0 ? 0 : value;
  gate_ = Repeat(gate.excite_bias, channels, records);
  AddProduct(hidden_.data(), Transpose(gate.excite_weight, channels, gate.hidden).data(), records,
             gate.hidden, channels, gate_.data());
  for (double& value : gate_) value = 1 / (1 + std::exp(-value));
}

std::vector<double> EpilogueCoefficients::StatisticsOf(const Affine& norm) const {
  const double count =
      static_cast<double>(source_.positions) * static_cast<double>(source_.records);
  std::vector<double> both = norm.mean;
  for (const double variance : norm.variance) both.push_back(variance * (count / (count - 1)));
  return both;
}

EpilogueCoefficients::Gradients EpilogueCoefficients::Derive(const float* scale, const float* bias,
                                                             const float* residual_scale) const {
  const std::size_t channels = source_.channels, all = source_.records * channels;
  const bool gated = !gate_.empty();
  Gradients made;
  // Of the normalisation's scale and bias, of the gate, and of the sums by way of the gate.
  std::vector<double> to_scale(channels, 0), to_bias(channels, 0), to_gate(gated ? all : 0),
      to_sums(all, 0);
  ForEachCell(source_.records, channels, [&](std::size_t i, std::size_t c) {
    const double gate = gated ? gate_[i] : 1, ds = scale[i], db = bias[i];
    to_scale[c] += ds * gate;
    to_bias[c] += db * gate;
    if (gated) to_gate[i] = ds * norm_.scale[c] + db * norm_.bias[c];
  });
  if (gated) DeriveGate(to_scale, to_bias, to_sums, to_gate, made.gate);
  DeriveNorm(source_.norm, norm_, to_scale, to_bias,
             gated ? std::move(to_sums) : std::vector<double>(), made.norm, made.terms);
  if (source_.shortcut_norm.weight != nullptr) {
    DeriveNorm(source_.shortcut_norm, shortcut_,
               SumOverRecords(residual_scale, source_.records, channels),
               SumOverRecords(bias, source_.records, channels), {}, made.shortcut_norm,
               made.shortcut_terms);
  }
  return made;
}

// From the gate, which has arrived, to its layers, and through what it saw to the normalisation's
// scale and bias and to the sums.
void EpilogueCoefficients::DeriveGate(std::vector<double>& to_scale, std::vector<double>& to_bias,
                                      std::vector<double>& to_sums,
                                      const std::vector<double>& to_gate,
                                      GateGradients& gradients) const {
  const std::size_t records = source_.records, channels = source_.channels;
  const GateParameters& gate = source_.gate;
  const auto positions = static_cast<double>(source_.positions);
  std::vector<double> to_excited(to_gate.size());
  for (std::size_t i = 0; i < to_gate.size(); ++i) {
    to_excited[i] = to_gate[i] * gate_[i] * (1 - gate_[i]);
  }
  std::vector<double> to_hidden(hidden_.size(), 0), to_pooled(pooled_.size(), 0);
  AddProduct(to_excited.data(), Widen(gate.excite_weight, channels * gate.hidden).data(), records,
             channels, gate.hidden, to_hidden.data());
  for (std::size_t i = 0; i < to_hidden.size(); ++i) {
    if (!(hidden_[i] > 0)) to_hidden[i] = 0;
  }
  AddProduct(to_hidden.data(), Widen(gate.squeeze_weight, gate.hidden * channels).data(), records,
             gate.hidden, channels, to_pooled.data());
  std::vector<double> squeeze(gate.hidden * channels, 0), excite(channels * gate.hidden, 0);
  AddOuter(to_hidden.data(), pooled_.data(), records, gate.hidden, channels, squeeze.data());
  AddOuter(to_excited.data(), hidden_.data(), records, channels, gate.hidden, excite.data());
  gradients = {Narrow(squeeze), Narrow(SumOverRecords(to_hidden.data(), records, gate.hidden)),
               Narrow(excite), Narrow(SumOverRecords(to_excited.data(), records, channels))};
  ForEachCell(records, channels, [&](std::size_t i, std::size_t c) {
    to_scale[c] += to_pooled[i] * source_.moments[i] / positions;
    to_bias[c] += to_pooled[i];
    to_sums[i] = to_pooled[i] * norm_.scale[c] / positions;
  });
}

// `to_sums` is what has arrived at the sums already; empty for nothing.
void EpilogueCoefficients::DeriveNorm(const NormParameters& norm, const Affine& affine,
                                      const std::vector<double>& to_scale,
                                      const std::vector<double>& to_bias,
                                      std::vector<double> to_sums, NormGradients& gradients,
                                      Terms& terms) const {
  const std::size_t channels = source_.channels, all = source_.records * channels;
  const double count =
      static_cast<double>(source_.positions) * static_cast<double>(source_.records);
  std::vector<double> offset(channels), slope(channels);  // the same for all records
  for (std::size_t c = 0; c < channels; ++c) {
    const double ds = to_scale[c] - to_bias[c] * affine.mean[c];
    const double inverse = affine.inverse[c];
    const double to_variance =
        affine.clamped[c] ? 0 : -0.5 * ds * norm.weight[c] * inverse * inverse * inverse;
    gradients.weight.push_back(static_cast<float>(ds * inverse));
    gradients.bias.push_back(static_cast<float>(to_bias[c]));
    offset[c] = (-to_bias[c] * affine.scale[c] - 2 * affine.mean[c] * to_variance) / count;
    slope[c] = 2 * to_variance / count;
  }
  if (!source_.training && to_sums.empty()) return;
  terms.offset.resize(all);
  terms.slope.resize(all, 0);
  ForEachCell(source_.records, channels, [&](std::size_t i, std::size_t c) {
    const double sums = to_sums.empty() ? 0 : to_sums[i];
    terms.offset[i] = static_cast<float>(sums + (source_.training ? offset[c] : 0));
    if (source_.training) terms.slope[i] = static_cast<float>(slope[c]);
  });
}

}  // namespace ecg::nn
