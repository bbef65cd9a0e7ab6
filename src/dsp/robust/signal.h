// A signal of the robust delineator: one lead, cleaned, in mV, or what is derived from several.
#pragma once

#include <cstddef>
#include <vector>

namespace ecg::dsp::robust {

using Signal = std::vector<double>;

inline double& At(Signal& x, int i) { return x[static_cast<std::size_t>(i)]; }
inline double At(const Signal& x, int i) { return x[static_cast<std::size_t>(i)]; }
inline int Size(const Signal& x) { return static_cast<int>(x.size()); }

}  // namespace ecg::dsp::robust
