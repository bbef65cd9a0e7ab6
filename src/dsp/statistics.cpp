#include "src/dsp/statistics.h"

#include <algorithm>
#include <cmath>
#include <functional>
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

// A tail is looked for in blocks: where more of them begin to count than a value has before it in
// the order, it lies in one of those.
constexpr std::size_t kBlock = 16;

// The least and the greatest of each kBlock values.
ECG_VECTOR_CLONES void EndsOfBlocks(const double* values, std::size_t blocks, double* least,
                                    double* greatest) {
  constexpr std::size_t kWide = 4;
  for (std::size_t b = 0; b < blocks; ++b) {
    const double* x = values + b * kBlock;
    double low[kWide], high[kWide];
    for (std::size_t k = 0; k < kWide; ++k) low[k] = high[k] = x[k];
    for (std::size_t i = kWide; i < kBlock; i += kWide) {
      for (std::size_t k = 0; k < kWide; ++k) {
        low[k] = x[i + k] < low[k] ? x[i + k] : low[k];
        high[k] = x[i + k] > high[k] ? x[i + k] : high[k];
      }
    }
    least[b] = std::min(std::min(low[0], low[1]), std::min(low[2], low[3]));
    greatest[b] = std::max(std::max(high[0], high[1]), std::max(high[2], high[3]));
  }
}

// What comes after `rank` others in the order of `before`, of values whose foremost in each block
// is `ends`, more than `rank` of them; what fills no block lies behind.
template <typename Before>
double RankedByBlocks(const std::vector<double>& values, const std::vector<double>& ends,
                      std::size_t rank, const Before& before) {
  std::vector<double> ordered = ends, near;
  const auto at = ordered.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(ordered.begin(), at, ordered.end(), before);
  const double farthest = *at;
  const auto look = [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (!before(farthest, values[i])) near.push_back(values[i]);
    }
  };
  for (std::size_t b = 0; b < ends.size(); ++b) {
    if (!before(farthest, ends[b])) look(b * kBlock, (b + 1) * kBlock);
  }
  look(ends.size() * kBlock, values.size());
  const auto found = near.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(near.begin(), found, near.end(), before);
  return *found;
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

std::vector<double> FiniteOf(const float* samples, std::size_t count) {
  std::vector<double> values(samples, samples + count);
  if (AllFinite(values.data(), count)) return values;
  values.erase(
      std::remove_if(values.begin(), values.end(), [](double v) { return !std::isfinite(v); }),
      values.end());
  return values;
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

double Spread(const std::vector<double>& values, double tail) {
  const std::size_t below = RankOf(tail, values.size());
  const std::size_t above = values.size() - 1 - RankOf(1 - tail, values.size());
  const std::size_t blocks = values.size() / kBlock;
  if (std::max(below, above) >= blocks) return Quantile(values, 1 - tail) - Quantile(values, tail);
  std::vector<double> least(blocks), greatest(blocks);
  EndsOfBlocks(values.data(), blocks, least.data(), greatest.data());
  return RankedByBlocks(values, greatest, above, std::greater<>()) -
         RankedByBlocks(values, least, below, std::less<>());
}

}  // namespace ecg::dsp
