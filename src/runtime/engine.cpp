#include "ecg/runtime/engine.h"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/parallel.h"
#include "ecg/core/result.h"
#include "src/onednn/processor.h"
#include "src/runtime/native_network.h"
#include "src/runtime/net.h"

namespace ecg::runtime {
namespace {

struct Arithmetic {
  Number number = Number::kFp32;
  bool bytes = false;  // in the convolutions of residual blocks
};

Error PrecisionError(const std::string& message) { return UsageError(message, {}, 0, "precision"); }

Number NumberOf(model::Precision precision) {
  if (precision == model::Precision::kFp32) return Number::kFp32;
  if (precision == model::Precision::kBf16 && !onednn::CanBf16()) {
    throw Exception(PrecisionError("the native engine has no bf16 on this processor"));
  }
  return precision == model::Precision::kBf16 || onednn::HasNativeBf16() ? Number::kBf16
                                                                         : Number::kFp32;
}

Arithmetic ArithmeticOf(const model::ComputeConfig& config) {
  if (config.device != "auto" && config.device != "cpu") {
    throw Exception(
        UsageError("the native engine computes on the CPU, not on \"" + config.device + "\"", {}, 0,
                   "device"));
  }
  const bool bytes = config.precision == model::Precision::kInt8;
  if (bytes && onednn::LargestByteWeight() == 0) {
    throw Exception(PrecisionError("the native engine has no int8 on this processor"));
  }
  return {NumberOf(config.precision), bytes};
}

std::size_t ThreadsOf(const model::ComputeConfig& config) {
  return static_cast<std::size_t>(config.threads > 0 ? config.threads : AvailableThreads());
}

}  // namespace

model::NetworkFactory Networks(const model::ComputeConfig& config) {
  return [config](const model::Bundle& bundle) -> std::unique_ptr<model::Network> {
    const Arithmetic arithmetic = ArithmeticOf(config);
    std::vector<model::ActivationRange> ranges;
    if (arithmetic.bytes) {
      ranges = bundle.info.ranges;
      if (ranges.empty()) {
        throw Exception(PrecisionError(
            "int8 needs a model that was quantised, and this one was not: \"ecgmodel quantise\" "
            "makes a copy that is"));
      }
    }
    Net net =
        Net::Make(bundle.info.architecture, bundle.weights, bundle.path, arithmetic.number, ranges)
            .value();
    return MakeNetwork(std::move(net), ThreadsOf(config));
  };
}

std::string NameArithmetic(const model::ComputeConfig& config) {
  const Arithmetic arithmetic = ArithmeticOf(config);
  std::string name = arithmetic.number == Number::kBf16 ? "bf16" : "fp32";
  if (arithmetic.bytes) {
    // What a result depends on, so that a half of another processor does not go on with it.
    name = "int8 (weights to " + std::to_string(onednn::LargestByteWeight()) + ") and " + name;
  }
  return name + " on cpu, native";
}

}  // namespace ecg::runtime
