#include "ecg/score/logit_map.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "ecg/core/result.h"

namespace ecg::score {
namespace {

constexpr double kLeast = 1e-7;  // probabilities may have been rounded to 0 or 1
constexpr double kLeastSlope = 0.05;
constexpr int kMaxSteps = 50;
constexpr double kEnough = 1e-9;
// A weak pull towards the identity, as strong as so many recordings: with one label or none the
// likelihood alone would not settle the slope.
constexpr double kPrior = 1;

double Logit(double p) {
  p = std::clamp(p, kLeast, 1 - kLeast);
  return std::log(p / (1 - p));
}

double Sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// Newton's method on the two parameters.
LogitMap Fit(const std::vector<double>& logits, const std::vector<double>& targets) {
  LogitMap map;
  for (int step = 0; step < kMaxSteps; ++step) {
    double g0 = kPrior * (map.slope - 1), g1 = 0;
    double h00 = kPrior, h01 = 0, h11 = 1e-9;
    for (std::size_t i = 0; i < logits.size(); ++i) {
      const double p = Sigmoid(map.slope * logits[i] + map.offset);
      const double error = p - targets[i];
      const double weight = p * (1 - p);
      g0 += error * logits[i];
      g1 += error;
      h00 += weight * logits[i] * logits[i];
      h01 += weight * logits[i];
      h11 += weight;
    }
    const double determinant = h00 * h11 - h01 * h01;
    if (!(determinant > 0)) break;
    // A step that is too long is cut: far from the optimum the curvature says little.
    const double d0 = std::clamp((h11 * g0 - h01 * g1) / determinant, -1.0, 1.0);
    const double d1 = std::clamp((h00 * g1 - h01 * g0) / determinant, -1.0, 1.0);
    map.slope = std::max(kLeastSlope, map.slope - d0);
    map.offset -= d1;
    if (std::abs(d0) < kEnough && std::abs(d1) < kEnough) break;
  }
  return map;
}

}  // namespace

float LogitMap::Apply(float probability) const {
  return static_cast<float>(Sigmoid(slope * Logit(static_cast<double>(probability)) + offset));
}

std::vector<LogitMap> FitLogitMaps(const std::vector<std::uint8_t>& labels,
                                   const std::vector<float>& probabilities, std::size_t classes) {
  if (classes == 0 || labels.size() != probabilities.size() || labels.size() % classes != 0) {
    throw Exception({ErrorKind::kInternal, "labels and probabilities do not fit", {}, 0, {}});
  }
  const std::size_t recordings = labels.size() / classes;
  std::vector<LogitMap> maps;
  std::vector<double> logits(recordings), targets(recordings);
  for (std::size_t k = 0; k < classes; ++k) {
    std::size_t positives = 0;
    for (std::size_t i = 0; i < recordings; ++i) positives += labels[i * classes + k];
    const auto n = static_cast<double>(recordings), p = static_cast<double>(positives);
    for (std::size_t i = 0; i < recordings; ++i) {
      logits[i] = Logit(static_cast<double>(probabilities[i * classes + k]));
      targets[i] = labels[i * classes + k] != 0 ? (p + 1) / (p + 2) : 1 / (n - p + 2);
    }
    maps.push_back(Fit(logits, targets));
  }
  return maps;
}

}  // namespace ecg::score
