#include "src/dsp/robust/p_evidence.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "src/dsp/rate.h"
#include "src/dsp/statistics.h"

namespace ecg::dsp::robust {
namespace {

constexpr double kShapeS = 0.05;  // around P, that the beats are compared in
constexpr double kFloor = 1e-6;   // mV^2: variance of 1 uV
constexpr double kLeastLikeness = -0.5, kMostLikeness = 0.99;  // z has no bounds
constexpr double kLeastClearness = 0.1;
constexpr double kLeastIrregularity = 0.01;
constexpr double kLeastMv = 1e-4;  // is added
constexpr double kNearS = 0.1;
constexpr double kFastS = 0.6;

// The median over the beats of how alike each is to the mean of all others, from -1 to 1; -1 where
// there is nothing to compare.
double Likeness(const std::vector<Signal>& shapes) {
  if (shapes.size() < 2) return -1;
  Signal sum(shapes[0].size(), 0.0);
  for (const Signal& shape : shapes) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += shape[i];
  }
  std::vector<double> likeness;
  for (const Signal& shape : shapes) {
    double product = 0, own = 0, others = 0;
    for (std::size_t i = 0; i < sum.size(); ++i) {
      const double rest = sum[i] - shape[i];
      product += rest * shape[i];
      own += shape[i] * shape[i];
      others += rest * rest;
    }
    likeness.push_back(own > 0 && others > 0 ? product / std::sqrt(own * others) : 0);
  }
  return Quantile(std::move(likeness), 0.5);
}

}  // namespace

double LogitOf(const PEvidence& evidence, const PWeights& weights) {
  double logit = weights.bias;
  for (double PEvidence::*const figure : kPFigures) {
    logit += weights.weights.*figure * evidence.*figure;
  }
  return logit;
}

double SignalToNoise(const Template& average, int usual) {
  double noise = static_cast<double>(average.mean.size()) * kFloor;
  for (const Signal& variance : average.variance) noise += At(variance, usual);
  return EnergyAt(average, usual) / noise;
}

std::vector<Signal> ShapesOfP(const std::vector<Signal>& bumps,
                              const std::vector<Complex>& complexes,
                              const std::vector<bool>& ventricular,
                              const std::vector<Search>& searches, int usual, double fs) {
  const int half = Samples(kShapeS, fs);
  std::vector<Signal> shapes;
  for (std::size_t b = 0; b < complexes.size(); ++b) {
    const int centre = complexes[b].reference - usual;
    if (ventricular[b] || centre - half < searches[b].first || centre > searches[b].last) continue;
    if (centre + half >= Size(bumps[0])) continue;
    Signal& shape = shapes.emplace_back();
    for (const Signal& x : bumps) {
      shape.insert(shape.end(), x.begin() + (centre - half), x.begin() + (centre + half + 1));
    }
  }
  return shapes;
}

PEvidence EvidenceOfP(const Template& average, const std::vector<Signal>& shapes, int usual,
                      const Rhythm& rhythm, double fs) {
  const auto leads = static_cast<double>(average.mean.size());
  const double likeness = std::clamp(Likeness(shapes), kLeastLikeness, kMostLikeness);
  const double clearness = static_cast<double>(shapes.size()) * SignalToNoise(average, usual);
  PEvidence evidence;
  evidence.likeness = std::atanh(likeness);
  evidence.clearness = std::log(std::max(clearness, kLeastClearness));
  evidence.irregularity = std::log(std::max(rhythm.irregularity, kLeastIrregularity));
  evidence.height = std::log(std::sqrt(EnergyAt(average, usual) / leads) + kLeastMv);
  evidence.nearness = std::max(0.0, kNearS - usual / fs);
  evidence.fastness = std::max(0.0, kFastS - rhythm.median);
  return evidence;
}

}  // namespace ecg::dsp::robust
