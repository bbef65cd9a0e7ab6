// A signal of the robust delineator: one lead, cleaned, in mV, or what is derived from several.
#pragma once

#include <cstddef>
#include <vector>

namespace ecg::dsp::robust {

using Signal = std::vector<double>;

inline double& At(Signal& x, int i) { return x[static_cast<std::size_t>(i)]; }
inline double At(const Signal& x, int i) { return x[static_cast<std::size_t>(i)]; }
inline int Size(const Signal& x) { return static_cast<int>(x.size()); }

// x[i] less the mean of what lies `reach` samples before and after it, the outermost samples
// repeated beyond the ends; [x].
void Bend(const Signal& x, int reach, double* bends);

// Square roots in place; what is below zero counts as zero.
void TakeRoots(double* x, std::size_t count);
inline void TakeRoots(Signal* x) { TakeRoots(x->data(), x->size()); }

}  // namespace ecg::dsp::robust
