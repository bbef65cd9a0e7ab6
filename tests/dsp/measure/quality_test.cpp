#include "ecg/dsp/measure/quality.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "ecg/core/random.h"
#include "ecg/data/sim/simulator.h"
#include "ecg/dsp/measure/delineate.h"
#include "ecg/record/leads.h"
#include "src/data/sim/write.h"

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
