// Objects of an HDF5 file: headers, which are lists of messages, and the links of groups.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"
#include "src/formats/hdf5/source.h"

namespace ecg::hdf5 {

// Kinds of messages.
inline constexpr unsigned kDataspaceMessage = 0x01, kLinkInfoMessage = 0x02,
                          kDatatypeMessage = 0x03, kLinkMessage = 0x06,
                          kExternalFilesMessage = 0x07, kLayoutMessage = 0x08,
                          kFiltersMessage = 0x0B, kAttributeMessage = 0x0C,
                          kContinuationMessage = 0x10, kSymbolTableMessage = 0x11;

struct Message {
  unsigned kind = 0;
  bool shared = false;  // the data are an address of the message
  std::string data;
};

// All messages of an object, from all blocks of its header.
Result<std::vector<Message>> ReadMessages(Source& source, std::uint64_t address);

// The first message of a kind that holds its data itself; null where there is none.
const Message* Find(const std::vector<Message>& messages, unsigned kind);

struct Link {
  std::string name;
  std::uint64_t address = 0;
};

// The hard links of a group: those that lead elsewhere, into other files too, are passed over.
Result<std::vector<Link>> ReadLinks(Source& source, const std::vector<Message>& messages);

// Visits the leaves of a tree of version 1, in order: the key before a child, and its address.
inline constexpr unsigned kGroupTree = 0, kChunkTree = 1;
using VisitLeaf = std::function<Status(std::string_view key, std::uint64_t child)>;
Status WalkTree(Source& source, std::uint64_t address, unsigned kind, std::size_t key_bytes,
                const VisitLeaf& visit);

}  // namespace ecg::hdf5
