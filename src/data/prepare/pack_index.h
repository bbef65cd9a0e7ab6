// Which entries a pack holds, by the file beside it or, where that is silent, by the pack itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ecg::data {

// An entry (see record_entry.h) as an index tells of it: a claim that the entry has yet to prove.
struct PackedEntry {
  std::uint64_t key = 0;
  std::uint64_t offset = 0;  // bytes from the beginning of the pack
  std::uint64_t size = 0;    // bytes
};

// An index is a list of slots, one for each entry, each with a checksum of its own.
inline constexpr std::size_t kSlotBytes = 32;
std::string FormatSlot(const PackedEntry& entry);

// The entries of all sound slots. What is damaged or torn is passed over.
std::vector<PackedEntry> ParseSlots(std::string_view index);

// Entries between those that are known: all of a pack whose index is lost, those whose slots are
// damaged or were never written. Looks at heads only; where none is, at every place where one may
// be.
std::vector<PackedEntry> ScanGaps(std::string_view pack, std::vector<PackedEntry> known);

}  // namespace ecg::data
