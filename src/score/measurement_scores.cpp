#include "ecg/score/measurement_scores.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "ecg/core/parallel.h"
#include "ecg/core/result.h"
#include "ecg/score/logit_map.h"
#include "src/dsp/statistics.h"
#include "src/score/logistic.h"

namespace ecg::score {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kTerms = 4;  // of a value
constexpr double kFarthest = 4;
constexpr std::size_t kFewest = 10;        // of labels of either kind
constexpr double kPrior = 30;              // as many recordings
constexpr double kHardlyAny = 1e-6;        // of the constant
constexpr double kStep = 1.5, kBegin = 2;  // in the logarithm of odds
constexpr double kLeastScale = 1e-9;
constexpr double kRounding = 1e4;

double Rounded(double x) { return std::round(x * kRounding) / kRounding; }

// The terms of a row, after the constant, into `out`.
template <typename Out>
void Expand(const MeasurementScores& scores, const double* values, Out&& out) {
  for (std::size_t f = 0; f < scores.centre.size(); ++f) {
    const bool missing = !std::isfinite(values[f]);
    const double z = missing ? 0
                             : std::clamp((values[f] - scores.centre[f]) / scores.scale[f],
                                          -kFarthest, kFarthest);
    const double terms[kTerms] = {z, std::abs(z), z * z, missing ? 1.0 : 0.0};
    for (std::size_t t = 0; t < kTerms; ++t) out(1 + kTerms * f + t, terms[t]);
  }
}

// Median and deviation of each value over the recordings that have it.
void Standardise(const std::vector<double>& values, std::size_t recordings,
                 MeasurementScores& scores) {
  const std::size_t count = values.size() / recordings;
  for (std::size_t f = 0; f < count; ++f) {
    std::vector<double> own;
    for (std::size_t i = 0; i < recordings; ++i) {
      const double value = values[i * count + f];
      if (std::isfinite(value)) own.push_back(value);
    }
    double centre = 0, squares = 0;
    if (!own.empty()) {
      centre = dsp::Quantile(own, 0.5);
      for (const double value : own) squares += (value - centre) * (value - centre);
      squares /= static_cast<double>(own.size());
    }
    scores.centre.push_back(centre);
    scores.scale.push_back(std::max(std::sqrt(squares), kLeastScale));
  }
}

}  // namespace

std::vector<double> MeasurementScores::Of(const std::vector<double>& values) const {
  std::vector<double> terms(1 + kTerms * centre.size(), 1.0);
  Expand(*this, values.data(), [&](std::size_t at, double term) { terms[at] = term; });
  std::vector<double> scores;
  for (const std::vector<double>& own : weights) {
    double sum = own.empty() ? kNaN : 0;
    for (std::size_t i = 0; i < own.size(); ++i) sum += own[i] * terms[i];
    scores.push_back(sum);
  }
  return scores;
}

MeasurementScores FitMeasurementScores(const std::vector<double>& values,
                                       const std::vector<std::uint8_t>& labels,
                                       const std::vector<std::uint8_t>& known,
                                       const std::vector<std::uint8_t>& wanted, int threads) {
  const std::size_t classes = wanted.size();
  const std::size_t recordings = classes == 0 ? 0 : labels.size() / classes;
  if (recordings == 0 || labels.size() != recordings * classes || known.size() != labels.size() ||
      values.size() % recordings != 0) {
    throw Exception({ErrorKind::kInternal, "values and labels do not fit", {}, 0, {}});
  }
  MeasurementScores scores;
  Standardise(values, recordings, scores);
  const std::size_t count = scores.centre.size(), terms = 1 + kTerms * count;
  Eigen::MatrixXd all = Eigen::MatrixXd::Ones(static_cast<Eigen::Index>(recordings),
                                              static_cast<Eigen::Index>(terms));
  for (std::size_t i = 0; i < recordings; ++i) {
    Expand(scores, values.data() + i * count, [&](std::size_t at, double term) {
      all(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(at)) = term;
    });
  }
  LogisticPrior prior{Eigen::VectorXd::Zero(all.cols()),
                      Eigen::VectorXd::Constant(all.cols(), kPrior)};
  prior.strength[0] = kHardlyAny;
  scores.weights.resize(classes);
  ParallelFor(classes, threads, [&](std::size_t k) {
    if (wanted[k] == 0) return;
    std::vector<Eigen::Index> rows;
    for (std::size_t i = 0; i < recordings; ++i) {
      if (known[i * classes + k] != 0) rows.push_back(static_cast<Eigen::Index>(i));
    }
    Eigen::VectorXd own(static_cast<Eigen::Index>(rows.size()));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::size_t cell = static_cast<std::size_t>(rows[i]) * classes + k;
      own[static_cast<Eigen::Index>(i)] = labels[cell] != 0 ? 1 : 0;
    }
    const auto positives = static_cast<std::size_t>(own.sum());
    if (positives < kFewest || rows.size() - positives < kFewest) return;
    Eigen::MatrixXd some;
    if (rows.size() < recordings) {
      some.resize(own.size(), all.cols());
      for (std::size_t i = 0; i < rows.size(); ++i) {
        some.row(static_cast<Eigen::Index>(i)) = all.row(rows[i]);
      }
    }
    const Eigen::VectorXd w = FitLogistic(some.size() > 0 ? some : all, PlattTargets(own), prior);
    const double usual = Logit(static_cast<double>(positives) / static_cast<double>(rows.size()));
    std::vector<double>& out = scores.weights[k];
    for (Eigen::Index i = 0; i < w.size(); ++i) out.push_back(Rounded(w[i] / kStep));
    out[0] = Rounded((w[0] - usual - kBegin) / kStep);
  });
  return scores;
}

}  // namespace ecg::score
