#include "ecg/score/held_logit_map.h"

#include <algorithm>
#include <cmath>

#include "ecg/core/result.h"
#include "src/score/logistic.h"

namespace ecg::score {
namespace {

constexpr double kLeastSlope = 0.05;  // the order of probabilities stays

}  // namespace

std::vector<LogitMap> FitHeldLogitMaps(const std::vector<std::uint8_t>& labels,
                                       const std::vector<float>& probabilities, std::size_t classes,
                                       const LogitPrior& prior) {
  if (classes == 0 || labels.size() != probabilities.size() || labels.size() % classes != 0) {
    throw Exception({ErrorKind::kInternal, "labels and probabilities do not fit", {}, 0, {}});
  }
  const std::size_t recordings = labels.size() / classes;
  const auto rows = static_cast<Eigen::Index>(recordings);
  const LogisticPrior held{Eigen::Vector2d(1, 0), Eigen::Vector2d(prior.slope, prior.offset)};
  std::vector<LogitMap> maps;
  Eigen::MatrixXd features = Eigen::MatrixXd::Ones(rows, 2);
  Eigen::VectorXd targets(rows);
  for (std::size_t k = 0; k < classes; ++k) {
    for (std::size_t i = 0; i < recordings; ++i) {
      const auto row = static_cast<Eigen::Index>(i);
      features(row, 0) = Logit(static_cast<double>(probabilities[i * classes + k]));
      // As they are: the prior is caution enough, and Platt's targets would be more of it.
      targets[row] = labels[i * classes + k] != 0 ? 1 : 0;
    }
    const Eigen::VectorXd weights = FitLogistic(features, targets, held);
    maps.push_back({std::max(kLeastSlope, weights[0]), weights[1]});
  }
  return maps;
}

double LogLoss(const std::vector<std::uint8_t>& labels, const std::vector<float>& probabilities) {
  double sum = 0;
  for (std::size_t cell = 0; cell < labels.size(); ++cell) {
    const double logit = Logit(static_cast<double>(probabilities[cell]));
    sum += std::log1p(std::exp(labels[cell] != 0 ? -logit : logit));
  }
  return sum / static_cast<double>(labels.size());
}

}  // namespace ecg::score
