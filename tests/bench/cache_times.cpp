// What the cache of prepared records costs and gives: filling, opening and reading it, through the
// store and entry by entry, beside one file for each record and beside the machine's own limits, as
// a Markdown table. Everything runs on one thread, each line in a process of its own.
// usage: cache_times FOLDER [COUNT ...]   (default: 1000 10000; makes and removes
// FOLDER/cache-times,
//        about 110 KB for each record)
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/checksum.h"
#include "ecg/core/file.h"
#include "ecg/core/mapped_file.h"
#include "ecg/core/random.h"
#include "ecg/data/prepare/record_store.h"
#include "ecg/formats/wfdb/write.h"
#include "src/core/append_file.h"
#include "src/data/prepare/pack_entry.h"
#include "src/data/prepare/record_packs.h"

namespace {

namespace fs = std::filesystem;
using namespace ecg;
using namespace ecg::data;

constexpr double kRate = 100;              // Hz, of the recordings and of what is kept
constexpr std::size_t kSamples = 1000;     // 10 s
constexpr std::size_t kMostFiles = 10000;  // more take minutes, and show nothing else

struct Cost {
  double seconds = 0;
  double cpu_seconds = 0;  // what a machine that others use, too, says more of
  double megabytes = 0;    // the most memory that the process had; mapped pages count
};

double CpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

// `body` in a process of its own, after `prepare`, which does not count.
Cost Measure(const std::function<void()>& body, const std::function<void()>& prepare = {}) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  const pid_t child = ::fork();
  if (child == 0) {
    if (prepare) prepare();
    const double cpu = CpuSeconds();
    const auto begin = std::chrono::steady_clock::now();
    body();
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
    const Cost cost = {passed.count(), CpuSeconds() - cpu};
    ::_exit(::write(ends[1], &cost, sizeof cost) == sizeof cost ? 0 : 1);
  }
  ::close(ends[1]);
  Cost cost;
  rusage usage{};
  int status = 1;
  const bool read = ::read(ends[0], &cost, sizeof cost) == sizeof cost;
  if (::wait4(child, &status, 0, &usage) != child || status != 0 || !read) std::abort();
  ::close(ends[0]);
  cost.megabytes = static_cast<double>(usage.ru_maxrss) / 1024;
  return cost;
}

void Print(const char* what, std::size_t count, std::size_t bytes, const Cost& cost) {
  const double rate = static_cast<double>(count) / cost.seconds;
  std::printf("| %-48s | %8.3f | %8.3f | %9.0f | %7.0f | %6.0f |\n", what, cost.seconds,
              cost.cpu_seconds, rate, rate * static_cast<double>(bytes) / 1e6, cost.megabytes);
  std::fflush(stdout);
}

// Recordings of 12 leads, a thousand a folder, that share the samples of one.
std::vector<fs::path> MakeRecords(const fs::path& folder, std::size_t count) {
  wfdb::Record record;
  record.header.name = "signal";
  record.header.sampling_rate = kRate;
  record.frames = kSamples;
  Rng rng({1});
  for (const char* lead :
       {"I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"}) {
    wfdb::SignalHeader signal;
    signal.description = lead;
    record.header.signals.push_back(signal);
    auto& digital = record.digital.emplace_back();
    for (std::size_t i = 0; i < kSamples; ++i) {
      digital.push_back(static_cast<std::int32_t>(200 * rng.Normal()));
    }
  }
  wfdb::WriteRecord(folder, record, wfdb::SignalFileKind::kMatlab).value();
  std::string text = ReadFile(folder / "signal.hea").value();
  text.erase(0, text.find(' '));
  std::vector<fs::path> headers;
  for (std::size_t i = 0; i < count; ++i) {
    const fs::path group = folder / ("g" + std::to_string(i / 1000));
    if (i % 1000 == 0) {
      fs::create_directory(group);
      fs::create_hard_link(folder / "signal.mat", group / "signal.mat");
    }
    const std::string name = "R" + std::to_string(i);
    headers.push_back(group / (name + ".hea"));
    WriteFileAtomic(headers.back(), name + text, Durability::kCached).value();
  }
  return headers;
}

RecordStore Store(const fs::path& cache) {
  PreprocessConfig config;
  config.sampling_rate = kRate;
  return RecordStore(config, {}, cache);
}

// What a reader does with a record: its values are copied into a batch.
void CopyOut(const ReadyRecord& record) {
  static std::vector<float> batch;
  batch.resize(record.signal.channels * record.signal.samples);
  std::memcpy(batch.data(), record.signal.signal, batch.size() * sizeof(float));
}

// Takes a folder's files out of the system's memory.
void Cool(const fs::path& folder) {
  ::sync();
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    const int descriptor = ::open(file.path().c_str(), O_RDONLY | O_CLOEXEC);
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    ::close(descriptor);
  }
}

void TimeStore(const std::vector<fs::path>& headers, const fs::path& cache, std::size_t bytes) {
  const std::size_t count = headers.size();
  const auto read_all = [&](const RecordStore& store) {
    for (const fs::path& header : headers) CopyOut(store.Read(header).value());
  };
  const auto open = [&] { CopyOut(Store(cache).Read(headers.front()).value()); };
  Print("store: make all, no cache", count, bytes, Measure([&] { read_all(Store({})); }));
  Print("store: fill", count, bytes, Measure([&] { read_all(Store(cache)); }));
  Print("store: open and read one record", 1, bytes, Measure(open));
  Cool(cache);
  Print("store: open and read one record, disk cold", 1, bytes, Measure(open));
  std::vector<std::pair<fs::path, fs::path>> hidden;
  for (const auto& file : fs::recursive_directory_iterator(cache)) {
    if (file.path().extension() != ".index") continue;
    hidden.emplace_back(file.path(), file.path().string() + ".hidden");
  }
  for (const auto& [path, aside] : hidden) fs::rename(path, aside);
  Cool(cache);
  Print("store: open and read one, disk cold, index lost", 1, bytes, Measure(open));
  for (const auto& [path, aside] : hidden) fs::rename(aside, path);
  Cool(cache);
  Print("store: read all, disk cold", count, bytes, Measure([&] { read_all(Store(cache)); }));
  Print("store: read all, first time", count, bytes, Measure([&] { read_all(Store(cache)); }));
  std::optional<RecordStore> store;
  const auto read_before = [&] {
    PreprocessConfig config;
    config.sampling_rate = kRate;
    read_all(store.emplace(config, std::nullopt, cache));
  };
  Print("store: read all, again", count, bytes, Measure([&] { read_all(*store); }, read_before));
}

struct Names {
  std::uint64_t key;
  Sha256Digest identity;
};

Names NamesOf(std::size_t i) {
  Names names{0, Sha256Bytes(std::to_string(i))};
  std::memcpy(&names.key, names.identity.data(), sizeof names.key);
  return names;
}

void TimePacks(const ReadyRecord& record, std::size_t count, const fs::path& folder,
               std::size_t bytes) {
  Print("packs: write", count, bytes, Measure([&] {
          RecordPacks writer(folder);
          for (std::size_t i = 0; i < count; ++i) {
            const Names names = NamesOf(i);
            writer.Append(names.key, names.identity, record).value();
          }
        }));
  std::optional<RecordPacks> packs;
  const auto read_first = [&] {
    packs.emplace(folder);
    for (std::size_t i = 0; i < count; ++i) {
      const Names names = NamesOf(i);
      CopyOut(packs->Find(names.key, names.identity).value());
    }
  };
  const auto read_again = [&] {
    for (std::size_t i = 0; i < count; ++i) CopyOut(packs->FindAgain(NamesOf(i).key).value());
  };
  Print("packs: read, first time", count, bytes, Measure(read_first));
  Print("packs: read, again", count, bytes, Measure(read_again, read_first));
}

// The same entries, each in a file of its own.
void TimeFiles(const ReadyRecord& record, std::size_t count, const fs::path& folder,
               std::size_t bytes) {
  const auto path = [&](std::size_t i) {
    const std::string name = Sha256(std::to_string(i));
    return folder / name.substr(0, 2) / (name.substr(2, 30) + ".record");
  };
  Print("one file each: write", count, bytes, Measure([&] {
          for (std::size_t i = 0; i < count; ++i) {
            const Names names = NamesOf(i);
            const std::string entry = FormatEntry(names.key, names.identity, record);
            WriteFileAtomic(path(i), entry, Durability::kCached).value();
          }
        }));
  const auto read = [&](bool check) {
    for (std::size_t i = 0; i < count; ++i) {
      const Names names = NamesOf(i);
      const MappedFile file = MappedFile::Open(path(i)).value();
      if (check && !IsEntry(file.bytes(), names.key, names.identity)) std::abort();
      CopyOut(ReadEntry(file.bytes(), nullptr).value());
    }
  };
  Print("one file each: read, first time", count, bytes, Measure([&] { read(true); }));
  Print("one file each: read, again", count, bytes, Measure([&] { read(false); }));
}

// The same bytes from one end of a file to the other.
void TimeLimits(const ReadyRecord& record, std::size_t count, const fs::path& path,
                std::size_t bytes) {
  const std::string entry = FormatEntry(0, {}, record);
  Print("limit: the same writes to one file", count, bytes, Measure([&] {
          AppendFile file = AppendFile::Open(path, AppendFile::Existence::kAny).value();
          for (std::size_t i = 0; i < count; ++i) file.WriteAt(i * entry.size(), entry).value();
        }));
  Print("limit: SHA-256 of the same bytes in memory", count, bytes, Measure([&] {
          for (std::size_t i = 0; i < count; ++i) Sha256Bytes(entry);
        }));
  std::string buffer = entry;
  Print("limit: the same reads of one file (page cache)", count, bytes, Measure([&] {
          const InputFile file = InputFile::Open(path).value();
          for (std::size_t i = 0; i < count; ++i) {
            file.ReadAt(i * entry.size(), buffer.data(), entry.size()).value();
          }
        }));
  Print("limit: memcpy out of one mapping of the file", count, bytes, Measure([&] {
          const MappedFile file = MappedFile::Open(path).value();
          for (std::size_t i = 0; i < count; ++i) {
            std::memcpy(buffer.data(), file.bytes().data() + i * entry.size(), entry.size());
          }
        }));
}

void Times(const fs::path& folder, std::size_t count) {
  fs::remove_all(folder);
  const std::vector<fs::path> headers = MakeRecords(folder / "records", count);
  const ReadyRecord record = Store({}).Read(headers.front()).value();
  const std::size_t bytes = FormatEntry(0, {}, record).size();
  std::printf("\n%zu records of %zu bytes\n\n", count, bytes);
  std::printf("| %-48s | %8s | %8s | %9s | %7s | %6s |\n", "", "s", "s CPU", "records/s", "MB/s",
              "MB RSS");
  std::printf("| --- | --- | --- | --- | --- | --- |\n");
  TimeStore(headers, folder / "cache", bytes);
  fs::remove_all(folder / "cache");
  TimePacks(record, count, folder / "packs", bytes);
  fs::remove_all(folder / "packs");
  if (count <= kMostFiles) TimeFiles(record, count, folder / "files", bytes);
  fs::remove_all(folder / "files");
  TimeLimits(record, count, folder / "limit", bytes);
  fs::remove_all(folder);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: cache_times FOLDER [COUNT ...]\n");
    return 2;
  }
  std::vector<std::size_t> counts;
  for (int i = 2; i < argc; ++i) counts.push_back(std::stoul(argv[i]));
  if (counts.empty()) counts = {1000, 10000};
  for (const std::size_t count : counts) Times(fs::path(argv[1]) / "cache-times", count);
  return 0;
}
