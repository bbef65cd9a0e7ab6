#include "ecg/engines/networks.h"

#include <filesystem>
#include <system_error>

#include "ecg/core/result.h"
#include "ecg/core/text.h"
#include "ecg/runtime/engine.h"
#include "src/engines/libtorch_library.h"

namespace ecg::engines {
namespace {

constexpr char kNative[] = "native";
constexpr char kLibTorch[] = "libtorch";

struct Engine {
  model::NetworkFactory (*networks)(const model::ComputeConfig& config);
  std::string (*arithmetic)(const model::ComputeConfig& config);
};

constexpr Engine kNativeEngine = {runtime::Networks, runtime::NameArithmetic};

Engine LibTorchEngine() {
  const LibTorchLibrary* library = LoadLibTorchLibrary().value();
  return {library->networks, library->arithmetic};
}

// Whether it is worth loading LibTorch to ask it for a GPU: a driver's device is there.
bool MayHaveGpu() {
  for (const char* device : {"/dev/nvidiactl", "/dev/kfd"}) {
    std::error_code ignored;
    if (std::filesystem::exists(device, ignored)) return true;
  }
  return false;
}

bool IsCpu(const std::string& device) {
  if (device != "auto") return device == "cpu";
  if (!MayHaveGpu() || FindLibTorchLibrary().empty()) return true;
  const auto library = LoadLibTorchLibrary();
  return !library.ok() || !(*library)->has_gpu();
}

// Where LibTorch would be taken and is not there, the native engine says what it cannot do.
Engine Find(const model::ComputeConfig& config, bool explains) {
  if (config.engine == kNative) return kNativeEngine;
  if (config.engine == kLibTorch) return LibTorchEngine();
  if (config.engine == model::kAutoEngine) {
    const bool native = IsCpu(config.device) && !explains;
    return native || FindLibTorchLibrary().empty() ? kNativeEngine : LibTorchEngine();
  }
  throw Exception(UsageError(
      "there is no such engine: \"" + config.engine + "\", but " + Join(EngineNames(), ", "), {}, 0,
      "engine"));
}

}  // namespace

model::NetworkFactory MakeNetworks(const model::ComputeConfig& config, bool explains) {
  return Find(config, explains).networks(config);
}

std::string NameArithmetic(const model::ComputeConfig& config, bool explains) {
  return Find(config, explains).arithmetic(config);
}

bool CanExplain(const model::ComputeConfig& config) {
  return config.engine != kNative && !FindLibTorchLibrary().empty();
}

std::vector<std::string> EngineNames() {
  std::vector<std::string> names = {kNative};
  if (!FindLibTorchLibrary().empty()) names.emplace_back(kLibTorch);
  return names;
}

}  // namespace ecg::engines
