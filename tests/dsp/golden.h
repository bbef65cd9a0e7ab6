// What scripts/make_dsp_golden.py wrote, and the signal that it was made from.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "ecg/core/json.h"
#include "tests/support.h"

namespace ecg::test {

inline Json Golden() { return ReadJson(SourcePath("tests/golden/dsp.json")).value().root; }

inline std::vector<double> Wave(std::size_t count) {
  std::vector<double> x(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto t = static_cast<double>(i);
    x[i] = std::sin(0.05 * t) + 0.5 * std::sin(0.31 * t + 1) +
           static_cast<double>(i * 7919 % 101) / 202;
  }
  return x;
}

inline void ExpectNear(const std::vector<double>& got, const Json& want, double tolerance) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_NEAR(got[i], want[i].get<double>(), tolerance) << "at " << i;
  }
}

}  // namespace ecg::test
