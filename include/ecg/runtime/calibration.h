// What the features of a network reach, measured on recordings, so that its convolutions can be
// computed in bytes.
#pragma once

#include <memory>
#include <vector>

#include "ecg/model/compute_config.h"
#include "ecg/model/model_info.h"
#include "ecg/model/network.h"

namespace ecg::runtime {

class Calibration {
 public:
  Calibration();

  // Networks that answer as those of `Networks` in single precision do and remember what their
  // residual blocks see. `config` says how many threads they compute with.
  model::NetworkFactory Networks(const model::ComputeConfig& config = {}) const;

  // [residual blocks] of a bundle, which is known by its checksum; empty where its network was
  // asked about no window.
  std::vector<model::ActivationRange> RangesOf(const model::Bundle& bundle) const;

 private:
  struct Seen;
  std::shared_ptr<Seen> seen_;
};

}  // namespace ecg::runtime
