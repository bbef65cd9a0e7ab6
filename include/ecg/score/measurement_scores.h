// Logistic regressions of classes on what is measured.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ecg::score {

// How much the measurements of a recording speak for each class, in steps of 1.5 in the logarithm
// of its odds, from where these are e^2 times those of all recordings: 0 there, positive beyond.
struct MeasurementScores {
  std::vector<double> centre, scale;  // [values]: median and deviation of what is measured
  // [classes][1 + 4 x values]: a constant, and of each value z, |z|, z^2 and whether it is missing,
  // where z = (value - centre) / scale, between -4 and 4, and 0 where it is missing. Of a class
  // about which nothing is known: empty.
  std::vector<std::vector<double>> weights;

  std::size_t terms() const { return 1 + 4 * centre.size(); }
  // values double [values], NaN: missing -> [classes]; NaN for a class about which nothing is
  // known.
  std::vector<double> Of(const std::vector<double>& values) const;
};

// The weights under which the labels are most likely, with a prior at zero; none for a class with
// fewer than ten positives or negatives, or that is not wanted. values double [recordings][values];
// labels and known uint8 [recordings][classes], where only labels that are known count; wanted
// uint8 [classes]. Weights are rounded to four decimals. Threads: at least 1. Throws Exception
// (kInternal) where the sizes do not fit.
MeasurementScores FitMeasurementScores(const std::vector<double>& values,
                                       const std::vector<std::uint8_t>& labels,
                                       const std::vector<std::uint8_t>& known,
                                       const std::vector<std::uint8_t>& wanted, int threads);

}  // namespace ecg::score
