#include "ecg/data/record_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>

#include "ecg/core/parallel.h"
#include "ecg/data/record_index.h"
#include "tests/support.h"

namespace ecg::data {
namespace {

namespace fs = std::filesystem;

// A beat a second with an R of 1 mV and a T of 0.3 mV.
test::TestRecord BeatingRecord() {
  test::TestRecord record;
  record.signal = [](std::size_t lead, double t) {
    const double beat = std::fmod(t + 0.5, 1.0) - 0.5;
    const double after = std::fmod(t + 0.2, 1.0) - 0.5;  // T 0.3 s after R
    return (0.8 + 0.02 * static_cast<double>(lead)) * std::exp(-beat * beat / 0.0004) +
           0.3 * std::exp(-after * after / 0.004);
  };
  return record;
}

RecordStore Store(const fs::path& cache, double rate = 250) {
  PreprocessConfig config;
  config.sampling_rate = rate;
  return RecordStore(config, dsp::Delineator::kRobust, cache);
}

std::vector<float> Values(const ReadyRecord& record) {
  return {record.signal.signal,
          record.signal.signal + record.signal.channels * record.signal.samples};
}

std::vector<fs::path> Entries(const fs::path& cache) {
  std::vector<fs::path> entries;
  for (const auto& entry : fs::recursive_directory_iterator(cache)) {
    if (entry.is_regular_file()) entries.push_back(entry.path());
  }
  return entries;
}

TEST(RecordStore, GivesTheSameWithAndWithoutCache) {
  const test::TemporaryFolder folder;
  test::WriteRecord(folder.path(), BeatingRecord());
  const fs::path header = folder / "A0001.hea";
  const ReadyRecord plain = Store({}).Read(header).value();
  EXPECT_EQ(plain.signal.samples, 2500u);
  const auto r_peaks = std::count_if(plain.peaks.begin(), plain.peaks.end(), [](const auto& peak) {
    return peak.type == dsp::PeakType::kR && peak.sample % 250 <= 1;
  });
  EXPECT_GE(r_peaks, 9);
  for (int time = 0; time < 2; ++time) {
    const RecordStore store = Store(folder / "cache");
    for (int read = 0; read < 2; ++read) {
      const ReadyRecord record = store.Read(header).value();
      EXPECT_EQ(Values(record), Values(plain));
      EXPECT_EQ(record.peaks, plain.peaks);
    }
    EXPECT_EQ(store.made(), time == 0 ? 1u : 0u);
    EXPECT_FALSE(store.write_failure());
  }
  // Other settings have entries of their own.
  EXPECT_EQ(Store(folder / "cache", 500).Read(header)->signal.samples, 5000u);
  EXPECT_EQ(Entries(folder / "cache").size(), 2u);
}

TEST(RecordStore, MakesDamagedEntriesAnew) {
  const test::TemporaryFolder folder;
  test::WriteRecord(folder.path(), BeatingRecord());
  const fs::path header = folder / "A0001.hea";
  const std::vector<float> expected = Values(Store(folder / "cache").Read(header).value());
  const fs::path entry = Entries(folder / "cache").at(0);
  const auto size = static_cast<std::int64_t>(fs::file_size(entry));
  // One bit anywhere, and every kind of cut.
  for (std::int64_t at = 0; at < size; at += at < 160 ? 1 : 4099) {
    {
      std::fstream file(entry, std::ios::in | std::ios::out | std::ios::binary);
      file.seekg(at);
      const int byte = file.get();
      file.seekp(at);
      file.put(static_cast<char>(byte ^ 4));
    }
    const RecordStore store = Store(folder / "cache");
    ASSERT_EQ(Values(store.Read(header).value()), expected) << at;
    ASSERT_EQ(store.made(), 1u) << at;
    ASSERT_EQ(static_cast<std::int64_t>(fs::file_size(entry)), size);
  }
  for (const std::int64_t left : {std::int64_t{0}, std::int64_t{20}, std::int64_t{151}, size - 1}) {
    fs::resize_file(entry, static_cast<std::uintmax_t>(left));
    const RecordStore store = Store(folder / "cache");
    ASSERT_EQ(Values(store.Read(header).value()), expected);
    ASSERT_EQ(store.made(), 1u);
  }
}

TEST(RecordStore, MakesEntriesOfChangedRecordsAnew) {
  const test::TemporaryFolder folder;
  test::TestRecord record = BeatingRecord();
  test::WriteRecord(folder.path(), record);
  const fs::path header = folder / "A0001.hea";
  Store(folder / "cache").Read(header).value();
  // Another signal of the same size, a little later.
  record.signal = [](std::size_t, double t) { return std::sin(t); };
  test::WriteRecord(folder.path(), record);
  const auto later = fs::last_write_time(folder / "A0001.mat") + std::chrono::seconds(1);
  fs::last_write_time(folder / "A0001.mat", later);
  const RecordStore store = Store(folder / "cache");
  EXPECT_EQ(Values(store.Read(header).value()), Values(Store({}).Read(header).value()));
  EXPECT_EQ(store.made(), 1u);
}

TEST(RecordStore, GoesOnWithoutACacheThatCannotBeWritten) {
  const test::TemporaryFolder folder;
  test::WriteRecord(folder.path(), BeatingRecord());
  const RecordStore store = Store(folder / "cache");
  const fs::path header = folder / "A0001.hea";
  store.Read(header).value();
  const fs::path shelf = Entries(folder / "cache").at(0).parent_path();
  fs::remove_all(shelf);
  std::ofstream(shelf) << "in the way";  // where a folder has to be
  EXPECT_TRUE(store.Read(header).ok());
  EXPECT_TRUE(store.write_failure());
  EXPECT_TRUE(store.Read(header).ok());
}

TEST(RecordStore, ServesManyThreads) {
  const test::TemporaryFolder folder;
  test::TestRecord record = BeatingRecord();
  record.samples = 1000;
  for (int i = 0; i < 8; ++i) {
    record.name = "A000" + std::to_string(i);
    test::WriteRecord(folder.path(), record);
  }
  const RecordStore store = Store(folder / "cache");
  const std::vector<float> expected = Values(Store({}).Read(folder / "A0000.hea").value());
  ParallelFor(200, 8, [&](std::size_t i) {
    const auto read = store.Read(folder / ("A000" + std::to_string(i % 8) + ".hea"));
    ASSERT_TRUE(read.ok());
    ASSERT_EQ(Values(*read), expected);
  });
}

TEST(RecordStore, FindsPeaksInRealRecords) {
  ECG_NEED_SHARED(folder, "data/ecg_small.tar.xz");
  const test::TemporaryFolder cache;
  const RecordStore store = Store(cache.path());
  std::size_t beats = 0;
  const RecordIndex index = ScanFolder(folder, 0).value();
  for (const RecordEntry& entry : index.records) {
    const Result<ReadyRecord> record = store.Read(entry.header);
    ASSERT_TRUE(record.ok()) << record.error().ToString();
    std::int32_t last = -1;
    for (const dsp::Peak& peak : record->peaks) {
      EXPECT_GE(peak.sample, last) << entry.id;
      EXPECT_LT(peak.sample, static_cast<std::int32_t>(record->signal.samples)) << entry.id;
      last = peak.sample;
      beats += peak.type == dsp::PeakType::kR ? 1 : 0;
    }
    EXPECT_FALSE(record->peaks.empty()) << entry.id;
  }
  EXPECT_GT(beats, 65u * 8);
}

}  // namespace
}  // namespace ecg::data
