// The quadratic-spline wavelet transform without decimation ("a trous"), in which ECG waves are
// pairs of extrema of opposite sign and their peaks the zero crossings between
// (Martinez et al. 2004, doi:10.1109/TBME.2003.821031).
#pragma once

#include <vector>

namespace ecg::dsp {

// Details of `count` successive levels from `first` on (level 0 is the finest), each as long as x:
//   W_j[n] = 2 (S_j[n + 2^j] - S_j[n]),   S_{j+1} = S_j * {1, 3, 3, 1}/8 spread by 2^j,
// with S_0 = x and each result shifted left by 2^j samples. At the end of the signal the values
// are NeuroKit2's: every stage is a full convolution whose last 2^j samples stay where they are.
std::vector<std::vector<double>> WaveletDetails(const std::vector<double>& x, int first, int count);

}  // namespace ecg::dsp
