#include "src/data/prepare/pack_entry.h"

#include <cstring>
#include <utility>

namespace ecg::data {
namespace {

constexpr std::uint64_t kMagic = 0x314b4341'50474345;  // "ECGPACK1"

struct EntryHead {
  Sha256Digest checksum = {};  // of all that follows it
  Sha256Digest identity = {};
  std::uint64_t magic = kMagic;
  std::uint64_t key = 0;
  std::uint64_t channels = 0;
  std::uint64_t samples = 0;
  std::uint64_t peaks = 0;
  std::uint64_t unused[3] = {};

  std::size_t SignalBytes() const { return channels * samples * sizeof(float); }

  // Of the whole entry. Empty where the numbers make no sense.
  std::optional<std::size_t> Size() const {
    constexpr std::uint64_t kLimit = std::uint64_t{1} << 36;
    if (channels > kLimit || samples > kLimit || peaks > kLimit) return std::nullopt;
    if (channels > 0 && samples > kLimit / channels) return std::nullopt;
    const std::size_t used = sizeof *this + SignalBytes() + peaks * (sizeof(std::int32_t) + 1);
    return (used + kEntryAlignment - 1) / kEntryAlignment * kEntryAlignment;
  }
};
static_assert(sizeof(EntryHead) == 128 && sizeof(EntryHead) % kEntryAlignment == 0);

std::string_view BehindChecksum(std::string_view bytes) {
  return bytes.substr(sizeof(EntryHead::checksum));
}

void Append(std::string& bytes, const void* data, std::size_t size) {
  bytes.append(static_cast<const char*>(data), size);
}

std::optional<EntryHead> ReadHead(std::string_view bytes) {
  EntryHead head;
  if (bytes.size() < sizeof head) return std::nullopt;
  std::memcpy(&head, bytes.data(), sizeof head);
  if (head.magic != kMagic) return std::nullopt;
  return head;
}

}  // namespace

std::string FormatEntry(std::uint64_t key, const Sha256Digest& identity,
                        const ReadyRecord& record) {
  EntryHead head;
  head.identity = identity;
  head.key = key;
  head.channels = record.signal.channels;
  head.samples = record.signal.samples;
  head.peaks = record.peaks.size();
  const std::size_t size = head.Size().value();
  std::string bytes;
  bytes.reserve(size);
  Append(bytes, &head, sizeof head);
  if (head.SignalBytes() > 0) Append(bytes, record.signal.signal, head.SignalBytes());
  for (const dsp::Peak& peak : record.peaks) Append(bytes, &peak.sample, sizeof peak.sample);
  for (const dsp::Peak& peak : record.peaks) bytes.push_back(static_cast<char>(peak.type));
  bytes.resize(size);
  const Sha256Digest checksum = Sha256Bytes(BehindChecksum(bytes));
  std::memcpy(bytes.data(), checksum.data(), checksum.size());
  return bytes;
}

std::optional<EntryClaim> PeekEntry(std::string_view bytes) {
  const std::optional<EntryHead> head = ReadHead(bytes);
  if (!head) return std::nullopt;
  const std::optional<std::size_t> size = head->Size();
  if (!size) return std::nullopt;
  return EntryClaim{head->key, *size};
}

bool IsEntry(std::string_view bytes, std::uint64_t key, const Sha256Digest& identity) {
  const std::optional<EntryHead> head = ReadHead(bytes);
  return head && head->key == key && head->identity == identity && head->Size() == bytes.size() &&
         head->checksum == Sha256Bytes(BehindChecksum(bytes));
}

std::optional<ReadyRecord> ReadEntry(std::string_view bytes, std::shared_ptr<const void> memory) {
  const std::optional<EntryHead> head = ReadHead(bytes);
  if (!head || head->Size() != bytes.size()) return std::nullopt;
  const char* at = bytes.data() + sizeof *head;
  ReadyRecord record;
  record.signal = {head->channels, head->samples, reinterpret_cast<const float*>(at)};
  at += head->SignalBytes();
  const char* types = at + head->peaks * sizeof(std::int32_t);
  record.peaks.resize(head->peaks);
  for (std::size_t k = 0; k < head->peaks; ++k) {
    std::memcpy(&record.peaks[k].sample, at + k * sizeof(std::int32_t), sizeof(std::int32_t));
    record.peaks[k].type = static_cast<dsp::PeakType>(types[k]);
  }
  record.memory = std::move(memory);
  return record;
}

}  // namespace ecg::data
