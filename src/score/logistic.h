// Logistic regression with a Gaussian prior.
#pragma once

#include <Eigen/Dense>

namespace ecg::score {

// Where a prior pulls the weights, and how strongly: as many recordings as the figure says would.
struct LogisticPrior {
  Eigen::VectorXd mean;
  Eigen::VectorXd strength;  // above 0
};

// The most likely weights by Newton's method, for features [recordings][weights] and targets from 0
// to 1.
Eigen::VectorXd FitLogistic(const Eigen::MatrixXd& features, const Eigen::VectorXd& targets,
                            const LogisticPrior& prior);

// Targets of labels 0 and 1 that allow for wrong ones (Platt 1999), so that a class of few or no
// positives gets a cautious fit.
Eigen::VectorXd PlattTargets(const Eigen::VectorXd& labels);

}  // namespace ecg::score
