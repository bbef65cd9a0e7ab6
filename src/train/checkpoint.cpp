#include "src/train/checkpoint.h"

#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "ecg/core/checksum.h"
#include "ecg/core/file.h"
#include "ecg/model/nn/weights.h"

namespace ecg::train {
namespace {

// A file is: the magic, the SHA-256 of all that follows it, the length of the description in eight
// bytes (little-endian), the description in JSON, the tensors in the safetensors format.
constexpr std::string_view kMagic = "ECG checkpoint 1";
constexpr std::size_t kDigest = 64;  // hexadecimal digits
constexpr std::size_t kLength = 8;
constexpr std::size_t kHead = kMagic.size() + kDigest + kLength;

std::string FormatLength(std::uint64_t length) {
  std::string bytes(kLength, '\0');
  for (std::size_t i = 0; i < kLength; ++i) {
    bytes[i] = static_cast<char>(length >> (8 * i) & 0xFF);
  }
  return bytes;
}

std::uint64_t ReadLength(std::string_view bytes) {
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < kLength; ++i) {
    length |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return length;
}

// Network and moments; parameters that have made no step have no moments.
nn::NamedTensors TensorsOf(const TrainState& state) {
  nn::NamedTensors tensors;
  for (auto& [name, tensor] : nn::TensorsOf(*state.module)) {
    tensors.emplace_back("network." + name, tensor);
  }
  for (const AdamW::Moments& moments : state.optimizer.moments()) {
    if (moments.steps == 0) continue;
    tensors.emplace_back("first." + moments.name, moments.first);
    tensors.emplace_back("second." + moments.name, moments.second);
  }
  if (state.average) {
    for (const auto& [name, tensor] : state.average->tensors()) {
      tensors.emplace_back("average." + name, tensor);
    }
  }
  return tensors;
}

Json Describe(const TrainState& state) {
  Json moments = Json::array();
  for (const AdamW::Moments& item : state.optimizer.moments()) moments.push_back(item.steps);
  Json best = {{"epoch", state.best.epoch}, {"step", state.best.step}};
  if (state.best.epoch > 0) best["figure"] = state.best.figure;
  const EpochSums& sums = state.sums;
  return {
      {"phase", state.at.phase},
      {"epoch", state.at.epoch},
      {"batch", state.at.batch},
      {"best", best},
      {"sums",
       {{"loss", sums.losses.total},
        {"classification", sums.losses.classification},
        {"peaks", sums.losses.peaks},
        {"steps", sums.steps},
        {"refused", sums.refused},
        {"records_without_peaks", sums.peak_targets.records_without},
        {"peaks_left_out", sums.peak_targets.left_out}}},
      {"refused_in_a_row", state.refused_in_a_row},
      {"unreadable", state.unreadable},
      {"log_lines", state.log_lines},
      {"optimizer_steps", moments},
      {"average_steps", state.average ? state.average->steps() : 0},
  };
}

Best ReadBest(const Json& json) {
  Best best;
  best.epoch = json.at("epoch");
  best.step = json.at("step");
  if (best.epoch > 0) best.figure = json.at("figure");
  return best;
}

}  // namespace

std::string CopyState(const TrainState& state, const Json& identity) {
  const std::string description = Json({{"identity", identity}, {"state", Describe(state)}}).dump();
  std::string bytes(kMagic);
  bytes.append(kDigest, '0');
  bytes += FormatLength(description.size());
  bytes += description;
  bytes += nn::SerializeTensors(TensorsOf(state));
  return bytes;
}

void Seal(std::string& bytes) {
  const std::string_view sealed = std::string_view(bytes).substr(kMagic.size() + kDigest);
  bytes.replace(kMagic.size(), kDigest, Sha256(sealed));
}

Result<Checkpoint> Checkpoint::Read(const std::filesystem::path& path) {
  constexpr std::size_t kLargest = std::size_t{1} << 36;
  Result<std::string> bytes = ReadFile(path, kLargest);
  if (!bytes.ok()) return bytes.error();
  return Parse(std::move(*bytes), path.string());
}

Result<Checkpoint> Checkpoint::Parse(std::string bytes, const std::string& file) {
  const std::string_view view = bytes;
  if (view.substr(0, kMagic.size()) != kMagic || view.size() < kHead) {
    return InputError("is no checkpoint of this version", file);
  }
  if (view.substr(kMagic.size(), kDigest) != Sha256(view.substr(kMagic.size() + kDigest))) {
    return InputError("does not have the checksum that it names: damaged", file);
  }
  const std::uint64_t length = ReadLength(view.substr(kMagic.size() + kDigest));
  if (length > view.size() - kHead) return InputError("is cut off", file);
  Json description = Json::parse(view.substr(kHead, length), nullptr, /*allow_exceptions=*/false);
  if (!description.is_object() || !description.contains("identity") ||
      !description.contains("state")) {
    return InputError("does not say what it is of", file);
  }
  Checkpoint checkpoint;
  checkpoint.description_ = std::move(description);
  checkpoint.tensors_at_ = kHead + length;
  checkpoint.bytes_ = std::move(bytes);
  checkpoint.file_ = file;
  return checkpoint;
}

std::uint64_t Checkpoint::log_lines() const {
  return description_["state"].value("log_lines", std::uint64_t{0});
}

Best Checkpoint::best() const { return ReadBest(description_["state"]["best"]); }

Status Checkpoint::Restore(TrainState& state) const {
  try {
    const Json& json = description_.at("state");
    std::vector<AdamW::Moments>& moments = state.optimizer.moments();
    const Json& steps = json.at("optimizer_steps");
    if (steps.size() != moments.size()) return InputError("is of another network", file_);
    for (std::size_t i = 0; i < moments.size(); ++i) {
      moments[i].steps = steps[i];
      if (moments[i].steps == 0) continue;
      moments[i].first = torch::zeros_like(state.optimizer.parameters()[i]);
      moments[i].second = torch::zeros_like(state.optimizer.parameters()[i]);
    }
    Status filled = nn::DeserializeTensors(Tensors(), file_, TensorsOf(state));
    if (!filled.ok()) return filled;
    state.at = {json.at("phase"), json.at("epoch"), json.at("batch")};
    state.best = ReadBest(json.at("best"));
    const Json& sums = json.at("sums");
    state.sums.losses = {sums.at("loss"), sums.at("classification"), sums.at("peaks")};
    state.sums.steps = sums.at("steps");
    state.sums.refused = sums.at("refused");
    state.sums.peak_targets = {sums.at("records_without_peaks"), sums.at("peaks_left_out")};
    state.refused_in_a_row = json.at("refused_in_a_row");
    state.unreadable = json.at("unreadable").get<std::set<std::string>>();
    state.log_lines = json.at("log_lines");
    if (state.average) state.average->set_steps(json.at("average_steps"));
  } catch (const Json::exception& error) {
    return InputError(std::string("its description is not understood: ") + error.what(), file_);
  }
  return {};
}

}  // namespace ecg::train
