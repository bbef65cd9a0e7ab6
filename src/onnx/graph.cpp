#include "src/onnx/graph.h"

#include <string_view>

#include "ecg/core/version.h"

namespace ecg::onnx {
namespace {

// The numbers of fields and values in onnx.proto.
namespace model_proto {
constexpr int kIrVersion = 1, kProducer = 2, kProducerVersion = 3, kAbout = 6, kGraph = 7,
              kOpset = 8, kProperty = 14;
}
namespace opset_proto {
constexpr int kVersion = 2;
}
namespace property_proto {
constexpr int kKey = 1, kValue = 2;
}
namespace graph_proto {
constexpr int kNode = 1, kName = 2, kTensor = 5, kInput = 11, kOutput = 12;
}
namespace node_proto {
constexpr int kInput = 1, kOutput = 2, kName = 3, kOp = 4, kAttribute = 5;
}
namespace attribute_proto {
constexpr int kName = 1, kInt = 3, kInts = 8, kType = 20;
constexpr int kTypeInt = 2, kTypeInts = 7;
}  // namespace attribute_proto
namespace tensor_proto {
constexpr int kSize = 1, kType = 2, kName = 8, kRaw = 9;
constexpr int kFloat = 1, kInt64 = 7;
}  // namespace tensor_proto
namespace value_proto {
constexpr int kName = 1, kType = 2, kAbout = 3;
constexpr int kTensor = 1;                 // of a type
constexpr int kElement = 1, kShape = 2;    // of a tensor
constexpr int kDimension = 1;              // of a shape
constexpr int kValue = 1, kParameter = 2;  // of a dimension
}  // namespace value_proto

// Which came with opset 17.
constexpr int kIrVersion = 8;

Message ValueOf(const std::string& name, const Shape& shape, const std::string& about) {
  using namespace value_proto;
  Message sizes, batch;
  batch.AddBytes(kParameter, "batch");
  sizes.AddMessage(kDimension, batch);
  for (const std::int64_t size : shape) {
    Message dimension;
    dimension.AddInt(kValue, size);
    sizes.AddMessage(kDimension, dimension);
  }
  Message tensor, type, value;
  tensor.AddInt(kElement, tensor_proto::kFloat);
  tensor.AddMessage(kShape, sizes);
  type.AddMessage(kTensor, tensor);
  value.AddBytes(kName, name);
  value.AddMessage(kType, type);
  value.AddBytes(kAbout, about);
  return value;
}

// Values lie in ONNX as they lie in the memory of little-endian machines, which ours are.
template <typename T>
Message TensorOf(const std::string& name, int type, const Shape& shape,
                 const std::vector<T>& values) {
  Message tensor;
  for (const std::int64_t size : shape) tensor.AddInt(tensor_proto::kSize, size);
  tensor.AddInt(tensor_proto::kType, type);
  tensor.AddBytes(tensor_proto::kName, name);
  const auto* raw = reinterpret_cast<const char*>(values.data());
  tensor.AddBytes(tensor_proto::kRaw, std::string_view(raw, values.size() * sizeof(T)));
  return tensor;
}

}  // namespace

Message Attribute::ToMessage() const {
  using namespace attribute_proto;
  Message message;
  message.AddBytes(kName, name_);
  for (const std::int64_t value : values_) message.AddInt(is_list_ ? kInts : kInt, value);
  message.AddInt(kType, is_list_ ? kTypeInts : kTypeInt);
  return message;
}

Graph::Graph(const std::string& name) { graph_.AddBytes(graph_proto::kName, name); }

void Graph::AddInput(const std::string& name, const Shape& shape, const std::string& about) {
  graph_.AddMessage(graph_proto::kInput, ValueOf(name, shape, about));
}

void Graph::AddOutput(const std::string& name, const Shape& shape, const std::string& about) {
  graph_.AddMessage(graph_proto::kOutput, ValueOf(name, shape, about));
}

std::string Graph::AddTensor(const std::string& name, const Shape& shape,
                             const std::vector<float>& values) {
  graph_.AddMessage(graph_proto::kTensor, TensorOf(name, tensor_proto::kFloat, shape, values));
  return name;
}

std::string Graph::AddTensor(const std::string& name, const Shape& values) {
  const Shape shape = {static_cast<std::int64_t>(values.size())};
  graph_.AddMessage(graph_proto::kTensor, TensorOf(name, tensor_proto::kInt64, shape, values));
  return name;
}

std::string Graph::AddNode(const std::string& op, const std::vector<std::string>& inputs,
                           const std::string& name, const std::vector<Attribute>& attributes) {
  Message node;
  for (const std::string& input : inputs) node.AddBytes(node_proto::kInput, input);
  node.AddBytes(node_proto::kOutput, name);
  node.AddBytes(node_proto::kName, name);
  node.AddBytes(node_proto::kOp, op);
  for (const Attribute& attribute : attributes) {
    node.AddMessage(node_proto::kAttribute, attribute.ToMessage());
  }
  graph_.AddMessage(graph_proto::kNode, node);
  return name;
}

std::string Graph::ToModel(const std::string& about, int opset,
                           const std::map<std::string, std::string>& properties) const {
  Message model, operators;
  model.AddInt(model_proto::kIrVersion, kIrVersion);
  model.AddBytes(model_proto::kProducer, "ecg");
  model.AddBytes(model_proto::kProducerVersion, Version());
  model.AddBytes(model_proto::kAbout, about);
  operators.AddInt(opset_proto::kVersion, opset);
  model.AddMessage(model_proto::kOpset, operators);
  for (const auto& [key, value] : properties) {
    Message property;
    property.AddBytes(property_proto::kKey, key);
    property.AddBytes(property_proto::kValue, value);
    model.AddMessage(model_proto::kProperty, property);
  }
  model.AddMessage(model_proto::kGraph, graph_);
  return model.bytes();
}

}  // namespace ecg::onnx
