#include "src/data/record_packs.h"

#include <algorithm>
#include <memory>
#include <random>
#include <string_view>
#include <system_error>
#include <utility>

#include "src/data/record_entry.h"

namespace ecg::data {
namespace {

namespace fs = std::filesystem;

constexpr char kPackExtension[] = ".pack";
constexpr char kIndexExtension[] = ".index";

// No two packs that are ever made have the same name.
std::string RandomName() {
  constexpr char kDigits[] = "0123456789abcdef";
  std::random_device random;
  std::string name;
  while (name.size() < 24) name += kDigits[random() & 15];
  return name;
}

std::optional<ReadyRecord> InPlace(MappedFile entry) {
  auto memory = std::make_shared<const MappedFile>(std::move(entry));
  const std::string_view bytes = memory->bytes();
  return ReadEntry(bytes, std::move(memory));
}

}  // namespace

RecordPacks::RecordPacks(fs::path folder, std::uint64_t pack_bytes)
    : folder_(std::move(folder)), pack_bytes_(pack_bytes) {}

fs::path RecordPacks::PackPath(const std::string& name) const {
  return folder_ / (name + kPackExtension);
}

fs::path RecordPacks::IndexPath(const std::string& name) const {
  return folder_ / (name + kIndexExtension);
}

std::optional<ReadyRecord> RecordPacks::FindAgain(std::uint64_t key) {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto found = places_.find(key);
  if (found == places_.end() || !found->second.checked) return std::nullopt;
  Result<MappedFile> entry = Map(found->second);
  lock.unlock();
  if (!entry.ok()) return std::nullopt;
  return InPlace(std::move(*entry));
}

std::optional<ReadyRecord> RecordPacks::Find(std::uint64_t key, const Sha256Digest& identity) {
  if (std::optional<ReadyRecord> known = FindKnown(key, identity)) return known;
  LookAround();
  return FindKnown(key, identity);
}

std::optional<ReadyRecord> RecordPacks::FindKnown(std::uint64_t key, const Sha256Digest& identity) {
  for (;;) {
    std::unique_lock<std::mutex> lock(mutex_);
    const auto found = places_.find(key);
    if (found == places_.end()) return std::nullopt;
    const Place place = found->second;
    Result<MappedFile> entry = Map(place);
    lock.unlock();
    if (entry.ok() && IsEntry(entry->bytes(), key, identity)) {
      Keep(key, place);
      return InPlace(std::move(*entry));
    }
    Forget(key, place);
  }
}

// With mutex_ held.
Result<MappedFile> RecordPacks::Map(const Place& place) const {
  return MappedFile::Part(packs_[place.pack].file, place.offset, place.size);
}

// With mutex_ held.
void RecordPacks::Insert(std::uint32_t pack, const std::vector<PackedEntry>& entries) {
  for (const PackedEntry& entry : entries) {
    const auto found = places_.find(entry.key);
    if (found != places_.end() && found->second.checked) continue;
    places_.emplace(entry.key, Place{entry.offset, entry.size, pack, false});
  }
}

// From now on the only place of the key.
void RecordPacks::Keep(std::uint64_t key, const Place& place) {
  const std::lock_guard<std::mutex> lock(mutex_);
  places_.erase(key);
  places_.emplace(key, place)->second.checked = true;
}

void RecordPacks::Forget(std::uint64_t key, const Place& place) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto [begin, end] = places_.equal_range(key);
  const auto found = std::find_if(begin, end, [&](const auto& other) {
    return other.second.pack == place.pack && other.second.offset == place.offset;
  });
  if (found != end) places_.erase(found);
}

// Indexes packs, and entries of known packs, that have come since the last time.
void RecordPacks::LookAround() {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::error_code error;
  for (fs::directory_iterator file(folder_, error), end; !error && file != end;
       file.increment(error)) {
    if (file->path().extension() != kPackExtension) continue;
    if (!NumberOf(file->path().stem().string()).ok()) continue;  // nothing is found in it
  }
  for (std::uint32_t number = 0; number < packs_.size(); ++number) {
    Insert(number, ParseSlots(NewSlots(packs_[number])));
  }
}

// With mutex_ held: the place of a pack in packs_, whose entries are indexed when it is new there.
Result<std::uint32_t> RecordPacks::NumberOf(const std::string& name) {
  const auto known = std::find_if(packs_.begin(), packs_.end(),
                                  [&](const Pack& pack) { return pack.name == name; });
  const auto number = static_cast<std::uint32_t>(known - packs_.begin());
  if (known != packs_.end()) return number;
  Result<InputFile> file = InputFile::Open(PackPath(name));
  if (!file.ok()) return file.error();
  Pack pack{name, std::move(*file)};
  // In this order: what has a slot is in the pack by then.
  std::vector<PackedEntry> entries = ParseSlots(NewSlots(pack));
  const Result<MappedFile> bytes = MappedFile::Open(PackPath(name));
  packs_.push_back(std::move(pack));
  places_.reserve(places_.size() + entries.size());
  Insert(number, entries);
  if (bytes.ok()) Insert(number, ScanGaps(bytes->bytes(), std::move(entries)));
  return number;
}

// What has been appended to the pack's index since the last time, as far as slots are whole.
std::string RecordPacks::NewSlots(Pack& pack) const {
  const Result<InputFile> index = InputFile::Open(IndexPath(pack.name));
  if (!index.ok()) return {};
  const std::uint64_t end = index->size() / kSlotBytes * kSlotBytes;
  if (end <= pack.index_read || end - pack.index_read > kDefaultMaxFileBytes) return {};
  std::string slots(end - pack.index_read, '\0');
  const Result<std::size_t> read = index->ReadAt(pack.index_read, slots.data(), slots.size());
  if (!read.ok()) return {};
  slots.resize(*read / kSlotBytes * kSlotBytes);
  pack.index_read += slots.size();
  return slots;
}

Status RecordPacks::Append(std::uint64_t key, const Sha256Digest& identity,
                           const ReadyRecord& record) {
  const std::string bytes = FormatEntry(key, identity, record);
  const std::lock_guard<std::mutex> lock(append_mutex_);
  if (!own_ || own_->end >= pack_bytes_) {
    if (Status taken = TakePack(); !taken.ok()) return taken;
  }
  const PackedEntry entry{key, own_->end, bytes.size()};
  if (Status written = own_->file.WriteAt(own_->end, bytes); !written.ok()) return written;
  own_->end += bytes.size();
  Keep(key, Place{entry.offset, entry.size, own_->number, true});
  const std::string slot = FormatSlot(entry);
  if (Status written = own_->index.WriteAt(own_->index_end, slot); !written.ok()) return written;
  own_->index_end += slot.size();
  return {};
}

// With append_mutex_ held: holds a pack that is not full, one that nobody else holds or a new one.
Status RecordPacks::TakePack() {
  own_.reset();
  if (Status created = CreateFolder(folder_); !created.ok()) return created;
  std::vector<std::string> names;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const Pack& pack : packs_) names.push_back(pack.name);
  }
  for (const std::string& name : names) {
    Result<AppendFile> file = AppendFile::Open(PackPath(name), AppendFile::Existence::kRequired);
    if (!file.ok() || file->Size() >= pack_bytes_ || !file->Lock()) continue;
    return Hold(name, std::move(*file));
  }
  // Between its making and its lock another process may take a new pack for an abandoned one.
  constexpr int kAttempts = 100;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const std::string name = RandomName();
    Result<AppendFile> file = AppendFile::Open(PackPath(name), AppendFile::Existence::kForbidden);
    if (!file.ok()) return file.error();
    if (file->Lock()) return Hold(name, std::move(*file));
  }
  return OutputError("cannot lock a file of the cache", folder_.string());
}

Status RecordPacks::Hold(const std::string& name, AppendFile file) {
  Result<AppendFile> index = AppendFile::Open(IndexPath(name), AppendFile::Existence::kAny);
  if (!index.ok()) return index.error();
  const std::lock_guard<std::mutex> lock(mutex_);
  const Result<std::uint32_t> number = NumberOf(name);
  if (!number.ok()) return number.error();
  // Behind a torn end of the pack, over a torn slot.
  const std::uint64_t end = (file.Size() + kEntryAlignment - 1) / kEntryAlignment * kEntryAlignment;
  const std::uint64_t index_end = index->Size() / kSlotBytes * kSlotBytes;
  own_.emplace(OwnPack{*number, std::move(file), std::move(*index), end, index_end});
  return {};
}

}  // namespace ecg::data
