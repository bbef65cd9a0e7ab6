// Bytes to a bundle to a network that is ready to predict: what is refused says why, and what is
// accepted computes, the same in any company, and is exported soundly.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/model/bundle.h"
#include "ecg/model/network_layout.h"
#include "ecg/onnx/export.h"
#include "src/onednn/processor.h"
#include "src/runtime/net.h"
#include "src/runtime/workspace.h"
#include "tests/fuzz/network_bytes.h"
#include "tests/onnx/onnx_reader.h"
#include "tests/runtime/made_weights.h"

using namespace ecg;

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

// What a window may take for it to be computed here; larger networks are made alone.
constexpr double kMaxFeatureBytes = 1 << 20;
constexpr std::uint64_t kMaxElements = 100'000;

struct Answer {
  std::vector<float> probabilities, peaks;
};

Answer Ask(const runtime::Net& net, const std::vector<float>& signal, std::size_t windows,
           std::size_t together) {
  const std::size_t peaks = net.peaks ? net.peaks->size() : 0;
  Answer answer{std::vector<float>(windows * net.head.out), std::vector<float>(windows * peaks)};
  runtime::Workspace space(net, together);
  for (std::size_t w = 0; w < windows; w += together) {
    space.Run(signal.data() + w * net.channels * net.samples, {true, net.peaks.has_value()},
              answer.probabilities.data() + w * net.head.out, answer.peaks.data() + w * peaks);
  }
  return answer;
}

bool AreTheSame(const std::vector<float>& a, const std::vector<float>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](float x, float y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

void RequireProbabilities(const std::vector<float>& values) {
  for (const float v : values) Require(std::isnan(v) || (v >= 0 && v <= 1));
}

void Compute(const runtime::Net& net) {
  constexpr std::size_t kWindows = 2;
  std::vector<float> signal(kWindows * net.channels * net.samples);
  for (std::size_t i = 0; i < signal.size(); ++i) {
    signal[i] = std::sin(0.37F * static_cast<float>(i % 9973));
  }
  const Answer one_by_one = Ask(net, signal, kWindows, 1);
  const Answer together = Ask(net, signal, kWindows, kWindows);
  RequireProbabilities(one_by_one.probabilities);
  RequireProbabilities(one_by_one.peaks);
  Require(AreTheSame(one_by_one.probabilities, together.probabilities));
  Require(AreTheSame(one_by_one.peaks, together.peaks));
}

// With the bundle's ranges or, where it has none, some.
void ComputeInBytes(const model::Bundle& bundle) {
  const model::SeResNetConfig& config = bundle.info.architecture;
  if (onednn::LargestByteWeight() == 0 || config.states > 0) return;
  std::vector<model::ActivationRange> ranges = bundle.info.ranges;
  if (ranges.empty()) {
    ranges.resize(
        static_cast<std::size_t>(std::accumulate(config.blocks.begin(), config.blocks.end(), 0)),
        {1, 1});
  }
  const Result<runtime::Net> net =
      runtime::Net::Make(config, bundle.weights, bundle.path, runtime::Number::kFp32, ranges);
  if (net.ok()) return Compute(*net);
  Require(net.error().kind == ErrorKind::kInput && !net.error().message.empty());
}

// A bundle whose description is sound, as reading one leaves it.
void Use(const model::Bundle& bundle) {
  const model::SeResNetConfig& config = bundle.info.architecture;
  const Result<runtime::Net> net =
      runtime::Net::Make(config, bundle.weights, bundle.path, runtime::Number::kFp32);
  if (!net.ok()) {
    Require(net.error().kind == ErrorKind::kInput && !net.error().message.empty());
    Require(!onnx::Export(bundle).ok());
    return;
  }
  if (model::CostOfWindow(config).at_once > kMaxFeatureBytes) return;
  Compute(*net);
  ComputeInBytes(bundle);
  const onnx::test::Model model = onnx::test::Read(onnx::Export(bundle).value());
  Require(model.outputs.size() == (config.DetectsPeaks() ? 2 : 1));
}

// Each weight is four bytes of `numbers`, from the start again where they end.
std::string Repeated(const model::SeResNetConfig& config, std::string_view numbers) {
  std::size_t at = 0;
  return test::MakeWeights(config, [&](const std::string&, std::vector<float>& values) {
    for (float& value : values) {
      if (at + sizeof value > numbers.size()) at = 0;
      if (at + sizeof value > numbers.size()) return;
      std::memcpy(&value, numbers.data() + at, sizeof value);
      at += sizeof value;
    }
  });
}

void UseDescription(std::string_view rest) {
  const std::size_t end = std::min(rest.find('\0'), rest.size());
  std::string description(rest.substr(0, end));
  std::string weights(rest.substr(std::min(end + 1, rest.size())));
  // Checksums keep nearly all of what comes from a mutation out; behind them lies what a bundle
  // that somebody made on purpose reaches.
  (void)model::ParseBundle(description, weights).ok();
  const Result<JsonDocument> document = ParseJson(description, "model.json");
  if (!document.ok()) return;
  Result<model::ModelInfo> info = model::ModelInfo::FromJson(*document);
  if (!info.ok()) return;
  Use({std::move(*info), std::move(weights), "w", ""});
}

void UseSettings(fuzz::NetworkKind kind, std::string_view rest) {
  model::Bundle bundle;
  model::SeResNetConfig& config = bundle.info.architecture;
  config = fuzz::SettingsOf(rest);
  if (!config.Validate().ok()) return;
  if (model::CountElements(model::LayOut(config)) > kMaxElements) return;
  bundle.path = "w";
  rest.remove_prefix(std::min(fuzz::kSettingBytes, rest.size()));
  bundle.weights = kind == fuzz::NetworkKind::kWeights ? std::string(rest) : Repeated(config, rest);
  Use(bundle);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto kind =
      static_cast<fuzz::NetworkKind>(data[0] % static_cast<unsigned>(fuzz::NetworkKind::kCount));
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  kind == fuzz::NetworkKind::kBundle ? UseDescription(rest) : UseSettings(kind, rest);
  return 0;
}
