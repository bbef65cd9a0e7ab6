// The size and shape of the network, without LibTorch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/core/settings.h"
#include "ecg/data/prepare/peak_grid.h"

namespace ecg::model {

// Where the features get half as long. Both variants shrink the input 32 times.
enum class Downsampling {
  kMaxPool,  // paper section 2.3: a max-pooling in the first block of each of the four stages
  kStrided,  // the authors' code: a max-pooling in the stem, strided convolutions in stages 2 to 4
};

struct SeResNetConfig {
  std::int64_t in_channels = 8;
  std::int64_t classes = 26;
  std::int64_t samples = 4992;  // of a window; only the authors' peak branch is bound to it
  std::vector<int> blocks = {3, 4, 6, 3};
  int width = 64;
  int stem_kernel = 15;
  int kernel = 7;
  // Further lengths of a block's first convolution, whose channels they share with `kernel`: a wave
  // is seen at several scales, as in Inception networks (Ismail Fawaz et al.,
  // doi:10.1007/s10618-020-00710-y). The paper's network has none.
  std::vector<int> scales;
  // Above zero, a block's first convolution is a state-space layer with as many states a channel
  // and direction (model/nn/state_space.h); `kernel` is then the second one's alone.
  int states = 0;
  int reduction = 16;
  double dropout = 0.2;
  Downsampling downsampling = Downsampling::kMaxPool;
  data::PeakGridKind peak_grid = data::PeakGridKind::kNone;
  bool lead_indicator = false;  // the head sees which channels hold anything

  bool DetectsPeaks() const { return peak_grid != data::PeakGridKind::kNone; }

  // What bounds on single settings cannot say; the error's field is a member's name.
  Status Validate() const;
};

// The settings under `prefix`, as in "model."; channels, classes and samples follow from the data.
void DescribeSettings(Settings& settings, const std::string& prefix, SeResNetConfig& config);

}  // namespace ecg::model
