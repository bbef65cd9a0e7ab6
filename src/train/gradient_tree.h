// Gradients of micro-batches, added up in an order that depends on nothing but their number.
#pragma once

#include <torch/torch.h>

#include <cstddef>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "ecg/core/thread_team.h"

namespace ecg::train {

// By parameter; undefined where there is none.
using Gradients = std::vector<torch::Tensor>;

// a + b; either may lack any of its gradients. What nobody else holds is added to in place.
Gradients AddGradients(Gradients a, Gradients b);

// The sum over pieces 0 .. count - 1 in the tree of ecg::Share, whoever comes first. Pieces wait
// for their neighbour only, so that few are kept at a time.
class GradientTree {
 public:
  explicit GradientTree(std::size_t count);

  // Each piece once, from any thread, which adds up what has become whole by it.
  void Add(std::size_t piece, Gradients gradients);

  // The sum, after all pieces have come; the last addition is the team's.
  Gradients Take(ThreadTeam& team);

 private:
  using Node = std::pair<std::size_t, std::size_t>;  // first piece, stride
  static constexpr std::size_t kHalves = 2;

  const std::size_t count_;
  std::size_t leaf_stride_ = 1;  // that of a node with one piece
  std::mutex mutex_;
  std::map<Node, Gradients> waiting_;  // for their neighbour
  Gradients halves_[kHalves];
};

}  // namespace ecg::train
