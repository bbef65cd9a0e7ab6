// A diagonal state-space layer with the normalisation and relu that follow it, as a recurrence in
// time: see model/nn/state_space.h for what it computes.
#pragma once

#include <cstddef>
#include <vector>

#include "ecg/model/network_layout.h"
#include "src/runtime/rows.h"
#include "src/runtime/weights.h"

namespace ecg::runtime {

class StateSpace {
 public:
  StateSpace(const Weights& weights, const model::StateSpaceLayer& layer, const ScaleAndBias& norm);

  std::size_t channels() const { return channels_; }
  // Floats that a call needs for itself.
  static std::size_t ScratchSize(std::size_t rows);

  // [rows][channels] -> the same.
  void Run(const Rows& x, Number number, float* scratch, void* out) const;

 private:
  // Of kLanes channels, which are taken together: float [pairs][kLanes] each, where the pairs are
  // filled up by such that do nothing, and [kLanes].
  struct Group {
    std::vector<float> step_real, step_imag;  // what a state is multiplied by from one to next
    std::vector<float> read_real[2], read_imag[2];  // by direction
    std::vector<float> pass, bias;
  };

  void RunGroup(const Rows& x, std::size_t group, Number number, float* scratch, void* out) const;

  std::size_t channels_ = 0;
  std::size_t pairs_ = 0;
  std::vector<Group> groups_;
};

}  // namespace ecg::runtime
