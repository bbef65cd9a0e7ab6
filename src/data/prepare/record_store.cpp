#include "ecg/data/prepare/record_store.h"

#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "ecg/core/checksum.h"
#include "ecg/data/prepare/teacher.h"
#include "ecg/formats/memory.h"
#include "ecg/formats/registry.h"
#include "ecg/record/leads.h"
#include "ecg/record/reader.h"
#include "src/data/prepare/record_packs.h"

namespace ecg::data {
namespace {

namespace fs = std::filesystem;

// Part of the identity: to be changed whenever preparation or delineation give something else.
constexpr char kMethods[] = "ecg record 5";

// What records are found by in the packs. Records that share it, by a chance of 1 in 4 billion in a
// set of 88,253, only put each other out, as it is the identity that counts.
std::uint64_t KeyOf(const fs::path& path) {
  const Sha256Digest digest = Sha256Bytes(path.native());
  std::uint64_t key = 0;
  std::memcpy(&key, digest.data(), sizeof key);
  return key;
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
  packs_ = std::make_unique<RecordPacks>(cache / Sha256(settings_).substr(0, 16));
}

RecordStore::~RecordStore() = default;

Result<ReadyRecord> RecordStore::Read(const fs::path& path) const {
  const fs::path absolute = fs::absolute(path).lexically_normal();
  const std::uint64_t key = packs_ != nullptr ? KeyOf(absolute) : 0;
  if (packs_ != nullptr) {
    if (std::optional<ReadyRecord> found = packs_->FindAgain(key)) return *std::move(found);
  }
  const Result<std::unique_ptr<record::RecordFile>> file =
      formats::Open(packs_ != nullptr ? absolute : path);
  if (!file.ok()) return file.error();
  if (packs_ == nullptr) return Make(**file, path);
  // Before the record is made: where it changes meanwhile, the next run finds another identity.
  const std::optional<Sha256Digest> identity = Identity(**file);
  if (!identity) return Make(**file, path);
  if (std::optional<ReadyRecord> found = packs_->Find(key, *identity)) return *std::move(found);
  Result<ReadyRecord> record = Make(**file, path);
  if (record.ok()) Keep(key, *identity, *record);
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

// A delineator looks at all leads.
std::vector<std::string> RecordStore::LeadsToRead() const {
  return delineator_ ? std::vector<std::string>() : preprocess_.LeadNames();
}

double RecordStore::BytesToMake(const record::EcgInfo& info) const {
  double bytes = record::BytesToRead(info, LeadsToRead()) + BytesToPrepare(info, {preprocess_});
  if (delineator_) bytes += BytesToTeach(info, *delineator_);
  return bytes;
}

Result<ReadyRecord> RecordStore::Make(const record::RecordFile& file, const fs::path& path) const {
  const record::EcgInfo& info = file.info();
  if (info.samples > 0) {  // or reading tells why it is not known
    if (const Status usable = CheckRecord(info); !usable.ok()) return usable.error();
  }
  const auto memory = formats::TakeMemory(file, path, ToBytes(BytesToMake(info)));
  if (!memory.ok()) return memory.error();
  return WithinMemory(path.string(), [&] { return ReadAndPrepare(file); });
}

Result<ReadyRecord> RecordStore::ReadAndPrepare(const record::RecordFile& file) const {
  record::ReadOptions options;
  options.leads = LeadsToRead();
  record::EcgRecord ecg;
  if (const Status read = file.Read(options, ecg); !read.ok()) return read.error();
  record::SetAsideDeadLeads(ecg);
  Result<PreparedRecord> prepared =
      delineator_ ? Preprocess(ecg, preprocess_) : Preprocess(std::move(ecg), preprocess_);
  if (!prepared.ok()) return prepared.error();
  ReadyRecord record = ToReady(std::move(*prepared));
  if (delineator_) record.peaks = TeacherPeaks(ecg, *delineator_, preprocess_.sampling_rate);
  const std::lock_guard<std::mutex> lock(mutex_);
  ++made_;
  return record;
}

// What identifies the content of an entry. A record that changes while a run goes on is noticed by
// the next run.
std::optional<Sha256Digest> RecordStore::Identity(const record::RecordFile& file) const {
  std::string text = settings_;
  const Result<std::vector<fs::path>> files = file.Files();
  if (!files.ok()) return std::nullopt;
  for (const fs::path& part : *files) {
    std::error_code ignored;
    const auto time = fs::last_write_time(part, ignored).time_since_epoch().count();
    text += '\n' + part.string() + ' ' + std::to_string(fs::file_size(part, ignored)) + ' ' +
            std::to_string(time);
  }
  return Sha256Bytes(text);
}

void RecordStore::Keep(std::uint64_t key, const Sha256Digest& identity,
                       const ReadyRecord& record) const {
  if (write_failure()) return;
  const Status written = packs_->Append(key, identity, record);
  if (written.ok()) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  write_failure_ = written.error();
}

}  // namespace ecg::data
