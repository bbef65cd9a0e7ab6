#include "src/infer/stretch_measure.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ecg::infer {
namespace {

constexpr double kRate = 250;

// Beats of P, QRS and T, 0.8 s apart, some of them early and broad; half an hour.
record::EcgRecord HalfAnHour() {
  record::EcgRecord record;
  record.info.name = "long";
  record.info.sampling_rate = kRate;
  record.info.samples = static_cast<std::size_t>(1800 * kRate);
  record.info.leads = {"II", "V1"};
  record.leads.assign(2, std::vector<float>(record.info.samples));
  const auto add = [&](double at, double width, double height) {
    const auto first = static_cast<std::size_t>(std::max(0.0, (at - 5 * width) * kRate));
    for (std::size_t i = first; i < record.info.samples; ++i) {
      const double t = (static_cast<double>(i) / kRate - at) / width;
      if (t > 5) break;
      for (std::size_t k = 0; k < 2; ++k) {
        record.leads[k][i] +=
            static_cast<float>((k == 0 ? 1 : -0.6) * height * std::exp(-t * t / 2));
      }
    }
  };
  for (std::size_t b = 1; 0.8 * static_cast<double>(b) < 1799; ++b) {
    const bool ventricular = b % 37 == 0;
    const double at = 0.8 * static_cast<double>(b) - (ventricular ? 0.25 : 0);
    if (!ventricular) add(at - 0.16, 0.02, 0.15);
    add(at, ventricular ? 0.045 : 0.012, ventricular ? -1.3 : 1.1);
    add(at + 0.28, 0.04, ventricular ? 0.5 : 0.3);
  }
  return record;
}

TEST(MeasureLong, FindsTheBeatsOfTheWholeRecording) {
  const record::EcgRecord record = HalfAnHour();
  MeasureConfig config;
  config.each_lead = true;
  const Measured whole = MeasureRecord(record, config).value();
  const MeasuredLong found = MeasureLong(record::HeldStretches(record), config).value();
  const Measured& parts = found.measured;
  EXPECT_FALSE(found.unclassifiable);
  ASSERT_EQ(parts.beats.size(), whole.beats.size());
  ASSERT_EQ(parts.typed.types.size(), parts.beats.size());
  ASSERT_EQ(parts.typed.evidence.size(), parts.beats.size());
  std::size_t ventricular = 0;
  for (std::size_t i = 0; i < parts.beats.size(); ++i) {
    EXPECT_NEAR(parts.beats[i].qrs.peak, whole.beats[i].qrs.peak, 2) << i;
    EXPECT_EQ(parts.typed.types[i], whole.typed.types[i]) << i;
    ventricular += parts.typed.types[i] == dsp::BeatType::kVentricular;
    if (i == 0) continue;
    EXPECT_GT(parts.beats[i].qrs.onset, parts.beats[i - 1].t.peak) << i;
  }
  EXPECT_GT(ventricular, 50u);
  ASSERT_EQ(parts.of_lead.size(), 2u);
  for (const auto& lead : parts.of_lead) EXPECT_EQ(lead.size(), parts.beats.size());
  EXPECT_EQ(parts.leads, whole.leads);
  EXPECT_NEAR(parts.values.heart_rate, whole.values.heart_rate, 1);
}

TEST(MeasureLong, SaysNothingOnlyWhereNoStretchShowsAHeart) {
  record::EcgRecord record = HalfAnHour();
  const MeasureConfig config;
  for (auto& lead : record.leads) std::fill(lead.begin(), lead.begin() + 700 * 250, 0.0F);
  const MeasuredLong half = MeasureLong(record::HeldStretches(record), config).value();
  EXPECT_FALSE(half.unclassifiable);
  EXPECT_GT(half.measured.beats.size(), 1000u);
  EXPECT_TRUE(std::isfinite(half.measured.values.heart_rate));
  for (auto& lead : record.leads) std::fill(lead.begin(), lead.end(), 0.0F);
  EXPECT_EQ(MeasureLong(record::HeldStretches(record), config).value().unclassifiable,
            dsp::Unclassifiable::kFlat);
}

}  // namespace
}  // namespace ecg::infer
