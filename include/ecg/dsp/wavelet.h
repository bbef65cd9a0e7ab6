// The quadratic-spline wavelet transform without decimation ("a trous"), in which ECG waves are
// pairs of extrema of opposite sign and their peaks the zero crossings between
// (Martinez et al. 2004, doi:10.1109/TBME.2003.821031).
#pragma once

#include <cstddef>
#include <vector>

namespace ecg::dsp {

// Details of a signal at some successive levels, level 0 being the finest:
//   W_j[n] = 2 (S_j[n + 2^j] - S_j[n]),   S_{j+1} = S_j * {1, 3, 3, 1}/8 spread by 2^j,
// with S_0 = x and each result shifted left by 2^j samples. At the end of the signal the values
// are NeuroKit2's: every stage is a full convolution whose last 2^j samples stay where they are.
//
// An object keeps its buffers: for signals of ten seconds, fresh memory would cost more time than
// the arithmetic.
class WaveletBank {
 public:
  // Computes the levels first .. first + count - 1.
  void Transform(const std::vector<double>& x, int first, int count);

  // The detail of level first + index, as long as the signal.
  const std::vector<double>& Detail(int index) const {
    return details_[static_cast<std::size_t>(index)];
  }

 private:
  std::vector<std::vector<double>> details_;
  std::vector<double> smooth_, next_;  // between margins of zeros
};

}  // namespace ecg::dsp
