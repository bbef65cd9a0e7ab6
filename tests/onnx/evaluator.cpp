#include "tests/onnx/evaluator.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <set>
#include <stdexcept>
#include <utility>

namespace ecg::onnx::test {
namespace {

using Shape = std::vector<std::int64_t>;

void Require(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

std::int64_t Product(const Shape& shape) {
  std::int64_t all = 1;
  for (const std::int64_t size : shape) all *= size;
  return all;
}

Array Zeros(Shape shape) {
  Array made;
  made.values.assign(static_cast<std::size_t>(Product(shape)), 0.0);
  made.shape = std::move(shape);
  return made;
}

// A node with its inputs' values; remembers which attributes were asked for.
class Call {
 public:
  Call(const Node& node, std::vector<const Array*> inputs)
      : node_(node), inputs_(std::move(inputs)) {}

  const Array& operator[](std::size_t i) const { return *inputs_.at(i); }
  std::size_t size() const { return inputs_.size(); }

  Shape List(const std::string& name, Shape otherwise = {}) {
    const auto found = Find(name);
    if (found == nullptr) return otherwise;
    Require(found->type == 7, name + " is no list");
    return found->values;
  }
  std::int64_t Number(const std::string& name, std::int64_t otherwise) {
    const auto found = Find(name);
    if (found == nullptr) return otherwise;
    Require(found->type == 2 && found->values.size() == 1, name + " is no number");
    return found->values[0];
  }
  void RequireAllUsed() const {
    for (const auto& attribute : node_.attributes) {
      Require(used_.count(attribute.first) > 0, node_.op + " has no " + attribute.first);
    }
  }

 private:
  const Attribute* Find(const std::string& name) {
    used_.insert(name);
    const auto found = node_.attributes.find(name);
    return found == node_.attributes.end() ? nullptr : &found->second;
  }

  const Node& node_;
  std::vector<const Array*> inputs_;
  std::set<std::string> used_;
};

Array Each(const Array& x, const std::function<double(double)>& f) {
  Array y = x;
  std::transform(x.values.begin(), x.values.end(), y.values.begin(), f);
  return y;
}

// Sizes of 1 count for all, as do those that are missing in front.
Array Both(const Array& a, const Array& b, const std::function<double(double, double)>& f) {
  const std::size_t rank = std::max(a.shape.size(), b.shape.size());
  Shape left = a.shape, right = b.shape, shape;
  left.insert(left.begin(), rank - left.size(), 1);
  right.insert(right.begin(), rank - right.size(), 1);
  for (std::size_t d = 0; d < rank; ++d) {
    Require(left[d] == right[d] || left[d] == 1 || right[d] == 1, "shapes that do not fit");
    shape.push_back(std::max(left[d], right[d]));
  }
  Array y = Zeros(shape);
  for (std::int64_t i = 0; i < Product(shape); ++i) {
    std::int64_t rest = i, at = 0, bt = 0, of_a = 1, of_b = 1;
    for (std::size_t d = rank; d-- > 0;) {
      const std::int64_t k = rest % shape[d];
      rest /= shape[d];
      at += left[d] == 1 ? 0 : k * of_a;
      bt += right[d] == 1 ? 0 : k * of_b;
      of_a *= left[d];
      of_b *= right[d];
    }
    y.values[static_cast<std::size_t>(i)] =
        f(a.values[static_cast<std::size_t>(at)], b.values[static_cast<std::size_t>(bt)]);
  }
  return y;
}

// Places of a sliding window over [batch][channels][height][width].
struct Sliding {
  Shape kernel, strides, pads, out;

  Sliding(Call& call, const Shape& x, const Shape& by_default) {
    Require(x.size() == 4, "no image");
    kernel = call.List("kernel_shape", by_default);
    strides = call.List("strides", {1, 1});
    pads = call.List("pads", {0, 0, 0, 0});
    Require(kernel.size() == 2 && strides.size() == 2 && pads.size() == 4, "no kernel of an image");
    for (std::size_t d = 0; d < 2; ++d) {
      out.push_back((x[2 + d] + pads[d] + pads[2 + d] - kernel[d]) / strides[d] + 1);
    }
  }

  // Calls `see` with the place in the kernel and the one in the image that it lies on.
  template <typename See>
  void At(std::int64_t row, std::int64_t column, const Shape& x, const See& see) const {
    for (std::int64_t i = 0; i < kernel[0]; ++i) {
      for (std::int64_t j = 0; j < kernel[1]; ++j) {
        const std::int64_t r = row * strides[0] + i - pads[0],
                           c = column * strides[1] + j - pads[1];
        if (r < 0 || r >= x[2] || c < 0 || c >= x[3]) continue;
        see(i * kernel[1] + j, r * x[3] + c);
      }
    }
  }
};

Array Conv(Call& call) {
  const Array &x = call[0], &weights = call[1];
  Require(call.size() == 3 && weights.shape.size() == 4, "no convolution with bias");
  const Sliding places(call, x.shape, {weights.shape[2], weights.shape[3]});
  Require(places.kernel == Shape(weights.shape.begin() + 2, weights.shape.end()), "another kernel");
  const std::int64_t groups = call.Number("group", 1), out = weights.shape[0],
                     in = weights.shape[1], area = places.kernel[0] * places.kernel[1];
  Require(x.shape[1] == in * groups && out % groups == 0, "channels that do not fit");
  Require(call[2].shape == Shape{out}, "another bias");
  Array y = Zeros({x.shape[0], out, places.out[0], places.out[1]});
  double* to = y.values.data();
  for (std::int64_t n = 0; n < x.shape[0]; ++n) {
    for (std::int64_t o = 0; o < out; ++o) {
      for (std::int64_t r = 0; r < places.out[0]; ++r) {
        for (std::int64_t c = 0; c < places.out[1]; ++c, ++to) {
          *to = call[2].values[static_cast<std::size_t>(o)];
          for (std::int64_t k = 0; k < in; ++k) {
            const std::int64_t channel = o / (out / groups) * in + k;
            const double* from =
                x.values.data() + (n * x.shape[1] + channel) * x.shape[2] * x.shape[3];
            const double* weight = weights.values.data() + (o * in + k) * area;
            places.At(r, c, x.shape, [&](std::int64_t in_kernel, std::int64_t in_image) {
              *to += weight[in_kernel] * from[in_image];
            });
          }
        }
      }
    }
  }
  return y;
}

Array MaxPool(Call& call) {
  const Array& x = call[0];
  const Sliding places(call, x.shape, {});
  Array y = Zeros({x.shape[0], x.shape[1], places.out[0], places.out[1]});
  double* to = y.values.data();
  for (std::int64_t k = 0; k < x.shape[0] * x.shape[1]; ++k) {
    const double* from = x.values.data() + k * x.shape[2] * x.shape[3];
    for (std::int64_t r = 0; r < places.out[0]; ++r) {
      for (std::int64_t c = 0; c < places.out[1]; ++c, ++to) {
        *to = -std::numeric_limits<double>::infinity();
        places.At(r, c, x.shape, [&](std::int64_t, std::int64_t in_image) {
          *to = std::max(*to, from[in_image]);
        });
      }
    }
  }
  return y;
}

Array GlobalAveragePool(Call& call) {
  const Array& x = call[0];
  const std::int64_t area = x.shape.at(2) * x.shape.at(3);
  Array y = Zeros({x.shape[0], x.shape[1], 1, 1});
  for (std::size_t i = 0; i < x.values.size(); ++i) {
    y.values[i / static_cast<std::size_t>(area)] += x.values[i] / static_cast<double>(area);
  }
  return y;
}

Array Gemm(Call& call) {
  const Array &a = call[0], &b = call[1], &c = call[2];
  Require(call.Number("transB", 0) == 1, "not as it is written here");
  Require(a.shape.size() == 2 && b.shape.size() == 2 && a.shape[1] == b.shape[1], "no product");
  Require(c.shape == Shape{b.shape[0]}, "another bias");
  Array y = Zeros({a.shape[0], b.shape[0]});
  const auto inner = static_cast<std::size_t>(a.shape[1]);
  const auto columns = static_cast<std::size_t>(b.shape[0]);
  for (std::size_t i = 0; i < y.values.size(); ++i) {
    y.values[i] = c.values[i % columns];
    for (std::size_t k = 0; k < inner; ++k) {
      y.values[i] += a.values[i / columns * inner + k] * b.values[i % columns * inner + k];
    }
  }
  return y;
}

// Along dimension 1.
Array Concat(Call& call) {
  Require(call.Number("axis", 0) == 1, "another axis");
  Shape shape = call[0].shape;
  shape[1] = 0;
  for (std::size_t k = 0; k < call.size(); ++k) shape[1] += call[k].shape.at(1);
  Array y{shape, {}};
  for (std::int64_t n = 0; n < shape[0]; ++n) {
    for (std::size_t k = 0; k < call.size(); ++k) {
      Shape part = call[k].shape;
      Require(Product(part) * shape[1] == Product(shape) * part[1], "parts that do not fit");
      const std::int64_t each = Product(part) / part[0];
      const auto begin = call[k].values.begin() + n * each;
      y.values.insert(y.values.end(), begin, begin + each);
    }
  }
  return y;
}

Array Unsqueeze(Call& call) {
  Array y = call[0];
  Require(call[1].values.size() == 1, "several axes");
  y.shape.insert(y.shape.begin() + static_cast<std::ptrdiff_t>(call[1].values[0]), 1);
  return y;
}

Array Flatten(Call& call) {
  Require(call.Number("axis", 1) == 1, "another axis");
  Array y = call[0];
  y.shape = {y.shape[0], Product(y.shape) / y.shape[0]};
  return y;
}

Array Reshape(Call& call) {
  Array y = call[0];
  Shape shape;
  for (const double size : call[1].values) {
    shape.push_back(size == 0 ? y.shape.at(shape.size()) : static_cast<std::int64_t>(size));
  }
  Require(Product(shape) == Product(y.shape), "another size");
  y.shape = shape;
  return y;
}

Array Transpose(Call& call) {
  const Array& x = call[0];
  const Shape order = call.List("perm");
  Require(order.size() == x.shape.size(), "another rank");
  Shape shape, stride(x.shape.size(), 1);
  for (std::size_t d = x.shape.size(); d-- > 1;) stride[d - 1] = stride[d] * x.shape[d];
  for (const std::int64_t d : order) shape.push_back(x.shape.at(static_cast<std::size_t>(d)));
  Array y = Zeros(shape);
  for (std::int64_t i = 0; i < Product(shape); ++i) {
    std::int64_t rest = i, from = 0;
    for (std::size_t d = shape.size(); d-- > 0; rest /= shape[d]) {
      from += rest % shape[d] * stride[static_cast<std::size_t>(order[d])];
    }
    y.values[static_cast<std::size_t>(i)] = x.values[static_cast<std::size_t>(from)];
  }
  return y;
}

// Over the last dimension, which goes.
Array ReduceMax(Call& call) {
  const Array& x = call[0];
  Require(call.List("axes") == Shape{static_cast<std::int64_t>(x.shape.size()) - 1} &&
              call.Number("keepdims", 1) == 0,
          "not as it is written here");
  Array y = Zeros(Shape(x.shape.begin(), x.shape.end() - 1));
  const auto length = static_cast<std::ptrdiff_t>(x.shape.back());
  for (std::size_t i = 0; i < y.values.size(); ++i) {
    const auto begin = x.values.begin() + static_cast<std::ptrdiff_t>(i) * length;
    y.values[i] = *std::max_element(begin, begin + length);
  }
  return y;
}

Array Run(const std::string& op, Call& call) {
  using Operator = Array (*)(Call&);
  static const std::map<std::string, Operator> operators = {
      {"Conv", Conv},
      {"MaxPool", MaxPool},
      {"GlobalAveragePool", GlobalAveragePool},
      {"Gemm", Gemm},
      {"Concat", Concat},
      {"Unsqueeze", Unsqueeze},
      {"Flatten", Flatten},
      {"Reshape", Reshape},
      {"Transpose", Transpose},
      {"ReduceMax", ReduceMax},
      {"Relu", [](Call& c) { return Each(c[0], [](double x) { return std::max(x, 0.0); }); }},
      {"Sigmoid",
       [](Call& c) { return Each(c[0], [](double x) { return 1 / (1 + std::exp(-x)); }); }},
      {"Not", [](Call& c) { return Each(c[0], [](double x) { return x == 0 ? 1.0 : 0.0; }); }},
      {"Cast",
       [](Call& c) {
         Require(c.Number("to", 0) == 1, "not to float");
         return c[0];
       }},
      {"Equal",
       [](Call& c) {
         return Both(c[0], c[1], [](double a, double b) { return a == b ? 1.0 : 0.0; });
       }},
      {"Mul", [](Call& c) { return Both(c[0], c[1], [](double a, double b) { return a * b; }); }},
      {"Add", [](Call& c) { return Both(c[0], c[1], [](double a, double b) { return a + b; }); }},
  };
  const auto found = operators.find(op);
  Require(found != operators.end(), "unknown operator " + op);
  Array made = found->second(call);
  call.RequireAllUsed();
  Require(static_cast<std::size_t>(Product(made.shape)) == made.values.size(), op + " gives more");
  return made;
}

}  // namespace

std::map<std::string, Array> Compute(const Model& model, const Array& input) {
  std::map<std::string, Array> known = {{model.inputs.at(0).name, input}};
  for (const Tensor& tensor : model.tensors) {
    Require(known.emplace(tensor.name, Array{tensor.shape, tensor.Values()}).second,
            tensor.name + " twice");
  }
  for (const Node& node : model.nodes) {
    std::vector<const Array*> inputs;
    for (const std::string& name : node.inputs) {
      Require(known.count(name) > 0, node.name + " needs " + name + ", which is not there yet");
      inputs.push_back(&known.at(name));
    }
    Call call(node, inputs);
    Require(node.outputs.size() == 1, node.name + " has several outputs");
    Require(known.emplace(node.outputs[0], Run(node.op, call)).second, node.outputs[0] + " twice");
  }
  std::map<std::string, Array> outputs;
  for (const Value& value : model.outputs) outputs.emplace(value.name, known.at(value.name));
  return outputs;
}

}  // namespace ecg::onnx::test
