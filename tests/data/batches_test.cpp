#include "ecg/data/batches.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "tests/support.h"

namespace ecg::data {
namespace {

// Ten records whose every lead is a constant that tells record and lead apart.
std::vector<Example> WriteExamples(const std::filesystem::path& folder) {
  std::vector<Example> examples;
  for (int i = 0; i < 10; ++i) {
    test::TestRecord record;
    record.name = "A000" + std::to_string(i);
    record.samples = 600;
    record.signal = [i](std::size_t lead, double) {
      return 0.1 * (i + 1) + 0.001 * static_cast<double>(lead);
    };
    test::WriteRecord(folder, record);
  }
  const RecordIndex index = *ScanFolder(folder, 1);
  for (const RecordEntry& record : index.records) {
    const float label = static_cast<float>(examples.size());
    examples.push_back({record, {label, 0}, {1, 0}});
  }
  return examples;
}

RecordStore PlainStore() {
  PreprocessConfig config;
  config.remove_mean = false;
  return RecordStore(config, {}, {});
}

TEST(RecordIndex, FindsRecordsAtAnyDepthAndReportsBadHeaders) {
  const test::TemporaryFolder folder;
  test::TestRecord record;
  record.samples = 10;
  test::WriteRecord(folder / "b", record);
  record.name = "JS20000";
  test::WriteRecord(folder / "a/deep", record);
  test::WriteRecord(folder / ".hidden", record);
  std::ofstream(folder / "broken.hea") << "no header at all\n";
  const Result<RecordIndex> index = ScanFolder(folder.path(), 2);
  ASSERT_TRUE(index.ok());
  ASSERT_EQ(index->records.size(), 2u);
  EXPECT_EQ(index->records[0].id, "a/deep/JS20000");
  EXPECT_EQ(index->records[0].source, "Ningbo");
  EXPECT_EQ(index->records[1].source, "CPSC");
  ASSERT_EQ(index->failed.size(), 1u);
  EXPECT_EQ(index->failed[0].id, "broken");
  EXPECT_FALSE(ScanFolder(folder / "missing", 1).ok());
  std::filesystem::create_directories(folder / "empty");
  EXPECT_FALSE(ScanFolder(folder / "empty", 1).ok());
}

TEST(TrainingBatches, GiveEveryRecordOnceAnEpoch) {
  const test::TemporaryFolder folder;
  BatchConfig config;
  config.batch_size = 5;
  config.window = 100;
  const RecordStore store = PlainStore();
  const TrainingBatches batches(WriteExamples(folder.path()), store, config);
  ASSERT_EQ(batches.batches(), 2u);
  const auto order = batches.Order(1);
  EXPECT_NE(order, batches.Order(2));
  std::multiset<float> seen;
  for (std::size_t b = 0; b < 2; ++b) {
    const Batch batch = batches.Make(1, order, b);
    ASSERT_EQ(batch.size, 5u);
    ASSERT_EQ(batch.signal.size(), 5u * 8 * 100);
    for (std::size_t i = 0; i < batch.size; ++i) {
      const float label = batch.labels[2 * i];
      seen.insert(label);
      EXPECT_NEAR(batch.signal[i * 800], 0.1F * (label + 1), 1e-5);  // lead I goes with the label
    }
  }
  for (int i = 0; i < 10; ++i) EXPECT_EQ(seen.count(static_cast<float>(i)), 1u);
}

TEST(TrainingBatches, DrawLeadSetsFromTheRecordAlone) {
  const test::TemporaryFolder folder;
  const std::vector<Example> examples = WriteExamples(folder.path());
  BatchConfig config;
  config.batch_size = 10;
  config.window = 100;
  config.lead_sets = {"12", "4", "2"};
  const RecordStore store = PlainStore();
  const TrainingBatches batches(examples, store, config);
  std::set<std::size_t> kept_counts;
  for (std::uint64_t epoch = 1; epoch <= 5; ++epoch) {
    const auto order = batches.Order(epoch);
    const Batch batch = batches.Make(epoch, order, 0);
    EXPECT_EQ(batch.signal, batches.Make(epoch, order, 0).signal);
    for (std::size_t i = 0; i < batch.size; ++i) {
      std::size_t kept = 0;
      for (std::size_t c = 0; c < 8; ++c) kept += batch.signal[(i * 8 + c) * 100] != 0 ? 1 : 0;
      kept_counts.insert(kept);
      EXPECT_NE(batch.signal[i * 800], 0.0F);  // lead I is in every set
    }
  }
  EXPECT_EQ(kept_counts, (std::set<std::size_t>{2, 3, 8}));
}

TEST(TrainingBatches, LeaveOutWhatCannotBeRead) {
  const test::TemporaryFolder folder;
  const std::vector<Example> examples = WriteExamples(folder.path());
  std::filesystem::resize_file(folder / "A0003.mat", 100);
  BatchConfig config;
  config.batch_size = 10;
  config.window = 100;
  const RecordStore store = PlainStore();
  const TrainingBatches batches(examples, store, config);
  const Batch batch = batches.Make(1, batches.Order(1), 0);
  EXPECT_EQ(batch.size, 9u);
  EXPECT_EQ(batch.signal.size(), 9u * 800);
  EXPECT_EQ(batch.labels.size(), 18u);
  ASSERT_EQ(batch.failed.size(), 1u);
  EXPECT_EQ(batch.failed[0].id, "A0003");
}

TEST(Preprocess, ReadsEveryRealRecord) {
  ECG_NEED_SHARED(folder, "data/ecg_small.tar.xz");
  const Result<RecordIndex> index = ScanFolder(folder, 0);
  ASSERT_TRUE(index.ok());
  EXPECT_EQ(index->records.size(), 65u);
  EXPECT_TRUE(index->failed.empty());
  for (const RecordEntry& entry : index->records) {
    EXPECT_NE(entry.source, "") << entry.id;
    const auto record = wfdb::ReadEcg(entry.header);
    ASSERT_TRUE(record.ok()) << record.error().ToString();
    EXPECT_TRUE(record->warnings.empty()) << record->warnings[0];
    const auto prepared = Preprocess(*record, {});
    ASSERT_TRUE(prepared.ok()) << prepared.error().ToString();
    for (const std::string& lead : PreprocessConfig{}.leads) {
      EXPECT_TRUE(wfdb::LeadIndex(record->info, lead)) << entry.id << " " << lead;
    }
  }
}

}  // namespace
}  // namespace ecg::data
