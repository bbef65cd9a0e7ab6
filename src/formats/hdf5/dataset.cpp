#include "src/formats/hdf5/dataset.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>
#include <utility>

#include "src/formats/hdf5/lzf.h"
#include "src/record/inflate.h"

namespace ecg::hdf5 {
namespace {

// Filters by the numbers of the format.
constexpr unsigned kDeflate = 1, kShuffle = 2, kChecksum = 3, kLzf = 32000;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kMostFilters = 16;
// Chunks reach beyond the array, which takes work that no value asks for: so much is let pass.
constexpr std::size_t kMostTimesArray = 8, kMostBytesBeyond = std::size_t{16} << 20;

void ParseFilters(const Source& source, const Message& message, Dataset& dataset) {
  Cursor cursor = source.At(message.data);
  const unsigned version = cursor.Byte(), count = cursor.Byte();
  if (version == 1) cursor.Skip(6);
  if (version < 1 || version > 2 || count > kMostFilters) {
    dataset.problem = "filters of a kind that is not read";
    return;
  }
  for (unsigned i = 0; i < count; ++i) {
    const auto filter = static_cast<unsigned>(cursor.Number(2));
    constexpr unsigned kFirstNamed = 256;
    const std::uint64_t name = version == 1 || filter >= kFirstNamed ? cursor.Number(2) : 0;
    cursor.Skip(2);  // flags
    const std::uint64_t settings = cursor.Number(2);
    cursor.Skip(version == 1 ? (name + 7) / 8 * 8 : name);
    cursor.Skip(4 * settings);
    if (version == 1 && settings % 2 != 0) cursor.Skip(4);
    if (filter != kDeflate && filter != kShuffle && filter != kChecksum && filter != kLzf) {
      dataset.problem = "packed by filter " + std::to_string(filter) + ", which is not read";
    }
    dataset.filters.push_back(filter);
  }
  if (cursor.failed()) dataset.problem = "its filters are cut off";
}

// The shape of a chunk, behind which the bytes of a value stand.
void ParseChunkShape(Cursor& cursor, unsigned numbers, unsigned width, Dataset& dataset) {
  for (unsigned i = 0; i < numbers; ++i) dataset.chunk.push_back(cursor.Number(width));
  const bool fits = dataset.chunk.size() == dataset.shape.size() + 1 &&
                    dataset.chunk.back() == dataset.type.bytes &&
                    std::count(dataset.chunk.begin(), dataset.chunk.end(), 0U) == 0;
  if (!fits) {
    dataset.problem = "its chunks do not fit its shape";
    return;
  }
  dataset.chunk.pop_back();
}

void ParseLayout4(Cursor& cursor, Dataset& dataset) {
  const unsigned flags = cursor.Byte(), numbers = cursor.Byte(), width = cursor.Byte();
  if (width == 0 || width > 8) {
    dataset.problem = "its chunks do not fit its shape";
    return;
  }
  ParseChunkShape(cursor, numbers, width, dataset);
  constexpr unsigned kOneChunk = 1, kFiltered = 2;
  if (cursor.Byte() != kOneChunk) {
    dataset.problem = "its chunks are listed in a way that is not read (of libver='latest')";
    return;
  }
  dataset.layout = Dataset::Layout::kOneChunk;
  if ((flags & kFiltered) != 0) {
    dataset.one_chunk_bytes = cursor.Length();
    dataset.one_chunk_mask = static_cast<unsigned>(cursor.Number(4));
  } else {
    dataset.one_chunk_bytes = dataset.type.bytes;
    for (const std::size_t axis : dataset.chunk) {
      dataset.one_chunk_bytes *= std::min<std::size_t>(axis, std::size_t{1} << 32);
    }
  }
  dataset.address = cursor.Offset();
}

void ParseLayout(const Source& source, const Message& message, Dataset& dataset) {
  Cursor cursor = source.At(message.data);
  const unsigned version = cursor.Byte(), kind = cursor.Byte();
  if (version != 3 && version != 4) {
    dataset.problem = "a layout of version " + std::to_string(version) + ", which is not read";
  } else if (kind == 0) {
    dataset.layout = Dataset::Layout::kCompact;
    dataset.compact = std::string(cursor.Bytes(cursor.Number(2)));
  } else if (kind == 1) {
    dataset.layout = Dataset::Layout::kContiguous;
    dataset.address = cursor.Offset();
  } else if (kind == 2 && version == 3) {
    dataset.layout = Dataset::Layout::kTreeOfChunks;
    const unsigned numbers = cursor.Byte();
    dataset.address = cursor.Offset();
    ParseChunkShape(cursor, numbers, 4, dataset);
  } else if (kind == 2) {
    ParseLayout4(cursor, dataset);
  } else {
    dataset.problem = "its values lie in other files";
  }
  if (cursor.failed()) dataset.problem = "its layout is cut off";
}

// Bytes of values, of which the first of each come first.
std::string Unshuffled(std::string_view bytes, std::size_t value_bytes) {
  std::string values(bytes);
  const std::size_t count = bytes.size() / value_bytes;
  for (std::size_t b = 0; b < value_bytes; ++b) {
    for (std::size_t i = 0; i < count; ++i) values[i * value_bytes + b] = bytes[b * count + i];
  }
  return values;
}

// Puts chunks where they belong.
class ChunkReader {
 public:
  ChunkReader(Source& source, const Dataset& dataset, std::size_t first, std::size_t count)
      : source_(source), dataset_(dataset), first_(first), count_(count) {}

  Result<std::string> Read() {
    const std::size_t axes = dataset_.shape.size();
    if (axes == 0) return Fail("a single value in chunks");
    if (dataset_.count == 0 || count_ == 0) return std::string();
    rows_ = dataset_.count / dataset_.shape[0];
    const std::size_t wanted = count_ * rows_ * dataset_.type.bytes;
    if (wanted / kMostDeflated > source_.size()) {
      return Fail("the file has no room for that many values");
    }
    chunk_bytes_ = dataset_.type.bytes;
    for (const std::size_t axis : dataset_.chunk) {
      if (axis > kMostChunkBytes / chunk_bytes_) return Fail("of too many values");
      chunk_bytes_ *= axis;
    }
    const std::size_t most = (kMostTimesArray * wanted + kMostBytesBeyond) / chunk_bytes_;
    std::size_t chunks = 1;  // that the wanted indices need
    for (std::size_t a = 0; a < axes; ++a) {
      const std::size_t from = a == 0 ? first_ / dataset_.chunk[0] : 0;
      const std::size_t end = a == 0 ? first_ + count_ : dataset_.shape[a];
      const std::size_t along = (end + dataset_.chunk[a] - 1) / dataset_.chunk[a] - from;
      if (along > most / chunks) return Fail("they are far larger than their array");
      chunks *= along;
    }
    values_.resize(wanted);
    const Status read = dataset_.layout == Dataset::Layout::kOneChunk
                            ? Place(dataset_.one_chunk_bytes, dataset_.one_chunk_mask,
                                    std::vector<std::uint64_t>(axes), dataset_.address)
                            : ReadTree();
    if (!read.ok()) return read.error();
    if (placed_.size() != chunks) return Fail("some were never written");
    return std::move(values_);
  }

 private:
  static constexpr std::size_t kMostChunkBytes = std::size_t{1} << 30;
  // What deflate makes of a byte, at most.
  static constexpr std::size_t kMostDeflated = 1032;

  Error Fail(std::string message) const { return source_.Fail("chunks", std::move(message)); }

  Status ReadTree() {
    const std::size_t axes = dataset_.shape.size();
    return WalkTree(source_, dataset_.address, kChunkTree, 8 + 8 * (axes + 1),
                    [&](std::string_view key, std::uint64_t address) -> Status {
                      Cursor cursor = source_.At(key);
                      const std::uint64_t bytes = cursor.Number(4);
                      const auto mask = static_cast<unsigned>(cursor.Number(4));
                      std::vector<std::uint64_t> at(axes);
                      for (std::uint64_t& offset : at) offset = cursor.Number(8);
                      return Place(bytes, mask, at, address);
                    });
  }

  Status Place(std::uint64_t stored, unsigned mask, const std::vector<std::uint64_t>& at,
               std::uint64_t address) {
    std::uint64_t index = 0;
    for (std::size_t a = 0; a < at.size(); ++a) {
      if (at[a] >= dataset_.shape[a] || at[a] % dataset_.chunk[a] != 0) {
        return Fail("one lies outside of the array");
      }
      index = index * dataset_.shape[a] + at[a];
    }
    if (at[0] >= first_ + count_ || at[0] + dataset_.chunk[0] <= first_) return {};
    if (!placed_.insert(index).second) return Fail("one is there twice");
    Result<std::string> bytes = source_.Read(address, stored);
    if (!bytes.ok()) return bytes.error();
    if (const Status unpacked = Unpack(mask, *bytes); !unpacked.ok()) return unpacked;
    Copy(at, *bytes);
    return {};
  }

  Status Unpack(unsigned mask, std::string& bytes) const {
    for (std::size_t i = dataset_.filters.size(); i-- > 0;) {
      if ((mask >> i & 1U) != 0) continue;
      const unsigned filter = dataset_.filters[i];
      if (filter == kChecksum) {
        bytes.resize(bytes.size() - std::min(bytes.size(), kChecksumBytes));
      } else if (filter == kShuffle) {
        bytes = Unshuffled(bytes, dataset_.type.bytes);
      } else {
        const std::size_t most = chunk_bytes_ + kChecksumBytes * dataset_.filters.size();
        std::optional<std::string> unpacked =
            filter == kLzf ? UnpackLzf(bytes, most)
                           : record::Inflate(bytes, record::Packing::kZlib, most);
        if (!unpacked) return Fail("one is damaged");
        bytes = std::move(*unpacked);
      }
    }
    return bytes.size() == chunk_bytes_ ? Status() : Fail("one is of another length");
  }

  // What of a chunk lies within the wanted indices, row by row of the last axis.
  void Copy(const std::vector<std::uint64_t>& at, std::string_view bytes) {
    const std::size_t axes = at.size(), last = axes - 1;
    std::vector<std::size_t> begin(axes, 0), end(axes);
    for (std::size_t a = 0; a < axes; ++a) {
      const std::size_t stop = a == 0 ? first_ + count_ : dataset_.shape[a];
      end[a] = std::min<std::size_t>(dataset_.chunk[a], stop - at[a]);
    }
    if (at[0] < first_) begin[0] = first_ - at[0];
    const std::size_t width = dataset_.type.bytes;
    std::vector<std::size_t> position = begin;
    while (true) {
      std::size_t from = 0, to = 0;
      for (std::size_t a = 0; a < axes; ++a) {
        from = from * dataset_.chunk[a] + position[a];
        const std::size_t index = at[a] + position[a];
        to = to * dataset_.shape[a] + (a == 0 ? index - first_ : index);
      }
      std::memcpy(values_.data() + to * width, bytes.data() + from * width,
                  (end[last] - begin[last]) * width);
      // The next row.
      std::size_t axis = last;
      while (axis > 0) {
        --axis;
        if (++position[axis] < end[axis]) break;
        position[axis] = begin[axis];
        if (axis == 0) return;
      }
      if (last == 0) return;
    }
  }

  Source& source_;
  const Dataset& dataset_;
  std::size_t first_, count_;  // indices of the first axis that are wanted
  std::size_t rows_ = 1;       // values of one of them
  std::size_t chunk_bytes_ = 0;
  std::string values_;
  std::unordered_set<std::uint64_t> placed_;
};

}  // namespace

Result<std::optional<Dataset>> ParseDataset(const Source& source,
                                            const std::vector<Message>& messages) {
  Result<std::optional<Dataset>> dataset = ParseShapeOfDataset(source, messages);
  if (!dataset.ok() || !*dataset) return dataset;
  if ((*dataset)->type.kind == Kind::kOther) {
    (*dataset)->problem = "values of a type that is not read";
    return dataset;
  }
  ParseLayout(source, *Find(messages, kLayoutMessage), **dataset);
  if (const Message* filters = Find(messages, kFiltersMessage); filters != nullptr) {
    ParseFilters(source, *filters, **dataset);
  }
  if (Find(messages, kExternalFilesMessage) != nullptr) {
    (*dataset)->problem = "its values lie in other files";
  }
  return dataset;
}

Result<std::string> LoadBytes(Source& source, const Dataset& dataset, std::size_t first,
                              std::size_t count) {
  if (!dataset.problem.empty()) return source.Fail("array", dataset.problem);
  const std::size_t each = dataset.shape.empty() || dataset.shape[0] == 0
                               ? dataset.bytes()
                               : dataset.bytes() / dataset.shape[0];
  switch (dataset.layout) {
    case Dataset::Layout::kCompact:
      if (dataset.compact.size() < (first + count) * each) {
        return source.Fail("array", "has fewer values than its shape says");
      }
      return dataset.compact.substr(first * each, count * each);
    case Dataset::Layout::kContiguous:
      if (dataset.address > source.size()) return source.Fail("array", "lies beyond the file");
      return source.Read(dataset.address + first * each, count * each);
    default:
      return ChunkReader(source, dataset, first, count).Read();
  }
}

}  // namespace ecg::hdf5
