// One training step of a small network.
#include <cmath>
#include <cstdio>

#include "ecg/model/nn/se_resnet.h"
#include "ecg/train/losses.h"

int main() {
  ecg::model::SeResNetConfig config;
  config.width = 4;
  ecg::nn::SeResNet network(config);
  network->eval();
  const torch::Tensor logits = network->forward(torch::randn({2, config.in_channels, 500}));
  const torch::Tensor labels = torch::zeros({2, config.classes});
  const torch::Tensor loss = ecg::train::ClassificationLoss(
      logits, labels, torch::ones_like(labels), ecg::train::LossConfig{});
  loss.backward();
  std::printf("loss %g\n", loss.item<double>());
  return logits.sizes() == labels.sizes() && std::isfinite(loss.item<double>()) ? 0 : 1;
}
