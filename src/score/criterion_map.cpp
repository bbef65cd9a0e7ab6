#include "ecg/score/criterion_map.h"

#include <algorithm>
#include <cmath>

#include "ecg/core/result.h"
#include "ecg/score/logit_map.h"
#include "src/score/logistic.h"

namespace ecg::score {
namespace {

constexpr double kFarthestBelow = -3, kFarthestBeyond = 2, kUnknown = -1;
constexpr double kSlopePrior = 1;      // as many recordings
constexpr double kCriterionPrior = 3;  // the best of 3, 10, 30 by cross-validation
constexpr double kHardlyAny = 1e-6;
// Positives below which a class is decided by definition.
constexpr std::size_t kFewPositives = 10;
constexpr double kDefinitionSlope = 0.3, kDefinitionWeight = 1.5, kFixed = 1e9;
// What a learnt criterion counts for where the labels here say little.
constexpr double kLearntWeight = 0.3;

double Steps(double excess) {
  return std::isnan(excess) ? kUnknown : std::clamp(excess, kFarthestBelow, kFarthestBeyond);
}

LogisticPrior PriorOf(std::size_t positives, bool learnt) {
  if (learnt) {
    const double few = positives < kFewPositives ? kFixed : 0;
    return {Eigen::Vector4d(1, 0, kLearntWeight, kLearntWeight),
            Eigen::Vector4d(kSlopePrior + few, kHardlyAny, kCriterionPrior + few,
                            kCriterionPrior + few)};
  }
  if (positives >= kFewPositives) {
    return {Eigen::Vector4d(1, 0, 0, 0),
            Eigen::Vector4d(kSlopePrior, kHardlyAny, kCriterionPrior, kCriterionPrior)};
  }
  return {Eigen::Vector4d(kDefinitionSlope, 0, kDefinitionWeight, kDefinitionWeight),
          Eigen::Vector4d(kFixed, kHardlyAny, kFixed, kFixed)};
}

}  // namespace

float CriterionMap::Apply(float probability, double excess) const {
  const double z = Steps(excess);
  return static_cast<float>(Sigmoid(slope * Logit(static_cast<double>(probability)) + offset +
                                    below * std::min(z, 0.0) + above * std::max(z, 0.0)));
}

std::vector<CriterionMap> FitCriterionMaps(const std::vector<std::uint8_t>& labels,
                                           const std::vector<float>& probabilities,
                                           const std::vector<double>& excess, std::size_t classes,
                                           const std::vector<bool>& learnt) {
  if (classes == 0 || labels.size() != probabilities.size() || labels.size() != excess.size() ||
      labels.size() % classes != 0 || (!learnt.empty() && learnt.size() != classes)) {
    throw Exception(
        {ErrorKind::kInternal, "labels, probabilities and excess do not fit", {}, 0, {}});
  }
  const std::size_t recordings = labels.size() / classes;
  const auto rows = static_cast<Eigen::Index>(recordings);
  std::vector<CriterionMap> maps(classes);
  Eigen::MatrixXd features = Eigen::MatrixXd::Ones(rows, 4);
  Eigen::VectorXd own(rows);
  for (std::size_t k = 0; k < classes; ++k) {
    bool known = false;
    for (std::size_t i = 0; i < recordings; ++i) {
      const std::size_t cell = i * classes + k;
      const auto row = static_cast<Eigen::Index>(i);
      known = known || !std::isnan(excess[cell]);
      const double z = Steps(excess[cell]);
      features(row, 0) = Logit(static_cast<double>(probabilities[cell]));
      features(row, 2) = std::min(z, 0.0);
      features(row, 3) = std::max(z, 0.0);
      own[row] = labels[cell] != 0 ? 1 : 0;
    }
    if (!known) continue;
    const LogisticPrior prior =
        PriorOf(static_cast<std::size_t>(own.sum()), !learnt.empty() && learnt[k]);
    const Eigen::VectorXd w = FitLogistic(features, PlattTargets(own), prior);
    maps[k] = {w[0], w[1], w[2], w[3]};
  }
  return maps;
}

}  // namespace ecg::score
