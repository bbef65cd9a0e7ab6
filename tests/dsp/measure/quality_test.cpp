#include "ecg/dsp/measure/quality.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "ecg/core/random.h"
#include "ecg/data/sim/simulator.h"
#include "ecg/dsp/measure/delineate.h"
#include "ecg/dsp/resample.h"
#include "ecg/record/leads.h"
#include "src/data/sim/write.h"
#include "src/dsp/measure/lead_figures.h"
#include "tests/fit/quality_fit.h"
#include "tests/support.h"

namespace ecg::dsp {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

record::EcgRecord Record(std::size_t index, const std::vector<std::string>& classes = {}) {
  sim::SimOptions options;
  options.classes = classes;
  return sim::AsEcgRecord(sim::SimulateRecord(options, index));
}

// As in "I flat, V1 noisy".
std::string Faults(const record::EcgRecord& record) {
  const RecordFaults faults =
      FindFaults(record.info.leads, record.leads, record.info.sampling_rate);
  std::string text;
  for (const LeadFault& found : faults.leads) {
    text += (text.empty() ? "" : ", ") + found.lead + ' ' + FaultNames().NameOf(found.fault);
  }
  if (faults.gain) text += (text.empty() ? "" : ", ") + std::string("gain");
  return text;
}

TEST(Quality, FindsEachFaultInItsLead) {
  const record::EcgRecord good = Record(0);
  ASSERT_EQ(Faults(good), "");
  const double rate = good.info.sampling_rate;
  const auto with = [&](const char* lead, const auto& change) {
    record::EcgRecord record = good;
    std::vector<float>& samples = record.leads[*record::LeadIndex(record.info, lead)];
    for (std::size_t i = 0; i < samples.size(); ++i) change(samples[i], i);
    return Faults(record);
  };
  EXPECT_EQ(with("V1", [](float& v, std::size_t) { v = -1.5F; }), "V1 flat");
  EXPECT_EQ(with("V2", [](float& v, std::size_t i) { v = i % 5 == 0 ? kNaN : v; }), "V2 missing");
  EXPECT_EQ(with("V2", [](float& v, std::size_t i) { v = i % 20 == 0 ? kNaN : v; }), "");
  EXPECT_EQ(with("V3", [](float& v, std::size_t) { v = kNaN; }), "V3 missing");
  EXPECT_EQ(with("II", [](float& v, std::size_t) { v = std::min(3 * v, 0.7F); }), "II clipped");
  Rng rng({5});
  EXPECT_EQ(
      with("V6", [&](float& v, std::size_t) { v += static_cast<float>(rng.Normal(0, 0.15)); }),
      "V6 noisy");
  const auto wander = [&](double mv) {
    return with("I", [&](float& v, std::size_t i) {
      v += static_cast<float>(mv * std::sin(2 * M_PI * 0.2 * static_cast<double>(i) / rate));
    });
  };
  EXPECT_EQ(wander(1.8), "I wandering");
  EXPECT_EQ(wander(0.6), "");
  EXPECT_TRUE(FindFaults({"I"}, {{}}, 500).empty());
}

TEST(Quality, SeesValuesThatAreNoMillivolts) {
  int right = 0, large = 0, small = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    const auto doubtful = [&](float factor) {
      record::EcgRecord record = Record(i);
      record.leads[0].assign(record.leads[0].size(), 0);  // what does not move says nothing
      for (auto& lead : record.leads) {
        for (float& value : lead) value *= factor;
      }
      return FindFaults(record.info.leads, record.leads, record.info.sampling_rate).gain ? 1 : 0;
    };
    right += doubtful(1);
    large += doubtful(10);
    small += doubtful(0.1F);
  }
  EXPECT_EQ(right, 0);
  EXPECT_GE(large, 39);
  EXPECT_GE(small, 38);
  EXPECT_FALSE(FindFaults({"I"}, {std::vector<float>(5000, 0)}, 500).gain);
}

// Simulated recordings have their source's usual noise; thirty times that is another matter.
TEST(Quality, UsualNoiseIsNoFault) {
  int usual = 0, noisy = 0;
  for (std::size_t i = 0; i < 60; ++i) {
    usual += Faults(Record(i)).empty() ? 0 : 1;
    sim::SimOptions options;
    options.noise = 30;
    noisy += Faults(sim::AsEcgRecord(sim::SimulateRecord(options, i))).empty() ? 0 : 1;
  }
  EXPECT_LE(usual, 3);
  EXPECT_GE(noisy, 45);
}

RecordQuality Graded(const record::EcgRecord& record) {
  return MeasureQuality(record.info.leads, record.leads, record.info.sampling_rate);
}

// A good record one of whose leads is changed, sample by sample.
template <typename Change>
RecordQuality WithLead(const char* lead, const Change& change) {
  record::EcgRecord record = Record(0);
  std::vector<float>& samples = record.leads[*record::LeadIndex(record.info, lead)];
  for (std::size_t i = 0; i < samples.size(); ++i) change(samples[i], i);
  return Graded(record);
}

// The worst lead is this one, and why.
void ExpectSpoilt(const RecordQuality& record, const char* lead, Fault fault) {
  const auto worst = std::min_element(
      record.leads.begin(), record.leads.end(),
      [](const LeadQuality& a, const LeadQuality& b) { return a.quality < b.quality; });
  EXPECT_EQ(worst->lead, lead);
  EXPECT_LT(worst->quality, kAcceptable);
  EXPECT_EQ(worst->faults, std::vector<Fault>{fault}) << lead;
}

TEST(Quality, OfAGoodRecordIsHighInEveryLead) {
  const RecordQuality good = Graded(Record(0));
  EXPECT_GT(good.quality, 0.8);
  EXPECT_LE(good.quality, 1);
  EXPECT_TRUE(good.acceptable());
  ASSERT_EQ(good.leads.size(), 12U);
  for (const LeadQuality& lead : good.leads) {
    EXPECT_GT(lead.quality, 0.6) << lead.lead;
    EXPECT_TRUE(lead.faults.empty()) << lead.lead;
  }
}

TEST(Quality, OneLeadThatShowsNothingSpoilsTheRecord) {
  const auto missing = WithLead("V3", [](float& v, std::size_t) { v = kNaN; });
  ExpectSpoilt(missing, "V3", Fault::kMissing);
  EXPECT_EQ(missing.quality, 0);
  const auto flat = WithLead("V1", [](float& v, std::size_t) { v = -1.5F; });
  ExpectSpoilt(flat, "V1", Fault::kFlat);
  EXPECT_EQ(flat.quality, 0);
  // An electrode that is off can leave a converter's last digit, which no flag takes for flat.
  const auto dither = [](float& v, std::size_t i) { v = i * i % 7 < 3 ? 0.005F : 0; };
  ExpectSpoilt(WithLead("V2", dither), "V2", Fault::kFlat);
  EXPECT_EQ(WithLead("V2", dither).quality, 0);
}

TEST(Quality, FallsWithTheTimeWithoutSignal) {
  const std::size_t all = Record(0).leads[0].size();
  double before = Graded(Record(0)).quality;
  for (const double share : {0.25, 0.5, 0.75}) {
    const auto without = [&](float& v, std::size_t i) {
      if (static_cast<double>(i) < share * static_cast<double>(all)) v = 0;
    };
    const double now = WithLead("II", without).quality;
    EXPECT_LT(now, before) << share;
    EXPECT_EQ(now<kAcceptable, share> 0.3) << share;
    before = now;
  }
}

// Noise in one lead is that lead's matter, noise in all of them the record's.
TEST(Quality, FallsWithNoise) {
  const auto noisy = [](double mv, bool all) {
    record::EcgRecord record = Record(0);
    Rng rng({7});
    for (std::size_t k = 0; k < record.leads.size(); ++k) {
      for (float& v : record.leads[k]) {
        const auto noise = static_cast<float>(rng.Normal(0, mv));
        v += all || k == 7 ? noise : 0;
      }
    }
    return Graded(record);
  };
  double one = 1, all = 1;
  for (const double mv : {0.0, 0.05, 0.1, 0.2, 0.4}) {
    EXPECT_LT(noisy(mv, false).quality, one);
    EXPECT_LT(noisy(mv, true).quality, all);
    one = noisy(mv, false).quality;
    all = noisy(mv, true).quality;
  }
  EXPECT_GT(one, kAcceptable);
  EXPECT_LT(all, 0.2);
  ExpectSpoilt(noisy(0.2, false), "V2", Fault::kNoisy);
}

TEST(Quality, HumCountsAndSlowBaselinesCountLittle) {
  const auto with = [](double mv, double hz) {
    record::EcgRecord record = Record(0);
    for (std::vector<float>& lead : record.leads) {
      for (std::size_t i = 0; i < lead.size(); ++i) {
        const double t = static_cast<double>(i) / record.info.sampling_rate;
        lead[i] += static_cast<float>(mv * std::sin(2 * M_PI * hz * t));
      }
    }
    return Graded(record);
  };
  const double good = Graded(Record(0)).quality;
  EXPECT_LT(with(0.3, 50).quality, kAcceptable);
  EXPECT_LT(with(0.3, 60).quality, kAcceptable);
  EXPECT_GT(with(0.01, 50).quality, 0.9 * good);
  EXPECT_LT(with(1, 0.2).quality, good);
  EXPECT_GT(with(0.1, 0.2).quality, kAcceptable);
}

TEST(Quality, WhatIsDoubtfulHasAReason) {
  int doubtful = 0;
  for (std::size_t i = 0; i < 60; ++i) {
    sim::SimOptions options;
    options.noise = 12;
    const RecordQuality record = Graded(sim::AsEcgRecord(sim::SimulateRecord(options, i)));
    std::size_t reasons = 0;
    for (const LeadQuality& lead : record.leads) {
      EXPECT_TRUE(record.acceptable() || lead.quality >= kAcceptable || !lead.faults.empty())
          << i << ' ' << lead.lead;
      reasons += lead.faults.size();
    }
    EXPECT_TRUE(record.acceptable() || reasons > 0) << i;
    doubtful += record.acceptable() ? 0 : 1;
  }
  EXPECT_GT(doubtful, 10);
}

TEST(Quality, IsTheSameAtEveryRate) {
  for (std::size_t i = 0; i < 20; ++i) {
    record::EcgRecord record = Record(i);
    const double rate = record.info.sampling_rate, quality = Graded(record).quality;
    for (const double other : {100.0, 250.0, 360.0, 1000.0}) {
      const Resampler resampler(ResamplingRatio(rate, other));
      std::vector<std::vector<float>> leads;
      for (const auto& lead : record.leads) leads.push_back(resampler.Apply(lead));
      EXPECT_NEAR(MeasureQuality(record.info.leads, leads, other).quality, quality, 0.05)
          << i << ' ' << rate << ' ' << other;
    }
  }
}

TEST(Quality, TakesAnySignal) {
  EXPECT_EQ(MeasureQuality({}, {}, 500).quality, 0);
  EXPECT_EQ(MeasureQuality({"I"}, {{}}, 500).quality, 0);
  EXPECT_FALSE(MeasureQuality({"I"}, {{}}, 500).leads[0].faults.empty());
  const std::vector<float> odd = {0, 1e38F, -1e38F, std::numeric_limits<float>::infinity(), kNaN};
  for (const double rate :
       {0.0, -1.0, 1e-3, 1.0, 99.0, 500.0, 1e6, 1e300, std::numeric_limits<double>::quiet_NaN()}) {
    const RecordQuality quality = MeasureQuality({"I", "II"}, {odd, {0.5F}}, rate);
    EXPECT_GE(quality.quality, 0) << rate;
    EXPECT_LE(quality.quality, kAcceptable) << rate;
    FindFaults({"I", "II"}, {odd, {0.5F}}, rate);
  }
}

// What the weights are, and how they agree with people, on the recordings that they are fitted to.
TEST(Quality, AgreesWithPeople) {
  ECG_NEED_SHARED(unpacked, "data/quality.tar.xz");
  const std::vector<fit::RatedRecord> records = fit::ReadRated(unpacked / "quality", 0);
  ASSERT_EQ(records.size(), 150U);
  const QualityWeights made = fit::FitQuality(records);
  EXPECT_NEAR(made.bias, kQualityWeights.bias, 0.01);
  EXPECT_NEAR(made.wander, kQualityWeights.wander, 0.01);
  EXPECT_NEAR(made.noise, kQualityWeights.noise, 0.01);
  fit::QualityTally present, out_of_fold;
  for (const fit::RatedRecord& record : records) {
    present.Add(record, QualityOf(record.figures) >= kAcceptable);
  }
  EXPECT_GE(present.Sensitivity(), 0.91);
  EXPECT_LE(present.FalseAlarms(), 0.05);
  EXPECT_GE(present.Agreement(), 0.945);
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const fit::QualityTally tally = fit::CrossValidate(records, seed);
    EXPECT_GE(tally.Sensitivity(), 0.87) << seed;
    EXPECT_LE(tally.FalseAlarms(), 0.07) << seed;
    EXPECT_GE(tally.Agreement(), 0.93) << seed;
  }
}

TEST(Quality, SeesExchangedArms) {
  int swapped = 0, right = 0;
  for (std::size_t i = 0; i < 60; ++i) {
    record::EcgRecord record = Record(i, {"NSR", "SB", "STach", "LAD"});
    for (const bool exchange : {false, true}) {
      if (exchange) {
        for (float& v : record.leads[0]) v = -v;      // I
        std::swap(record.leads[1], record.leads[2]);  // II, III
        std::swap(record.leads[3], record.leads[4]);  // aVR, aVL
      }
      std::vector<std::vector<double>> leads;
      for (const auto& lead : record.leads) leads.emplace_back(lead.begin(), lead.end());
      const double rate = record.info.sampling_rate;
      const bool looks = ArmsLookSwapped(
          record.info.leads,
          Measure(record.info.leads, leads, DelineateRecord(leads, rate).common, {}, rate));
      (exchange ? swapped : right) += looks ? 1 : 0;
    }
  }
  EXPECT_GE(swapped, 40);
  EXPECT_EQ(right, 0);
}

}  // namespace
}  // namespace ecg::dsp
