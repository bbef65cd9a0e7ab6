// The regressions that fit the robust delineator, and the file of constants that they write.
#include "src/dsp/robust/fitted.h"

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/random.h"
#include "tests/fit/fitted_text.h"
#include "tests/fit/regression.h"

namespace ecg::fit {
namespace {

constexpr int kExamples = 20000;
const Eigen::Vector3d kWeights(2, -30, 0.01);
constexpr double kBias = 0.7;

// Figures of very different sizes, the second one related to the first.
Eigen::MatrixXd MadeUpFigures(Rng& rng) {
  Eigen::MatrixXd x(kExamples, 3);
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    x(i, 0) = rng.Normal(5, 1);
    x(i, 1) = 0.05 * (x(i, 0) + rng.Normal(0, 0.5));
    x(i, 2) = rng.Normal(0, 100);
  }
  return x;
}

TEST(Regression, FindsTheWeightsOfALineInSpiteOfOutliers) {
  Rng rng({1});
  const Eigen::MatrixXd x = MadeUpFigures(rng);
  Eigen::VectorXd y = x * kWeights;
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    y(i) += kBias + rng.Normal(0, 0.1) + (i % 20 == 0 ? 50 : 0);
  }
  const Regression bounded = FitBoundedLine(x, y, 0.3, 1e-6);
  EXPECT_NEAR(bounded.bias, kBias, 0.05);
  for (Eigen::Index j = 0; j < 3; ++j) {
    EXPECT_NEAR(bounded.weights(j), kWeights(j), 0.01 * std::abs(kWeights(j)));
  }
  EXPECT_GT(FitBoundedLine(x, y, 1e9, 1e-6).bias, kBias + 1);  // plain least squares
}

TEST(Regression, FindsTheWeightsOfALogit) {
  Rng rng({2});
  const Eigen::MatrixXd x = MadeUpFigures(rng);
  Eigen::VectorXd y(x.rows());
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    const double logit = kBias + x.row(i).dot(kWeights);
    y(i) = rng.Uniform() < 1 / (1 + std::exp(-logit)) ? 1 : 0;
  }
  const Regression found = FitLogistic(x, y, 1, 1e-6);
  EXPECT_NEAR(found.bias, kBias, 0.4);
  for (Eigen::Index j = 0; j < 3; ++j) {
    EXPECT_NEAR(found.weights(j), kWeights(j), 0.1 * std::abs(kWeights(j)));
  }
  // Zeros that count twice are as many zeros more: the bias falls by ln 2.
  EXPECT_NEAR(FitLogistic(x, y, 2, 1e-6).bias, found.bias - std::log(2), 0.3);
  // A ridge holds the weights where the examples would let them grow without end.
  y = (x.col(0).array() > 5).cast<double>();
  const Regression held = FitLogistic(x, y, 1, 1);
  EXPECT_TRUE(held.weights.allFinite());
  EXPECT_GT(held.weights(0), 10);
}

std::vector<std::string> LinesOfConstants(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    if (line.rfind("inline constexpr", 0) == 0) lines.push_back(line);
    begin = end + 1;
  }
  return lines;
}

TEST(FittedText, IsTheFileThatHoldsTheConstants) {
  const std::filesystem::path file = std::filesystem::path(ECG_SOURCE_DIR) / "src/dsp/robust";
  const std::vector<std::string> lines = LinesOfConstants(ReadFile(file / "fitted.h").value());
  EXPECT_EQ(lines.size(), 7u);
  EXPECT_EQ(LinesOfConstants(FittedText(dsp::robust::Fitted{}, {})), lines);
}

}  // namespace
}  // namespace ecg::fit
