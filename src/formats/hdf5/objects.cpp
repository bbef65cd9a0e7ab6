#include "src/formats/hdf5/objects.h"

#include <algorithm>
#include <utility>

namespace ecg::hdf5 {
namespace {

constexpr std::size_t kMostMessages = 65536, kMostLinks = 65536;
constexpr int kMostLevels = 32;

// A block of messages of a header.
struct Block {
  std::uint64_t address = 0, bytes = 0;
};

class HeaderReader {
 public:
  HeaderReader(Source& source, std::uint64_t address) : source_(source), address_(address) {}

  Result<std::vector<Message>> Read() {
    const Result<std::string> front = source_.ReadUpTo(address_, kMostPrefixBytes);
    if (!front.ok()) return front.error();
    const Status prefix = front->substr(0, 4) == "OHDR" ? ReadPrefix2(*front) : ReadPrefix1(*front);
    if (!prefix.ok()) return prefix.error();
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      const Block block = blocks_[i];
      const Result<std::string> bytes = source_.Read(block.address, block.bytes);
      if (!bytes.ok()) return bytes.error();
      if (const Status read = ReadBlock(*bytes, i > 0); !read.ok()) return read.error();
    }
    return std::move(messages_);
  }

 private:
  static constexpr std::size_t kMostPrefixBytes = 64;

  Status ReadPrefix1(std::string_view front) {
    Cursor cursor = source_.At(front);
    const unsigned version = cursor.Byte();
    cursor.Skip(7);  // numbers of messages and of references
    const std::uint64_t bytes = cursor.Number(4);
    if (version != 1 || cursor.failed()) return source_.Fail("object header", "is none");
    blocks_.push_back({address_ + 16, bytes});
    return {};
  }

  Status ReadPrefix2(std::string_view front) {
    version_ = 2;
    Cursor cursor = source_.At(front);
    cursor.Skip(4);
    const unsigned version = cursor.Byte(), flags = cursor.Byte();
    has_order_ = (flags & 0x04U) != 0;
    if ((flags & 0x20U) != 0) cursor.Skip(16);  // times
    if ((flags & 0x10U) != 0) cursor.Skip(4);   // when attributes are stored otherwise
    const std::uint64_t bytes = cursor.Number(1U << (flags & 3U));
    if (version != 2 || cursor.failed()) return source_.Fail("object header", "is none");
    blocks_.push_back({address_ + front.size() - cursor.left(), bytes});
    return {};
  }

  Status ReadBlock(std::string_view bytes, bool continued) {
    if (version_ == 2 && continued) {
      if (bytes.size() < 8 || bytes.substr(0, 4) != "OCHK") {
        return source_.Fail("object header", "its continuation is none");
      }
      bytes = bytes.substr(4, bytes.size() - 8);  // without the checksum
    }
    Cursor cursor = source_.At(bytes);
    const std::size_t least = version_ == 1 ? 8 : 4;
    while (cursor.left() >= least) {
      Message message;
      message.kind = static_cast<unsigned>(cursor.Number(version_ == 1 ? 2 : 1));
      const std::uint64_t size = cursor.Number(2);
      message.shared = (cursor.Byte() & 2U) != 0;
      if (version_ == 1) cursor.Skip(3);
      if (version_ == 2 && has_order_) cursor.Skip(2);
      message.data = std::string(cursor.Bytes(size));
      if (cursor.failed()) return source_.Fail("object header", "ends within a message");
      if (message.kind == kContinuationMessage) {
        Cursor place = source_.At(message.data);
        const std::uint64_t address = place.Offset(), length = place.Length();
        blocks_.push_back({address, length});
      } else if (message.kind != 0) {
        messages_.push_back(std::move(message));
      }
      if (messages_.size() + blocks_.size() > kMostMessages) {
        return source_.Fail("object header", "too many messages");
      }
    }
    return {};
  }

  Source& source_;
  std::uint64_t address_;
  int version_ = 1;
  bool has_order_ = false;
  std::vector<Block> blocks_;
  std::vector<Message> messages_;
};

Status WalkNode(Source& source, std::uint64_t address, unsigned kind, std::size_t key_bytes,
                int level, const VisitLeaf& visit) {
  const std::size_t front_bytes = 8 + 2 * source.offset_bytes();
  const Result<std::string> front = source.Read(address, front_bytes);
  if (!front.ok()) return front.error();
  Cursor cursor = source.At(*front);
  const bool signed_as_tree = cursor.Bytes(4) == "TREE";
  const unsigned own_kind = cursor.Byte(), own_level = cursor.Byte();
  const std::uint64_t entries = cursor.Number(2);
  const bool fits = level < 0 ? own_level <= kMostLevels : static_cast<int>(own_level) == level;
  if (!signed_as_tree || own_kind != kind || !fits) return source.Fail("tree", "a node is none");
  const std::size_t each = key_bytes + source.offset_bytes();
  const Result<std::string> bytes = source.Read(address + front_bytes, entries * each);
  if (!bytes.ok()) return bytes.error();
  Cursor at = source.At(*bytes);
  for (std::uint64_t i = 0; i < entries; ++i) {
    const std::string_view key = at.Bytes(key_bytes);
    const std::uint64_t child = at.Offset();
    const Status visited = own_level == 0 ? visit(key, child)
                                          : WalkNode(source, child, kind, key_bytes,
                                                     static_cast<int>(own_level) - 1, visit);
    if (!visited.ok()) return visited;
  }
  return {};
}

// Groups of the first kind: names in a heap, links in nodes of a tree.
Status ReadSymbols(Source& source, const Message& message, std::vector<Link>& links) {
  Cursor cursor = source.At(message.data);
  const std::uint64_t tree = cursor.Offset(), heap = cursor.Offset();
  if (cursor.failed()) return source.Fail("symbol table", "cut off");
  const Result<std::string> front =
      source.Read(heap, 8 + 2 * std::uint64_t{cursor.length_bytes()} + cursor.offset_bytes());
  if (!front.ok()) return front.error();
  Cursor header = source.At(*front);
  if (header.Bytes(4) != "HEAP") return source.Fail("local heap", "is none");
  header.Skip(4);
  const std::uint64_t size = header.Length();
  header.Length();
  const Result<std::string> names = source.Read(header.Offset(), size);
  if (!names.ok()) return names.error();

  const auto read_node = [&](std::string_view, std::uint64_t address) -> Status {
    const Result<std::string> begin = source.Read(address, 8);
    if (!begin.ok()) return begin.error();
    Cursor node = source.At(*begin);
    if (node.Bytes(4) != "SNOD") return source.Fail("symbol node", "is none");
    node.Skip(2);
    const std::uint64_t count = node.Number(2);
    const std::size_t each = 2 * std::size_t{source.offset_bytes()} + 24;
    const Result<std::string> entries = source.Read(address + 8, count * each);
    if (!entries.ok()) return entries.error();
    Cursor entry = source.At(*entries);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t name = entry.Offset(), object = entry.Offset();
      const std::uint64_t cached = entry.Number(4);
      entry.Skip(20);
      constexpr std::uint64_t kSoftLink = 2;
      if (cached == kSoftLink || name >= names->size()) continue;
      if (links.size() == kMostLinks) return source.Fail("group", "too many links");
      const std::string_view text = std::string_view(*names).substr(name);
      constexpr std::size_t kMostNameBytes = 1024;
      const std::size_t end = text.find('\0');
      links.push_back({std::string(text.substr(0, std::min(end, kMostNameBytes))), object});
    }
    return {};
  };
  return WalkTree(source, tree, kGroupTree, cursor.length_bytes(), read_node);
}

// A link of a group of the second kind.
void ReadLink(const Source& source, const Message& message, std::vector<Link>& links) {
  Cursor cursor = source.At(message.data);
  cursor.Skip(1);  // version
  const unsigned flags = cursor.Byte();
  const unsigned kind = (flags & 0x08U) != 0 ? cursor.Byte() : 0;
  if ((flags & 0x04U) != 0) cursor.Skip(8);  // order of creation
  if ((flags & 0x10U) != 0) cursor.Skip(1);  // characters
  const std::string_view name = cursor.Bytes(cursor.Number(1U << (flags & 3U)));
  const std::uint64_t address = cursor.Offset();
  if (kind == 0 && !cursor.failed()) links.push_back({std::string(name), address});
}

}  // namespace

Result<std::vector<Message>> ReadMessages(Source& source, std::uint64_t address) {
  return HeaderReader(source, address).Read();
}

const Message* Find(const std::vector<Message>& messages, unsigned kind) {
  const auto found = std::find_if(messages.begin(), messages.end(), [&](const Message& message) {
    return message.kind == kind && !message.shared;
  });
  return found == messages.end() ? nullptr : &*found;
}

Result<std::vector<Link>> ReadLinks(Source& source, const std::vector<Message>& messages) {
  std::vector<Link> links;
  for (const Message& message : messages) {
    if (message.shared) continue;
    if (message.kind == kSymbolTableMessage) {
      if (const Status read = ReadSymbols(source, message, links); !read.ok()) return read.error();
    } else if (message.kind == kLinkMessage) {
      ReadLink(source, message, links);
    } else if (message.kind == kLinkInfoMessage) {
      Cursor cursor = source.At(message.data);
      cursor.Skip(1);
      if ((cursor.Byte() & 1U) != 0) cursor.Skip(8);
      if (!source.IsUndefined(cursor.Offset()) && !cursor.failed()) {
        return source.Fail("group", "its links lie in a heap, which is not read");
      }
    }
  }
  return links;
}

Status WalkTree(Source& source, std::uint64_t address, unsigned kind, std::size_t key_bytes,
                const VisitLeaf& visit) {
  return WalkNode(source, address, kind, key_bytes, -1, visit);
}

}  // namespace ecg::hdf5
