// The three sums behind the challenge metric, recording by recording.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ecg/challenge/challenge.h"

namespace ecg::score {

// A list of class indices, ascending.
struct ClassList {
  const std::uint16_t* first = nullptr;
  const std::uint16_t* last = nullptr;
  const std::uint16_t* begin() const { return first; }
  const std::uint16_t* end() const { return last; }
  std::size_t size() const { return static_cast<std::size_t>(last - first); }
};

// Adds up three modified confusion matrices A[label][output] += 1 / max(1, |labels U outputs|):
// for the outputs given, for the labels themselves and for the normal class alone.
class ChallengeSums {
 public:
  // `classes` must have a challenge metric.
  explicit ChallengeSums(const challenge::ClassSet& classes);
  void Add(const ClassList& labels, const ClassList& outputs, double count);
  // (observed - inactive) / (correct - inactive); 0 where correct equals inactive.
  double Metric() const;

 private:
  using Matrix = std::vector<double>;  // [labels][outputs]
  void AddTo(Matrix& matrix, const ClassList& labels, const ClassList& outputs, double count);
  double Score(const Matrix& matrix) const;

  const challenge::ClassSet& classes_;
  std::uint16_t normal_;
  Matrix observed_;
  Matrix correct_;
  Matrix inactive_;
};

}  // namespace ecg::score
