#include "src/score/challenge_sums.h"

#include <utility>

#include "src/score/pairwise_sum.h"

namespace ecg::score {
namespace {

// The size of the union of two ascending lists.
std::size_t UnionSize(const ClassList& a, const ClassList& b) {
  std::size_t size = a.size() + b.size();
  for (const std::uint16_t *i = a.begin(), *j = b.begin(); i != a.end() && j != b.end();) {
    if (*i == *j) --size;
    const bool advance_i = *i <= *j, advance_j = *j <= *i;
    i += advance_i ? 1 : 0;
    j += advance_j ? 1 : 0;
  }
  return size;
}

}  // namespace

ChallengeSums::ChallengeSums(const challenge::ClassSet& classes)
    : classes_(classes),
      normal_(static_cast<std::uint16_t>(classes.normal_index().value())),
      observed_(classes.size() * classes.size()),
      correct_(observed_),
      inactive_(observed_) {}

void ChallengeSums::AddTo(Matrix& matrix, const ClassList& labels, const ClassList& outputs,
                          double count) {
  if (labels.size() == 0 || outputs.size() == 0) return;
  const double share = count / static_cast<double>(UnionSize(labels, outputs));
  for (const std::uint16_t label : labels) {
    for (const std::uint16_t output : outputs) matrix[label * classes_.size() + output] += share;
  }
}

void ChallengeSums::Add(const ClassList& labels, const ClassList& outputs, double count) {
  AddTo(observed_, labels, outputs, count);
  AddTo(correct_, labels, labels, count);
  AddTo(inactive_, labels, {&normal_, &normal_ + 1}, count);
}

double ChallengeSums::Score(const Matrix& matrix) const {
  Matrix weighted(matrix.size());
  for (std::size_t i = 0; i < matrix.size(); ++i) weighted[i] = classes_.rewards()[i] * matrix[i];
  return NanSum(std::move(weighted));
}

double ChallengeSums::Metric() const {
  const double observed = Score(observed_), correct = Score(correct_), inactive = Score(inactive_);
  return correct != inactive ? (observed - inactive) / (correct - inactive) : 0.0;
}

}  // namespace ecg::score
