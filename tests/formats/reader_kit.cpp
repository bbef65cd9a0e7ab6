#include "tests/formats/reader_kit.h"

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>

#include "ecg/core/random.h"
#include "tests/formats/wfdb/memory.h"
#include "tests/formats/wfdb/pack.h"
#include "tests/support.h"

namespace ecg::test {
namespace {

using wfdb::test::Memory;
using wfdb::test::ResetPeakMemory;
using wfdb::test::WriteText;

constexpr std::uint64_t kMaxSamples = std::uint64_t{4} << 20;
constexpr double kMaxSeconds = 0.1;
constexpr double kMaxMegabytes = 96;

Result<record::EcgRecord> ReadFrom(const record::RecordReader& reader,
                                   const std::filesystem::path& path,
                                   const record::OpenOptions& told,
                                   const record::ReadOptions& options) {
  const auto file = reader.Open(path, told);
  if (!file.ok()) return file.error();
  record::EcgRecord record;
  if (const Status read = (*file)->Read(options, record); !read.ok()) return read.error();
  return record;
}

// Numbers and texts that have broken readers.
const std::vector<std::string> kPoison = {"2147483647", "4294967296", "9223372036854775807",
                                          "-1",         "0",          "1e308",
                                          "nan",        "inf",        "65536",
                                          "1048576",    "\n",         "\r\n",
                                          "1e-308",     "-32768",     "<",
                                          ">",          "\"",         "&#0;",
                                          "99999",      "",           "="};

void PoisonNumber(Rng& rng, std::string& bytes) {
  constexpr std::string_view kDigits = "0123456789";
  const std::size_t from = rng.Below(bytes.size() + 1);
  const std::size_t begin = bytes.find_first_of(kDigits, from);
  if (begin == std::string::npos) return;
  const std::size_t end = std::min(bytes.find_first_not_of(kDigits, begin), bytes.size());
  bytes.replace(begin, end - begin, kPoison[rng.Below(kPoison.size())]);
}

void Mutate(Rng& rng, std::string& bytes, bool text) {
  for (std::uint64_t steps = 1 + rng.Below(4); steps > 0; --steps) {
    // Half of them near the front, where most of a file's meaning is.
    const std::size_t reach =
        rng.Chance(0.5) ? bytes.size() : std::min<std::size_t>(bytes.size(), 512);
    const std::size_t at = rng.Below(reach + 1);
    const std::uint64_t kind = rng.Below(text ? 7 : 5);
    if (kind == 0 && at < bytes.size()) {
      bytes[at] = static_cast<char>(rng.Below(256));
    } else if (kind == 1) {
      bytes.resize(at);
    } else if (kind == 2) {
      bytes.erase(at, 1 + rng.Below(8));
    } else if (kind == 3) {
      bytes.insert(at, std::string(1 + rng.Below(9), static_cast<char>(rng.Below(256))));
    } else if (kind == 4 && at < bytes.size()) {
      const char extremes[] = {'\0', '\xFF', '\x7F', '\x80'};
      bytes[at] = extremes[rng.Below(4)];
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

}  // namespace

Result<record::EcgRecord> ReadBytes(const record::RecordReader& reader, const std::string& bytes,
                                    const record::OpenOptions& told,
                                    const record::ReadOptions& options, const std::string& name) {
  const TemporaryFolder folder;
  WriteText(folder / name, bytes);
  return ReadFrom(reader, folder / name, told, options);
}

std::string ErrorOf(const record::RecordReader& reader, const std::string& bytes,
                    const record::OpenOptions& told) {
  const Result<record::EcgRecord> read = ReadBytes(reader, bytes, told);
  return read.ok() ? "(no error)" : read.error().field + ": " + read.error().message;
}

void ExpectDamagedAreReadOrRefused(const record::RecordReader& reader,
                                   const std::vector<std::string>& seeds, bool text,
                                   const record::OpenOptions& told, int mutations) {
  const TemporaryFolder folder;
  record::ReadOptions options;
  options.max_samples = kMaxSamples;
  for (const std::string& seed : seeds) {
    const Result<record::EcgRecord> sound = ReadBytes(reader, seed, told, options);
    ASSERT_TRUE(sound.ok()) << sound.error().ToString();
  }
  int read = 0;
  double worst_seconds = 0;
  ResetPeakMemory();
  const double before = Memory("VmRSS:");
  for (int i = 0; i < mutations; ++i) {
    Rng rng({30, static_cast<std::uint64_t>(i)});
    std::string bytes = seeds[rng.Below(seeds.size())];
    Mutate(rng, bytes, text);
    const std::filesystem::path path = folder / "r.bin";
    std::filesystem::remove(path);
    WriteText(path, bytes);
    const double start = CpuSeconds();
    const Result<record::EcgRecord> record = ReadFrom(reader, path, told, options);
    worst_seconds = std::max(worst_seconds, CpuSeconds() - start);
    if (!record.ok()) {
      ASSERT_FALSE(record.error().message.empty());
      ASSERT_FALSE(record.error().file.empty()) << record.error().message;
      continue;
    }
    ++read;
    ASSERT_EQ(record->leads.size(), record->info.leads.size());
    for (const auto& lead : record->leads) ASSERT_EQ(lead.size(), record->info.samples);
  }
  const double worst_megabytes = Memory("VmHWM:") - before;
  std::printf("%s: %d mutations, %d still read; worst %.1f ms, %.1f MB\n",
              std::string(reader.name()).c_str(), mutations, read, worst_seconds * 1e3,
              worst_megabytes);
  EXPECT_GT(read, mutations / 50) << "the seeds should survive some";
#ifndef ECG_SANITIZED
  EXPECT_LT(worst_seconds, kMaxSeconds);
  EXPECT_LT(worst_megabytes, kMaxMegabytes);
#endif
}

}  // namespace ecg::test
