// The one way from labels and probabilities to a logit map for each class.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/score/logit_map.h"
#include "src/score/logistic.h"

namespace ecg::score {

// labels uint8 and probabilities float are [recordings][classes]; `targets_of` makes targets of a
// class's labels, 0 and 1. Throws Exception (kInternal) where the sizes do not fit.
template <typename TargetsOf>
std::vector<LogitMap> FitMaps(const std::vector<std::uint8_t>& labels,
                              const std::vector<float>& probabilities, std::size_t classes,
                              const LogisticPrior& prior, const TargetsOf& targets_of) {
  constexpr double kLeastSlope = 0.05;  // the order of probabilities stays
  if (classes == 0 || labels.size() != probabilities.size() || labels.size() % classes != 0) {
    throw Exception({ErrorKind::kInternal, "labels and probabilities do not fit", {}, 0, {}});
  }
  const std::size_t recordings = labels.size() / classes;
  const auto rows = static_cast<Eigen::Index>(recordings);
  std::vector<LogitMap> maps;
  Eigen::MatrixXd features = Eigen::MatrixXd::Ones(rows, 2);
  Eigen::VectorXd own(rows);
  for (std::size_t k = 0; k < classes; ++k) {
    for (std::size_t i = 0; i < recordings; ++i) {
      const auto row = static_cast<Eigen::Index>(i);
      features(row, 0) = Logit(static_cast<double>(probabilities[i * classes + k]));
      own[row] = labels[i * classes + k] != 0 ? 1 : 0;
    }
    const Eigen::VectorXd weights = FitLogistic(features, targets_of(own), prior);
    maps.push_back({std::max(kLeastSlope, weights[0]), weights[1]});
  }
  return maps;
}

}  // namespace ecg::score
