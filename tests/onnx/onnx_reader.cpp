#include "tests/onnx/onnx_reader.h"

#include <cstddef>
#include <cstring>
#include <functional>
#include <stdexcept>

namespace ecg::onnx::test {
namespace {

struct Field {
  int number = 0;
  bool is_number = false;
  std::uint64_t value = 0;  // where it is one
  std::string_view bytes;   // else
};

class Fields {
 public:
  explicit Fields(std::string_view bytes) : rest_(bytes) {}

  bool Next(Field& field) {
    if (rest_.empty()) return false;
    const std::uint64_t tag = Varint();
    field = Field();
    field.number = static_cast<int>(tag >> 3);
    switch (tag & 7) {
      case 0:
        field.is_number = true;
        field.value = Varint();
        return true;
      case 2: {
        const std::uint64_t length = Varint();
        if (length > rest_.size()) throw std::runtime_error("a field ends beyond its message");
        field.bytes = rest_.substr(0, static_cast<std::size_t>(length));
        rest_.remove_prefix(static_cast<std::size_t>(length));
        return true;
      }
      default:
        throw std::runtime_error("a type of field that nobody wrote");
    }
  }

 private:
  std::uint64_t Varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) throw std::runtime_error("a number is cut off");
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    throw std::runtime_error("a number is too long");
  }

  std::string_view rest_;
};

// Calls what is given for each field; one that it does not know is an error.
using Known = std::map<int, std::function<void(const Field&)>>;
void ReadFields(std::string_view bytes, const Known& known) {
  Fields fields(bytes);
  for (Field field; fields.Next(field);) {
    const auto found = known.find(field.number);
    if (found == known.end()) {
      throw std::runtime_error("unknown field " + std::to_string(field.number));
    }
    found->second(field);
  }
}

std::function<void(const Field&)> Into(std::string& text) {
  return [&text](const Field& field) {
    if (field.is_number) throw std::runtime_error("a number in the place of a text");
    text = field.bytes;
  };
}

std::function<void(const Field&)> Into(std::int64_t& number) {
  return [&number](const Field& field) {
    if (!field.is_number) throw std::runtime_error("bytes in the place of a number");
    number = static_cast<std::int64_t>(field.value);
  };
}

template <typename T>
std::function<void(const Field&)> Into(std::vector<T>& list) {
  return [&list](const Field& field) { Into(list.emplace_back())(field); };
}

template <typename T>
std::function<void(const Field&)> Into(std::vector<T>& list, T (*read)(std::string_view)) {
  return [&list, read](const Field& field) {
    if (field.is_number) throw std::runtime_error("a number in the place of a message");
    list.push_back(read(field.bytes));
  };
}

Tensor ReadTensor(std::string_view bytes) {
  Tensor tensor;
  ReadFields(bytes, {{1, Into(tensor.shape)},
                     {2, Into(tensor.type)},
                     {8, Into(tensor.name)},
                     {9, Into(tensor.raw)}});
  return tensor;
}

Node ReadNode(std::string_view bytes) {
  Node node;
  const auto attribute = [&node](const Field& field) {
    std::string name;
    Attribute read;
    ReadFields(
        field.bytes,
        {{1, Into(name)}, {3, Into(read.values)}, {8, Into(read.values)}, {20, Into(read.type)}});
    if (!node.attributes.emplace(name, read).second) throw std::runtime_error(name + " twice");
  };
  ReadFields(bytes, {{1, Into(node.inputs)},
                     {2, Into(node.outputs)},
                     {3, Into(node.name)},
                     {4, Into(node.op)},
                     {5, attribute}});
  return node;
}

Value ReadValue(std::string_view bytes) {
  Value value;
  const auto dimension = [&value](const Field& field) {
    std::int64_t size = 0;
    std::string name;
    ReadFields(field.bytes, {{1, Into(size)}, {2, Into(name)}});
    value.shape.push_back(name.empty() ? std::to_string(size) : name);
  };
  const auto shape = [&](const Field& field) { ReadFields(field.bytes, {{1, dimension}}); };
  const auto tensor = [&](const Field& field) {
    ReadFields(field.bytes, {{1, Into(value.type)}, {2, shape}});
  };
  const auto type = [&](const Field& field) { ReadFields(field.bytes, {{1, tensor}}); };
  ReadFields(bytes, {{1, Into(value.name)}, {2, type}, {3, Into(value.about)}});
  return value;
}

}  // namespace

std::int64_t Tensor::Elements() const {
  std::int64_t all = 1;
  for (const std::int64_t size : shape) all *= size;
  return all;
}

std::vector<double> Tensor::Values() const {
  std::vector<double> values;
  const std::size_t size = type == 1 ? sizeof(float) : sizeof(std::int64_t);
  for (std::size_t at = 0; at + size <= raw.size(); at += size) {
    float real;
    std::int64_t whole;
    if (type == 1) {
      std::memcpy(&real, raw.data() + at, size);
      values.push_back(static_cast<double>(real));
    } else {
      std::memcpy(&whole, raw.data() + at, size);
      values.push_back(static_cast<double>(whole));
    }
  }
  return values;
}

Model Read(std::string_view bytes) {
  Model model;
  std::string version, about;
  const auto graph = [&model](const Field& field) {
    ReadFields(field.bytes, {{1, Into(model.nodes, ReadNode)},
                             {2, Into(model.graph_name)},
                             {5, Into(model.tensors, ReadTensor)},
                             {11, Into(model.inputs, ReadValue)},
                             {12, Into(model.outputs, ReadValue)}});
  };
  const auto opset = [&model](const Field& field) {
    ReadFields(field.bytes, {{2, Into(model.opsets)}});
  };
  const auto property = [&model](const Field& field) {
    std::string key, value;
    ReadFields(field.bytes, {{1, Into(key)}, {2, Into(value)}});
    if (!model.metadata.emplace(key, value).second) throw std::runtime_error(key + " twice");
  };
  ReadFields(bytes, {{1, Into(model.ir_version)},
                     {2, Into(model.producer)},
                     {3, Into(version)},
                     {6, Into(about)},
                     {7, graph},
                     {8, opset},
                     {14, property}});
  return model;
}

}  // namespace ecg::onnx::test
