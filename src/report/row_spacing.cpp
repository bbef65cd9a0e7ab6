#include "src/report/row_spacing.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace ecg::report {
namespace {

constexpr double kGrowth = 7.5;  // of the page, for each row
constexpr double kTallest = 35;  // what reaches further is an artefact, and gets no more room

// The room that two rows need, the upper one above the lower, so that they do not touch anywhere.
double RoomBetween(const RowReach& upper, const RowReach& lower) {
  double room = 0;
  for (std::size_t x = 0; x < upper.size(); ++x) {
    room = std::max(room, std::min(upper[x].down, kTallest) + std::min(lower[x].up, kTallest));
  }
  return room + kClearance;
}

long Squares(double mm) { return static_cast<long>(std::ceil(mm / kGridSquare)); }

}  // namespace

double HighestReach(const RowReach& row) {
  double up = 0;
  for (const Reach& reach : row) up = std::max(up, reach.up);
  return up;
}

std::vector<double> RowDistances(const std::vector<RowReach>& rows,
                                 const std::vector<double>& least) {
  const RowReach none(rows.front().size());
  std::vector<long> more;
  for (std::size_t i = 0; i <= rows.size(); ++i) {
    const double room = RoomBetween(i > 0 ? rows[i - 1] : none, i < rows.size() ? rows[i] : none);
    more.push_back(std::max(Squares(room) - Squares(least[i]), 0L));
  }
  const long growth = Squares(kGrowth * static_cast<double>(rows.size()));
  while (std::accumulate(more.begin(), more.end(), 0L) > growth) {
    --*std::max_element(more.begin(), more.end());
  }
  std::vector<double> distances;
  for (std::size_t i = 0; i < more.size(); ++i) {
    distances.push_back(static_cast<double>(Squares(least[i]) + more[i]) * kGridSquare);
  }
  return distances;
}

}  // namespace ecg::report
