#include "ecg/dsp/measure/signal_doubts.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <string>
#include <vector>

#include "ecg/core/folder.h"
#include "ecg/data/sim/simulator.h"
#include "ecg/dsp/measure/delineate.h"
#include "ecg/formats/registry.h"
#include "ecg/record/leads.h"
#include "src/data/sim/write.h"
#include "tests/support.h"

namespace ecg::dsp {
namespace {

record::EcgRecord Simulated(std::size_t index) {
  sim::SimOptions options;
  options.classes = {"NSR"};
  return sim::AsEcgRecord(sim::SimulateRecord(options, index));
}

SignalDoubts Doubts(const record::EcgRecord& record) {
  return FindSignalDoubts(record.info.leads, record.leads, record.info.sampling_rate);
}

void Scale(record::EcgRecord& record, float factor) {
  for (auto& lead : record.leads) {
    for (float& value : lead) value *= factor;
  }
}

std::vector<Beat> BeatsOf(const record::EcgRecord& record) {
  std::vector<std::vector<double>> leads;
  for (const auto& lead : record.leads) leads.emplace_back(lead.begin(), lead.end());
  return DelineateRecord(leads, record.info.sampling_rate).common;
}

TEST(SignalDoubts, NoneOfWhatIsRight) {
  for (std::size_t i = 0; i < 20; ++i) {
    const record::EcgRecord record = Simulated(i);
    EXPECT_TRUE(Doubts(record).empty()) << i;
    EXPECT_FALSE(AreCopies(record.leads, BeatsOf(record), record.info.sampling_rate)) << i;
  }
}

TEST(SignalDoubts, TellsMicrovoltsFromMillivolts) {
  for (std::size_t i = 0; i < 20; ++i) {
    record::EcgRecord record = Simulated(i);
    Scale(record, 1000);
    EXPECT_EQ(Doubts(record).unit, UnitDoubt::kTooLarge) << i;
    Scale(record, 1e-6F);
    EXPECT_EQ(Doubts(record).unit, UnitDoubt::kTooSmall) << i;
  }
}

TEST(SignalDoubts, NamesLeadsThatAreThereTwice) {
  record::EcgRecord record = Simulated(3);
  record.leads[8] = record.leads[7];
  for (float& value : record.leads[8]) value += 0.3F;  // another level is no other lead
  const SignalDoubts doubts = Doubts(record);
  ASSERT_EQ(doubts.twins.size(), 1U);
  EXPECT_EQ(doubts.twins[0], (std::pair<std::string, std::string>{"V3", "V2"}));
}

TEST(SignalDoubts, LeadsWithoutSignalAreNoTwins) {
  record::EcgRecord record = Simulated(3);
  for (const std::size_t k : {7U, 8U}) record.leads[k].assign(record.leads[k].size(), 0.0F);
  for (float& value : record.leads[9]) value = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(Doubts(record).empty());
}

TEST(SignalDoubts, NamesALimbLeadThatIsTurnedOver) {
  for (std::size_t k = 0; k < 6; ++k) {
    record::EcgRecord record = Simulated(4);
    for (float& value : record.leads[k]) value = -value;
    EXPECT_EQ(Doubts(record).turned_over, record.info.leads[k]);
  }
  record::EcgRecord record = Simulated(4);
  for (float& value : record.leads[2]) value = -value;
  EXPECT_EQ(
      FindSignalDoubts({"I", "II", "III"}, {record.leads[0], record.leads[1], record.leads[2]},
                       record.info.sampling_rate)
          .turned_over,
      "III");
  // Of two there is nothing to tell it by.
  EXPECT_TRUE(
      FindSignalDoubts({"I", "II"}, {record.leads[0], record.leads[1]}, record.info.sampling_rate)
          .empty());
}

TEST(SignalDoubts, KnowsABeatThatIsRepeated) {
  record::EcgRecord record = Simulated(5);
  const std::vector<Beat> beats = BeatsOf(record);
  ASSERT_GE(beats.size(), 4U);
  const int first = beats[1].qrs.peak - 200, length = beats[2].qrs.peak - beats[1].qrs.peak;
  for (auto& lead : record.leads) {
    const std::vector<float> one(lead.begin() + first, lead.begin() + first + length);
    for (std::size_t i = 0; i < lead.size(); ++i) lead[i] = one[i % one.size()];
  }
  EXPECT_TRUE(AreCopies(record.leads, BeatsOf(record), record.info.sampling_rate));
  record
      .leads[5][2500 / static_cast<std::size_t>(length) * static_cast<std::size_t>(length) + 200] +=
      0.2F;
  EXPECT_FALSE(AreCopies(record.leads, BeatsOf(record), record.info.sampling_rate));
}

TEST(SignalDoubts, SurvivesAnything) {
  const std::vector<float> none;
  EXPECT_TRUE(FindSignalDoubts({}, {}, 500).empty());
  EXPECT_TRUE(FindSignalDoubts({"I"}, {none}, 500).empty());
  EXPECT_TRUE(
      FindSignalDoubts({"I"}, {{1, 2, 3}}, std::numeric_limits<double>::quiet_NaN()).empty());
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(FindSignalDoubts({"I", "II", "III"},
                               {{infinity, infinity}, {-infinity, 0}, {0, infinity}}, 500)
                  .empty());
  EXPECT_FALSE(AreCopies({}, {}, 500));
  Beat beat;
  beat.qrs.peak = 1000000;
  EXPECT_FALSE(AreCopies({{1, 2, 3}}, std::vector<Beat>(9, beat), 500));
}

// Two of Chapman-Shaoxing have a chest lead twice: they differ by 0.3 and 0.6 % of what they span.
TEST(SignalDoubts, OfRealRecordingsOnlyThoseWithALeadTwice) {
  ECG_NEED_SHARED(folder, "data/ecg_small.tar.xz");
  std::set<std::string> doubtful;
  int copies = 0;
  const auto names = ListFiles(folder, ".hea", true, nullptr);
  ASSERT_TRUE(names.ok());
  for (const std::string& name : *names) {
    const record::EcgRecord record = formats::ReadEcg(folder / name).value();
    if (!Doubts(record).empty()) doubtful.insert(record.info.name);
    copies += AreCopies(record.leads, BeatsOf(record), record.info.sampling_rate) ? 1 : 0;
  }
  EXPECT_EQ(doubtful, (std::set<std::string>{"JS00001", "JS00006"}));
  EXPECT_EQ(names->size(), 65U);
  EXPECT_EQ(copies, 0);
}

}  // namespace
}  // namespace ecg::dsp
