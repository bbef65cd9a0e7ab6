#include "ecg/model/nn/torch_network.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ecg/model/network_layout.h"
#include "ecg/model/nn/device.h"
#include "ecg/model/nn/weights.h"
#include "src/model/nn/torch_networks.h"

namespace ecg::nn {
namespace {

// A step on the way from zeros to the signal, of integrated gradients.
struct Step {
  float place;
  float weight;
};
// Gauss-Legendre quadrature on [0, 1].
constexpr std::array<Step, 12> kWay = {{{0.009219683F, 0.023587668F},
                                        {0.047941372F, 0.053469663F},
                                        {0.115048663F, 0.080039164F},
                                        {0.206341023F, 0.101583713F},
                                        {0.316084251F, 0.116746268F},
                                        {0.437383296F, 0.124573523F},
                                        {0.562616704F, 0.124573523F},
                                        {0.683915749F, 0.116746268F},
                                        {0.793658977F, 0.101583713F},
                                        {0.884951337F, 0.080039164F},
                                        {0.952058628F, 0.053469663F},
                                        {0.990780317F, 0.023587668F}}};
constexpr double kStepBytes = 1 << 30;  // of features of the steps that are computed together

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

// The forward pass is shared by the classes; each has a backward pass of its own.
std::vector<std::vector<float>> TorchNetwork::Attribute(const float* signal, std::size_t windows,
                                                        const std::vector<std::size_t>& classes) {
  std::vector<std::vector<float>> out(classes.size());
  WithoutTorchErrors([&] {
    if (module_->is_training()) module_->eval();
    const model::SeResNetConfig& config = module_->config();
    const torch::Tensor x =
        torch::from_blob(const_cast<float*>(signal),
                         {static_cast<std::int64_t>(windows), config.in_channels, config.samples})
            .to(device_);
    std::vector<torch::Tensor> gradients(classes.size(), torch::zeros_like(x));
    // Several steps at a time: of a batch of one on one thread LibTorch computes convolutions many
    // times slower.
    const double fit =
        kStepBytes / (static_cast<double>(windows) * model::CostOfWindow(config).all);
    const auto steps =
        static_cast<std::size_t>(std::clamp(fit, 1.0, static_cast<double>(kWay.size())));
    for (std::size_t step = 0; step < kWay.size(); step += steps) {
      const std::size_t count = std::min(steps, kWay.size() - step);
      std::vector<float> places, weights;
      for (std::size_t i = step; i < step + count; ++i) {
        places.push_back(kWay[i].place);
        weights.push_back(kWay[i].weight);
      }
      const auto factors = [&](const std::vector<float>& values) {
        return torch::tensor(values).reshape({-1, 1, 1, 1}).to(device_);
      };
      const torch::Tensor at = (factors(places) * x.unsqueeze(0)).flatten(0, 1).requires_grad_();
      torch::Tensor logits;
      {
        const AutocastGuard autocast(device_, bf16_);
        logits = module_->Classify(module_->Features(at), at).to(torch::kFloat32);
      }
      for (std::size_t k = 0; k < classes.size(); ++k) {
        const torch::Tensor sum = logits.select(1, static_cast<std::int64_t>(classes[k])).sum();
        const bool more = k + 1 < classes.size();
        const torch::Tensor own = torch::autograd::grad({sum}, {at}, {}, /*retain_graph=*/more)[0];
        gradients[k] =
            gradients[k] +
            (own.reshape({static_cast<std::int64_t>(count), x.size(0), x.size(1), x.size(2)}) *
             factors(weights))
                .sum(0);
      }
    }
    for (std::size_t k = 0; k < classes.size(); ++k) CopyOut(x * gradients[k], out[k]);
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
