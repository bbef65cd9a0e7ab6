#include "ecg/score/logit_map.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "ecg/core/result.h"
#include "src/score/logistic.h"

namespace ecg::score {
namespace {

constexpr double kLeastSlope = 0.05;
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
  if (classes == 0 || labels.size() != probabilities.size() || labels.size() % classes != 0) {
    throw Exception({ErrorKind::kInternal, "labels and probabilities do not fit", {}, 0, {}});
  }
  const std::size_t recordings = labels.size() / classes;
  const auto rows = static_cast<Eigen::Index>(recordings);
  const LogisticPrior prior{Eigen::Vector2d(1, 0), Eigen::Vector2d(kPrior, kHardlyAny)};
  std::vector<LogitMap> maps;
  Eigen::MatrixXd features = Eigen::MatrixXd::Ones(rows, 2);
  Eigen::VectorXd own(rows);
  for (std::size_t k = 0; k < classes; ++k) {
    for (std::size_t i = 0; i < recordings; ++i) {
      const auto row = static_cast<Eigen::Index>(i);
      features(row, 0) = Logit(static_cast<double>(probabilities[i * classes + k]));
      own[row] = labels[i * classes + k] != 0 ? 1 : 0;
    }
    const Eigen::VectorXd weights = FitLogistic(features, PlattTargets(own), prior);
    maps.push_back({std::max(kLeastSlope, weights[0]), weights[1]});
  }
  return maps;
}

}  // namespace ecg::score
