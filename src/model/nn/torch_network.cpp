#include "ecg/model/nn/torch_network.h"

#include <utility>

#include "ecg/model/nn/device.h"
#include "ecg/model/nn/weights.h"
#include "src/model/nn/torch_networks.h"

namespace ecg::nn {
namespace {

// Of integrated gradients.
constexpr int kSteps = 32;
constexpr int kStepsAtATime = 8;

void CopyOut(const torch::Tensor& tensor, std::vector<float>& out) {
  const torch::Tensor plain = tensor.to(torch::kCPU).contiguous();
  const float* values = plain.data_ptr<float>();
  out.assign(values, values + plain.numel());
}

}  // namespace

TorchNetwork::TorchNetwork(SeResNet module, torch::Device device, bool bf16)
    : module_(std::move(module)), device_(device), bf16_(bf16) {}

void TorchNetwork::Run(const float* signal, std::size_t windows, model::Wanted wanted,
                       model::NetworkOutput& output) {
  WithoutTorchErrors([&] {
    if (module_->is_training()) module_->eval();
    const torch::InferenceMode inference;
    const AutocastGuard autocast(device_, bf16_);
    const model::SeResNetConfig& config = module_->config();
    const torch::Tensor x =
        torch::from_blob(const_cast<float*>(signal),
                         {static_cast<std::int64_t>(windows), config.in_channels, config.samples})
            .to(device_);
    const torch::Tensor features = module_->Features(x);
    if (wanted.probabilities) {
      CopyOut(torch::sigmoid(module_->Classify(features, x).to(torch::kFloat32)),
              output.probabilities);
    }
    if (wanted.peaks) CopyOut(module_->DetectPeaks(features), output.peaks);
  });
}

std::vector<float> TorchNetwork::Attribute(const float* signal, std::size_t windows,
                                           std::size_t column) {
  std::vector<float> out;
  WithoutTorchErrors([&] {
    if (module_->is_training()) module_->eval();
    const model::SeResNetConfig& config = module_->config();
    const torch::Tensor x =
        torch::from_blob(const_cast<float*>(signal),
                         {static_cast<std::int64_t>(windows), config.in_channels, config.samples})
            .to(device_);
    // The middles of equal parts of the way. Several at a time: of a batch of one on one thread
    // LibTorch computes convolutions many times slower.
    torch::Tensor gradients = torch::zeros_like(x);
    for (int step = 0; step < kSteps; step += kStepsAtATime) {
      const torch::Tensor way = (torch::arange(kStepsAtATime, x.options()) + (step + 0.5)) / kSteps;
      const torch::Tensor at =
          (way.reshape({-1, 1, 1, 1}) * x.unsqueeze(0)).flatten(0, 1).requires_grad_();
      const torch::Tensor logits = module_->Classify(module_->Features(at), at);
      const torch::Tensor sum = logits.select(1, static_cast<std::int64_t>(column)).sum();
      gradients += torch::autograd::grad({sum}, {at})[0]
                       .reshape({kStepsAtATime, x.size(0), x.size(1), x.size(2)})
                       .sum(0);
    }
    CopyOut(x * gradients / kSteps, out);
  });
  return out;
}

Result<SeResNet> LoadModule(const model::Bundle& bundle) {
  const model::SeResNetConfig& config = bundle.info.architecture;
  // Before the module is made: a small file must not ask for a large network.
  if (model::CountElements(model::LayOut(config)) > bundle.weights.size() / 2) {
    return InputError("is too small for the network that model.json describes", bundle.path);
  }
  try {
    SeResNet module(config);
    if (Status status = DeserializeWeights(bundle.weights, bundle.path, *module); !status.ok()) {
      return status.error();
    }
    module->eval();
    return module;
  } catch (const c10::Error& error) {
    return TorchError(error);
  }
}

model::NetworkFactory TorchNetworks(const model::ComputeConfig& config) {
  return [config](const model::Bundle& bundle) -> std::unique_ptr<model::Network> {
    SetThreads(config.threads);
    const torch::Device device = ChooseDevice(config.device);
    SeResNet module = LoadModule(bundle).value();
    WithoutTorchErrors([&] { module->to(device); });
    return std::make_unique<TorchNetwork>(std::move(module), device,
                                          UseBf16(config.precision, device));
  };
}

std::string TorchArithmetic(const model::ComputeConfig& config) {
  const torch::Device device = ChooseDevice(config.device);
  return std::string(UseBf16(config.precision, device) ? "bf16" : "fp32") + " on " + device.str();
}

}  // namespace ecg::nn
