#include "src/runtime/range_finder.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace ecg::runtime {
namespace {

constexpr double kOfValues = 0.9999;
constexpr double kOfWindows = 0.99;

// The value that this share of them does not pass; 0 of none.
float Quantile(std::vector<float> values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

// A block that is never stirred needs a range all the same.
constexpr float kLeastRange = 1e-6F;
float RangeOf(const std::vector<float>& seen) {
  const float range = Quantile(seen, kOfWindows);
  return std::max(range, kLeastRange);
}

}  // namespace

RangeFinder::RangeFinder(std::size_t blocks) : blocks_(blocks) {}

void RangeFinder::Note(std::size_t block, BlockInput input, const Rows& x) {
  const auto* begin = static_cast<const float*>(x.data);
  std::vector<float> values;
  values.reserve(x.rows * x.channels);
  std::copy_if(begin, begin + x.rows * x.channels, std::back_inserter(values),
               [](float v) { return std::isfinite(v); });
  const float large = Quantile(std::move(values), kOfValues);
  const std::lock_guard<std::mutex> lock(mutex_);
  Seen& seen = blocks_[block];
  (input == BlockInput::kFirst ? seen.first : seen.second).push_back(large);
}

std::vector<model::ActivationRange> RangeFinder::Ranges() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<model::ActivationRange> ranges;
  for (const Seen& seen : blocks_) {
    if (seen.second.empty()) return {};
    ranges.push_back({RangeOf(seen.first), RangeOf(seen.second)});
  }
  return ranges;
}

}  // namespace ecg::runtime
