#include "ecg/infer/bradycardia.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ecg::infer {
namespace {

TEST(Bradycardia, NeedsHalfOfTheIntervalsBetweenOneAndOneAndAHalfSeconds) {
  EXPECT_TRUE(MayBeBradycardia({0, 500, 1000}, 500));         // 1.0 s
  EXPECT_TRUE(MayBeBradycardia({0, 800, 1000}, 500));         // one of two
  EXPECT_FALSE(MayBeBradycardia({0, 499, 998}, 500));         // a little faster
  EXPECT_FALSE(MayBeBradycardia({0, 801, 1602}, 500));        // a little slower than 1.6 s
  EXPECT_FALSE(MayBeBradycardia({0, 600, 1000, 1400}, 500));  // one of three
  // No interval rules nothing out.
  EXPECT_TRUE(MayBeBradycardia({}, 500));
  EXPECT_TRUE(MayBeBradycardia({100}, 500));
}

// Ten seconds with a narrow complex every `interval` seconds in one of two channels.
data::PreparedRecord Beats(double interval, std::size_t channel) {
  data::PreparedRecord record{2, 5000, std::vector<float>(2 * 5000)};
  for (std::size_t i = 0; i < 5000; ++i) {
    const double t = std::fmod(static_cast<double>(i) / 500 + 0.5 * interval, interval);
    const double off = t - 0.5 * interval;
    record.signal[channel * 5000 + i] = static_cast<float>(std::exp(-off * off / (2 * 1e-4)));
  }
  return record;
}

TEST(Bradycardia, IsSeenInTheFirstLeadThatShowsBeats) {
  data::PreprocessConfig preparation;
  preparation.leads = {"I", "II"};
  for (const std::size_t channel : {0u, 1u}) {
    EXPECT_TRUE(MayBeBradycardia(Beats(1.2, channel).View(), preparation));
    EXPECT_FALSE(MayBeBradycardia(Beats(0.8, channel).View(), preparation));
  }
  EXPECT_TRUE(
      MayBeBradycardia(data::PreparedRecord{2, 9, std::vector<float>(18)}.View(), preparation));
}

}  // namespace
}  // namespace ecg::infer
