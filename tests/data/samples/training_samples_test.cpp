#include "ecg/data/samples/training_samples.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>

#include "ecg/data/samples/batch_loader.h"
#include "ecg/formats/registry.h"
#include "ecg/record/leads.h"
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
  const RecordIndex index = *ScanRecords(folder, 1);
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
  const Result<RecordIndex> index = ScanRecords(folder.path(), 2);
  ASSERT_TRUE(index.ok());
  ASSERT_EQ(index->records.size(), 2u);
  EXPECT_EQ(index->records[0].id, "a/deep/JS20000");
  EXPECT_EQ(index->records[0].source, "Ningbo");
  EXPECT_EQ(index->records[1].source, "CPSC");
  ASSERT_EQ(index->failed.size(), 1u);
  EXPECT_EQ(index->failed[0].id, "broken");
  EXPECT_FALSE(ScanRecords(folder / "missing", 1).ok());
  std::filesystem::create_directories(folder / "empty");
  EXPECT_FALSE(ScanRecords(folder / "empty", 1).ok());
}

SampleConfig FiveByHundred() {
  SampleConfig config;
  config.batch_size = 5;
  config.window = 100;
  return config;
}

std::vector<Batch> LoadAll(const TrainingSamples& samples, std::uint64_t first, std::size_t batch,
                           std::uint64_t last, const LoaderConfig& config = {}) {
  BatchLoader loader(samples, first, batch, last, config);
  std::vector<Batch> batches;
  while (std::optional<Batch> next = loader.Next()) batches.push_back(std::move(*next));
  return batches;
}

TEST(BatchLoader, GivesEveryRecordOnceAnEpoch) {
  const test::TemporaryFolder folder;
  const RecordStore store = PlainStore();
  const TrainingSamples samples(WriteExamples(folder.path()), store, FiveByHundred());
  ASSERT_EQ(samples.batches(), 2u);
  EXPECT_NE(samples.Order(1), samples.Order(2));
  const std::vector<Batch> batches = LoadAll(samples, 1, 0, 3);
  ASSERT_EQ(batches.size(), 6u);
  for (std::size_t epoch = 0; epoch < 3; ++epoch) {
    std::multiset<float> seen;
    for (const std::size_t b : {2 * epoch, 2 * epoch + 1}) {
      const Batch& batch = batches[b];
      ASSERT_EQ(batch.size, 5u);
      ASSERT_EQ(batch.signal.size(), 5u * 8 * 100);
      for (std::size_t i = 0; i < batch.size; ++i) {
        const float label = batch.labels[2 * i];
        seen.insert(label);
        EXPECT_NEAR(batch.signal[i * 800], 0.1F * (label + 1), 1e-5);  // lead I with its label
      }
    }
    for (int i = 0; i < 10; ++i) EXPECT_EQ(seen.count(static_cast<float>(i)), 1u);
  }
}

TEST(BatchLoader, GivesTheSameBatchesWhateverTheThreadsMemoryAndStart) {
  const test::TemporaryFolder folder;
  SampleConfig config = FiveByHundred();
  config.lead_sets = {"12", "4", "2"};
  const RecordStore store = PlainStore();
  const TrainingSamples samples(WriteExamples(folder.path()), store, config);
  const std::vector<Batch> whole = LoadAll(samples, 1, 0, 3);
  LoaderConfig many;
  many.threads = 4;
  many.memory = 1;  // every record goes alone
  for (const std::size_t skipped : {0u, 1u, 3u}) {
    const std::vector<Batch> rest = LoadAll(samples, 1 + skipped / 2, skipped % 2, 3, many);
    ASSERT_EQ(rest.size(), whole.size() - skipped);
    for (std::size_t b = 0; b < rest.size(); ++b) {
      EXPECT_EQ(rest[b].signal, whole[b + skipped].signal) << b;
      EXPECT_EQ(rest[b].labels, whole[b + skipped].labels) << b;
    }
  }
}

TEST(BatchLoader, SharesEachBatchAmongProcesses) {
  const test::TemporaryFolder folder;
  const RecordStore store = PlainStore();
  const TrainingSamples samples(WriteExamples(folder.path()), store, FiveByHundred());
  const std::vector<Batch> whole = LoadAll(samples, 1, 0, 2);
  std::vector<std::vector<Batch>> parts;
  for (const std::size_t rank : {0u, 1u}) {
    LoaderConfig config;
    config.micro_batch = 2;
    config.rank = rank;
    config.ranks = 2;
    parts.push_back(LoadAll(samples, 1, 0, 2, config));
  }
  for (std::size_t b = 0; b < whole.size(); ++b) {
    EXPECT_EQ(parts[0][b].size, 3u);
    EXPECT_EQ(parts[1][b].size, 2u);
    // Micro-batches 0 and 2, of two records and one, and micro-batch 1.
    EXPECT_EQ(parts[0][b].micro_batches, (std::vector<std::size_t>{2, 1}));
    EXPECT_EQ(parts[1][b].micro_batches, (std::vector<std::size_t>{2}));
    EXPECT_EQ(parts[1][b].all_micro_batches, 3u);
    const std::size_t row = whole[b].signal.size() / 5;
    const std::vector<std::pair<std::size_t, std::size_t>> place_in_parts = {
        {0, 0}, {0, 1}, {1, 0}, {1, 1}, {0, 2}};
    for (std::size_t i = 0; i < 5; ++i) {
      const auto [rank, at] = place_in_parts[i];
      const float* part = parts[rank][b].signal.data() + at * row;
      EXPECT_TRUE(std::equal(part, part + row, whole[b].signal.data() + i * row)) << i;
      EXPECT_EQ(parts[rank][b].labels[2 * at], whole[b].labels[2 * i]);
    }
  }
}

TEST(TrainingSamples, DrawLeadSetsFromTheRecordAlone) {
  const test::TemporaryFolder folder;
  SampleConfig config = FiveByHundred();
  config.lead_sets = {"12", "4", "2"};
  const RecordStore store = PlainStore();
  const TrainingSamples samples(WriteExamples(folder.path()), store, config);
  std::set<std::size_t> kept_counts;
  for (std::uint64_t epoch = 1; epoch <= 5; ++epoch) {
    for (std::size_t place = 0; place < 10; ++place) {
      const Sample sample = samples.Make(epoch, place);
      EXPECT_EQ(sample.signal, samples.Make(epoch, place).signal);
      std::size_t kept = 0;
      for (std::size_t c = 0; c < 8; ++c) kept += sample.signal[c * 100] != 0 ? 1 : 0;
      kept_counts.insert(kept);
      EXPECT_NE(sample.signal[0], 0.0F);  // lead I is in every set
    }
  }
  EXPECT_EQ(kept_counts, (std::set<std::size_t>{2, 3, 8}));
}

TEST(TrainingSamples, KeepAllLeadsBesideThoseThatAreSeen) {
  const test::TemporaryFolder folder;
  SampleConfig config = FiveByHundred();
  config.lead_sets = {"2"};
  config.with_all_leads = true;
  config.augment.probability = 1;
  config.augment.noise_mv = 0.01;
  const RecordStore store = PlainStore();
  const TrainingSamples samples(WriteExamples(folder.path()), store, config);
  for (std::size_t place = 0; place < 10; ++place) {
    const Sample sample = samples.Make(1, place);
    const float level = 0.1F * static_cast<float>(sample.example + 1);
    ASSERT_EQ(sample.all_leads.size(), 8u * 100);
    for (std::size_t c = 0; c < 8; ++c) {
      EXPECT_NEAR(sample.all_leads[c * 100], level, 0.012F);  // each lead has its own
      EXPECT_EQ(sample.all_leads[c * 100], sample.all_leads[c * 100 + 99]);
    }
    EXPECT_NE(sample.signal[0], sample.signal[99]);
    EXPECT_EQ(sample.signal[7 * 100], 0);
  }
}

TEST(TrainingSamples, LeaveAgeAndSexAsTheyAre) {
  const test::TemporaryFolder folder;
  test::TestRecord record;
  record.samples = 600;
  record.signal = [](std::size_t, double t) { return std::sin(t); };
  test::WriteRecord(folder.path(), record);
  PreprocessConfig way;
  way.leads = {"II", "V1", "age", "sex"};
  const RecordStore store(way, {}, {});
  SampleConfig config = FiveByHundred();
  config.lead_sets = {"2"};
  config.augment.probability = 1;
  config.augment.noise_mv = config.augment.wander_mv = 1;
  config.augment.shift = config.augment.time_mask = 0.5;
  config.augment.lead_dropout = 0.9;
  const TrainingSamples samples({{ScanRecords(folder.path(), 1)->records[0], {1}, {1}}}, store,
                                config);
  for (std::uint64_t epoch = 1; epoch <= 10; ++epoch) {
    const Sample sample = samples.Make(epoch, 0);
    for (std::size_t t = 0; t < 100; ++t) {
      EXPECT_EQ(sample.signal[100 + t], 0);  // V1 is not in the set
      EXPECT_EQ(sample.signal[200 + t], 0);  // 60 years
      EXPECT_EQ(sample.signal[300 + t], 1);
    }
  }
}

// Two epochs of batches of five in micro-batches of three and two.
std::vector<Batch> LoadInThreesAndTwos(const std::vector<Example>& examples,
                                       const RecordStore& store, const AugmentConfig& augment,
                                       int threads = LoaderConfig().threads) {
  SampleConfig config = FiveByHundred();
  config.augment = augment;
  config.with_all_leads = true;
  const TrainingSamples samples(examples, store, config);
  LoaderConfig loading;
  loading.micro_batch = 3;
  loading.threads = threads;
  return LoadAll(samples, 1, 0, 2, loading);
}

// With which record of such a batch a record is mixed.
std::size_t PartnerOf(std::size_t i) { return i < 3 ? (i + 1) % 3 : 3 + (i - 3 + 1) % 2; }

// Labels of the records are 0 to 9 and their signals 0.1 to 1.0, so a mixed label tells the signal.
TEST(BatchLoader, MixesTheWindowsOfAMicroBatchInPairs) {
  const test::TemporaryFolder folder;
  const RecordStore store = PlainStore();
  std::vector<Example> examples = WriteExamples(folder.path());
  examples[4].mask = {0, 1};
  AugmentConfig augment;
  augment.mixup = 0.4;
  const std::vector<Batch> before = LoadInThreesAndTwos(examples, store, {});
  const std::vector<Batch> after = LoadInThreesAndTwos(examples, store, augment);
  bool changed = false;
  for (std::size_t b = 0; b < before.size(); ++b) {
    for (std::size_t i = 0; i < 5; ++i) {
      const std::size_t partner = PartnerOf(i);
      const float own = before[b].labels[2 * i], other = before[b].labels[2 * partner];
      const float label = after[b].labels[2 * i];
      EXPECT_LE(std::abs(label - own), std::abs(other - own) / 2 + 1e-5F);
      changed = changed || label != own;
      EXPECT_NEAR(after[b].signal[i * 800], 0.1F * (label + 1), 1e-4F);
      EXPECT_EQ(after[b].all_leads[i * 800], after[b].signal[i * 800]);
      for (std::size_t k = 0; k < 2; ++k) {
        EXPECT_EQ(after[b].mask[2 * i + k],
                  std::min(before[b].mask[2 * i + k], before[b].mask[2 * partner + k]));
      }
    }
  }
  EXPECT_TRUE(changed);
  const std::vector<Batch> again = LoadInThreesAndTwos(examples, store, augment, 7);
  for (std::size_t b = 0; b < after.size(); ++b) EXPECT_EQ(again[b].signal, after[b].signal);
}

TEST(BatchLoader, CutsAStretchOutOfThePartner) {
  const test::TemporaryFolder folder;
  const RecordStore store = PlainStore();
  const std::vector<Example> examples = WriteExamples(folder.path());
  AugmentConfig augment;
  augment.cutmix = 1;
  const std::vector<Batch> before = LoadInThreesAndTwos(examples, store, {});
  const std::vector<Batch> after = LoadInThreesAndTwos(examples, store, augment);
  bool changed = false;
  for (std::size_t b = 0; b < before.size(); ++b) {
    for (std::size_t i = 0; i < 5; ++i) {
      const std::size_t partner = PartnerOf(i);
      const float own = before[b].labels[2 * i], other = before[b].labels[2 * partner];
      // Every channel is the record's but for one stretch, whose share is the label's.
      const float* const row = &after[b].signal[i * 800];
      int theirs = 0, edges = 0;
      for (std::size_t t = 0; t < 100; ++t) {
        const bool is_theirs = std::abs(row[t] - 0.1F * (own + 1)) > 1e-5F;
        EXPECT_NEAR(row[t], 0.1F * ((is_theirs ? other : own) + 1), 1e-5F);
        EXPECT_NEAR(row[300 + t] - row[t], row[300] - row[0], 1e-5F);  // all leads alike
        EXPECT_EQ(after[b].all_leads[i * 800 + t], row[t]);
        theirs += is_theirs;
        edges += t > 0 && (row[t] != row[t - 1]);
      }
      EXPECT_LE(theirs, 50);
      EXPECT_LE(edges, 2);
      EXPECT_NEAR(after[b].labels[2 * i], own + (other - own) * static_cast<float>(theirs) / 100,
                  1e-4F);
      changed = changed || theirs > 0;
    }
  }
  EXPECT_TRUE(changed);
}

TEST(BatchLoader, LeavesOutWhatCannotBeRead) {
  const test::TemporaryFolder folder;
  const std::vector<Example> examples = WriteExamples(folder.path());
  std::filesystem::resize_file(folder / "A0003.mat", 100);
  SampleConfig config = FiveByHundred();
  config.batch_size = 10;
  const RecordStore store = PlainStore();
  const TrainingSamples samples(examples, store, config);
  const Batch batch = LoadAll(samples, 1, 0, 1).at(0);
  EXPECT_EQ(batch.size, 9u);
  EXPECT_EQ(batch.signal.size(), 9u * 800);
  EXPECT_EQ(batch.labels.size(), 18u);
  ASSERT_EQ(batch.failed.size(), 1u);
  EXPECT_EQ(batch.failed[0].id, "A0003");
}

TEST(BatchLoader, MayBeLeftInTheMiddle) {
  const test::TemporaryFolder folder;
  const RecordStore store = PlainStore();
  const TrainingSamples samples(WriteExamples(folder.path()), store, FiveByHundred());
  BatchLoader loader(samples, 1, 0, 1000, {});
  EXPECT_TRUE(loader.Next());
}

TEST(Preprocess, ReadsEveryRealRecord) {
  ECG_NEED_SHARED(folder, "data/ecg_small.tar.xz");
  const Result<RecordIndex> index = ScanRecords(folder, 0);
  ASSERT_TRUE(index.ok());
  EXPECT_EQ(index->records.size(), 65u);
  EXPECT_TRUE(index->failed.empty());
  for (const RecordEntry& entry : index->records) {
    EXPECT_NE(entry.source, "") << entry.id;
    const auto record = formats::ReadEcg(entry.path);
    ASSERT_TRUE(record.ok()) << record.error().ToString();
    EXPECT_TRUE(record->warnings.empty()) << record->warnings[0];
    const auto prepared = Preprocess(*record, {});
    ASSERT_TRUE(prepared.ok()) << prepared.error().ToString();
    for (const std::string& lead : PreprocessConfig{}.leads) {
      EXPECT_TRUE(record::LeadIndex(record->info, lead)) << entry.id << " " << lead;
    }
  }
}

}  // namespace
}  // namespace ecg::data
