#include "ecg/data/record_store.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

#include "ecg/core/checksum.h"
#include "ecg/core/file.h"
#include "ecg/core/mapped_file.h"
#include "ecg/data/teacher.h"
#include "ecg/wfdb/record.h"

namespace ecg::data {
namespace {

namespace fs = std::filesystem;

// Part of the identity: to be changed whenever preparation or delineation give something else.
constexpr char kMethods[] = "ecg record 2";

constexpr std::size_t kDigest = 64;  // hexadecimal digits of a SHA-256

// An entry is this, the signal (float) and the peaks (samples, then types), as this machine holds
// numbers in memory.
struct EntryHead {
  std::array<char, kDigest> checksum;  // of all that follows it
  std::array<char, kDigest> identity;
  std::uint64_t channels = 0;
  std::uint64_t samples = 0;
  std::uint64_t peaks = 0;

  // Empty where the numbers make no sense.
  std::optional<std::size_t> FileSize() const {
    constexpr std::uint64_t kLimit = std::uint64_t{1} << 36;
    if (channels > kLimit || samples > kLimit || peaks > kLimit) return std::nullopt;
    if (channels > 0 && samples > kLimit / channels) return std::nullopt;
    return sizeof(EntryHead) + channels * samples * sizeof(float) +
           peaks * (sizeof(std::int32_t) + 1);
  }
};

std::string_view BehindChecksum(std::string_view bytes) { return bytes.substr(kDigest); }

void Append(std::string& bytes, const void* data, std::size_t size) {
  bytes.append(static_cast<const char*>(data), size);
}

std::string FormatEntry(const ReadyRecord& record, const std::string& identity) {
  EntryHead head;
  head.checksum = {};
  std::copy_n(identity.begin(), kDigest, head.identity.begin());
  head.channels = record.signal.channels;
  head.samples = record.signal.samples;
  head.peaks = record.peaks.size();
  std::string bytes;
  bytes.reserve(*head.FileSize());
  Append(bytes, &head, sizeof head);
  Append(bytes, record.signal.signal, head.channels * head.samples * sizeof(float));
  for (const dsp::Peak& peak : record.peaks) Append(bytes, &peak.sample, sizeof peak.sample);
  for (const dsp::Peak& peak : record.peaks) bytes.push_back(static_cast<char>(peak.type));
  const std::string checksum = Sha256(BehindChecksum(bytes));
  std::copy(checksum.begin(), checksum.end(), bytes.begin());
  return bytes;
}

// The head of an entry that is whole, as far as its size tells.
std::optional<EntryHead> ReadHead(std::string_view bytes) {
  EntryHead head;
  if (bytes.size() < sizeof head) return std::nullopt;
  std::memcpy(&head, bytes.data(), sizeof head);
  if (head.FileSize() != bytes.size()) return std::nullopt;
  return head;
}

ReadyRecord ReadEntry(const EntryHead& head, MappedFile file) {
  auto owner = std::make_shared<const MappedFile>(std::move(file));
  const char* at = owner->bytes().data() + sizeof head;
  ReadyRecord record;
  record.signal = {head.channels, head.samples, reinterpret_cast<const float*>(at)};
  at += head.channels * head.samples * sizeof(float);
  const char* types = at + head.peaks * sizeof(std::int32_t);
  record.peaks.resize(head.peaks);
  for (std::size_t k = 0; k < head.peaks; ++k) {
    std::memcpy(&record.peaks[k].sample, at + k * sizeof(std::int32_t), sizeof(std::int32_t));
    record.peaks[k].type = static_cast<dsp::PeakType>(types[k]);
  }
  record.memory = std::move(owner);
  return record;
}

}  // namespace

RecordStore::RecordStore(PreprocessConfig preprocess, std::optional<dsp::Delineator> delineator,
                         fs::path cache)
    : preprocess_(std::move(preprocess)), delineator_(delineator) {
  if (cache.empty()) return;
  PreprocessConfig copy = preprocess_;
  Settings settings;
  DescribeSettings(settings, "", copy);
  settings_ = kMethods + DumpJsonLine(settings.ToJson()) +
              (delineator_ ? std::to_string(static_cast<int>(*delineator_)) : "none");
  folder_ = cache / Sha256(settings_).substr(0, 16);
}

Result<ReadyRecord> RecordStore::Read(const fs::path& path) const {
  if (folder_.empty()) return Make(path);
  const fs::path header = fs::absolute(path).lexically_normal();
  const std::string name = Sha256(header.string());
  const fs::path entry = folder_ / name.substr(0, 2) / (name.substr(2, 30) + ".record");
  if (std::optional<ReadyRecord> found = Find(header, entry)) return *std::move(found);
  Result<ReadyRecord> record = Make(header);
  if (record.ok()) Keep(header, entry, *record);
  return record;
}

std::optional<Error> RecordStore::write_failure() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return write_failure_;
}

std::size_t RecordStore::made() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return made_;
}

Result<ReadyRecord> RecordStore::Make(const fs::path& header) const {
  wfdb::ReadOptions options;
  if (!delineator_) options.leads = preprocess_.leads;  // a delineator looks at all leads
  Result<wfdb::EcgRecord> ecg = wfdb::ReadEcg(header, options);
  if (!ecg.ok()) return ecg.error();
  Result<PreparedRecord> prepared =
      delineator_ ? Preprocess(*ecg, preprocess_) : Preprocess(std::move(*ecg), preprocess_);
  if (!prepared.ok()) return prepared.error();
  ReadyRecord record = ToReady(std::move(*prepared));
  if (delineator_) record.peaks = TeacherPeaks(*ecg, *delineator_, preprocess_.sampling_rate);
  const std::lock_guard<std::mutex> lock(mutex_);
  ++made_;
  return record;
}

// What identifies the content of an entry. A record that changes while a run goes on is noticed by
// the next run.
std::string RecordStore::Identity(const fs::path& header) const {
  std::string text = settings_;
  const Result<std::vector<fs::path>> files = wfdb::FilesOfRecord(header);
  if (!files.ok()) return {};
  for (const fs::path& file : *files) {
    std::error_code ignored;
    const auto time = fs::last_write_time(file, ignored).time_since_epoch().count();
    text += '\n' + file.string() + ' ' + std::to_string(fs::file_size(file, ignored)) + ' ' +
            std::to_string(time);
  }
  return Sha256(text);
}

std::optional<ReadyRecord> RecordStore::Find(const fs::path& header, const fs::path& entry) const {
  Result<MappedFile> file = MappedFile::Open(entry);
  if (!file.ok()) return std::nullopt;
  const std::string_view bytes = file->bytes();
  const std::optional<EntryHead> head = ReadHead(bytes);
  if (!head) return std::nullopt;
  const auto known = [&] {
    const std::lock_guard<std::mutex> lock(mutex_);
    return verified_.count(entry.string()) > 0;
  };
  if (!known()) {
    if (std::string_view(head->identity.data(), kDigest) != Identity(header)) return std::nullopt;
    if (bytes.substr(0, kDigest) != Sha256(BehindChecksum(bytes))) return std::nullopt;
    const std::lock_guard<std::mutex> lock(mutex_);
    verified_.insert(entry.string());
  }
  return ReadEntry(*head, std::move(*file));
}

void RecordStore::Keep(const fs::path& header, const fs::path& entry,
                       const ReadyRecord& record) const {
  if (write_failure()) return;
  const std::string identity = Identity(header);
  if (identity.empty()) return;
  const Status written = WriteFileAtomic(entry, FormatEntry(record, identity), Durability::kCached);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (written.ok()) {
    verified_.insert(entry.string());
  } else {
    write_failure_ = written.error();
  }
}

}  // namespace ecg::data
