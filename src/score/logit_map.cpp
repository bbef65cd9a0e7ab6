#include "ecg/score/logit_map.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "src/score/fit_maps.h"

namespace ecg::score {
namespace {

// A weak pull towards the identity, as strong as so many recordings: with one label or none the
// likelihood alone would not settle the slope.
constexpr double kPrior = 1;
constexpr double kHardlyAny = 1e-9;

constexpr double kLeastProbability = 1e-7;

}  // namespace

double Sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

double Logit(double p) {
  p = std::clamp(p, kLeastProbability, 1 - kLeastProbability);
  return std::log(p / (1 - p));
}

float LogitMap::Apply(float probability) const {
  return static_cast<float>(Sigmoid(slope * Logit(static_cast<double>(probability)) + offset));
}

std::vector<LogitMap> FitLogitMaps(const std::vector<std::uint8_t>& labels,
                                   const std::vector<float>& probabilities, std::size_t classes) {
  const LogisticPrior prior{Eigen::Vector2d(1, 0), Eigen::Vector2d(kPrior, kHardlyAny)};
  return FitMaps(labels, probabilities, classes, prior, PlattTargets);
}

}  // namespace ecg::score
