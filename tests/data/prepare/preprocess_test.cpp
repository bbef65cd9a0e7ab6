#include "ecg/data/prepare/preprocess.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>

#include "ecg/data/prepare/ready_record.h"
#include "ecg/formats/registry.h"
#include "ecg/record/ecg_record.h"
#include "tests/support.h"

namespace ecg::data {
namespace {

constexpr double kTwoPi = 6.283185307179586;

// A sine of the lead's own amplitude (1 + index) on an offset.
record::EcgRecord Sines(std::vector<std::string> leads, double rate, std::size_t samples) {
  record::EcgRecord record;
  record.info.name = "X1";
  record.info.leads = std::move(leads);
  record.info.sampling_rate = rate;
  record.info.samples = samples;
  for (std::size_t c = 0; c < record.info.leads.size(); ++c) {
    std::vector<float>& lead = record.leads.emplace_back();
    for (std::size_t t = 0; t < samples; ++t) {
      lead.push_back(static_cast<float>(
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
  record::EcgRecord record = Sines({"I"}, 500, 10000);
  for (std::size_t t = 0; t < 10000; ++t) {
    record.leads[0][t] +=
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

TEST(Preprocess, SetsAgeAndSexBehindTheLeads) {
  PreprocessConfig config;
  config.leads = {"I", "age", "sex"};
  config.limit_mv = 1;
  record::EcgRecord record = Sines({"I"}, 500, 5000);
  record.info.age = 90;
  record.info.sex = record::Sex::kMale;
  const auto known = Preprocess(record, config);
  ASSERT_TRUE(known.ok());
  ASSERT_EQ(known->channels, 3u);
  record.info.age.reset();
  record.info.sex.reset();
  const auto unknown = Preprocess(record, config);
  for (std::size_t t = 0; t < 5000; ++t) {
    ASSERT_EQ(known->Channel(1)[t], 1.5F);
    ASSERT_EQ(known->Channel(2)[t], -1);
    ASSERT_EQ(unknown->Channel(0)[t], known->Channel(0)[t]);
    ASSERT_EQ(unknown->Channel(1)[t], 0);
    ASSERT_EQ(unknown->Channel(2)[t], 0);
  }
  record.info.leads = {"V9"};
  EXPECT_NE(Preprocess(record, config).error().message.find("needed is one of I"),
            std::string::npos);

  EXPECT_TRUE(config.Validate().ok());
  config.leads = {"age", "I"};
  EXPECT_EQ(config.Validate().error().field, "leads");
  config.leads = {"I", "sex", "II"};
  EXPECT_EQ(config.Validate().error().field, "leads");
}

TEST(Preprocess, GivesTheSameWhenItConsumesTheRecord) {
  // Leads that are used once, twice, derived after or before their sources are used, or never.
  for (const std::vector<std::string>& leads : {std::vector<std::string>{"I", "II", "V1", "V1"},
                                                {"II", "I", "III", "V4"},
                                                {"aVF", "V1", "II"}}) {
    PreprocessConfig config;
    config.leads = leads;
    config.sampling_rate = 250;
    record::EcgRecord record = Sines({"II", "III", "V1", "V2"}, 500, 1001);
    record.leads[1][7] = std::numeric_limits<float>::quiet_NaN();
    const auto kept = Preprocess(record, config);
    ASSERT_TRUE(kept.ok());
    EXPECT_EQ(record.leads[3].size(), 1001u);
    const auto consumed = Preprocess(std::move(record), config);
    ASSERT_TRUE(consumed.ok());
    EXPECT_EQ(consumed->signal, kept->signal);
    for (const auto& lead : record.leads) EXPECT_EQ(lead.capacity(), 0u);  // NOLINT: released
  }
}

TEST(Preprocess, NamesTheLeadsOfARecordThatHasNoneOfThoseWanted) {
  const test::TemporaryFolder folder;
  test::TestRecord record;
  record.name = "A0001";
  record.leads = {"III", "V2", "MLII"};
  record.samples = 1000;
  test::WriteRecord(folder.path(), record);
  PreprocessConfig config;
  config.leads = {"I", "V1"};
  record::ReadOptions wanted;
  wanted.leads = config.leads;
  const auto refused = Preprocess(formats::ReadEcg(folder / "A0001.hea", wanted).value(), config);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message, "has the leads III, V2, MLII; needed is one of I, V1");
  const auto whole = Preprocess(formats::ReadEcg(folder / "A0001.hea").value(), config);
  EXPECT_EQ(refused.error().message, whole.error().message);
}

TEST(Preprocess, InvalidSamplesBecomeTheBaselineAndExtremesAreLimited) {
  PreprocessConfig config;
  config.leads = {"I"};
  config.limit_mv = 5;
  config.units_per_mv = 2;
  record::EcgRecord record = Sines({"I"}, 500, 1000);
  record.leads[0][10] = std::numeric_limits<float>::quiet_NaN();
  record.leads[0][500] = 60;
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
  PreprocessConfig fast;
  fast.sampling_rate = 10000;
  const auto endless = Preprocess(Sines({"I"}, 20, 300000), fast);
  ASSERT_FALSE(endless.ok());
  EXPECT_EQ(endless.error().ToString(),
            "X1: number of samples: has 150000000 at 10000 Hz, too many for 8 channels");
}

}  // namespace
}  // namespace ecg::data
