// Thousands of damaged records: every one is read or refused, quickly and in little memory.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/random.h"
#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/annotation.h"
#include "ecg/formats/wfdb/write.h"
#include "ecg/record/reader.h"
#include "tests/formats/wfdb/matlab5.h"
#include "tests/formats/wfdb/memory.h"
#include "tests/formats/wfdb/pack.h"
#include "tests/support.h"

namespace ecg::wfdb {
namespace {

constexpr int kMutations = 15000;
constexpr std::uint64_t kMaxSamples = std::uint64_t{8} << 20;  // 32 MB, twice in use
constexpr double kMaxSeconds = 0.05;
constexpr double kMaxMegabytes = 64;

// A sound record: its files by name. The first one is the header to read.
struct Seed {
  std::string header;
  std::vector<std::pair<std::string, std::string>> files;
};

Seed BinarySeed(Format format) {
  std::vector<std::int64_t> samples;
  for (int i = 0; i < 600; ++i) samples.push_back(i % 100 - 50);
  const std::string f = std::to_string(static_cast<int>(format));
  return {"r.hea",
          {{"r.hea", "r 2 500 200 12:00:00 01/02/2003\nr.dat " + f +
                         "x2:1+4 1000(0)/mV 12 0 -50 100 0 I\nr.dat " + f +
                         "+4 2.5e2/uV 12 0 -48 200 0 II\n# Age: 50\n#Dx: 1,2\n"},
           {"r.dat", "abcd" + test::Pack(format, samples, -50)}}};
}

Seed SegmentSeed() {
  return {"m.hea",
          {{"m.hea", "m/4 2 100 17\nlayout 0\na 5\n~ 2\nb 10\n"},
           {"layout.hea", "layout 2 100 0\n~ 0 1000/mV 16 0 0 0 0 I\n~ 0 1/uV 16 0 0 0 0 II\n"},
           {"a.hea", "a 1 100 5\na.dat 16 10/mV 16 0 0 0 0 II\n"},
           {"b.hea", "b 2 100 10\nb.dat 212 10/mV 16 0 0 0 0 II\nb.dat 212 1/mV 16 0 0 0 0 I\n"},
           {"a.dat", std::string(10, '\3')},
           {"b.dat", std::string(30, '\5')}}};
}

Seed NullSeed() {
  return {"r.hea",
          {{"r.hea", "r 2 500 100\n~ 0 1000/mV 16 0 0 0 0 I\n~ 0x2 1/uV 16 0 0 0 0 II\n"}}};
}

Seed WrittenSeed(SignalFileKind kind) {
  const ecg::test::TemporaryFolder folder;
  Record record;
  record.header.name = "r";
  record.frames = 300;
  for (int i = 0; i < 3; ++i) {
    SignalHeader signal;
    signal.description = "V" + std::to_string(i + 1);
    record.header.signals.push_back(signal);
    auto& digital = record.digital.emplace_back();
    for (int k = 0; k < 300; ++k) digital.push_back((k * 37 + i) % 900);
  }
  EXPECT_TRUE(WriteRecord(folder.path(), record, kind).ok());
  Seed seed = {"r.hea", {}};
  for (const char* name : {"r.hea", "r.dat", "r.mat"}) {
    if (const auto bytes = ReadFile(folder / name); bytes.ok())
      seed.files.push_back({name, *bytes});
  }
  return seed;
}

// As wfdb2mat writes it.
Seed Matlab5Seed() {
  const std::string line = "r.mat 16+192 1000/mV 16 0 ";
  return {"r.hea",
          {{"r.hea", "r 2 500 4\n" + line + "513 0 0 I\n" + line + "513 0 0 II\n"},
           {"r.mat", test::Matlab5().File(2, 4, 3, std::string(16, '\2'))}}};
}

std::vector<Seed> MakeSeeds() {
  std::vector<Seed> seeds = {SegmentSeed(), NullSeed(), Matlab5Seed(),
                             WrittenSeed(SignalFileKind::kMatlab),
                             WrittenSeed(SignalFileKind::kFlac16)};
  for (const Format format : test::BinaryFormats()) seeds.push_back(BinarySeed(format));
  return seeds;
}

// Numbers and texts that have broken readers.
const std::vector<std::string> kPoison = {"2147483647", "4294967296", "9223372036854775807",
                                          "-1",         "0",          "-9223372036854775808",
                                          "1e308",      "nan",        "inf",
                                          "~",          "/",          "..",
                                          "#",          "x",          "+",
                                          ":",          "(",          ")",
                                          "16384",      "1048576",    "\n",
                                          "\r\n",       "516",        "8",
                                          "212",        "310",        std::string(1, '\0'),
                                          "\xff\xfe",   "262144",     "1e-308"};

// Replaces a number, which is where the arithmetic is.
void PoisonNumber(Rng& rng, std::string& bytes) {
  constexpr std::string_view kDigits = "0123456789";
  std::vector<std::pair<std::size_t, std::size_t>> numbers;
  for (std::size_t begin = bytes.find_first_of(kDigits); begin != std::string::npos;) {
    const std::size_t end = std::min(bytes.find_first_not_of(kDigits, begin), bytes.size());
    numbers.emplace_back(begin, end - begin);
    begin = bytes.find_first_of(kDigits, end);
  }
  if (numbers.empty()) return;
  const auto [begin, length] = numbers[rng.Below(numbers.size())];
  bytes.replace(begin, length, kPoison[rng.Below(kPoison.size())]);
}

void Mutate(Rng& rng, std::string& bytes, bool text) {
  for (std::uint64_t steps = 1 + rng.Below(4); steps > 0; --steps) {
    const std::size_t at = rng.Below(bytes.size() + 1);
    const std::uint64_t kind = rng.Below(text ? 7 : 4);
    if (kind == 0 && at < bytes.size()) {
      bytes[at] = static_cast<char>(rng.Below(256));
    } else if (kind == 1) {
      bytes.resize(at);
    } else if (kind == 2) {
      bytes.erase(at, 1 + rng.Below(8));
    } else if (kind == 3) {
      bytes.insert(at, std::string(1 + rng.Below(9), static_cast<char>(rng.Below(256))));
    } else {
      PoisonNumber(rng, bytes);
    }
  }
}

double CpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

void ExpectSound(const Seed& seed) {
  const ecg::test::TemporaryFolder folder;
  for (const auto& [name, bytes] : seed.files) test::WriteText(folder / name, bytes);
  const Result<record::EcgRecord> ecg = formats::ReadEcg(folder / seed.header);
  EXPECT_TRUE(ecg.ok()) << ecg.error().ToString();
}

TEST(Mutation, DamagedRecordsAreReadOrRefused) {
  const ecg::test::TemporaryFolder folder;
  const std::vector<Seed> seeds = MakeSeeds();
  int read = 0;
  for (const Seed& seed : seeds) ExpectSound(seed);
  record::ReadOptions options;
  options.max_samples = kMaxSamples;
  double worst_seconds = 0;
  test::ResetPeakMemory();
  const double before = test::Memory("VmRSS:");
  for (int i = 0; i < kMutations; ++i) {
    Rng rng({20211, static_cast<std::uint64_t>(i)});
    const Seed& seed = seeds[rng.Below(seeds.size())];
    const std::size_t target = rng.Below(seed.files.size());
    for (std::size_t k = 0; k < seed.files.size(); ++k) {
      std::string bytes = seed.files[k].second;
      const bool header = seed.files[k].first.find(".hea") != std::string::npos;
      if (k == target || rng.Chance(0.2)) Mutate(rng, bytes, header);
      // Truncating a file in place makes some file systems write it to the disk at once.
      std::filesystem::remove(folder / seed.files[k].first);
      test::WriteText(folder / seed.files[k].first, bytes);
    }
    const double start = CpuSeconds();
    const Result<record::EcgRecord> ecg = formats::ReadEcg(folder / seed.header, options);
    worst_seconds = std::max(worst_seconds, CpuSeconds() - start);
    if (ecg.ok()) {
      ++read;
      ASSERT_EQ(ecg->leads.size(), ecg->info.leads.size());
      for (const auto& lead : ecg->leads) ASSERT_EQ(lead.size(), ecg->info.samples);
    } else {
      ASSERT_FALSE(ecg.error().message.empty());
      ASSERT_FALSE(ecg.error().file.empty()) << ecg.error().message;
    }
    const Result<Record> record = ReadRecord(folder / seed.header, options);
    if (record.ok()) {
      for (std::size_t s = 0; s < record->digital.size(); ++s) {
        ASSERT_EQ(record->Physical(s).size(), record->digital[s].size());
      }
    }
    ASSERT_EQ(ecg.ok(), record.ok()) << i;
  }
  const double worst_megabytes = test::Memory("VmHWM:") - before;
  std::printf("%d mutations, %d still read; worst %.1f ms, %.1f MB\n", kMutations, read,
              worst_seconds * 1e3, worst_megabytes);
  EXPECT_GT(read, kMutations / 20) << "the seeds should survive some";
#ifndef ECG_SANITIZED
  EXPECT_LT(worst_seconds, kMaxSeconds);
  EXPECT_LT(worst_megabytes, kMaxMegabytes);
#endif
}

TEST(Mutation, DamagedAnnotationsAreReadOrRefused) {
  AnnotationFile file;
  for (int i = 0; i < 50; ++i) {
    file.annotations.push_back(
        {i * 700, 1 + i % 49, i % 5, i % 3, i, std::string(static_cast<std::size_t>(i % 7), 'a')});
  }
  const std::string seed = *FormatAnnotations(file);
  int read = 0;
  for (std::uint64_t i = 0; i < kMutations; ++i) {
    Rng rng({7, i});
    std::string bytes = seed;
    Mutate(rng, bytes, false);
    const Result<AnnotationFile> result = ParseAnnotations(bytes, "x");
    if (result.ok()) ++read;
  }
  EXPECT_GT(read, kMutations / 20);
}

}  // namespace
}  // namespace ecg::wfdb
