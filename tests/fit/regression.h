// Regressions with a ridge.
#pragma once

#include <Eigen/Core>

namespace ecg::fit {

// bias + weights * figures.
struct Regression {
  double bias = 0;
  Eigen::VectorXd weights;  // of each column
};

// Both take a row of figures for each example. The ridge is on the squared weights of figures of
// unit variance, and not on the bias: 1 counts like one more example whose answer is 0.

// Least squares; errors beyond `bound` count linearly (Huber 1964).
Regression FitBoundedLine(const Eigen::MatrixXd& figures, const Eigen::VectorXd& answers,
                          double bound, double ridge);

// The logit of an answer of 1; the others are 0, and each of them counts `zeros` times (Newton's
// method).
Regression FitLogistic(const Eigen::MatrixXd& figures, const Eigen::VectorXd& answers, double zeros,
                       double ridge);

}  // namespace ecg::fit
