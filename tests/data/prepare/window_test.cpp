#include "ecg/data/prepare/window.h"

#include <gtest/gtest.h>

#include <set>

namespace ecg::data {
namespace {

PreparedRecord Ramp(std::size_t channels, std::size_t samples) {
  PreparedRecord record;
  record.channels = channels;
  record.samples = samples;
  for (std::size_t i = 0; i < channels * samples; ++i) {
    record.signal.push_back(static_cast<float>(i + 1));
  }
  return record;
}

TEST(WindowStarts, CoverTheWholeRecord) {
  EXPECT_EQ(WindowStarts(50, 100, 0.5), (std::vector<std::size_t>{0}));
  EXPECT_EQ(WindowStarts(100, 100, 0.5), (std::vector<std::size_t>{0}));
  EXPECT_EQ(WindowStarts(104, 100, 0.5), (std::vector<std::size_t>{0}));  // a tail of 4 %
  EXPECT_EQ(WindowStarts(110, 100, 0.5), (std::vector<std::size_t>{0, 10}));
  EXPECT_EQ(WindowStarts(200, 100, 0.5), (std::vector<std::size_t>{0, 50, 100}));
  EXPECT_EQ(WindowStarts(230, 100, 0), (std::vector<std::size_t>{0, 100, 130}));
  for (std::size_t samples = 1; samples < 1000; samples += 7) {
    for (const double overlap : {0.0, 0.3, 0.5, 0.9}) {
      std::size_t covered = 0;
      for (const std::size_t start : WindowStarts(samples, 100, overlap)) {
        EXPECT_LE(start, covered);  // no gap
        covered = start + 100;
        EXPECT_TRUE(covered <= samples || start == 0);
      }
      EXPECT_GE(covered + 5, samples);
    }
  }
}

TEST(RandomStart, ReachesEveryPlaceAndOnlyThose) {
  Rng rng({1});
  std::set<std::size_t> starts;
  for (int i = 0; i < 500; ++i) starts.insert(RandomStart(110, 100, rng));
  EXPECT_EQ(starts.size(), 11u);
  EXPECT_EQ(*starts.rbegin(), 10u);
  EXPECT_EQ(RandomStart(90, 100, rng), 0u);
}

TEST(CopyWindow, PadsWithZerosAtTheEnd) {
  const PreparedRecord record = Ramp(2, 5);
  std::vector<float> out(8, -1);
  CopyWindow(record.View(), 3, 4, {}, out.data());
  EXPECT_EQ(out, (std::vector<float>{4, 5, 0, 0, 9, 10, 0, 0}));
  CopyWindow(record.View(), 3, 4, {0, 1}, out.data());
  EXPECT_EQ(out, (std::vector<float>{0, 0, 0, 0, 9, 10, 0, 0}));
  CopyWindow(record.View(), 9, 4, {}, out.data());
  EXPECT_EQ(out, std::vector<float>(8, 0));
}

TEST(LeadSets, KeepWhatTheTableOfThePaperSays) {
  const std::vector<std::string> channels = {"I", "II", "V1", "V2", "V3", "V4", "V5", "V6"};
  using Row = std::vector<std::uint8_t>;
  EXPECT_EQ(*ChannelsOfLeadSet("12", channels), (Row{1, 1, 1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(*ChannelsOfLeadSet("6", channels), (Row{1, 1, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(*ChannelsOfLeadSet("4", channels), (Row{1, 1, 0, 1, 0, 0, 0, 0}));
  EXPECT_EQ(*ChannelsOfLeadSet("3", channels), (Row{1, 1, 0, 1, 0, 0, 0, 0}));
  EXPECT_EQ(*ChannelsOfLeadSet("2", channels), (Row{1, 1, 0, 0, 0, 0, 0, 0}));
  EXPECT_FALSE(ChannelsOfLeadSet("5", channels).ok());
}

TEST(LeadSets, ThatAreTheSameToTheNetworkAreGrouped) {
  const std::vector<std::string> channels = {"I", "II", "V1", "V2", "V3", "V4", "V5", "V6"};
  const auto groups = GroupLeadSets({"12", "6", "4", "3", "2"}, channels);
  ASSERT_TRUE(groups.ok());
  std::vector<std::vector<std::string>> names;
  for (const ChannelGroup& group : *groups) {
    names.push_back(group.lead_sets);
    EXPECT_EQ(group.keep, *ChannelsOfLeadSet(group.lead_sets[0], channels));
  }
  EXPECT_EQ(names, (std::vector<std::vector<std::string>>{{"12"}, {"6", "2"}, {"4", "3"}}));
  EXPECT_EQ(GroupLeadSets({"6", "2"}, {"I", "II", "III"})->size(), 2u);  // III tells them apart
  EXPECT_FALSE(GroupLeadSets({"12", "5"}, channels).ok());
}

}  // namespace
}  // namespace ecg::data
