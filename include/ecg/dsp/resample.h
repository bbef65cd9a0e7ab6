// Resampling by a rational factor with a polyphase FIR filter.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace ecg::dsp {

// to / from as a reduced fraction.
struct Ratio {
  int up = 1;
  int down = 1;
};

// Exact for rates given in mHz whose reduced terms are at most 32,768, as those of all whole rates
// up to 32 kHz are; otherwise a near fraction with such terms, off by at most 3e-5 of the
// rate. Rates outside [0.001, 1e9] Hz and ratios outside [1/32768, 32768] throw Exception.
Ratio ResamplingRatio(double from_hz, double to_hz);

// What the filter sees beyond the ends of a signal.
enum class Edges {
  // The line through the first and the last finite sample is taken off before and put back after,
  // so a constant or a ramp comes out as itself.
  kLine,
  kZero,  // zeros, as scipy.signal.resample_poly has it by default
};

// Linear-phase low-pass (windowed sinc, Kaiser) applied between insertion of up - 1 zeros and
// keeping every down-th sample; mV in, mV out.
//
// With M = max(up, down), the prototype has 20 M + 1 taps, its cut-off at 1/M of the Nyquist
// frequency of the inserted rate and a Kaiser window with beta = 5: the filter that
// scipy.signal.resample_poly designs by default, so that the values are the same. In fractions of
// the lower of the two Nyquist frequencies: within 0.02 dB up to 0.8, -0.7 dB at 0.9, -6 dB at 1,
// at least -56 dB from 1.2 on. (Resampling from 500 to 250 Hz: flat up to 100 Hz.)
//
// A sample that is not finite makes those within 10 periods of the lower rate around it NaN.
class Resampler {
 public:
  explicit Resampler(Ratio ratio, Edges edges = Edges::kLine);

  // ceil(samples * up / down).
  std::size_t OutputLength(std::size_t samples) const;

  // Reads input[samples], writes output[OutputLength(samples)].
  void Apply(const float* input, std::size_t samples, float* output) const;
  std::vector<float> Apply(const std::vector<float>& input) const;
  // Adds the resampled input to the end of `output`, which grows when the input's memory is free
  // again: for signals of hours.
  void Append(std::vector<float>&& input, std::vector<float>& output) const;

 private:
  // One tap of a phase: output[m * up + phase] gets value * input[m * down + offset].
  struct Tap {
    std::ptrdiff_t offset = 0;
    float value = 0;
  };

  // `dealt` is called when the input is not needed any more; it gives the place of the output.
  void Run(const float* input, std::size_t samples, const std::function<float*()>& dealt) const;

  Ratio ratio_;
  Edges edges_;
  std::vector<std::vector<Tap>> phases_;
  std::ptrdiff_t reach_ = 0;  // input samples needed before the first and after the last one
};

}  // namespace ecg::dsp
