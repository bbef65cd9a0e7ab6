#include "ecg/model/nn/weights.h"

#include <cstring>
#include <utility>
#include <vector>

#include "ecg/model/safetensors.h"

namespace ecg::nn {
namespace {

using model::TensorView;

std::string TypeName(torch::ScalarType type) {
  switch (type) {
    case torch::kFloat32:
      return "F32";
    case torch::kFloat16:
      return "F16";
    case torch::kInt64:
      return "I64";
    default:
      throw Exception({ErrorKind::kInternal, "weights of an unexpected type", {}, 0, {}});
  }
}

std::string Describe(const std::string& dtype, torch::IntArrayRef shape) {
  std::string text = dtype + " [";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  }
  return text + "]";
}

}  // namespace

NamedTensors TensorsOf(const torch::nn::Module& module) {
  NamedTensors tensors;
  for (const auto& item : module.named_parameters()) tensors.emplace_back(item.key(), item.value());
  for (const auto& item : module.named_buffers()) tensors.emplace_back(item.key(), item.value());
  return tensors;
}

std::string SerializeTensors(const NamedTensors& tensors) {
  std::vector<torch::Tensor> plain;  // keeps what the views look at
  std::vector<TensorView> views;
  for (const auto& [name, tensor] : tensors) {
    const torch::Tensor& copy = plain.emplace_back(tensor.detach().to(torch::kCPU).contiguous());
    views.push_back({name,
                     TypeName(copy.scalar_type()),
                     copy.sizes().vec(),
                     {static_cast<const char*>(copy.data_ptr()), copy.nbytes()}});
  }
  return model::FormatSafetensors(views);
}

Status DeserializeTensors(std::string_view bytes, const std::string& file,
                          const NamedTensors& tensors) {
  const auto fail = [&](const std::string& message, const std::string& field = {}) -> Status {
    return InputError(message, file, 0, field);
  };
  const Result<std::vector<TensorView>> views = model::ParseSafetensors(bytes, file);
  if (!views.ok()) return views.error();
  if (views->size() != tensors.size()) return fail("does not hold the tensors of this network");
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const auto& [name, tensor] = tensors[i];
    const TensorView& view = (*views)[i];
    if (view.name != name) return fail("stands where " + name + " must be", view.name);
    const std::string found = Describe(view.dtype, view.shape);
    const std::string expected = Describe(TypeName(tensor.scalar_type()), tensor.sizes());
    const bool is_half = tensor.scalar_type() == torch::kFloat32 &&
                         found == Describe(TypeName(torch::kFloat16), tensor.sizes());
    if (found != expected && !is_half) return fail("is " + found + " instead of " + expected, name);
  }
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const torch::Tensor& target = tensors[i].second;
    const bool is_half = (*views)[i].dtype == TypeName(torch::kFloat16);
    torch::Tensor source =
        torch::empty(target.sizes(), is_half ? torch::kFloat16 : target.scalar_type());
    const std::string_view from = (*views)[i].bytes;
    if (!from.empty()) std::memcpy(source.data_ptr(), from.data(), from.size());
    torch::Tensor(target).copy_(source);
  }
  return {};
}

std::string SerializeWeights(const torch::nn::Module& module, bool half) {
  NamedTensors tensors = TensorsOf(module);
  for (auto& [name, tensor] : tensors) {
    if (half && tensor.scalar_type() == torch::kFloat32) tensor = tensor.to(torch::kFloat16);
  }
  return SerializeTensors(tensors);
}

void RoundToHalf(torch::nn::Module& module) {
  const torch::NoGradGuard no_grad;
  NamedTensors rounded;
  for (const auto& [name, tensor] : TensorsOf(module)) {
    if (tensor.scalar_type() != torch::kFloat32) continue;
    rounded.emplace_back(name, tensor.to(torch::kFloat16).to(torch::kFloat32));
    if (torch::isfinite(rounded.back().second).all().item<bool>()) continue;
    throw Exception({ErrorKind::kDiverged, "is too large for half precision", {}, 0, name});
  }
  std::size_t next = 0;
  for (auto& [name, tensor] : TensorsOf(module)) {
    if (tensor.scalar_type() == torch::kFloat32) tensor.copy_(rounded[next++].second);
  }
}

Status DeserializeWeights(std::string_view bytes, const std::string& file,
                          torch::nn::Module& module) {
  return DeserializeTensors(bytes, file, TensorsOf(module));
}

}  // namespace ecg::nn
