#include "ecg/score/agreement.h"

#include <cmath>
#include <limits>

namespace ecg::score {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kNormal = 1.959963984540054;  // the 97.5 % quantile of the normal distribution

// The continued fraction of the incomplete beta function, by Lentz's method.
double BetaFraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300, kEnough = 1e-15;
  constexpr int kMostTerms = 10000;
  const auto away_from_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), fraction = d;
  for (int m = 1; m < kMostTerms; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away_from_zero(1 + even * d);
    c = away_from_zero(1 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_zero(1 + odd * d);
    c = away_from_zero(1 + odd / c);
    fraction *= d * c;
    if (std::abs(d * c - 1) < kEnough) break;
  }
  return fraction;
}

// The regularised incomplete beta function.
double IncompleteBeta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * BetaFraction(a, b, x) / a;
  return 1 - front * BetaFraction(b, a, 1 - x) / b;
}

// The probability of a value above t, which is not negative.
double UpperTail(double t, double degrees) {
  return 0.5 * IncompleteBeta(degrees / 2, 0.5, degrees / (degrees + t * t));
}

}  // namespace

double StudentQuantile(double probability, double degrees) {
  if (probability < 0.5) return -StudentQuantile(1 - probability, degrees);
  const double tail = 1 - probability;
  double low = 0, high = 1;
  while (UpperTail(high, degrees) > tail && high < 1e12) high *= 2;
  constexpr int kHalvings = 120;
  for (int i = 0; i < kHalvings && low < high; ++i) {
    const double middle = 0.5 * (low + high);
    (UpperTail(middle, degrees) > tail ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

double DifferenceOf(record::Quantity quantity, const MeasuredTwice& pair) {
  const double difference = pair.own - pair.stated;
  return record::IsAxis(quantity) ? record::WithinHalfTurn(difference) : difference;
}

Agreement AgreementOf(record::Quantity quantity, const std::vector<MeasuredTwice>& pairs) {
  std::vector<double> differences;
  differences.reserve(pairs.size());
  for (const MeasuredTwice& pair : pairs) differences.push_back(DifferenceOf(quantity, pair));
  return Agree(differences);
}

Agreement Agree(const std::vector<double>& differences) {
  Agreement agreement;
  const std::size_t count = differences.size();
  const auto n = static_cast<double>(count);
  agreement.count = count;
  double sum = 0, squares = 0;
  for (const double difference : differences) sum += difference;
  agreement.bias = count > 0 ? sum / n : kNan;
  for (const double difference : differences) {
    squares += (difference - agreement.bias) * (difference - agreement.bias);
  }
  agreement.sd = count > 1 ? std::sqrt(squares / (n - 1)) : kNan;
  agreement.lower = agreement.bias - kNormal * agreement.sd;
  agreement.upper = agreement.bias + kNormal * agreement.sd;
  const double t = count > 1 ? StudentQuantile(0.975, n - 1) : kNan;
  const auto around = [](double value, double half) {
    return Interval{value - half, value + half};
  };
  const double of_limits = std::sqrt(1 / n + kNormal * kNormal / (2 * (n - 1)));
  agreement.bias_interval = around(agreement.bias, t * agreement.sd / std::sqrt(n));
  agreement.lower_interval = around(agreement.lower, t * agreement.sd * of_limits);
  agreement.upper_interval = around(agreement.upper, t * agreement.sd * of_limits);
  return agreement;
}

}  // namespace ecg::score
