// A folder of packs: large files into which many records are packed, each entry found by a key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ecg/core/checksum.h"
#include "ecg/core/mapped_file.h"
#include "ecg/core/result.h"
#include "ecg/data/prepare/ready_record.h"
#include "src/core/append_file.h"
#include "src/data/prepare/pack_index.h"

namespace ecg::data {

// <name>.pack is a sequence of entries (see record_entry.h), <name>.index beside it tells where
// they are. Whoever appends holds a lock on a pack of its own, so several processes may fill one
// folder; a pack that is not full and that nobody holds is taken up again. Packs grow and never
// change otherwise: what is mapped stays, and a torn end is left where it is and followed by the
// next entry. Nothing that an index or a head says is believed before the entry's SHA-256 fits; an
// entry that turns out to be damaged, or of another identity, is forgotten, and the next of its key
// is tried.
//
// All members are safe to call from several threads. Memory: about 56 bytes an entry. Whole packs
// are mapped, since to unmap an entry after each use can cost more than to read it; so that this
// process does not seem to hold all that it has ever read, its pages go back each half pack.
class RecordPacks {
 public:
  static constexpr std::uint64_t kPackBytes = std::uint64_t{1} << 30;

  // A pack is full from `pack_bytes` on. Neither reads nor writes anything yet.
  explicit RecordPacks(std::filesystem::path folder, std::uint64_t pack_bytes = kPackBytes);

  // The entry that this object has found or appended before, whatever its identity is by now.
  std::optional<ReadyRecord> FindAgain(std::uint64_t key);

  // An entry of that key and identity; looks at what other processes have appended where it is not
  // known yet.
  std::optional<ReadyRecord> Find(std::uint64_t key, const Sha256Digest& identity);

  // An error (kOutput) leaves at worst a torn end, which is harmless.
  Status Append(std::uint64_t key, const Sha256Digest& identity, const ReadyRecord& record);

 private:
  struct Pack {
    std::string name;
    std::uint64_t size = 0;                     // bytes, when it was last looked at
    std::uint64_t index_read = 0;               // bytes of the index that are known
    std::shared_ptr<const MappedFile> mapping;  // of `size` bytes or more
  };

  // Where an entry lies. Of a key that has a checked one there is no other.
  struct Place {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint32_t pack = 0;  // in packs_
    bool checked = false;    // its checksum has been compared, or it was written here
  };

  // An entry's bytes and what keeps them.
  struct Entry {
    std::string_view bytes;
    std::shared_ptr<const MappedFile> memory;
  };

  // The pack that this object appends to.
  struct OwnPack {
    std::uint32_t number = 0;  // in packs_
    AppendFile file;
    AppendFile index;
    std::uint64_t end = 0;  // where the next entry begins
    std::uint64_t index_end = 0;
  };

  std::filesystem::path PackPath(const std::string& name) const;
  std::filesystem::path IndexPath(const std::string& name) const;

  std::optional<ReadyRecord> FindKnown(std::uint64_t key, const Sha256Digest& identity);
  std::optional<Entry> Map(const Place& place);
  void Touch(std::uint64_t bytes);
  void Insert(std::uint32_t pack, const std::vector<PackedEntry>& entries);
  void Keep(std::uint64_t key, const Place& place);
  void Forget(std::uint64_t key, const Place& place);

  void LookAround();
  std::optional<std::uint32_t> NumberOf(const std::string& name);
  bool Grow(Pack& pack) const;
  std::string NewSlots(Pack& pack) const;

  Status TakePack();
  Status Hold(const std::string& name, AppendFile file);

  const std::filesystem::path folder_;
  const std::uint64_t pack_bytes_;

  std::mutex append_mutex_;  // of own_; taken before mutex_
  std::optional<OwnPack> own_;

  std::mutex mutex_;  // of packs_ and places_
  std::vector<Pack> packs_;
  std::unordered_multimap<std::uint64_t, Place> places_;  // by key
  std::uint64_t touched_ = 0;  // bytes of entries that were handed out since pages last went back
};

}  // namespace ecg::data
