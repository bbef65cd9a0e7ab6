#include "ecg/model/nn/networks.h"

#include "ecg/core/result.h"
#include "ecg/core/text.h"
#include "src/model/nn/torch_networks.h"

namespace ecg::nn {
namespace {

struct Engine {
  const char* name;
  model::NetworkFactory (*networks)(const model::ComputeConfig& config);
  std::string (*arithmetic)(const model::ComputeConfig& config);
};
constexpr Engine kEngines[] = {{"libtorch", TorchNetworks, TorchArithmetic}};

const Engine& Find(const std::string& name) {
  for (const Engine& engine : kEngines) {
    if (name == model::kAutoEngine || name == engine.name) return engine;
  }
  throw Exception(UsageError(
      "this build has no such engine: \"" + name + "\"; it has " + Join(EngineNames(), ", "), {}, 0,
      "engine"));
}

}  // namespace

model::NetworkFactory MakeNetworks(const model::ComputeConfig& config) {
  return Find(config.engine).networks(config);
}

std::string NameArithmetic(const model::ComputeConfig& config) {
  return Find(config.engine).arithmetic(config);
}

std::vector<std::string> EngineNames() {
  std::vector<std::string> names;
  for (const Engine& engine : kEngines) names.emplace_back(engine.name);
  return names;
}

}  // namespace ecg::nn
