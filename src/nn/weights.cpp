#include "ecg/nn/weights.h"

#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "ecg/core/json.h"

namespace ecg::nn {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kMaxHeaderBytes = std::size_t{16} << 20;

std::vector<std::pair<std::string, torch::Tensor>> NamedTensors(const torch::nn::Module& module) {
  std::vector<std::pair<std::string, torch::Tensor>> tensors;
  for (const auto& item : module.named_parameters()) tensors.emplace_back(item.key(), item.value());
  for (const auto& item : module.named_buffers()) tensors.emplace_back(item.key(), item.value());
  return tensors;
}

std::string TypeName(torch::ScalarType type) {
  switch (type) {
    case torch::kFloat32:
      return "F32";
    case torch::kInt64:
      return "I64";
    default:
      throw Exception({ErrorKind::kInternal, "weights of an unexpected type", {}, 0, {}});
  }
}

}  // namespace

std::string SerializeWeights(const torch::nn::Module& module) {
  Json header = Json::object();
  std::string data;
  for (const auto& [name, tensor] : NamedTensors(module)) {
    const torch::Tensor plain = tensor.detach().to(torch::kCPU).contiguous();
    const std::size_t begin = data.size();
    data.append(static_cast<const char*>(plain.data_ptr()), plain.nbytes());
    header[name] = {{"dtype", TypeName(plain.scalar_type())},
                    {"shape", plain.sizes().vec()},
                    {"data_offsets", {begin, data.size()}}};
  }
  std::string text = header.dump();
  text.append((kLengthBytes - text.size() % kLengthBytes) % kLengthBytes, ' ');
  const std::uint64_t length = text.size();
  std::string bytes(kLengthBytes, '\0');
  for (std::size_t i = 0; i < kLengthBytes; ++i) bytes[i] = static_cast<char>(length >> (8 * i));
  return bytes + text + data;
}

Status DeserializeWeights(std::string_view bytes, const std::string& file,
                          torch::nn::Module& module) {
  const auto fail = [&](const std::string& message, const std::string& field = {}) -> Status {
    return InputError(message, file, 0, field);
  };
  if (bytes.size() < kLengthBytes) return fail("too short for a safetensors file");
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    length |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  if (length > kMaxHeaderBytes || length > bytes.size() - kLengthBytes) {
    return fail("not a safetensors file, or cut off");
  }
  const Result<JsonDocument> header = ParseJson(bytes.substr(kLengthBytes, length), file);
  if (!header.ok()) return fail("damaged header: " + header.error().message);
  const std::string_view data = bytes.substr(kLengthBytes + length);

  const auto tensors = NamedTensors(module);
  if (!header->root.is_object() || header->root.size() != tensors.size()) {
    return fail("does not hold the tensors of this network");
  }
  std::size_t expected_begin = 0;
  std::vector<std::string_view> spans;
  for (const auto& [name, tensor] : tensors) {
    const auto entry = header->root.find(name);
    if (entry == header->root.end()) return fail("missing", name);
    const std::size_t end = expected_begin + tensor.nbytes();
    const Json expected = {{"dtype", TypeName(tensor.scalar_type())},
                           {"shape", tensor.sizes().vec()},
                           {"data_offsets", {expected_begin, end}}};
    if (*entry != expected) {
      return fail("is " + entry->dump() + " instead of " + expected.dump(), name);
    }
    if (end > data.size()) return fail("cut off", name);
    spans.push_back(data.substr(expected_begin, tensor.nbytes()));
    expected_begin = end;
  }
  if (expected_begin != data.size()) return fail("has bytes after the last tensor");

  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const torch::Tensor& target = tensors[i].second;
    torch::Tensor source = torch::empty(target.sizes(), target.dtype());
    std::memcpy(source.data_ptr(), spans[i].data(), spans[i].size());
    torch::Tensor(target).copy_(source);
  }
  return {};
}

}  // namespace ecg::nn
