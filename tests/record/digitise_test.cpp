#include "ecg/record/digitise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "ecg/core/random.h"

namespace ecg::record {
namespace {

constexpr std::int32_t kMost = 32767;

std::vector<std::int32_t> RandomCounts(std::uint64_t seed, std::int32_t most, std::size_t size) {
  Rng rng({seed});
  std::vector<std::int32_t> counts;
  for (std::size_t i = 0; i < size; ++i) {
    counts.push_back(static_cast<std::int32_t>(rng.Below(2 * static_cast<std::uint64_t>(most))) -
                     most);
  }
  return counts;
}

TEST(ChooseGain, FindsTheGainThatALeadWasRecordedWith) {
  for (const double gain : {1000.0, 200.0, 204.8, 500.0, 2000.0, 4880.0, 327.67, 1000 / 4.88,
                            1000 / 2.44140625, 81.92, 13107.2}) {
    for (const std::int32_t most : {50, 900, 32000}) {
      for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const std::vector<std::int32_t> counts = RandomCounts(seed, most, 3000);
        std::vector<float> lead;
        for (const std::int32_t count : counts) {
          lead.push_back(static_cast<float>(count) * static_cast<float>(1 / gain));
        }
        const Gain found = ChooseGain(lead, kMost);
        EXPECT_TRUE(found.exact) << gain;
        const std::vector<std::int32_t> digital = Digitise(lead, found.counts_per_mv);
        for (std::size_t i = 0; i < lead.size(); ++i) {
          const float back =
              static_cast<float>(digital[i]) * static_cast<float>(1 / found.counts_per_mv);
          ASSERT_EQ(back, lead[i]) << gain << " " << found.counts_per_mv;
        }
        if (found.counts_per_mv != 1000) {
          EXPECT_EQ(digital, counts) << gain << " " << found.counts_per_mv;
        }
      }
    }
  }
}

TEST(ChooseGain, FindsStepsWhoseZeroLiesBetweenTwo) {
  // -5000 uV to 5000 uV for -32768 to 32767, as in many EDF files.
  const double step = 10.0 / 65535;
  std::vector<float> lead;
  for (const std::int32_t count : RandomCounts(1, 9000, 5000)) {
    lead.push_back(static_cast<float>((count + 0.5) * step));
  }
  const Gain found = ChooseGain(lead, kMost);
  EXPECT_TRUE(found.exact);
  EXPECT_NEAR(found.counts_per_mv, 2 / step, 1);
  const std::vector<std::int32_t> digital = Digitise(lead, found.counts_per_mv);
  for (std::size_t i = 0; i < lead.size(); ++i) {
    ASSERT_NEAR(digital[i] / found.counts_per_mv, static_cast<double>(lead[i]), 1e-6 * step + 3e-7);
  }
}

TEST(ChooseGain, FindsTheStepOfAFewSamplesFarFromZero) {
  for (const double gain : {200.0, 327.67}) {
    std::vector<float> lead;
    for (const int count : {2337, 2339, 2341, 2345}) {
      lead.push_back(static_cast<float>(count / gain));
    }
    const Gain found = ChooseGain(lead, kMost);
    EXPECT_TRUE(found.exact);
    EXPECT_NEAR(found.counts_per_mv, gain, 1e-9 * gain);
  }
}

TEST(ChooseGain, TakesTheFinestWhereNoStepFits) {
  Rng rng({7});
  std::vector<float> lead;
  for (int i = 0; i < 1000; ++i) lead.push_back(static_cast<float>(rng.Normal()));
  for (const std::int32_t most : {2047, kMost}) {
    const Gain found = ChooseGain(lead, most);
    EXPECT_FALSE(found.exact);
    std::int32_t peak = 0;
    for (const std::int32_t count : Digitise(lead, found.counts_per_mv)) {
      peak = std::max(peak, std::abs(count));
    }
    EXPECT_LE(peak, most);
    EXPECT_GT(peak, most * 0.98);
  }
  // 14 bits do not fit in 12.
  lead = {0.001F, 0.002F, 8.0F};
  EXPECT_TRUE(ChooseGain(lead, kMost).exact);
  EXPECT_FALSE(ChooseGain(lead, 2047).exact);
}

TEST(ChooseGain, TakesWhateverALeadHolds) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN(),
                  kInf = std::numeric_limits<float>::infinity();
  for (const std::vector<float>& lead : std::vector<std::vector<float>>{{},
                                                                        {kNan},
                                                                        {0, 0, kInf},
                                                                        {-kInf, kNan},
                                                                        {1e-45F},
                                                                        {3e38F, -3e38F},
                                                                        {1.024F, 1.024F},
                                                                        {1e-30F, 1e30F},
                                                                        {5, 5.000001F}}) {
    const Gain found = ChooseGain(lead, kMost);
    ASSERT_TRUE(found.counts_per_mv > 0);
    const std::vector<std::int32_t> digital = Digitise(lead, found.counts_per_mv);
    for (std::size_t i = 0; i < lead.size(); ++i) {
      EXPECT_EQ(digital[i] == kNoCount, !std::isfinite(lead[i]));
      EXPECT_TRUE(digital[i] == kNoCount || std::abs(digital[i]) <= kMost);
    }
  }
  EXPECT_EQ(ChooseGain({0, 0, kNan}, kMost).counts_per_mv, 1000);
}

}  // namespace
}  // namespace ecg::record
