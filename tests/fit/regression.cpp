#include "tests/fit/regression.h"

#include <Eigen/Cholesky>
#include <cmath>

namespace ecg::fit {
namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int kMostRounds = 200;
constexpr double kSettled = 1e-10;  // change of a weight, of figures of unit variance
constexpr int kMostHalvings = 40;

// Figures of zero mean and unit variance, and a column of ones behind them.
struct Standardised {
  MatrixXd x;
  VectorXd mean, deviation;

  explicit Standardised(const MatrixXd& figures)
      : x(figures.rows(), figures.cols() + 1), mean(figures.colwise().mean()) {
    const MatrixXd centred = figures.rowwise() - mean.transpose();
    deviation = centred.colwise().norm() / std::sqrt(static_cast<double>(figures.rows()));
    for (double& v : deviation) v = v > 0 ? v : 1;
    x.leftCols(figures.cols()) = centred.array().rowwise() / deviation.transpose().array();
    x.rightCols(1).setOnes();
  }

  // The ridge on each weight.
  VectorXd Ridge(double ridge) const {
    VectorXd all = VectorXd::Constant(x.cols(), ridge);
    all(all.size() - 1) = 0;
    return all;
  }

  // In terms of the figures as they were.
  Regression Undo(const VectorXd& beta) const {
    const VectorXd weights = beta.head(mean.size()).array() / deviation.array();
    return {beta(mean.size()) - weights.dot(mean), weights};
  }
};

// The solution of (x' diag(weights) x + diag(ridge)) beta = right.
VectorXd Solve(const MatrixXd& x, const ArrayXd& weights, const VectorXd& ridge,
               const VectorXd& right) {
  MatrixXd left = x.transpose() * weights.matrix().asDiagonal() * x;
  left.diagonal() += ridge;
  return left.ldlt().solve(right);
}

double SettledBy(const VectorXd& step) { return step.size() > 0 ? step.cwiseAbs().maxCoeff() : 0; }

// What a logistic regression makes small.
struct LogisticLoss {
  const MatrixXd& x;
  const VectorXd& answers;
  const ArrayXd& counts;
  const VectorXd& ridge;

  double At(const VectorXd& beta) const {
    const ArrayXd logit = x * beta;
    // ln(1 + e^l) without overflow.
    const ArrayXd softplus = logit.max(0) + (1 + (-logit.abs()).exp()).log();
    return (counts * (softplus - answers.array() * logit)).sum() +
           0.5 * (ridge.array() * beta.array().square()).sum();
  }

  // Newton's step, halved until the loss does not grow.
  VectorXd StepFrom(const VectorXd& beta) const {
    const ArrayXd likely = 1 / (1 + (-(x * beta).array()).exp());
    const VectorXd slope = x.transpose() * (counts * (answers.array() - likely)).matrix() -
                           (ridge.array() * beta.array()).matrix();
    VectorXd step = Solve(x, counts * likely * (1 - likely), ridge, slope);
    const double loss = At(beta);
    for (int halving = 0; halving < kMostHalvings && At(beta + step) > loss; ++halving) step /= 2;
    return step;
  }
};

}  // namespace

Regression FitBoundedLine(const MatrixXd& figures, const VectorXd& answers, double bound,
                          double ridge) {
  const Standardised s(figures);
  const VectorXd penalty = s.Ridge(ridge);
  ArrayXd weights = ArrayXd::Ones(answers.size());
  VectorXd beta = VectorXd::Zero(s.x.cols());
  for (int round = 0; round < kMostRounds; ++round) {
    const VectorXd next =
        Solve(s.x, weights, penalty, s.x.transpose() * (weights * answers.array()).matrix());
    const double step = SettledBy(next - beta);
    beta = next;
    if (step < kSettled) break;
    weights = (bound / (s.x * beta - answers).array().abs().max(bound));
  }
  return s.Undo(beta);
}

Regression FitLogistic(const MatrixXd& figures, const VectorXd& answers, double zeros,
                       double ridge) {
  const Standardised s(figures);
  const VectorXd penalty = s.Ridge(ridge);
  const ArrayXd counts = answers.array() + zeros * (1 - answers.array());
  const LogisticLoss loss{s.x, answers, counts, penalty};
  VectorXd beta = VectorXd::Zero(s.x.cols());
  for (int round = 0; round < kMostRounds; ++round) {
    const VectorXd step = loss.StepFrom(beta);
    beta += step;
    if (SettledBy(step) < kSettled) break;
  }
  return s.Undo(beta);
}

}  // namespace ecg::fit
