#include "src/score/logistic.h"

#include "ecg/score/logit_map.h"

namespace ecg::score {
namespace {

constexpr int kMaxSteps = 50;
constexpr double kEnough = 1e-9;

}  // namespace

Eigen::VectorXd PlattTargets(const Eigen::VectorXd& labels) {
  const double positives = labels.sum();
  const double negatives = static_cast<double>(labels.size()) - positives;
  return labels.unaryExpr([&](double label) {
    return label != 0 ? (positives + 1) / (positives + 2) : 1 / (negatives + 2);
  });
}

Eigen::VectorXd FitLogistic(const Eigen::MatrixXd& features, const Eigen::VectorXd& targets,
                            const LogisticPrior& prior) {
  Eigen::VectorXd weights = prior.mean;
  for (int step = 0; step < kMaxSteps; ++step) {
    const Eigen::ArrayXd p = (features * weights).unaryExpr(&Sigmoid).array();
    const Eigen::VectorXd gradient = features.transpose() * (p - targets.array()).matrix() +
                                     prior.strength.cwiseProduct(weights - prior.mean);
    Eigen::MatrixXd curvature =
        features.transpose() * (p * (1 - p)).matrix().asDiagonal() * features;
    curvature.diagonal() += prior.strength;
    const Eigen::LDLT<Eigen::MatrixXd> solver(curvature);
    if (solver.info() != Eigen::Success || !solver.isPositive()) break;
    // A step that is too long is cut: far from the optimum the curvature says little.
    const Eigen::VectorXd change = solver.solve(gradient).cwiseMax(-1.0).cwiseMin(1.0);
    weights -= change;
    if (change.cwiseAbs().maxCoeff() < kEnough) break;
  }
  return weights;
}

}  // namespace ecg::score
