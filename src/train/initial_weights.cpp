#include "src/train/initial_weights.h"

#include <map>

#include "ecg/model/bundle.h"
#include "ecg/model/nn/torch_network.h"
#include "ecg/model/nn/weights.h"

namespace ecg::train {

std::string CopyWeights(const std::string& folder, nn::SeResNetImpl& module) {
  const model::Bundle bundle = model::LoadBundle(folder).value();
  const nn::SeResNet trained = nn::LoadModule(bundle).value();
  std::map<std::string, torch::Tensor> weights;
  for (const auto& [name, tensor] : nn::TensorsOf(*trained)) weights[name] = tensor;
  const torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : nn::TensorsOf(module)) {
    const auto found = weights.find(name);
    if (found != weights.end() && found->second.sizes() == tensor.sizes()) {
      tensor.copy_(found->second);
    } else if (name.rfind("head.", 0) != 0 && name.rfind("peaks.", 0) != 0) {
      throw Exception(
          UsageError("is of another network: " + name + " differs", folder, 0, "initial.bundle"));
    }
  }
  return bundle.checksum;
}

}  // namespace ecg::train
