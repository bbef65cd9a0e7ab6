#include "ecg/score/held_logit_map.h"

#include <cmath>

#include "src/score/fit_maps.h"

namespace ecg::score {

std::vector<LogitMap> FitHeldLogitMaps(const std::vector<std::uint8_t>& labels,
                                       const std::vector<float>& probabilities, std::size_t classes,
                                       const LogitPrior& prior) {
  const LogisticPrior held{Eigen::Vector2d(1, 0), Eigen::Vector2d(prior.slope, prior.offset)};
  // As they are: the prior is caution enough, and Platt's targets would be more of it.
  const auto labels_alone = [](const Eigen::VectorXd& own) { return own; };
  return FitMaps(labels, probabilities, classes, held, labels_alone);
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
