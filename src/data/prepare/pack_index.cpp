#include "src/data/prepare/pack_index.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "ecg/core/checksum.h"
#include "src/data/prepare/pack_entry.h"

namespace ecg::data {
namespace {

struct Slot {
  PackedEntry entry;
  std::uint64_t checksum = 0;  // CRC-32C of the entry
};
static_assert(sizeof(Slot) == kSlotBytes);

std::uint64_t ChecksumOf(const PackedEntry& entry) {
  return Crc32c({reinterpret_cast<const char*>(&entry), sizeof entry});
}

// Where the next entry may begin.
std::uint64_t Aligned(std::uint64_t offset) {
  return (offset + kEntryAlignment - 1) / kEntryAlignment * kEntryAlignment;
}

void ScanGap(std::string_view pack, std::uint64_t begin, std::uint64_t end,
             std::vector<PackedEntry>& found) {
  std::uint64_t at = Aligned(begin);
  while (at < end) {
    const std::optional<EntryClaim> claim = PeekEntry(pack.substr(at, end - at));
    const bool fits = claim && claim->size <= end - at;
    if (fits) found.push_back({claim->key, at, claim->size});
    at += fits ? claim->size : kEntryAlignment;
  }
}

}  // namespace

std::string FormatSlot(const PackedEntry& entry) {
  const Slot slot = {entry, ChecksumOf(entry)};
  return {reinterpret_cast<const char*>(&slot), sizeof slot};
}

std::vector<PackedEntry> ParseSlots(std::string_view index) {
  std::vector<PackedEntry> entries;
  entries.reserve(index.size() / kSlotBytes);
  for (; index.size() >= kSlotBytes; index.remove_prefix(kSlotBytes)) {
    Slot slot;
    std::memcpy(&slot, index.data(), sizeof slot);
    const bool sound = slot.checksum == ChecksumOf(slot.entry);
    if (sound && slot.entry.offset % kEntryAlignment == 0) entries.push_back(slot.entry);
  }
  return entries;
}

std::vector<PackedEntry> ScanGaps(std::string_view pack, std::vector<PackedEntry> known) {
  std::sort(known.begin(), known.end(),
            [](const PackedEntry& a, const PackedEntry& b) { return a.offset < b.offset; });
  std::vector<PackedEntry> found;
  std::uint64_t begin = 0;
  for (const PackedEntry& entry : known) {
    if (entry.offset >= pack.size()) break;
    if (entry.offset > begin) ScanGap(pack, begin, entry.offset, found);
    const std::uint64_t size = std::min<std::uint64_t>(entry.size, pack.size() - entry.offset);
    begin = std::max(begin, entry.offset + size);
  }
  ScanGap(pack, begin, pack.size(), found);
  return found;
}

}  // namespace ecg::data
