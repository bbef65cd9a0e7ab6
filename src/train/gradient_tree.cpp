#include "src/train/gradient_tree.h"

#include <utility>

#include "ecg/model/nn/device.h"

namespace ecg::train {

namespace {

void Add(torch::Tensor& a, torch::Tensor& b) {
  if (!b.defined()) return;
  const torch::NoGradGuard no_grad;
  if (!a.defined()) {
    a = std::move(b);
  } else if (a.use_count() == 1 && !a.is_view()) {
    a.add_(b);
  } else {
    a = a + b;
  }
}

}  // namespace

Gradients AddGradients(Gradients a, Gradients b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  for (std::size_t i = 0; i < a.size(); ++i) ecg::train::Add(a[i], b[i]);
  return a;
}

GradientTree::GradientTree(std::size_t count) : count_(count) {
  while (leaf_stride_ < count) leaf_stride_ *= 2;
}

void GradientTree::Add(std::size_t piece, Gradients gradients) {
  Node node{piece, leaf_stride_};
  while (node.second > kHalves) {
    const std::size_t half = node.second / 2;
    const Node neighbour{node.first < half ? node.first + half : node.first - half, node.second};
    if (neighbour.first < count_) {
      std::unique_lock<std::mutex> lock(mutex_);
      const auto found = waiting_.find(neighbour);
      if (found == waiting_.end()) {
        waiting_.emplace(node, std::move(gradients));
        return;
      }
      Gradients other = std::move(found->second);
      waiting_.erase(found);
      lock.unlock();
      gradients = AddGradients(std::move(gradients), std::move(other));
    }
    node = {node.first % half, half};
  }
  halves_[node.first] = std::move(gradients);
}

Gradients GradientTree::Take(ThreadTeam& team) {
  Gradients sum = std::move(halves_[0]), other = std::move(halves_[1]);
  if (sum.empty()) return other;
  if (other.empty()) return sum;
  team.ForEach(sum.size(), [&](std::size_t i) {
    const nn::OneThread alone;
    ecg::train::Add(sum[i], other[i]);
  });
  return sum;
}

}  // namespace ecg::train
