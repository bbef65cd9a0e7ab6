// Computes an ONNX model by the definitions of its operators, in double precision, loop by loop.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/onnx/onnx_reader.h"

namespace ecg::onnx::test {

struct Array {
  std::vector<std::int64_t> shape;
  std::vector<double> values;
};

// The outputs by name. Throws std::runtime_error where a node uses what is not there yet, has an
// attribute or an operator that is unknown here, or shapes that do not fit.
std::map<std::string, Array> Compute(const Model& model, const Array& input);

}  // namespace ecg::onnx::test
