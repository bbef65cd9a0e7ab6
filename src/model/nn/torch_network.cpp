#include "ecg/model/nn/torch_network.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "ecg/core/parallel.h"
#include "ecg/model/network_layout.h"
#include "ecg/model/nn/device.h"
#include "ecg/model/nn/networks.h"
#include "ecg/model/nn/weights.h"

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
// What a thread computes at a time. Of a batch of one LibTorch computes gradients of convolutions
// many times slower.
constexpr std::size_t kWindowsOfPart = 16, kStepsOfPart = 3;
constexpr std::size_t kMostWindows = std::size_t{1} << 30;

void CopyOut(const torch::Tensor& tensor, std::vector<float>& out) {
  const torch::Tensor plain = tensor.to(torch::kCPU).contiguous();
  const float* values = plain.data_ptr<float>();
  out.assign(values, values + plain.numel());
}

// LibTorch's own gives other last bits at the end of a tensor than within.
void CopySigmoid(const torch::Tensor& logits, std::vector<float>& out) {
  CopyOut(logits.to(torch::kFloat32), out);
  for (float& value : out) {
    value = static_cast<float>(1 / (1 + std::exp(-static_cast<double>(value))));
  }
}

}  // namespace

TorchNetwork::TorchNetwork(SeResNet module, torch::Device device, bool bf16, int threads)
    : module_(std::move(module)),
      device_(device),
      bf16_(bf16),
      threads_(device.is_cpu() ? threads : 0) {}

// Calls body(0) .. body(count - 1), side by side where that is asked for.
void TorchNetwork::ForEach(std::size_t count, const std::function<void(std::size_t)>& body) {
  if (threads_ == 0) {
    for (std::size_t i = 0; i < count; ++i) body(i);
    return;
  }
  ParallelFor(count, threads_, [&](std::size_t i) {
    const OneThread alone;
    WithoutTorchErrors([&] { body(i); });
  });
}

void TorchNetwork::Run(const float* signal, std::size_t windows, model::Wanted wanted,
                       model::NetworkOutput& output) {
  if (windows > kMostWindows) {
    throw Exception({ErrorKind::kInternal, "too many windows at a time", {}, 0, {}});
  }
  WithoutTorchErrors([&] {
    if (module_->is_training()) module_->eval();
    const std::size_t size = threads_ == 0 ? std::max<std::size_t>(windows, 1) : kWindowsOfPart;
    const model::SeResNetConfig& config = module_->config();
    const auto window = static_cast<std::size_t>(config.in_channels * config.samples);
    std::vector<model::NetworkOutput> parts((windows + size - 1) / size);
    ForEach(parts.size(), [&](std::size_t i) {
      RunPart(signal + i * size * window, std::min(size, windows - i * size), wanted, parts[i]);
    });
    output.probabilities.clear();
    output.peaks.clear();
    for (const model::NetworkOutput& part : parts) {
      output.probabilities.insert(output.probabilities.end(), part.probabilities.begin(),
                                  part.probabilities.end());
      output.peaks.insert(output.peaks.end(), part.peaks.begin(), part.peaks.end());
    }
  });
}

void TorchNetwork::RunPart(const float* signal, std::size_t windows, model::Wanted wanted,
                           model::NetworkOutput& output) {
  const torch::InferenceMode inference;
  const AutocastGuard autocast(device_, bf16_);
  const model::SeResNetConfig& config = module_->config();
  const torch::Tensor x =
      torch::from_blob(const_cast<float*>(signal),
                       {static_cast<std::int64_t>(windows), config.in_channels, config.samples})
          .to(device_);
  const torch::Tensor features = module_->Features(x);
  if (wanted.probabilities) CopySigmoid(module_->Classify(features, x), output.probabilities);
  if (wanted.peaks) CopySigmoid(module_->PeakLogits(features), output.peaks);
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
    const std::size_t most = threads_ == 0 ? kWay.size() : kStepsOfPart;
    // As many steps at a time as there is room for.
    const double fit = kStepBytes / (static_cast<double>(windows) *
                                     model::CostOfWindow(config).all * std::max(1, threads_));
    const auto steps = static_cast<std::size_t>(std::clamp(fit, 1.0, static_cast<double>(most)));
    // [parts][classes]
    std::vector<std::vector<torch::Tensor>> parts((kWay.size() + steps - 1) / steps);
    ForEach(parts.size(), [&](std::size_t i) {
      const std::size_t end = std::min((i + 1) * steps, kWay.size());
      parts[i] = AttributePart(x, i * steps, end, classes);
    });
    for (std::size_t k = 0; k < classes.size(); ++k) {
      torch::Tensor gradient = torch::zeros_like(x);
      for (const std::vector<torch::Tensor>& part : parts) gradient.add_(part[k]);
      CopyOut(x * gradient, out[k]);
    }
  });
  return out;
}

// The weighted gradients of the steps from `begin` to `end`, by class.
std::vector<torch::Tensor> TorchNetwork::AttributePart(const torch::Tensor& x, std::size_t begin,
                                                       std::size_t end,
                                                       const std::vector<std::size_t>& classes) {
  std::vector<float> places, weights;
  for (std::size_t i = begin; i < end; ++i) {
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
  std::vector<torch::Tensor> gradients;
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const torch::Tensor sum = logits.select(1, static_cast<std::int64_t>(classes[k])).sum();
    const bool more = k + 1 < classes.size();
    const torch::Tensor own = torch::autograd::grad({sum}, {at}, {}, /*retain_graph=*/more)[0];
    const auto count = static_cast<std::int64_t>(end - begin);
    gradients.push_back(
        (own.reshape({count, x.size(0), x.size(1), x.size(2)}) * factors(weights)).sum(0));
  }
  return gradients;
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

model::NetworkFactory MakeNetworks(const model::ComputeConfig& config) {
  return [config](const model::Bundle& bundle) -> std::unique_ptr<model::Network> {
    const torch::Device device = ChooseDevice(config.device);
    SeResNet module = LoadModule(bundle).value();
    WithoutTorchErrors([&] { module->to(device); });
    SetThreads(1);  // within an operator
    const int threads = config.threads > 0 ? config.threads : AvailableThreads();
    return std::make_unique<TorchNetwork>(std::move(module), device,
                                          UseBf16(config.precision, device), threads);
  };
}

std::string NameArithmetic(const model::ComputeConfig& config) {
  const torch::Device device = ChooseDevice(config.device);
  return std::string(UseBf16(config.precision, device) ? "bf16" : "fp32") + " on " + device.str();
}

bool HasGpu() { return torch::cuda::is_available(); }

}  // namespace ecg::nn
