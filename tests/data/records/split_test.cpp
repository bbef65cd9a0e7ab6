#include "ecg/data/records/split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "ecg/core/random.h"
#include "tests/support.h"

namespace ecg::data {
namespace {

struct Collection {
  std::vector<RecordEntry> records;
  std::vector<std::uint8_t> labels;
};

// Two classes, 30 % and 5 %, and two sources, 200 and 100 records.
Collection MakeCollection() {
  Collection c;
  Rng rng({3});
  for (int i = 0; i < 300; ++i) {
    RecordEntry record;
    record.source = i < 200 ? "one" : "two";
    record.info.name = "R" + std::to_string(i);
    record.id = record.info.name;
    c.records.push_back(record);
    c.labels.push_back(rng.Chance(0.3) ? 1 : 0);
    c.labels.push_back(i % 20 == 0 ? 1 : 0);
  }
  return c;
}

std::set<std::size_t> AsSet(const std::vector<std::size_t>& list) {
  return {list.begin(), list.end()};
}

TEST(SplitRecords, RandomKeepsTheSharesOfClassesAndSources) {
  const Collection c = MakeCollection();
  SplitConfig config;
  config.validation_share = 0.2;
  config.test_share = 0.2;
  const Split split = *SplitRecords(c.records, c.labels, 2, *RecordTable::Read(config), config);
  EXPECT_EQ(split.train.size() + split.validation.size() + split.test.size(), 300u);
  for (const auto* part : {&split.validation, &split.test}) {
    EXPECT_NEAR(static_cast<double>(part->size()), 60, 3);
    EXPECT_TRUE(std::is_sorted(part->begin(), part->end()));
    int rare = 0, of_two = 0;
    for (const std::size_t i : *part) {
      rare += c.labels[2 * i + 1];
      of_two += i >= 200;
    }
    EXPECT_EQ(rare, 3);
    EXPECT_NEAR(of_two, 20, 3);
  }
  EXPECT_EQ(SplitRecords(c.records, c.labels, 2, *RecordTable::Read(config), config)->test,
            split.test);
  config.seed = 1;
  EXPECT_NE(SplitRecords(c.records, c.labels, 2, *RecordTable::Read(config), config)->test,
            split.test);
}

TEST(SplitRecords, PatientsStandOnOneSide) {
  const Collection c = MakeCollection();
  const test::TemporaryFolder folder;
  std::ofstream table(folder / "patients.csv");
  table << "record,patient_id\n";
  for (int i = 0; i < 300; ++i)
    table << "R" << i << "," << (i % 7 == 0 ? "" : std::to_string(i / 4)) << "\n";
  table.close();
  SplitConfig config;
  config.validation_share = 0.3;
  config.table = (folder / "patients.csv").string();
  const Split split = *SplitRecords(c.records, c.labels, 2, *RecordTable::Read(config), config);
  const auto validation = AsSet(split.validation);
  EXPECT_NEAR(static_cast<double>(validation.size()), 90, 5);
  std::map<std::size_t, std::set<bool>> sides;
  for (std::size_t i = 0; i < 300; ++i) {
    if (i % 7 != 0) sides[i / 4].insert(validation.count(i) > 0);
  }
  for (const auto& [patient, on] : sides) EXPECT_EQ(on.size(), 1u) << patient;
}

TEST(SplitRecords, HoldsOutWholeSources) {
  const Collection c = MakeCollection();
  SplitConfig config;
  config.kind = SplitKind::kSource;
  config.held_out = {"two"};
  config.validation_share = 0.1;
  const Split split = *SplitRecords(c.records, c.labels, 2, *RecordTable::Read(config), config);
  EXPECT_EQ(split.test.size(), 100u);
  EXPECT_EQ(split.test.front(), 200u);
  EXPECT_NEAR(static_cast<double>(split.validation.size()), 20, 1);
}

TEST(SplitRecords, SplitsOnlyTheNamedSources) {
  const Collection c = MakeCollection();
  SplitConfig config;
  config.split_sources = {"two"};
  config.validation_share = 0.1;
  config.test_share = 0.1;
  const Split split = *SplitRecords(c.records, c.labels, 2, *RecordTable::Read(config), config);
  EXPECT_GE(split.validation.front(), 200u);
  EXPECT_GE(split.test.front(), 200u);
  EXPECT_NEAR(static_cast<double>(split.train.size()), 280, 2);
}

TEST(SplitRecords, FoldsAreAlikeAndEachRecordIsTestedOnce) {
  const Collection c = MakeCollection();
  SplitConfig config;
  config.kind = SplitKind::kFolds;
  config.folds = 5;
  config.validation_share = 0.25;
  std::vector<int> tested(300);
  for (config.fold = 1; config.fold <= 5; ++config.fold) {
    const Split split = *SplitRecords(c.records, c.labels, 2, *RecordTable::Read(config), config);
    EXPECT_EQ(split.train.size() + split.validation.size() + split.test.size(), 300u);
    EXPECT_NEAR(static_cast<double>(split.test.size()), 60, 3);
    EXPECT_NEAR(static_cast<double>(split.validation.size()), 60, 3);
    int rare = 0, of_two = 0;
    for (const std::size_t i : split.test) {
      ++tested[i];
      rare += c.labels[2 * i + 1];
      of_two += i >= 200;
    }
    EXPECT_EQ(rare, 3);
    EXPECT_NEAR(of_two, 20, 3);
  }
  EXPECT_EQ(tested, std::vector<int>(300, 1));
  config.fold = 6;
  EXPECT_EQ(config.Validate().error().field, "fold");
}

TEST(SplitRecords, FollowsATable) {
  const Collection c = MakeCollection();
  const test::TemporaryFolder folder;
  std::ofstream(folder / "t.csv") << "record,split\nR0,train\nR1,val\nR2,Test\nR3,other\n";
  SplitConfig config;
  config.kind = SplitKind::kTable;
  config.table = (folder / "t.csv").string();
  const Split split = *SplitRecords(c.records, c.labels, 2, *RecordTable::Read(config), config);
  EXPECT_EQ(split.train, std::vector<std::size_t>{0});
  EXPECT_EQ(split.validation, std::vector<std::size_t>{1});
  EXPECT_EQ(split.test, std::vector<std::size_t>{2});
  config.split_column = "fold";
  EXPECT_NE(RecordTable::Read(config).error().ToString().find("fold"), std::string::npos);
  std::ofstream(folder / "twice.csv") << "record,split\nR0,train\nR1,val\nR0,val\n";
  config.split_column = "split";
  config.table = (folder / "twice.csv").string();
  EXPECT_NE(RecordTable::Read(config).error().ToString().find("twice.csv:4: split: names R0 twice"),
            std::string::npos);
}

}  // namespace
}  // namespace ecg::data
