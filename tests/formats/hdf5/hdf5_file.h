// HDF5 files made by hand, as the File Format Specification has them: superblock and headers of the
// first version, as h5py and MATLAB write them, or of the second.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace ecg::hdf5::test {

// Any number of bytes; those beyond the eighth are 0.
inline std::string Number(std::uint64_t value, int bytes = 8) {
  std::string text;
  for (int i = 0; i < bytes; ++i) {
    text += static_cast<char>(value & 0xFF);
    value >>= 8;
  }
  return text;
}

inline std::string Padded8(std::string bytes) {
  bytes.resize((bytes.size() + 7) / 8 * 8, '\0');
  return bytes;
}

inline const std::string kUndefined(8, '\xFF');

// Types of values.
inline std::string Signed(int bytes) {
  return Number(0x10, 1) + Number(8, 3) + Number(static_cast<unsigned>(bytes), 4) + Number(0, 2) +
         Number(static_cast<unsigned>(8 * bytes), 2);
}
inline std::string Unsigned16() {
  return "\x10" + Number(0, 3) + Number(2, 4) + Number(0x100000, 4);
}
inline std::string Half() {
  return Number(0x11, 1) + Number(0x0F20, 3) + Number(2, 4) + Number(0, 2) + Number(16, 2) +
         Number(10, 1) + Number(5, 1) + Number(0, 1) + Number(10, 1) + Number(15, 4);
}
inline std::string Float() {
  return Number(0x11, 1) + Number(0x1F20, 3) + Number(4, 4) + Number(0, 2) + Number(32, 2) +
         Number(23, 1) + Number(8, 1) + Number(0, 1) + Number(23, 1) + Number(127, 4);
}
inline std::string FixedText(int bytes) {
  return Number(0x13, 1) + Number(0, 3) + Number(static_cast<unsigned>(bytes), 4);
}
inline std::string TextElsewhere() {
  return Number(0x19, 1) + Number(1, 3) + Number(16, 4) + FixedText(1);
}

inline std::string Shape(const std::vector<std::uint64_t>& axes) {
  std::string text = Number(1, 1) + Number(axes.size(), 1) + Number(0, 6);
  for (const std::uint64_t axis : axes) text += Number(axis);
  return text;
}

using Messages = std::vector<std::pair<int, std::string>>;

inline std::pair<int, std::string> Attribute(const std::string& name, const std::string& type,
                                             const std::string& data) {
  const std::string shape = Shape({});
  return {0x0C, Number(1, 2) + Number(name.size() + 1, 2) + Number(type.size(), 2) +
                    Number(shape.size(), 2) + Padded8(name + '\0') + Padded8(type) +
                    Padded8(shape) + data};
}

class File {
 public:
  explicit File(bool second = false) : second_(second), bytes_(96, '\0') {}

  std::uint64_t Add(const std::string& part) {
    const std::uint64_t at = bytes_.size();
    bytes_ += Padded8(part);
    return at;
  }

  std::uint64_t Object(const Messages& messages) {
    std::string text;
    for (const auto& [kind, data] : messages) {
      const auto number = static_cast<unsigned>(kind);
      if (second_) {
        text += Number(number, 1) + Number(data.size(), 2) + Number(0, 1) + data;
      } else {
        const std::string padded = Padded8(data);
        text += Number(number, 2) + Number(padded.size(), 2) + Number(0, 4) + padded;
      }
    }
    if (second_)
      return Add("OHDR" + Number(2, 1) + Number(1, 1) + Number(text.size(), 2) + text +
                 Number(0, 4));
    return Add(Number(1, 2) + Number(messages.size(), 2) + Number(1, 4) + Number(text.size(), 4) +
               Number(0, 4) + text);
  }

  std::uint64_t Group(const std::vector<std::pair<std::string, std::uint64_t>>& links,
                      Messages messages = {}) {
    if (second_) {
      messages.insert(messages.begin(), {0x02, Number(0, 2) + kUndefined + kUndefined});
      for (const auto& [name, address] : links) {
        messages.emplace_back(
            0x06, Number(1, 1) + Number(0, 1) + Number(name.size(), 1) + name + Number(address));
      }
      return Object(messages);
    }
    std::string names(8, '\0'), entries;
    for (const auto& [name, address] : links) {
      entries += Number(names.size()) + Number(address) + Number(0, 24);
      names += Padded8(name + '\0');
    }
    const std::uint64_t segment = Add(names);
    const std::uint64_t heap =
        Add("HEAP" + Number(0, 4) + Number(names.size()) + kUndefined + Number(segment));
    const std::uint64_t node = Add("SNOD" + Number(1, 2) + Number(links.size(), 2) + entries);
    const std::uint64_t tree = Add("TREE" + Number(0, 2) + Number(1, 2) + kUndefined + kUndefined +
                                   Number(0) + Number(node) + Number(0));
    messages.insert(messages.begin(), {0x11, Number(tree) + Number(heap)});
    return Object(messages);
  }

  std::uint64_t Contiguous(const std::vector<std::uint64_t>& shape, const std::string& type,
                           const std::string& data, Messages messages = {}) {
    const std::uint64_t at = Add(data);
    messages.insert(messages.begin(),
                    {{0x01, Shape(shape)},
                     {0x03, type},
                     {0x08, Number(3, 1) + Number(1, 1) + Number(at) + Number(data.size())}});
    return Object(messages);
  }

  // Chunks of values of 16 bits, shuffled and deflated; at offsets in a tree of two levels.
  std::uint64_t Chunked(
      const std::vector<std::uint64_t>& shape, const std::vector<std::uint64_t>& chunk,
      const std::vector<std::pair<std::vector<std::uint64_t>, std::string>>& chunks) {
    std::string leaves;
    for (const auto& [offsets, data] : chunks) {
      const std::string packed = Deflated(Shuffled(data));
      leaves += Number(packed.size(), 4) + Number(0, 4);
      for (const std::uint64_t offset : offsets) leaves += Number(offset);
      leaves += Number(0) + Number(Add(packed));
    }
    const std::string key(8 * (shape.size() + 2), '\0');
    const std::uint64_t leaf = Add("TREE" + Number(1, 2) + Number(chunks.size(), 2) + kUndefined +
                                   kUndefined + leaves + key);
    const std::uint64_t tree = Add("TREE" + Number(0x101, 2) + Number(1, 2) + kUndefined +
                                   kUndefined + key + Number(leaf) + key);
    std::string layout = Number(3, 1) + Number(2, 1) + Number(shape.size() + 1, 1) + Number(tree);
    for (const std::uint64_t axis : chunk) layout += Number(axis, 4);
    layout += Number(2, 4);
    const auto filter = [](int number, int setting) {
      return Number(static_cast<unsigned>(number), 2) + Number(0, 4) + Number(1, 2) +
             Number(static_cast<unsigned>(setting), 4) + Number(0, 4);
    };
    const std::string filters = Number(0x201, 2) + Number(0, 6) + filter(2, 2) + filter(1, 9);
    return Object({{0x01, Shape(shape)}, {0x03, Signed(2)}, {0x08, layout}, {0x0B, filters}});
  }

  // A text, for an attribute of TextElsewhere.
  std::string Reference(const std::string& text) {
    const std::uint64_t at = Add("GCOL" + Number(1, 4) + Number(16 + 16 + Padded8(text).size()) +
                                 Number(1, 2) + Number(1, 6) + Number(text.size()) + text);
    return Number(text.size(), 4) + Number(at) + Number(1, 4);
  }

  std::string Bytes(std::uint64_t root) const {
    std::string front = "\x89HDF\r\n\x1a\n";
    if (second_) {
      front += Number(2, 1) + Number(0x808, 2) + Number(0, 1) + Number(0) + kUndefined +
               Number(bytes_.size()) + Number(root) + Number(0, 4);
    } else {
      front += Number(0, 5) + Number(0x808, 2) + Number(0, 1) + Number(4, 2) + Number(16, 2) +
               Number(0, 4) + Number(0) + kUndefined + Number(bytes_.size()) + kUndefined +
               Number(0) + Number(root) + Number(0, 24);
    }
    return front + bytes_.substr(front.size());
  }

 private:
  static std::string Shuffled(const std::string& bytes) {
    std::string low, high;
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
      low += bytes[i];
      high += bytes[i + 1];
    }
    return low + high;
  }

  static std::string Deflated(const std::string& bytes) {
    std::string packed(compressBound(bytes.size()), '\0');
    uLongf size = packed.size();
    compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
              reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), 9);
    packed.resize(size);
    return packed;
  }

  bool second_;
  std::string bytes_;
};

// Counting from `first`, 16 bits.
inline std::string Counting(int first, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += Number(static_cast<unsigned>(first + i), 2);
  return bytes;
}

// Two leads of 120 samples in /g/ecg with a unit; the group says the rate.
inline std::string Plain(bool second = false) {
  File file(second);
  const std::uint64_t ecg =
      file.Contiguous({2, 120}, Signed(2), Counting(-20, 240),
                      {Attribute("units", TextElsewhere(), file.Reference("uV"))});
  const std::uint64_t group =
      file.Group({{"ecg", ecg}}, {Attribute("sampling rate", Signed(4), Number(250, 4))});
  return file.Bytes(file.Group({{"g", group}}));
}

// The same in chunks of 1 x 50, the last of which reach beyond, and names of leads.
inline std::string Chunked() {
  File file;
  std::vector<std::pair<std::vector<std::uint64_t>, std::string>> chunks;
  for (int lead = 0; lead < 2; ++lead) {
    for (int at = 0; at < 120; at += 50) {
      chunks.push_back({{static_cast<unsigned>(lead), static_cast<unsigned>(at)},
                        Counting(-20 + 120 * lead + at, 50)});
    }
  }
  const std::uint64_t ecg = file.Chunked({2, 120}, {1, 50}, chunks);
  const std::uint64_t leads = file.Contiguous({2}, FixedText(3), std::string("II\0V1 ", 6));
  return file.Bytes(file.Group({{"ecg", ecg}, {"leads", leads}}));
}

// Three recordings of two leads.
inline std::string Several() {
  File file;
  const std::uint64_t ecg = file.Contiguous({3, 60, 2}, Signed(2), Counting(0, 360));
  return file.Bytes(file.Group({{"tracings", ecg}}));
}

// As MATLAB 7.3 has it: behind its words, with characters as numbers.
inline std::string Matlab73() {
  File file;
  const std::uint64_t val = file.Contiguous({120, 2}, Signed(2), Counting(0, 240));
  const std::uint64_t units = file.Contiguous({2, 1}, Unsigned16(), std::string("m\0V\0", 4),
                                              {Attribute("MATLAB_class", FixedText(4), "char")});
  std::string front = "MATLAB 7.3 MAT-file";
  front.resize(512, ' ');
  return front + file.Bytes(file.Group({{"units", units}, {"val", val}}));
}

}  // namespace ecg::hdf5::test
