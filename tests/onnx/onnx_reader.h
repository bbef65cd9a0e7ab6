// An ONNX model read back by the numbers of onnx.proto, without anything of the writer.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ecg::onnx::test {

struct Tensor {
  std::string name;
  std::int64_t type = 0;  // 1: float, 7: int64
  std::vector<std::int64_t> shape;
  std::string raw;

  std::int64_t Elements() const;
  std::vector<double> Values() const;
};

struct Attribute {
  std::int64_t type = 0;  // 2: an integer, 7: integers
  std::vector<std::int64_t> values;
};

struct Node {
  std::string name, op;
  std::vector<std::string> inputs, outputs;
  std::map<std::string, Attribute> attributes;
};

struct Value {
  std::string name, about;
  std::int64_t type = 0;
  std::vector<std::string> shape;  // sizes as text, or the name of one that is free
};

struct Model {
  std::int64_t ir_version = 0;
  std::string producer, graph_name;
  std::vector<std::int64_t> opsets;  // of ONNX's own operators
  std::map<std::string, std::string> metadata;
  std::vector<Node> nodes;
  std::vector<Tensor> tensors;
  std::vector<Value> inputs, outputs;
};

// Throws std::runtime_error where the bytes are no such model, or hold a field that is unknown
// here.
Model Read(std::string_view bytes);

}  // namespace ecg::onnx::test
