#include "ecg/data/preprocess.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ecg::data {
namespace {

constexpr double kTwoPi = 6.283185307179586;

// A sine of the lead's own amplitude (1 + index) on an offset.
wfdb::EcgRecord Sines(std::vector<std::string> leads, double rate, std::size_t samples) {
  wfdb::EcgRecord record;
  record.info.name = "X1";
  record.info.leads = std::move(leads);
  record.info.sampling_rate = rate;
  record.info.samples = samples;
  for (std::size_t c = 0; c < record.info.leads.size(); ++c) {
    for (std::size_t t = 0; t < samples; ++t) {
      record.signal.push_back(static_cast<float>(
          0.7 + static_cast<double>(c + 1) * std::sin(kTwoPi * 5 * static_cast<double>(t) / rate)));
    }
  }
  return record;
}

TEST(Preprocess, PicksLeadsByNameAndResamples) {
  PreprocessConfig config;
  config.sampling_rate = 250;
  config.leads = {"V2", "I", "V6"};
  const auto prepared = Preprocess(Sines({"I", "II", "V2"}, 500, 5000), config);
  ASSERT_TRUE(prepared.ok());
  EXPECT_EQ(prepared->samples, 2500u);
  for (std::size_t t = 100; t < 2400; ++t) {
    const double wave = std::sin(kTwoPi * 5 * static_cast<double>(t) / 250);
    ASSERT_NEAR(prepared->Channel(0)[t], 3 * wave, 0.01);
    ASSERT_NEAR(prepared->Channel(1)[t], wave, 0.01);
    ASSERT_EQ(prepared->Channel(2)[t], 0.0F);
  }
}

TEST(Preprocess, HighPassTakesTheWanderAndLeavesTheWave) {
  PreprocessConfig config;
  config.leads = {"I"};
  config.highpass_hz = 0.5;
  wfdb::EcgRecord record = Sines({"I"}, 500, 10000);
  for (std::size_t t = 0; t < 10000; ++t) {
    record.signal[t] +=
        static_cast<float>(2 * std::sin(kTwoPi * 0.05 * static_cast<double>(t) / 500));
  }
  const auto prepared = Preprocess(record, config);
  ASSERT_TRUE(prepared.ok());
  for (std::size_t t = 2000; t < 8000; ++t) {
    ASSERT_NEAR(prepared->signal[t], std::sin(kTwoPi * 5 * static_cast<double>(t) / 500), 0.02);
  }
}

TEST(Preprocess, DerivesMissingLimbLeads) {
  PreprocessConfig config;
  config.leads = {"I", "II", "V1"};
  // Amplitudes 1 and 2: I = II - III = -1, II = 1 is what must come out of III = 2 and II = 1.
  const auto prepared = Preprocess(Sines({"II", "III"}, 500, 1000), config);
  ASSERT_TRUE(prepared.ok());
  for (std::size_t t = 0; t < 1000; ++t) {
    const double wave = std::sin(kTwoPi * 5 * static_cast<double>(t) / 500);
    ASSERT_NEAR(prepared->Channel(0)[t], -wave, 1e-5);
    ASSERT_NEAR(prepared->Channel(1)[t], wave, 1e-5);
    ASSERT_EQ(prepared->Channel(2)[t], 0.0F);
  }
}

TEST(Preprocess, InvalidSamplesBecomeTheBaselineAndExtremesAreLimited) {
  PreprocessConfig config;
  config.leads = {"I"};
  config.limit_mv = 5;
  config.units_per_mv = 2;
  wfdb::EcgRecord record = Sines({"I"}, 500, 1000);
  record.signal[10] = std::numeric_limits<float>::quiet_NaN();
  record.signal[500] = 60;
  const auto prepared = Preprocess(record, config);
  ASSERT_TRUE(prepared.ok());
  EXPECT_NEAR(prepared->signal[10], 0, 1e-6);
  EXPECT_EQ(prepared->signal[500], 10.0F);
  for (const float value : prepared->signal) EXPECT_TRUE(std::isfinite(value));
}

TEST(Preprocess, RefusesRecordsThatTheNetworkCannotSee) {
  const PreprocessConfig config;
  EXPECT_FALSE(Preprocess(Sines({"MLII"}, 360, 1000), config).ok());
  EXPECT_FALSE(Preprocess(Sines({"I"}, 500, 0), config).ok());
  EXPECT_FALSE(Preprocess(Sines({"I"}, 0, 100), config).ok());
  EXPECT_FALSE(Preprocess(Sines({"I"}, 0.02, 100), config).ok());
  EXPECT_FALSE(Preprocess(Sines({"I"}, std::nan(""), 100), config).ok());
}

}  // namespace
}  // namespace ecg::data
