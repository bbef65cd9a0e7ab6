// How alike the QRS complexes of a record are.
#pragma once

#include <vector>

namespace ecg::dsp {

// The likeness of a beat that has the usual shape, at least.
inline constexpr double kLeastAlike = 0.8;

// How far a beat is broad and of another shape, as BeatEvidence::ventricular has it: above 0 it
// counts as ventricular. Where the width of QRS, in seconds, is NaN, the shape alone decides.
double VentricularEvidence(double likeness, double qrs_s);

// The correlation of each beat's shape, around its mark in all leads together, with the shape that
// most of 200 beats in a row share; shifts up to 30 ms do not count. `marks` are samples near R.
std::vector<double> LikenessToUsual(const std::vector<std::vector<double>>& leads,
                                    const std::vector<int>& marks, double fs);

}  // namespace ecg::dsp
