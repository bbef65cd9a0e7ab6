// Sums in NumPy's order of additions, so that our figures equal the official ones to the last bit.
#pragma once

#include <cstddef>
#include <vector>

namespace ecg::score {

// NumPy's pairwise summation of a contiguous double array: eight running sums for up to 128
// values, halves (cut at a multiple of eight) beyond that.
double PairwiseSum(const double* values, std::size_t count);

// Sum of the values that are not NaN; 0 for none (numpy.nansum).
double NanSum(std::vector<double> values);

// Mean of the values that are not NaN; NaN for none (numpy.nanmean).
double NanMean(const std::vector<double>& values);

}  // namespace ecg::score
