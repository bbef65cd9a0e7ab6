#include "ecg/dsp/measure/electrodes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "ecg/core/folder.h"
#include "ecg/data/sim/simulator.h"
#include "ecg/dsp/resample.h"
#include "ecg/formats/registry.h"
#include "ecg/infer/measure.h"
#include "ecg/record/leads.h"
#include "src/data/sim/write.h"
#include "src/dsp/measure/electrode_evidence.h"
#include "tests/dsp/measure/exchanged.h"
#include "tests/support.h"

namespace ecg::dsp {
namespace {

constexpr int kFirst = static_cast<int>(Exchange::kArms);
constexpr int kMendable = static_cast<int>(Exchange::kRightArmGround);
constexpr int kEnd = static_cast<int>(Exchange::kArmsLegs) + 1;

record::EcgRecord Simulated(std::size_t index) {
  sim::SimOptions options;
  options.classes = {"NSR"};
  return sim::AsEcgRecord(sim::SimulateRecord(options, index));
}

Exchange Found(const record::EcgRecord& record) {
  infer::MeasureConfig config;
  config.derive = true;
  config.leads = {"I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"};
  const infer::Measured measured = infer::MeasureRecord(record, config).value();
  return FindExchange(measured.measured_leads, measured.values, measured.sampling_rate);
}

float Farthest(const record::EcgRecord& a, const record::EcgRecord& b) {
  float most = 0;
  for (std::size_t k = 0; k < a.leads.size(); ++k) {
    for (std::size_t i = 0; i < a.leads[k].size(); ++i) {
      most = std::max(most, std::abs(a.leads[k][i] - b.leads[k][i]));
    }
  }
  return most;
}

record::EcgRecord Only(const record::EcgRecord& record, const std::vector<std::string>& names) {
  record::EcgRecord few;
  few.info = record.info;
  few.info.leads = names;
  for (const std::string& name : names) {
    few.leads.push_back(record.leads[*record::LeadIndex(record.info, name)]);
  }
  return few;
}

TEST(Electrodes, MendsWhatWasExchanged) {
  const record::EcgRecord record = Simulated(1);
  const std::vector<std::string> eight = {"V6", "I", "V1", "V2", "V3", "V4", "V5", "II"};
  for (const record::EcgRecord& right : {record, Only(record, eight)}) {
    for (int e = kFirst; e < kMendable; ++e) {
      const auto exchange = static_cast<Exchange>(e);
      record::EcgRecord shown = test::WithExchange(right, exchange);
      EXPECT_GT(Farthest(shown, right), 0.05F) << e;
      EXPECT_TRUE(CanBeMended(exchange));
      ASSERT_TRUE(Mend(exchange, shown));
      EXPECT_LT(Farthest(shown, right), 1e-5F) << ExchangeNames().NameOf(exchange);
    }
  }
}

TEST(Electrodes, MendsOtherWaveformsToo) {
  record::EcgRecord record = Simulated(1);
  const auto swapped = test::WithExchange(record, Exchange::kV1V2);
  record::EcgRecord shown = swapped;
  shown.other_waveforms.push_back({"median", 500, swapped.info.leads, swapped.leads});
  ASSERT_TRUE(Mend(Exchange::kV1V2, shown));
  EXPECT_EQ(shown.other_waveforms[0].samples, shown.leads);
}

TEST(Electrodes, LeavesWhatCannotBeMended) {
  record::EcgRecord record = Simulated(1);
  for (int e = kMendable; e < kEnd; ++e) EXPECT_FALSE(CanBeMended(static_cast<Exchange>(e)));
  const record::EcgRecord before = record;
  EXPECT_FALSE(Mend(Exchange::kNone, record));
  EXPECT_FALSE(Mend(Exchange::kRightArmGround, record));
  EXPECT_EQ(record.leads, before.leads);
  record::EcgRecord one = Only(record, {"I", "V1"});
  EXPECT_FALSE(Mend(Exchange::kLeftArmLeg, one));  // I would come from II
  EXPECT_FALSE(Mend(Exchange::kV1V2, one));
  EXPECT_EQ(one.leads, Only(record, {"I", "V1"}).leads);
}

TEST(Electrodes, EveryExchangeHasAName) {
  EXPECT_EQ(ExchangeNames().Names().size(), static_cast<std::size_t>(kEnd));
  for (int e = 0; e < kEnd; ++e) EXPECT_NE(ExchangeNames().NameOf(static_cast<Exchange>(e)), "");
}

TEST(Electrodes, UndoingIsTheOtherWayRoundOfExchanging) {
  const record::EcgRecord record = Simulated(2);
  const auto summary = [](const record::EcgRecord& one) {
    MedianBeat median;
    median.p = {10, 20, 40};
    median.qrs = {60, 75, 110};
    median.t = {150, 190, 240};
    Measurements measured;
    measured.beats = 3;
    measured.heart_rate = 70;
    for (const auto& lead : one.leads) median.leads.emplace_back(lead.begin(), lead.begin() + 400);
    measured.median = median;
    return *Summarise(one.info.leads, measured, 500);
  };
  const BeatSummary right = summary(record);
  for (int e = kFirst; e < kMendable; ++e) {
    const auto exchange = static_cast<Exchange>(e);
    const BeatSummary undone = Undone(summary(test::WithExchange(record, exchange)), exchange);
    for (std::size_t k = 0; k < kBeatLeads; ++k) {
      for (std::size_t part = 0; part < kBeatParts; ++part) {
        EXPECT_NEAR(undone.leads[k][part], right.leads[k][part], 1e-5) << e;
      }
    }
  }
}

TEST(Electrodes, SaysNothingWithoutBeatsOrLeads) {
  EXPECT_EQ(FindExchange({}, {}, 500), Exchange::kNone);
  EXPECT_EQ(FindExchange({"I", "II"}, {}, 500), Exchange::kNone);
  Measurements flat;
  flat.beats = 9;
  flat.median.leads.assign(2, std::vector<double>(450, 0.0));
  flat.median.qrs = {100, 110, 120};
  flat.leads.assign(2, Amplitudes{});
  EXPECT_EQ(FindExchange({"I", "II"}, flat, 500), Exchange::kNone);
}

struct Tally {
  int all = 0, named = 0, right = 0;
};

// Shows each record with each exchange. kNone counts what is named without any.
std::map<Exchange, Tally> Tallies(const std::vector<record::EcgRecord>& records) {
  std::map<Exchange, Tally> tallies;
  for (const record::EcgRecord& record : records) {
    for (int e = 0; e < kEnd; ++e) {
      const auto exchange = static_cast<Exchange>(e);
      const Exchange found = Found(test::WithExchange(record, exchange));
      Tally& tally = tallies[exchange];
      ++tally.all;
      tally.named += found != Exchange::kNone ? 1 : 0;
      tally.right += found == exchange ? 1 : 0;
    }
  }
  return tallies;
}

TEST(Electrodes, NamesExchangesOfSimulatedHearts) {
  std::vector<record::EcgRecord> records;
  for (std::size_t i = 0; i < 30; ++i) records.push_back(Simulated(i));
  std::map<Exchange, Tally> tallies = Tallies(records);
  EXPECT_LE(tallies[Exchange::kNone].named, 2);
  for (const Exchange exchange :
       {Exchange::kArms, Exchange::kRightArmLeg, Exchange::kLimbsForward, Exchange::kLimbsBackward,
        Exchange::kRightArmGround, Exchange::kLeftArmGround, Exchange::kArmsLegs}) {
    EXPECT_GE(tallies[exchange].named, 24) << ExchangeNames().NameOf(exchange);
  }
}

// Of a source that nothing was learnt from.
TEST(Electrodes, NamesExchangesOfRealHearts) {
  ECG_NEED_SHARED(folder, "data/ludb.tar.xz");
  std::vector<record::EcgRecord> records;
  const auto names = ListFiles(folder, ".hea", true, nullptr);
  ASSERT_TRUE(names.ok());
  for (const std::string& name : *names) {
    records.push_back(formats::ReadEcg(folder / name).value());
  }
  ASSERT_EQ(records.size(), 100U);
  std::map<Exchange, Tally> tallies = Tallies(records);
  EXPECT_LE(tallies[Exchange::kNone].named, 6);
  EXPECT_GE(tallies[Exchange::kArms].right, 88);
  for (const Exchange exchange : {Exchange::kArms, Exchange::kRightArmLeg, Exchange::kLimbsForward,
                                  Exchange::kLimbsBackward, Exchange::kV1V3}) {
    EXPECT_GE(tallies[exchange].named, 90) << ExchangeNames().NameOf(exchange);
  }
  for (const Exchange exchange :
       {Exchange::kChestReversed, Exchange::kTurnedOver, Exchange::kV1TurnedOver,
        Exchange::kV2TurnedOver, Exchange::kV3TurnedOver, Exchange::kV4TurnedOver,
        Exchange::kV5TurnedOver, Exchange::kV6TurnedOver, Exchange::kRightArmGround,
        Exchange::kLeftArmGround, Exchange::kArmsLegs}) {
    EXPECT_GE(tallies[exchange].right, 92) << ExchangeNames().NameOf(exchange);
  }
}

TEST(Electrodes, AsManyAreNamedAtOtherRates) {
  ECG_NEED_SHARED(folder, "data/ludb.tar.xz");
  const auto names = ListFiles(folder, ".hea", true, nullptr);
  ASSERT_TRUE(names.ok());
  int right = 0, false_alarms = 0, same = 0;
  for (const std::string& name : *names) {
    const record::EcgRecord record = formats::ReadEcg(folder / name).value();
    for (const Exchange exchange : {Exchange::kNone, Exchange::kArms}) {
      record::EcgRecord shown = test::WithExchange(record, exchange);
      const Exchange before = Found(shown);
      for (auto& lead : shown.leads) lead = Resampler(Ratio{1, 5}).Apply(lead);
      shown.info.sampling_rate = 100;
      shown.info.samples = shown.leads[0].size();
      const Exchange found = Found(shown);
      same += found == before ? 1 : 0;
      right += exchange == Exchange::kArms && found == exchange ? 1 : 0;
      false_alarms += exchange == Exchange::kNone && found != exchange ? 1 : 0;
    }
  }
  EXPECT_GE(right, 88);
  EXPECT_LE(false_alarms, 6);
  EXPECT_GE(same, 185);
}

}  // namespace
}  // namespace ecg::dsp
