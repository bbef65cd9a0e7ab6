#include "ecg/model/safetensors.h"

#include <algorithm>
#include <utility>

#include "ecg/core/json.h"

namespace ecg::model {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kMaxHeaderBytes = std::size_t{16} << 20;
constexpr std::size_t kMaxDimensions = 8;

// Bytes of one number of that type; 0 for a type that is not supported.
std::size_t SizeOfType(std::string_view dtype) {
  if (dtype == "F16" || dtype == "BF16") return 2;
  if (dtype == "F32") return 4;
  return dtype == "F64" || dtype == "I64" ? 8 : 0;
}

bool IsCount(const Json& json) { return json.is_number_unsigned(); }

bool IsListOfCounts(const Json& json, std::size_t max_size) {
  return json.is_array() && json.size() <= max_size &&
         std::all_of(json.begin(), json.end(), IsCount);
}

// An entry of the header, with the place of its bytes; an empty message where it makes sense.
struct Entry {
  TensorView tensor;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

std::string ReadEntry(const Json& json, Entry& entry) {
  if (!json.is_object() || json.size() != 3) return "must have dtype, shape and data_offsets";
  const auto dtype = json.find("dtype");
  const auto shape = json.find("shape");
  const auto offsets = json.find("data_offsets");
  if (dtype == json.end() || !dtype->is_string()) return "names no dtype";
  if (shape == json.end() || !IsListOfCounts(*shape, kMaxDimensions)) return "has no shape";
  if (offsets == json.end() || !IsListOfCounts(*offsets, 2) || offsets->size() != 2) {
    return "has no data_offsets";
  }
  entry.tensor.dtype = dtype->get<std::string>();
  entry.begin = (*offsets)[0].get<std::uint64_t>();
  entry.end = (*offsets)[1].get<std::uint64_t>();
  std::uint64_t bytes = SizeOfType(entry.tensor.dtype);
  if (bytes == 0) return "is of an unknown type, " + entry.tensor.dtype;
  constexpr std::uint64_t kLimit = std::uint64_t{1} << 40;
  for (const Json& item : *shape) {
    const auto length = item.get<std::uint64_t>();
    if (length > kLimit || (bytes *= length) > kLimit) return "is too large";
    entry.tensor.shape.push_back(static_cast<std::int64_t>(length));
  }
  if (entry.end < entry.begin || entry.end - entry.begin != bytes) {
    return "does not have the bytes that its shape needs";
  }
  return {};
}

}  // namespace

std::string FormatSafetensors(const std::vector<TensorView>& tensors) {
  Json header = Json::object();
  std::size_t end = 0;
  for (const TensorView& tensor : tensors) {
    const std::size_t begin = end;
    end += tensor.bytes.size();
    header[tensor.name] = {
        {"dtype", tensor.dtype}, {"shape", tensor.shape}, {"data_offsets", {begin, end}}};
  }
  std::string text = header.dump();
  text.append((kLengthBytes - text.size() % kLengthBytes) % kLengthBytes, ' ');
  const std::uint64_t length = text.size();
  std::string bytes(kLengthBytes, '\0');
  for (std::size_t i = 0; i < kLengthBytes; ++i) bytes[i] = static_cast<char>(length >> (8 * i));
  bytes.reserve(bytes.size() + text.size() + end);
  bytes += text;
  for (const TensorView& tensor : tensors) bytes += tensor.bytes;
  return bytes;
}

Result<std::vector<TensorView>> ParseSafetensors(std::string_view bytes, const std::string& file) {
  const auto fail = [&](const std::string& message, const std::string& field = {}) {
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
  if (!header->root.is_object()) return fail("its header must be an object");
  const std::string_view data = bytes.substr(kLengthBytes + length);

  std::vector<Entry> entries;
  for (const auto& [name, json] : header->root.items()) {
    if (name == "__metadata__") continue;
    Entry entry;
    entry.tensor.name = name;
    const std::string problem = ReadEntry(json, entry);
    if (!problem.empty()) return fail(problem, name);
    if (entry.end > data.size()) return fail("cut off", name);
    entries.push_back(std::move(entry));
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.begin < b.begin; });
  std::vector<TensorView> tensors;
  std::uint64_t expected = 0;
  for (Entry& entry : entries) {
    if (entry.begin != expected)
      return fail("does not begin where the one before ends", entry.tensor.name);
    expected = entry.end;
    entry.tensor.bytes = data.substr(entry.begin, entry.end - entry.begin);
    tensors.push_back(std::move(entry.tensor));
  }
  if (expected != data.size()) return fail("has bytes after the last tensor");
  return tensors;
}

}  // namespace ecg::model
