// Values of an HDF5 file: of which type, in which shape, and where they lie.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"
#include "src/formats/hdf5/objects.h"
#include "src/formats/hdf5/source.h"

namespace ecg::hdf5 {

enum class Kind { kInteger, kUnsigned, kFloat, kText, kTextElsewhere, kOther };

struct Type {
  Kind kind = Kind::kOther;
  bool big_endian = false;
  std::size_t bytes = 0;  // of a value

  bool is_number() const { return kind <= Kind::kFloat; }
  bool is_text() const { return kind == Kind::kText || kind == Kind::kTextElsewhere; }
};

// Values with a shape, of a dataset or an attribute.
struct Values {
  Type type;
  std::vector<std::size_t> shape;  // empty: one value
  std::size_t count = 1;           // all of them

  std::size_t bytes() const { return count * type.bytes; }
};

struct Dataset : Values {
  enum class Layout { kCompact, kContiguous, kTreeOfChunks, kOneChunk, kOther };
  Layout layout = Layout::kOther;
  std::string compact;                // the values themselves
  std::uint64_t address = 0;          // of the values, of the tree or of the chunk
  std::vector<std::size_t> chunk;     // its shape
  std::uint64_t one_chunk_bytes = 0;  // as they are stored
  unsigned one_chunk_mask = 0;        // filters that were left out
  std::vector<unsigned> filters;      // in the order in which they were applied
  std::string problem;                // why its values cannot be read; empty: they can
};

// What ParseDataset has of type and shape; nothing where the object is no dataset.
Result<std::optional<Dataset>> ParseShapeOfDataset(const Source& source,
                                                   const std::vector<Message>& messages);
// Nothing where the object is no dataset.
Result<std::optional<Dataset>> ParseDataset(const Source& source,
                                            const std::vector<Message>& messages);

struct Attribute : Values {
  std::string name;
  std::string data;
};

// Nothing where it is of a kind that is not read.
std::optional<Attribute> ParseAttribute(const Source& source, const Message& message);

// The values of some indices of the first axis, as they are stored but without filters, the last
// axis running fastest.
Result<std::string> LoadBytes(Source& source, const Dataset& dataset, std::size_t first,
                              std::size_t count);

// Numbers of stored bytes.
std::vector<float> ToFloats(std::string_view bytes, const Type& type);
double ToNumber(std::string_view bytes, const Type& type);

// Texts of stored bytes; those of any length lie elsewhere in the file.
Result<std::vector<std::string>> ToTexts(Source& source, std::string_view bytes,
                                         const Values& values);

}  // namespace ecg::hdf5
