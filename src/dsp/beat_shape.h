// How alike the QRS complexes of a record are.
#pragma once

#include <vector>

namespace ecg::dsp {

// Of a beat that has the usual shape, at least; and QRS, in seconds, that is longer than usual.
inline constexpr double kLeastAlike = 0.8;
inline constexpr double kBroadS = 0.105;

// The correlation of each beat's shape, around its mark in all leads together, with the shape that
// most of 200 beats in a row share; shifts up to 30 ms do not count. `marks` are samples near R.
std::vector<double> LikenessToUsual(const std::vector<std::vector<double>>& leads,
                                    const std::vector<int>& marks, double fs);

}  // namespace ecg::dsp
