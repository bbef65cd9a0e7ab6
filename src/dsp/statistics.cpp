#include "src/dsp/statistics.h"

#include <cmath>
#include <limits>

#include "src/core/simd.h"

namespace ecg::dsp {
namespace {

// Of more values than this, some tell about where a quantile lies, and only those near there are
// put in order.
constexpr std::size_t kMany = 1024;
constexpr std::size_t kAsked = 256;
constexpr std::size_t kNear = 18;  // of those asked: more than twice their ranks' deviation

std::size_t RankOf(double q, std::size_t count) {
  return std::min(count - 1, static_cast<std::size_t>(q * static_cast<double>(count)));
}

double Ranked(std::vector<double>& values, std::size_t rank) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

double QuantileOfMany(const std::vector<double>& values, double q) {
  std::vector<double> asked(kAsked), near;
  for (std::size_t i = 0; i < kAsked; ++i) asked[i] = values[i * values.size() / kAsked];
  const std::size_t usual = RankOf(q, kAsked);
  constexpr double kAny = std::numeric_limits<double>::infinity();
  const double low = usual >= kNear ? Ranked(asked, usual - kNear) : -kAny;
  const double high = usual + kNear < kAsked ? Ranked(asked, usual + kNear) : kAny;
  const std::size_t rank = RankOf(q, values.size());
  std::size_t below = 0;
  for (const double v : values) {
    if (v < low) {
      ++below;
    } else if (v <= high) {
      near.push_back(v);
    }
  }
  const bool found = rank >= below && rank - below < near.size();
  if (found) return Ranked(near, rank - below);
  std::vector<double> own = values;
  return Ranked(own, rank);
}

ECG_VECTOR_CLONES std::size_t CountFinite(const double* values, std::size_t count) {
  std::size_t finite = 0;
  for (std::size_t i = 0; i < count; ++i) {
    finite += std::abs(values[i]) <= std::numeric_limits<double>::max() ? 1 : 0;
  }
  return finite;
}

}  // namespace

bool AllFinite(const double* values, std::size_t count) {
  return CountFinite(values, count) == count;
}

double Quantile(std::vector<double>&& values, double q) {
  if (values.size() >= kMany) return QuantileOfMany(values, q);
  return Ranked(values, RankOf(q, values.size()));
}

double Quantile(const std::vector<double>& values, double q) {
  if (values.size() >= kMany) return QuantileOfMany(values, q);
  std::vector<double> own = values;
  return Ranked(own, RankOf(q, own.size()));
}

}  // namespace ecg::dsp
