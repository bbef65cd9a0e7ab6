#include "ecg/data/prepare/record_store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/parallel.h"
#include "ecg/core/random.h"
#include "ecg/data/records/record_index.h"
#include "tests/process.h"
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

// The files of a cache with that extension.
std::vector<fs::path> Files(const fs::path& cache, const std::string& extension) {
  std::vector<fs::path> files;
  for (const auto& file : fs::recursive_directory_iterator(cache)) {
    if (file.path().extension() == extension) files.push_back(file.path());
  }
  return files;
}

// Records in a folder and what a store without a cache makes of them.
struct Truth {
  Truth(const fs::path& folder, int count) {
    test::TestRecord record = BeatingRecord();
    record.samples = 600;
    record.leads = {"I", "II"};
    for (int i = 0; i < count; ++i) {
      record.name = "A" + std::to_string(i);
      record.signal = [i](std::size_t lead, double t) {
        return std::sin((i + 1) * t) + 0.1 * static_cast<double>(lead);
      };
      test::WriteRecord(folder, record);
      headers.push_back(folder / (record.name + ".hea"));
      values.push_back(Values(Store({}).Read(headers.back()).value()));
    }
  }

  // What `store` makes and finds is that, from the `begin`-th record to before the `end`-th.
  void Hold(const RecordStore& store, std::size_t begin, std::size_t end) const {
    for (std::size_t i = begin; i < end; ++i) {
      ASSERT_EQ(Values(store.Read(headers[i]).value()), values[i]) << headers[i];
    }
  }
  void Hold(const RecordStore& store) const { Hold(store, 0, headers.size()); }

  std::vector<fs::path> headers;
  std::vector<std::vector<float>> values;
};

// The only pack of a cache and its index, as they were when it was made.
struct SavedPack {
  explicit SavedPack(const fs::path& cache)
      : path(Files(cache, ".pack").at(0)),
        index_path(Files(cache, ".index").at(0)),
        pack(ReadFile(path).value()),
        index(ReadFile(index_path).value()) {}

  void Write(const std::string& pack_now, const std::string& index_now) const {
    WriteFileAtomic(path, pack_now, Durability::kCached).value();
    WriteFileAtomic(index_path, index_now, Durability::kCached).value();
  }

  fs::path path, index_path;
  std::string pack, index;
};

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
  EXPECT_EQ(Files(folder / "cache", ".pack").size(), 2u);
}

TEST(RecordStore, MakesDamagedEntriesAnew) {
  const test::TemporaryFolder folder;
  const Truth truth(folder.path(), 1);
  truth.Hold(Store(folder / "cache"));
  const SavedPack saved(folder / "cache");
  for (std::size_t at = 0; at < saved.pack.size(); at += at < 160 ? 1 : 997) {
    std::string pack = saved.pack;
    pack[at] = static_cast<char>(pack[at] ^ 4);
    saved.Write(pack, saved.index);
    // The new entry counts from then on, with the damaged one still before it.
    for (const std::size_t made : {1, 0}) {
      const RecordStore store = Store(folder / "cache");
      truth.Hold(store);
      ASSERT_EQ(store.made(), made) << at;
    }
    ASSERT_EQ(fs::file_size(saved.path), 2 * saved.pack.size());
  }
}

TEST(RecordStore, LoadsNoFlippedBit) {
  const test::TemporaryFolder folder;
  const Truth truth(folder.path(), 5);
  truth.Hold(Store(folder / "cache"));
  const SavedPack saved(folder / "cache");
  Rng rng({1, HashName("flips")});
  std::size_t made = 0;
  for (int flip = 0; flip < 1000; ++flip) {
    std::string pack = saved.pack, index = saved.index;
    // Of ten, six anywhere in the pack, two in its heads and two in its index.
    const std::uint64_t where = rng.Below(10);
    std::string& bytes = where < 8 ? pack : index;
    const std::size_t entry = pack.size() / truth.headers.size();
    const std::size_t at =
        where == 6 || where == 7 ? rng.Below(5) * entry + rng.Below(128) : rng.Below(bytes.size());
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << rng.Below(8)));
    saved.Write(pack, index);
    const RecordStore store = Store(folder / "cache");
    truth.Hold(store);
    ASSERT_EQ(store.made(), where < 8 ? 1u : 0u) << at;
    made += store.made();
  }
  EXPECT_GT(made, 700u);
}

TEST(RecordStore, GoesOnBehindTornEnds) {
  const test::TemporaryFolder folder;
  const Truth truth(folder.path(), 3);
  truth.Hold(Store(folder / "cache"));
  const SavedPack saved(folder / "cache");
  const std::size_t entry = saved.pack.size() / 3, slot = saved.index.size() / 3;
  for (const std::size_t left : {std::size_t{0}, std::size_t{1}, std::size_t{63}, std::size_t{64},
                                 std::size_t{127}, std::size_t{128}, std::size_t{129}, entry - 1,
                                 entry, entry + 1, 2 * entry - 64, 2 * entry + 100, 2 * entry + 128,
                                 3 * entry - 65, 3 * entry - 64, 3 * entry - 1, 3 * entry}) {
    for (const std::size_t slots : {std::size_t{0}, std::size_t{1}, slot, 2 * slot + 7, 3 * slot}) {
      saved.Write(saved.pack.substr(0, left), saved.index.substr(0, slots));
      for (const std::size_t made : {3 - left / entry, std::size_t{0}}) {
        const RecordStore store = Store(folder / "cache");
        truth.Hold(store);
        ASSERT_EQ(store.made(), made) << left << ' ' << slots;
        ASSERT_FALSE(store.write_failure());
      }
    }
  }
  // An index that is gone, and a pack that is.
  saved.Write(saved.pack, saved.index);
  fs::remove(saved.index_path);
  const RecordStore scanning = Store(folder / "cache");
  truth.Hold(scanning);
  EXPECT_EQ(scanning.made(), 0u);
  saved.Write(saved.pack, saved.index);
  fs::remove(saved.path);
  const RecordStore making = Store(folder / "cache");
  truth.Hold(making);
  EXPECT_EQ(making.made(), 3u);
}

TEST(RecordStore, SharesAFolderWithOthers) {
  const test::TemporaryFolder folder;
  const Truth truth(folder.path(), 8);
  {
    const RecordStore first = Store(folder / "cache");
    const RecordStore second = Store(folder / "cache");
    truth.Hold(first, 0, 3);
    truth.Hold(second, 2, 5);
    truth.Hold(first, 4, 8);
    truth.Hold(second);
    EXPECT_EQ(first.made(), 3u + 3u);
    EXPECT_EQ(second.made(), 2u);  // what the first has made meanwhile is found
    EXPECT_EQ(Files(folder / "cache", ".pack").size(), 2u);
  }
  const RecordStore third = Store(folder / "cache");
  truth.Hold(third);
  EXPECT_EQ(third.made(), 0u);
}

TEST(RecordStore, TakesUpThePackOfAnEarlierRun) {
  const test::TemporaryFolder folder;
  const Truth truth(folder.path(), 6);
  for (std::size_t run = 0; run < 3; ++run) {
    const RecordStore store = Store(folder / "cache");
    truth.Hold(store, 0, 2 * run + 2);
    EXPECT_EQ(store.made(), 2u);
  }
  EXPECT_EQ(Files(folder / "cache", ".pack").size(), 1u);
}

TEST(RecordStore, LeavesTheMemoryToItsRecords) {
  const test::TemporaryFolder folder;
  const Truth truth(folder.path(), 2);
  truth.Hold(Store(folder / "cache"));
  std::vector<ReadyRecord> records;
  for (const fs::path& header : truth.headers) {
    records.push_back(Store(folder / "cache").Read(header).value());
  }
  fs::remove_all(folder / "cache");
  EXPECT_EQ(Values(records[0]), truth.values[0]);
  EXPECT_EQ(Values(records[1]), truth.values[1]);
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
  const Truth truth(folder.path(), 2);
  std::ofstream(folder / "cache") << "in the way";  // where a folder has to be
  const RecordStore store = Store(folder / "cache");
  truth.Hold(store);
  EXPECT_TRUE(store.write_failure());
  truth.Hold(store);
  EXPECT_EQ(store.made(), 4u);
}

TEST(RecordStore, GoesOnWhereTheDiskIsFull) {
  const test::TemporaryFolder folder;
  const Truth truth(folder.path(), 6);
  const std::size_t entry = 128 + 4 * truth.values[0].size();
  // The end of the disk in the middle of the third entry.
  const int status = test::InChildProcess([&] {
    test::LimitFileSize(entry * 5 / 2);
    const RecordStore store = Store(folder / "cache");
    truth.Hold(store);
    if (!store.write_failure() || store.write_failure()->kind != ErrorKind::kOutput) return 1;
    truth.Hold(store);
    return testing::Test::HasFailure() || store.made() != 6 + 4 ? 2 : 0;
  });
  EXPECT_EQ(status, 0);
  for (const std::size_t made : {4, 0}) {
    const RecordStore store = Store(folder / "cache");
    truth.Hold(store);
    EXPECT_EQ(store.made(), made);
    EXPECT_FALSE(store.write_failure());
  }
  EXPECT_EQ(Files(folder / "cache", ".pack").size(), 1u);
}

TEST(RecordStore, OutlivesRunsThatAreKilled) {
  const test::TemporaryFolder folder;
  const Truth truth(folder.path(), 40);
  Rng rng({1, HashName("kills")});
  for (int run = 0; run < 30; ++run) {
    if (run % 10 == 0) fs::remove_all(folder / "cache");
    const auto time = std::chrono::microseconds(rng.Below(20000));
    const int status = test::InChildProcess([&] {
      std::thread([time] {
        std::this_thread::sleep_for(time);
        ::kill(::getpid(), SIGKILL);
      }).detach();
      const RecordStore store = Store(folder / "cache");
      ParallelFor(truth.headers.size(), 2,
                  [&](std::size_t i) { store.Read(truth.headers[i]).value(); });
      ::pause();
      return 0;
    });
    ASSERT_EQ(status, 128 + SIGKILL);
    if (run % 2 == 0) continue;  // every other time the next run is killed, too
    truth.Hold(Store(folder / "cache"));
    const RecordStore store = Store(folder / "cache");
    truth.Hold(store);
    ASSERT_EQ(store.made(), 0u);
    ASSERT_EQ(Files(folder / "cache", ".pack").size(), 1u);
  }
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
  const RecordIndex index = ScanRecords(folder, 0).value();
  for (const RecordEntry& entry : index.records) {
    const Result<ReadyRecord> record = store.Read(entry.path);
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
