#include "src/dsp/robust/p_template.h"

#include <algorithm>
#include <cmath>

#include "ecg/dsp/beats.h"
#include "src/dsp/rate.h"

namespace ecg::dsp::robust {
namespace {

// Of powers of the variance from 0 to -1 in steps of a quarter, this one tells sinus rhythms from
// fibrillation best.
constexpr double kWeight = -0.75;
constexpr double kWeightFloor = 1e-5;  // mV^2: quieter leads weigh no more

// Times count back from the reference of the complex.
constexpr double kLatestS = 0.03;
constexpr double kUsualS = 0.15;
constexpr double kUsualWidthS = 0.07;
constexpr double kMinMv = 0.002;
constexpr double kMinBeats = 0.4;  // share of the beats
constexpr double kNegative = 0.6;  // one lead shows most P waves upright

// The height of the mean over the leads; 0 where fewer than `least` beats say.
Signal HeightOf(const Template& average, double least, double fs) {
  const auto leads = static_cast<double>(average.mean.size());
  const double negative = average.mean.size() == 1 ? kNegative : 1;
  Signal height(average.count.size(), 0.0);
  for (int d = Samples(kLatestS, fs); d < Size(height); ++d) {
    if (average.count[static_cast<std::size_t>(d)] < least) continue;
    double weighted = 0;
    for (const Signal& mean : average.mean) {
      const double v = At(mean, d);
      weighted += v < 0 ? negative * negative * v * v : v * v;
    }
    At(height, d) = std::sqrt(weighted / leads);
  }
  return height;
}

}  // namespace

Template AverageBeforeR(const std::vector<Signal>& bumps, const std::vector<Complex>& complexes,
                        const std::vector<Search>& searches, const std::vector<bool>& normal,
                        int length) {
  const auto size = static_cast<std::size_t>(length);
  Template t;
  t.mean.assign(bumps.size(), Signal(size, 0.0));
  t.variance = t.mean;
  t.count.assign(size, 0);
  for (std::size_t b = 0; b < complexes.size(); ++b) {
    if (!normal[b]) continue;
    for (int i = searches[b].first; i <= searches[b].last; ++i) {
      const int d = complexes[b].reference - i;
      ++t.count[static_cast<std::size_t>(d)];
      for (std::size_t k = 0; k < bumps.size(); ++k) {
        const double v = At(bumps[k], i);
        At(t.mean[k], d) += v;
        At(t.variance[k], d) += v * v;
      }
    }
  }
  for (std::size_t k = 0; k < bumps.size(); ++k) {
    for (std::size_t d = 0; d < size; ++d) {
      if (t.count[d] == 0) continue;
      double& mean = t.mean[k][d];
      mean /= t.count[d];
      t.variance[k][d] = std::max(0.0, t.variance[k][d] / t.count[d] - mean * mean);
    }
  }
  return t;
}

std::vector<double> LeadWeights(const Template& average) {
  std::vector<double> weights;
  double squares = 0;
  for (const Signal& variance : average.variance) {
    double sum = 0;
    int count = 0;
    for (std::size_t d = 0; d < variance.size(); ++d) {
      sum += variance[d] * average.count[d];
      count += average.count[d];
    }
    weights.push_back(std::pow(sum / std::max(1, count) + kWeightFloor, kWeight));
    squares += weights.back() * weights.back();
  }
  const double scale = std::sqrt(static_cast<double>(weights.size()) / squares);
  for (double& w : weights) w *= scale;
  return weights;
}

Template Weighed(Template average, const std::vector<double>& weights) {
  for (std::size_t k = 0; k < weights.size(); ++k) {
    const double w = weights[k];
    for (double& v : average.mean[k]) v *= w;
    for (double& v : average.variance[k]) v *= w * w;
  }
  return average;
}

double EnergyAt(const Template& average, int d) {
  double energy = 0;
  for (const Signal& mean : average.mean) energy += At(mean, d) * At(mean, d);
  return energy;
}

int UsualP(const Template& average, std::size_t beats, double fs) {
  const Signal height =
      HeightOf(average, std::max(2.0, kMinBeats * static_cast<double>(beats)), fs);
  int best = kMissing;
  double best_height = 0;
  for (int d = 1; d + 1 < Size(height); ++d) {
    const double before = At(height, d - 1), here = At(height, d), after = At(height, d + 1);
    if (before <= 0 || after <= 0 || here < before || here <= after) continue;
    const double distance = (d / fs - kUsualS) / kUsualWidthS;
    const double v = here * std::exp(-0.5 * distance * distance);
    if (v > best_height) {
      best_height = v;
      best = d;
    }
  }
  return best == kMissing || At(height, best) < kMinMv ? kMissing : best;
}

}  // namespace ecg::dsp::robust
