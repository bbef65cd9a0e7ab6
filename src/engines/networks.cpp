#include "ecg/engines/networks.h"

#include "ecg/core/result.h"
#include "ecg/core/text.h"
#include "ecg/runtime/engine.h"

#if ECG_WITH_LIBTORCH
#include "ecg/model/nn/networks.h"
#endif

namespace ecg::engines {
namespace {

struct Engine {
  const char* name;
  model::NetworkFactory (*networks)(const model::ComputeConfig& config);
  std::string (*arithmetic)(const model::ComputeConfig& config);
  bool explains;
  // Whether "auto" may take it for this device.
  bool (*suits)(const std::string& device);
};

bool IsCpu(const std::string& device) {
#if ECG_WITH_LIBTORCH
  if (device == "auto") return !nn::HasGpu();
#endif
  return device == "auto" || device == "cpu";
}

constexpr Engine kEngines[] = {
    {"native", runtime::Networks, runtime::NameArithmetic, false, IsCpu},
#if ECG_WITH_LIBTORCH
    {"libtorch", nn::MakeNetworks, nn::NameArithmetic, true,
     [](const std::string&) { return true; }},
#endif
};

// Where none suits, the first one says what is wrong.
const Engine& Find(const model::ComputeConfig& config, bool explains) {
  for (const Engine& engine : kEngines) {
    if (config.engine == engine.name) return engine;
    if (config.engine != model::kAutoEngine) continue;
    if (engine.suits(config.device) && (engine.explains || !explains)) return engine;
  }
  if (config.engine == model::kAutoEngine) return kEngines[0];
  throw Exception(UsageError("this build has no such engine: \"" + config.engine + "\"; it has " +
                                 Join(EngineNames(), ", "),
                             {}, 0, "engine"));
}

}  // namespace

model::NetworkFactory MakeNetworks(const model::ComputeConfig& config, bool explains) {
  return Find(config, explains).networks(config);
}

std::string NameArithmetic(const model::ComputeConfig& config, bool explains) {
  return Find(config, explains).arithmetic(config);
}

std::vector<std::string> EngineNames() {
  std::vector<std::string> names;
  for (const Engine& engine : kEngines) names.emplace_back(engine.name);
  return names;
}

}  // namespace ecg::engines
