// Resampling by a rational factor with a polyphase FIR filter.
#pragma once

#include <cstddef>
#include <vector>

namespace ecg::dsp {

// to / from as a reduced fraction of small integers, exact for rates given in mHz.
struct Ratio {
  int up = 1;
  int down = 1;
};
Ratio ResamplingRatio(double from_hz, double to_hz);

// Linear-phase low-pass (windowed sinc, Kaiser) applied between insertion of up - 1 zeros and
// keeping every down-th sample; float in, float out, the same rate of mV.
class Resampler {
 public:
  explicit Resampler(Ratio ratio);

  // ceil(samples * up / down).
  std::size_t OutputLength(std::size_t samples) const;

  // Reads input[samples], writes output[OutputLength(samples)].
  void Apply(const float* input, std::size_t samples, float* output) const;
  std::vector<float> Apply(const std::vector<float>& input) const;

 private:
  Ratio ratio_;
  std::vector<float> taps_;
};

}  // namespace ecg::dsp
