// How far the rows of ECG paper stand apart, in millimetres.
#pragma once

#include <vector>

namespace ecg::report {

inline constexpr double kGridSquare = 5;  // base lines stand on the grid's lines
inline constexpr double kClearance = 1;   // between what should not touch

// How far the traces of a row reach from its base line within a millimetre of the page's width.
struct Reach {
  double up = 0;
  double down = 0;
};
using RowReach = std::vector<Reach>;  // from the page's left edge to its right one

double HighestReach(const RowReach& row);

// The distances from the paper's upper end over all base lines to its lower end: whole squares of
// the grid, no less than `least` [rows + 1], and more where rows would touch, up to 3.5 mV from
// their base lines. The page grows by no more than 7.5 mm a row for that, so that four rows fit on
// A4; where it cannot, those that want most get less.
std::vector<double> RowDistances(const std::vector<RowReach>& rows,
                                 const std::vector<double>& least);

}  // namespace ecg::report
