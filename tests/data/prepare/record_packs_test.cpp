#include "src/data/prepare/record_packs.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "ecg/core/parallel.h"
#include "src/data/prepare/pack_entry.h"
#include "tests/support.h"

namespace ecg::data {
namespace {

namespace fs = std::filesystem;

Sha256Digest IdentityOf(std::uint64_t key) { return Sha256Bytes(std::to_string(key)); }

// Of another size and other values for each key.
ReadyRecord RecordOf(std::uint64_t key) {
  PreparedRecord prepared;
  prepared.channels = 1 + key % 3;
  prepared.samples = 10 + key % 7;
  for (std::size_t i = 0; i < prepared.channels * prepared.samples; ++i) {
    prepared.signal.push_back(static_cast<float>(i) + 1000 * static_cast<float>(key));
  }
  ReadyRecord record = ToReady(std::move(prepared));
  for (std::int32_t k = 0; k < static_cast<std::int32_t>(key % 5); ++k) {
    record.peaks.push_back({k * 2, static_cast<dsp::PeakType>(k)});
  }
  return record;
}

void ExpectRecordOf(std::uint64_t key, const std::optional<ReadyRecord>& found) {
  ASSERT_TRUE(found) << key;
  const ReadyRecord expected = RecordOf(key);
  ASSERT_EQ(found->signal.channels, expected.signal.channels);
  ASSERT_EQ(found->signal.samples, expected.signal.samples);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(found->signal.signal) % kEntryAlignment, 0u);
  for (std::size_t i = 0; i < expected.signal.channels * expected.signal.samples; ++i) {
    ASSERT_EQ(found->signal.signal[i], expected.signal.signal[i]);
  }
  EXPECT_EQ(found->peaks, expected.peaks);
}

std::size_t CountPacks(const fs::path& folder) {
  std::size_t count = 0;
  for (const auto& file : fs::directory_iterator(folder)) {
    count += file.path().extension() == ".pack" ? 1 : 0;
  }
  return count;
}

TEST(RecordPacks, FillsOnePackAfterTheOther) {
  const test::TemporaryFolder folder;
  constexpr std::uint64_t kKeys = 300, kPackBytes = 4000;
  RecordPacks packs(folder.path(), kPackBytes);
  for (std::uint64_t key = 0; key < kKeys; ++key) {
    EXPECT_FALSE(packs.Find(key, IdentityOf(key)));
    packs.Append(key, IdentityOf(key), RecordOf(key)).value();
    ExpectRecordOf(key, packs.FindAgain(key));
  }
  EXPECT_GT(CountPacks(folder.path()), 10u);
  for (int again = 0; again < 2; ++again) {
    RecordPacks opened(folder.path(), kPackBytes);
    for (std::uint64_t key = 0; key < kKeys; ++key) {
      EXPECT_FALSE(opened.FindAgain(key));
      ExpectRecordOf(key, opened.Find(key, IdentityOf(key)));
      ExpectRecordOf(key, opened.FindAgain(key));
    }
    EXPECT_FALSE(opened.Find(kKeys, IdentityOf(kKeys)));
    // The second time without any index.
    for (const auto& file : fs::directory_iterator(folder.path())) {
      if (file.path().extension() == ".index") fs::remove(file.path());
    }
  }
}

TEST(RecordPacks, GivesTheEntryThatFits) {
  const test::TemporaryFolder folder;
  // One key, and of its entries each with another identity.
  for (std::uint64_t i = 0; i < 4; ++i) {
    RecordPacks packs(folder.path());
    EXPECT_FALSE(packs.Find(7, IdentityOf(i)));
    packs.Append(7, IdentityOf(i), RecordOf(i)).value();
    ExpectRecordOf(i, packs.FindAgain(7));
  }
  for (std::uint64_t i = 0; i < 4; ++i) {
    RecordPacks packs(folder.path());
    ExpectRecordOf(i, packs.Find(7, IdentityOf(i)));
    ExpectRecordOf(i, packs.FindAgain(7));
    EXPECT_FALSE(packs.Find(8, IdentityOf(i)));
  }
}

TEST(RecordPacks, ServesManyThreads) {
  const test::TemporaryFolder folder;
  RecordPacks first(folder.path(), 3000), second(folder.path(), 3000);
  ParallelFor(400, 8, [&](std::size_t i) {
    RecordPacks& packs = i % 3 == 0 ? first : second;
    const std::uint64_t key = i % 40;
    std::optional<ReadyRecord> found = packs.FindAgain(key);
    if (!found) found = packs.Find(key, IdentityOf(key));
    if (!found) {
      packs.Append(key, IdentityOf(key), RecordOf(key)).value();
      found = packs.FindAgain(key);
    }
    ExpectRecordOf(key, found);
  });
  RecordPacks third(folder.path());
  for (std::uint64_t key = 0; key < 40; ++key)
    ExpectRecordOf(key, third.Find(key, IdentityOf(key)));
}

// Three entries and the index of the first two.
struct SmallPack {
  SmallPack() {
    for (std::uint64_t key = 1; key <= 3; ++key) {
      const std::string entry = FormatEntry(key, IdentityOf(key), RecordOf(key));
      entries.push_back({key, pack.size(), entry.size()});
      pack += entry;
    }
  }
  std::string pack;
  std::vector<PackedEntry> entries;
};

std::vector<std::uint64_t> Offsets(const std::vector<PackedEntry>& entries) {
  std::vector<std::uint64_t> offsets;
  for (const PackedEntry& entry : entries) offsets.push_back(entry.offset);
  return offsets;
}

TEST(PackIndex, PassesOverDamagedSlots) {
  const SmallPack small;
  std::string index;
  for (const PackedEntry& entry : small.entries) index += FormatSlot(entry);
  EXPECT_EQ(Offsets(ParseSlots(index)), Offsets(small.entries));
  EXPECT_EQ(ParseSlots(index.substr(0, index.size() - 1)).size(), 2u);
  EXPECT_TRUE(ParseSlots(std::string(3 * kSlotBytes, '\0')).empty());
  for (std::size_t bit = 0; bit < 8 * index.size(); ++bit) {
    std::string damaged = index;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    std::vector<std::uint64_t> expected = Offsets(small.entries);
    expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(bit / 8 / kSlotBytes));
    EXPECT_EQ(Offsets(ParseSlots(damaged)), expected) << bit;
  }
}

TEST(PackIndex, FindsWhatHasNoSlot) {
  const SmallPack small;
  const auto& [first, second, third] =
      std::tie(small.entries[0], small.entries[1], small.entries[2]);
  using Expected = std::vector<std::uint64_t>;
  EXPECT_EQ(Offsets(ScanGaps(small.pack, {})), Offsets(small.entries));
  EXPECT_EQ(Offsets(ScanGaps(small.pack, {third, first})), Expected{second.offset});
  EXPECT_EQ(Offsets(ScanGaps(small.pack, {second})), (Expected{first.offset, third.offset}));
  EXPECT_EQ(Offsets(ScanGaps(small.pack, small.entries)), Expected{});
  EXPECT_EQ(Offsets(ScanGaps({}, small.entries)), Expected{});
  // Behind what is no entry, and before a torn one.
  const std::string torn =
      std::string(5 * kEntryAlignment, 'x') + small.pack.substr(0, small.pack.size() - 1);
  EXPECT_EQ(Offsets(ScanGaps(torn, {})),
            (Expected{5 * kEntryAlignment, 5 * kEntryAlignment + second.offset}));
}

}  // namespace
}  // namespace ecg::data
