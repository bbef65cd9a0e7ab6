// The tensors of a bundle as the layers of its network need them.
#pragma once

#include <complex>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/model/network_layout.h"
#include "ecg/model/safetensors.h"
#include "src/onednn/convolution.h"

namespace ecg::runtime {

// Normalisation of each channel as x * scale + bias.
struct ScaleAndBias {
  std::vector<double> scale, bias;
};

struct LinearWeights {
  std::size_t in = 0, out = 0;
  std::vector<float> weights;  // [in][out]: what one input adds to all outputs lies together
  std::vector<float> bias;     // [out]
};

// A state-space layer with the normalisation of what it gives: a state s of a channel's pairs goes
// on as s' = step * s + x, and the channel gives pass * x + bias and the real part of read * s,
// summed over its pairs, with s having seen x forwards in time ([0]) and not yet backwards ([1]).
struct StateSpaceWeights {
  std::vector<std::complex<double>> step;     // [channels][pairs]
  std::vector<std::complex<double>> read[2];  // by direction
  std::vector<double> pass, bias;             // [channels]
};

class Weights {
 public:
  // Of the bytes of a safetensors file, which the result keeps looking at. Names, types and shapes
  // must be exactly those of the layout, but that half precision may stand for single; `file` is
  // named in errors.
  static Result<Weights> Read(std::string_view bytes, const std::string& file,
                              const model::NetworkLayout& layout);

  // A tensor of the layout, in single precision.
  std::vector<float> Of(const std::string& name) const;

  // By running statistics.
  ScaleAndBias Of(const model::NormLayer& layer) const;
  LinearWeights Of(const model::LinearLayer& layer) const;
  StateSpaceWeights Of(const model::StateSpaceLayer& layer, const ScaleAndBias& norm) const;
  // With a normalisation of what it gives folded in. Of a norm that stands over several
  // convolutions side by side, this one's channels begin at `at`.
  onednn::ConvolutionWeights Of(const model::ConvolutionLayer& layer,
                                const ScaleAndBias* norm = nullptr, std::size_t at = 0) const;

 private:
  std::map<std::string, model::TensorView> tensors_;
};

}  // namespace ecg::runtime
