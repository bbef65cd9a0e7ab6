#include "ecg/core/random.h"

#include <gtest/gtest.h>

#include <array>

namespace ecg {
namespace {

TEST(Rng, DependsOnItsKeyAlone) {
  Rng a({1, 2, 3}), b({1, 2, 3}), c({1, 3, 2});
  EXPECT_EQ(a.Next(), b.Next());
  EXPECT_NE(a.Next(), c.Next());
}

TEST(Rng, HasTheMomentsItPromises) {
  Rng rng({7});
  double sum = 0, squares = 0;
  std::array<int, 5> counts{};
  constexpr int kDraws = 200000;
  for (int i = 0; i < kDraws; ++i) {
    const double x = rng.Normal();
    sum += x;
    squares += x * x;
    ++counts[rng.Below(5)];
  }
  EXPECT_NEAR(sum / kDraws, 0.0, 0.01);
  EXPECT_NEAR(squares / kDraws, 1.0, 0.02);
  for (const int count : counts) EXPECT_NEAR(count, kDraws / 5, 700);
}

}  // namespace
}  // namespace ecg
