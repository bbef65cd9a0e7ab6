#include "src/data/prepare/record_packs.h"

#include <algorithm>
#include <memory>
#include <random>
#include <string_view>
#include <system_error>
#include <utility>

#include "ecg/core/file.h"
#include "src/data/prepare/pack_entry.h"

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
  std::optional<Entry> entry = Map(found->second);
  lock.unlock();
  if (!entry) return std::nullopt;
  return ReadEntry(entry->bytes, std::move(entry->memory));
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
    std::optional<Entry> entry = Map(place);
    lock.unlock();
    if (entry && IsEntry(entry->bytes, key, identity)) {
      Keep(key, place);
      return ReadEntry(entry->bytes, std::move(entry->memory));
    }
    Forget(key, place);
  }
}

// With mutex_ held. Empty where the pack does not reach as far.
std::optional<RecordPacks::Entry> RecordPacks::Map(const Place& place) {
  Pack& pack = packs_[place.pack];
  const auto holds = [&] {
    return place.offset <= pack.size && place.size <= pack.size - place.offset;
  };
  if (!holds() && !(Grow(pack) && holds())) return std::nullopt;
  Touch(place.size);
  return Entry{pack.mapping->bytes().substr(place.offset, place.size), pack.mapping};
}

// With mutex_ held.
void RecordPacks::Touch(std::uint64_t bytes) {
  touched_ += bytes;
  if (touched_ <= pack_bytes_ / 2) return;
  touched_ = bytes;
  for (const Pack& pack : packs_) pack.mapping->Release();
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
    NumberOf(file->path().stem().string());
  }
  for (std::uint32_t number = 0; number < packs_.size(); ++number) {
    Insert(number, ParseSlots(NewSlots(packs_[number])));
  }
}

// With mutex_ held: the place of a pack in packs_, whose entries are indexed when it is new there.
// Empty where it cannot be read.
std::optional<std::uint32_t> RecordPacks::NumberOf(const std::string& name) {
  const auto known = std::find_if(packs_.begin(), packs_.end(),
                                  [&](const Pack& pack) { return pack.name == name; });
  const auto number = static_cast<std::uint32_t>(known - packs_.begin());
  if (known != packs_.end()) return number;
  Pack pack;
  pack.name = name;
  // In this order: what has a slot is in the pack by then.
  const std::vector<PackedEntry> entries = ParseSlots(NewSlots(pack));
  if (!Grow(pack)) return std::nullopt;
  places_.reserve(places_.size() + entries.size());
  Insert(number, entries);
  Insert(number, ScanGaps(pack.mapping->bytes().substr(0, pack.size), entries));
  pack.mapping->Release();
  packs_.push_back(std::move(pack));
  return number;
}

// Takes note of what has been appended to a pack, and maps all of it. Addresses are reserved for a
// full pack at once; only an entry that goes beyond asks for another mapping.
bool RecordPacks::Grow(Pack& pack) const {
  std::error_code error;
  const std::uint64_t size = fs::file_size(PackPath(pack.name), error);
  if (error) return false;
  if (pack.mapping == nullptr || size > pack.mapping->bytes().size()) {
    Result<MappedFile> mapping = MappedFile::Open(PackPath(pack.name), pack_bytes_);
    if (!mapping.ok()) return false;
    pack.mapping = std::make_shared<const MappedFile>(std::move(*mapping));
  }
  pack.size = size;
  return true;
}

// What has been appended to the pack's index since the last time, as far as slots are whole.
std::string RecordPacks::NewSlots(Pack& pack) const {
  // To ask for the size first is cheaper by half: most often there is nothing new.
  std::error_code error;
  const fs::path path = IndexPath(pack.name);
  const std::uint64_t size = fs::file_size(path, error);
  if (error || size < pack.index_read + kSlotBytes) return {};
  const Result<InputFile> index = InputFile::Open(path);
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
  const std::optional<std::uint32_t> number = NumberOf(name);
  if (!number) return OutputError("cannot be read", PackPath(name).string());
  // Behind a torn end of the pack, over a torn slot.
  const std::uint64_t end = (file.Size() + kEntryAlignment - 1) / kEntryAlignment * kEntryAlignment;
  const std::uint64_t index_end = index->Size() / kSlotBytes * kSlotBytes;
  own_.emplace(OwnPack{*number, std::move(file), std::move(*index), end, index_end});
  return {};
}

}  // namespace ecg::data
