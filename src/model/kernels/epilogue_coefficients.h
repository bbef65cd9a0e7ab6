// From the moments of features to the coefficients of an Epilogue, and from what a gradient says of
// the coefficients back to moments and parameters: normalisation (Ioffe and Szegedy,
// arXiv:1502.03167) and the gate of squeeze-and-excitation (Hu et al.,
// doi:10.1109/CVPR.2018.00745). In double precision; N records, C channels, P positions, H hidden
// units of the gate. Without LibTorch.
#pragma once

#include <cstddef>
#include <vector>

namespace ecg::nn {

// A normalisation: float [C] each.
struct NormParameters {
  const float* weight = nullptr;
  const float* bias = nullptr;
  const float* mean = nullptr;  // the running statistics, where those of the batch don't count
  const float* variance = nullptr;
};

// Two linear layers: [H][C], [H], [C][H], [C].
struct GateParameters {
  std::size_t hidden = 0;
  const float* squeeze_weight = nullptr;
  const float* squeeze_bias = nullptr;
  const float* excite_weight = nullptr;
  const float* excite_bias = nullptr;
};

struct EpilogueSource {
  std::size_t records = 0;    // N
  std::size_t channels = 0;   // C
  std::size_t positions = 0;  // P
  bool training = false;      // whether the batch's own statistics normalise
  double epsilon = 0;         // added to variances
  // [2][N][C]: sums over the positions and sums of squares, of the features and of the shortcut.
  // Null where nothing needs them.
  const double* moments = nullptr;
  const double* shortcut_moments = nullptr;
  NormParameters norm;
  GateParameters gate;           // hidden 0: none
  NormParameters shortcut_norm;  // null weight: none
};

// What the coefficients are, and what their gradients will need again.
class EpilogueCoefficients {
 public:
  // The pointers in `source` must stay valid as long as the object is asked for gradients.
  explicit EpilogueCoefficients(const EpilogueSource& source);

  // float [N][C] each; `residual_scale` is [C], and empty where it is one.
  const std::vector<float>& scale() const { return scale_; }
  const std::vector<float>& bias() const { return bias_; }
  const std::vector<float>& residual_scale() const { return residual_scale_; }

  // Of a batch, where training: mean and unbiased variance, [2][C].
  std::vector<double> Statistics() const { return StatisticsOf(norm_); }
  std::vector<double> ShortcutStatistics() const { return StatisticsOf(shortcut_); }

  // How an input's gradient depends on its moments, float [N][C] each: what is added to it, and
  // its factor of the input. Empty where the moments do not count.
  struct Terms {
    std::vector<float> offset, slope;
  };
  // float, each of its parameter's shape.
  struct NormGradients {
    std::vector<float> weight, bias;
  };
  struct GateGradients {
    std::vector<float> squeeze_weight, squeeze_bias, excite_weight, excite_bias;
  };
  struct Gradients {
    Terms terms, shortcut_terms;
    NormGradients norm, shortcut_norm;
    GateGradients gate;
  };
  // `scale`, `bias` and `residual_scale` are what AddCoefficientGradients summed up, float [N][C]
  // each; the last one may be null where there is no normalisation of the shortcut.
  Gradients Derive(const float* scale, const float* bias, const float* residual_scale) const;

 private:
  // Normalisation as x * scale + bias; double [C] each.
  struct Affine {
    std::vector<double> mean, variance, inverse, scale, bias;
    std::vector<char> clamped;  // whether rounding had made a variance negative
  };
  Affine Normalise(const NormParameters& norm, const double* moments) const;
  void MakeGate();
  std::vector<double> StatisticsOf(const Affine& norm) const;
  void DeriveGate(std::vector<double>& to_scale, std::vector<double>& to_bias,
                  std::vector<double>& to_sums, const std::vector<double>& to_gate,
                  GateGradients& gradients) const;
  void DeriveNorm(const NormParameters& norm, const Affine& affine,
                  const std::vector<double>& to_scale, const std::vector<double>& to_bias,
                  std::vector<double> to_sums, NormGradients& gradients, Terms& terms) const;

  EpilogueSource source_;
  Affine norm_, shortcut_;
  // Of the gate: [N][C] what it sees, [N][H] its hidden units after relu, [N][C] what it lets
  // through.
  std::vector<double> pooled_, hidden_, gate_;
  std::vector<float> scale_, bias_, residual_scale_;
};

}  // namespace ecg::nn
