#include "ecg/nn/se_resnet_config.h"

namespace ecg::nn {

void DescribeSettings(Settings& settings, const std::string& prefix, SeResNetConfig& config) {
  settings.Add(prefix + "blocks", config.blocks,
               "Residual blocks in each stage (paper: 3, 4, 6, 3).", {1, 100});
  settings.Add(prefix + "width", config.width,
               "Channels of the first stage; each further stage doubles them (paper: 64).",
               {1, 1024});
  settings.Add(prefix + "stem_kernel", config.stem_kernel,
               "Samples that the first convolution spans; odd.", {1, 255});
  settings.Add(prefix + "kernel", config.kernel, "Samples that a block's convolution spans; odd.",
               {1, 255});
  settings.Add(prefix + "reduction", config.reduction,
               "Channels per hidden unit of a squeeze-and-excitation gate.", {1, 1024});
  settings.Add(prefix + "dropout", config.dropout,
               "Share of features dropped between a block's convolutions in training.", {0, 0.95});
  settings.Add(prefix + "downsampling", config.downsampling,
               "max_pool: a max-pooling in the first block of each stage, as the paper says; "
               "strided: a max-pooling in the stem and strided convolutions, as its authors' code.",
               {{"max_pool", Downsampling::kMaxPool}, {"strided", Downsampling::kStrided}});
  settings.Add(
      prefix + "peak_grid", config.peak_grid,
      "Branch that detects P, Q, R, S and T before the last stage. paper: up to 3 peaks in "
      "each position of the features; authors: the grid of its authors' code, cells twice "
      "as long with up to 5 peaks; none: no branch.",
      {{"none", data::PeakGridKind::kNone},
       {"paper", data::PeakGridKind::kPaper},
       {"authors", data::PeakGridKind::kAuthors}});
}

}  // namespace ecg::nn
