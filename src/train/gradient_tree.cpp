#include "src/train/gradient_tree.h"

#include <utility>

namespace ecg::train {

Gradients AddGradients(Gradients a, Gradients b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!b[i].defined()) continue;
    if (!a[i].defined()) {
      a[i] = std::move(b[i]);
    } else if (a[i].use_count() == 1 && !a[i].is_view()) {
      a[i].add_(b[i]);
    } else {
      a[i] = a[i] + b[i];
    }
  }
  return a;
}

GradientTree::GradientTree(std::size_t count) : count_(count) {
  while (leaf_stride_ < count) leaf_stride_ *= 2;
}

void GradientTree::Add(std::size_t piece, Gradients gradients) {
  Node node{piece, leaf_stride_};
  while (node.second > 1) {
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
  sum_ = std::move(gradients);
}

Gradients GradientTree::Take() { return std::move(sum_); }

}  // namespace ecg::train
