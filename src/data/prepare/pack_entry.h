// A prepared record as bytes in a file: what is written once and mapped ever after.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ecg/core/checksum.h"
#include "ecg/data/prepare/ready_record.h"

namespace ecg::data {

// Entries begin at multiples of this and are as long as multiples of it, so that their signals can
// be used where they are mapped.
inline constexpr std::size_t kEntryAlignment = 64;

// An entry of a record that is found by `key` and was made of what `identity` tells: a head, the
// signal (float), the peaks (samples, then types) and zeros up to the alignment, all as this
// machine holds numbers in memory, under a SHA-256 of everything.
std::string FormatEntry(std::uint64_t key, const Sha256Digest& identity, const ReadyRecord& record);

// What the head of an entry says of itself. Only IsEntry tells whether it is true.
struct EntryClaim {
  std::uint64_t key = 0;
  std::uint64_t size = 0;  // bytes of the whole entry
};

// The claim of an entry that begins with these bytes; empty where they are no head.
std::optional<EntryClaim> PeekEntry(std::string_view bytes);

// Whether these bytes are, to the last bit, an entry of that key and identity.
bool IsEntry(std::string_view bytes, std::uint64_t key, const Sha256Digest& identity);

// The record of an entry (see IsEntry), whose signal stays where it is: at an address of that
// alignment, in memory that `memory` keeps. Empty where the size does not fit.
std::optional<ReadyRecord> ReadEntry(std::string_view bytes, std::shared_ptr<const void> memory);

}  // namespace ecg::data
