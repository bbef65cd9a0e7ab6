// The safetensors format, readable from Python with the package of that name: 8 bytes of header
// length (little-endian), a JSON header that names each tensor's type, shape and place, and the
// tensors' bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::model {

struct TensorView {
  std::string name;
  std::string dtype;  // as in "F32", "F16", "I64"
  std::vector<std::int64_t> shape;
  std::string_view bytes;
};

std::string FormatSafetensors(const std::vector<TensorView>& tensors);

// The tensors in the order of their bytes, views into `bytes`. They must fill the data without gap
// or overlap, each as large as its type and shape say; `file` is named in errors.
Result<std::vector<TensorView>> ParseSafetensors(std::string_view bytes, const std::string& file);

}  // namespace ecg::model
