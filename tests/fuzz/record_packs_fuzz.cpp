// Any bytes as a pack and its index: no crash, entries are found only where they can lie, and
// nothing counts as an entry but what has its checksum.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "src/data/prepare/pack_entry.h"
#include "src/data/prepare/pack_index.h"

using namespace ecg;
using namespace ecg::data;

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

// An entry with any content, its checksum made to fit, is one, and all of it can be read.
void CheckEntry(std::string bytes, std::uint64_t key) {
  Sha256Digest checksum, identity;
  Require(bytes.size() >= 2 * sizeof checksum);
  std::memcpy(identity.data(), bytes.data() + sizeof checksum, sizeof identity);
  checksum = Sha256Bytes(std::string_view(bytes).substr(sizeof checksum));
  std::memcpy(bytes.data(), checksum.data(), sizeof checksum);
  Require(IsEntry(bytes, key, identity));
  // Where the signal is aligned.
  std::vector<float> memory(bytes.size() / sizeof(float));
  std::memcpy(memory.data(), bytes.data(), bytes.size());
  const std::optional<ReadyRecord> record =
      ReadEntry({reinterpret_cast<const char*>(memory.data()), bytes.size()}, nullptr);
  Require(record.has_value());
  const std::size_t values = record->signal.channels * record->signal.samples;
  Require(values + record->peaks.size() <= memory.size());
  if (values > 0) {
    Require(record->signal.signal + values <= memory.data() + memory.size());
    // A copy, so that the sanitizers see each value read.
    const std::vector<float> copy(record->signal.signal, record->signal.signal + values);
    Require(copy.size() == values);
  }
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  Require(!IsEntry(bytes, key, identity));
}

}  // namespace

// A number of slots, as many bytes of an index, then the pack.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string_view index = rest.substr(0, data[0] * kSlotBytes);
  const std::string_view pack = rest.substr(index.size());
  const std::vector<PackedEntry> known = ParseSlots(index);
  Require(known.size() <= index.size() / kSlotBytes);
  for (const PackedEntry& entry : known) Require(ParseSlots(FormatSlot(entry)).size() == 1);
  std::uint64_t end = 0;
  for (const PackedEntry& entry : ScanGaps(pack, known)) {
    Require(entry.offset % kEntryAlignment == 0 && entry.size % kEntryAlignment == 0);
    Require(entry.offset >= end && entry.size > 0 && entry.offset <= pack.size());
    Require(entry.size <= pack.size() - entry.offset);
    end = entry.offset + entry.size;
    CheckEntry(std::string(pack.substr(entry.offset, entry.size)), entry.key);
  }
  return 0;
}
