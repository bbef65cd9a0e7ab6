// An ONNX model that is put together node by node.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "src/onnx/message.h"

namespace ecg::onnx {

using Shape = std::vector<std::int64_t>;

// Of a node: a number, or a list of them.
class Attribute {
 public:
  Attribute(std::string name, std::int64_t value)
      : name_(std::move(name)), is_list_(false), values_{value} {}
  Attribute(std::string name, Shape values)
      : name_(std::move(name)), is_list_(true), values_(std::move(values)) {}

  Message ToMessage() const;

 private:
  std::string name_;
  bool is_list_;
  Shape values_;
};

class Graph {
 public:
  explicit Graph(const std::string& name);

  // What goes in and comes out: float [batch][shape].
  void AddInput(const std::string& name, const Shape& shape, const std::string& about);
  void AddOutput(const std::string& name, const Shape& shape, const std::string& about);

  // A tensor that the model brings along; returns its name.
  std::string AddTensor(const std::string& name, const Shape& shape,
                        const std::vector<float>& values);
  std::string AddTensor(const std::string& name, const Shape& values);  // integers

  // A node of ONNX's own operators. Its output, of which the name is returned, is called as it is.
  std::string AddNode(const std::string& op, const std::vector<std::string>& inputs,
                      const std::string& name, const std::vector<Attribute>& attributes = {});

  // The whole model's bytes. `properties` are its metadata.
  std::string ToModel(const std::string& about, int opset,
                      const std::map<std::string, std::string>& properties) const;

 private:
  Message graph_;
};

}  // namespace ecg::onnx
