#include "ecg/data/prepare/teacher.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "ecg/record/ecg_record.h"

namespace ecg::data {
namespace {

// Beats of 1 mV a second apart, the first after half a second; lead k is (k + 1) times as tall.
record::EcgRecord MakeRecord(const std::vector<std::string>& leads, double rate,
                             std::size_t samples) {
  record::EcgRecord record;
  record.info.sampling_rate = rate;
  record.info.samples = samples;
  record.info.leads = leads;
  record.leads.resize(leads.size());
  for (std::size_t k = 0; k < leads.size(); ++k) {
    for (std::size_t i = 0; i < samples; ++i) {
      const double phase = std::fmod(static_cast<double>(i) / rate, 1.0) - 0.5;
      const double mv = std::exp(-0.5 * std::pow(phase / 0.012, 2));
      record.leads[k].push_back(static_cast<float>(static_cast<double>(k + 1) * mv));
    }
  }
  return record;
}

TEST(LeadsToDelineate, TakesThoseWantedWithLeadTwoFirst) {
  const record::EcgRecord record = MakeRecord({"I", "V1", "II", "V2"}, 100, 100);
  const NamedLeads all = LeadsToDelineate(record, {});
  EXPECT_EQ(all.names, (std::vector<std::string>{"II", "I", "V1", "V2"}));
  ASSERT_EQ(all.leads.size(), 4u);
  EXPECT_EQ(all.leads[0][50], 3);  // the third lead's signal goes with its name
  EXPECT_EQ(all.leads[1][50], 1);
  EXPECT_EQ(LeadsToDelineate(record, {"V2", "I", "V6"}).names,
            (std::vector<std::string>{"I", "V2"}));
  EXPECT_TRUE(LeadsToDelineate(record, {"V6"}).names.empty());
}

TEST(TeacherPeaks, AreGivenAtTheRateThatIsAskedFor) {
  const record::EcgRecord record = MakeRecord({"I", "II"}, 500, 5000);
  for (const double rate : {250.0, 500.0, 1000.0}) {
    std::vector<std::int32_t> found;
    for (const dsp::Peak& peak : TeacherPeaks(record, dsp::Delineator::kRobust, rate)) {
      EXPECT_LT(peak.sample, 10 * rate);
      if (peak.type == dsp::PeakType::kR) found.push_back(peak.sample);
    }
    ASSERT_EQ(found.size(), 10u) << rate;
    for (std::size_t beat = 0; beat < found.size(); ++beat) {
      EXPECT_NEAR(found[beat], (0.5 + static_cast<double>(beat)) * rate, 0.004 * rate) << rate;
    }
  }
}

}  // namespace
}  // namespace ecg::data
