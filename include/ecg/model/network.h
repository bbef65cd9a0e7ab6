// A network that is ready to predict, whatever it computes with.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "ecg/model/bundle.h"

namespace ecg::model {

// Which of its outputs are wanted; at least one.
struct Wanted {
  bool probabilities = true;
  bool peaks = false;  // needs a network with a peak branch
};

struct NetworkOutput {
  std::vector<float> probabilities;  // [windows][classes]
  std::vector<float> peaks;          // [windows][cells][slots][slot size], see data::PeakGrid
};

class Network {
 public:
  virtual ~Network() = default;

  // `signal` is float [windows][channels][samples] as its bundle's preprocessing gives it. Fills
  // what is wanted of `output`, which the caller keeps for the next call. May be called from
  // several threads at a time, each with an output of its own. Values that are not finite come out
  // as they are. Throws Exception where it cannot compute.
  virtual void Run(const float* signal, std::size_t windows, Wanted wanted,
                   NetworkOutput& output) = 0;

  // How many threads one call computes windows with, side by side.
  virtual std::size_t threads() const { return 1; }

  // What each sample adds to the logits of some classes: integrated gradients from zeros to the
  // signal, for each class float [windows][channels][samples]. Throws Exception (kUsage) where the
  // network has no gradients.
  virtual std::vector<std::vector<float>> Attribute(const float* signal, std::size_t windows,
                                                    const std::vector<std::size_t>& classes);
};

// Makes the network of a bundle: the choice of what computes it, and where.
using NetworkFactory = std::function<std::unique_ptr<Network>(const Bundle&)>;

}  // namespace ecg::model
