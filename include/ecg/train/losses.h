// Losses over several labels at a time.
#pragma once

#include <torch/torch.h>

#include "ecg/train/plan/loss_config.h"

namespace ecg::train {

// All of logits, labels (0 or 1) and mask (1 where the label counts) are float [N][classes]. The
// result is the mean over all N x classes cells, masked ones included, as in the paper's
// equation (1): a record with few trusted labels weighs less than one with many.
torch::Tensor ClassificationLoss(const torch::Tensor& logits, const torch::Tensor& labels,
                                 const torch::Tensor& mask, const LossConfig& config);

// The cells of the asymmetric loss, not reduced, [N][classes]: -(1 - p)^g+ log p for positives and
// -(p_m)^g- log(1 - p_m) for negatives with p_m = max(p - margin, 0). Gradients flow through the
// focusing weight too.
torch::Tensor AsymmetricLoss(const torch::Tensor& logits, const torch::Tensor& targets,
                             double gamma_positive, double gamma_negative, double margin);

// The cells of the sign loss: cross-entropy weighted by (y - p)^2 where |y - p| < 0.5, else 1.
torch::Tensor SignLoss(const torch::Tensor& logits, const torch::Tensor& targets);

// What the challenge metric (2021) gives for the probabilities in the place of decisions, negative:
// -mean over records of sum_jk y_j w_jk p_k / max(1, sum_j (y_j + p_j - y_j p_j)), before it is
// scaled between "always normal" and "always right". `rewards` is float [classes][classes], label
// by output. Cells that the mask leaves out are in no sum.
torch::Tensor MetricLoss(const torch::Tensor& logits, const torch::Tensor& targets,
                         const torch::Tensor& mask, const torch::Tensor& rewards);

// The loss of peak detection, paper equation (2). `output` and `target` are float
// [N][cells][slots][slot size] as data::PeakGrid lays them out, `takes_part` is float [N], 1 for
// records that have peaks to learn. A slot counts as a cell of the equation; a record's sum is
// divided by its number of cells, so that the loss does not grow with the window. The result is the
// mean over the records that take part, 0 where none does. `weight` is not applied.
torch::Tensor PeakLoss(const torch::Tensor& output, const torch::Tensor& target,
                       const torch::Tensor& takes_part, const PeakLossConfig& config);

}  // namespace ecg::train
