// A signal of the robust delineator: one lead, cleaned, in mV, or what is derived from several.
#pragma once

#include <cstddef>
#include <vector>

#include "src/dsp/lanes.h"

namespace ecg::dsp::robust {

using Signal = std::vector<double>;

inline double& At(Signal& x, int i) { return x[static_cast<std::size_t>(i)]; }
inline double At(const Signal& x, int i) { return x[static_cast<std::size_t>(i)]; }
inline int Size(const Signal& x) { return static_cast<int>(x.size()); }

// x[i] less the mean of what lies `reach` samples before and after it, the outermost samples
// repeated beyond the ends; of the same kind and size.
Signal Bend(const Signal& x, int reach);
SideBySide Bend(const SideBySide& x, int reach);

// Square roots in place; what is below zero counts as zero.
void TakeRoots(double* x, std::size_t count);
inline void TakeRoots(Signal* x) { TakeRoots(x->data(), x->size()); }
inline void TakeRoots(SideBySide* x) { TakeRoots(x->At(0), x->Size()); }
void Square(double* x, std::size_t count);
inline void Square(Signal* x) { Square(x->data(), x->size()); }
inline void Square(SideBySide* x) { Square(x->At(0), x->Size()); }

}  // namespace ecg::dsp::robust
