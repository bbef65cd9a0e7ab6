#include "ecg/model/se_resnet_config.h"

#include <algorithm>

namespace ecg::model {
namespace {

constexpr std::size_t kMaxStages = 6;                // each halves the features
constexpr std::int64_t kMaxWeights = 1'000'000'000;  // sixty times the paper's network

}  // namespace

Status SeResNetConfig::Validate() const {
  const auto fail = [](const char* field, const std::string& message) -> Status {
    return UsageError(message, {}, 0, field);
  };
  if (blocks.empty()) return fail("blocks", "names no stage");
  if (blocks.size() > kMaxStages) {
    return fail("blocks", "names more than " + std::to_string(kMaxStages) + " stages");
  }
  if (std::any_of(blocks.begin(), blocks.end(), [](int n) { return n < 1; })) {
    return fail("blocks", "must be one block or more in each stage");
  }
  if (kernel % 2 == 0) return fail("kernel", "must be odd");
  if (stem_kernel % 2 == 0) return fail("stem_kernel", "must be odd");
  if (DetectsPeaks() && blocks.size() < 2) {
    return fail("blocks", "must name two stages or more: peaks are detected before the last");
  }
  if (ConvolutionWeights() > kMaxWeights) {
    return fail("width", "makes a network of more than " + std::to_string(kMaxWeights) +
                             " weights with these blocks and kernels");
  }
  return {};
}

std::int64_t SeResNetConfig::ConvolutionWeights() const {
  std::int64_t weights = in_channels * width * stem_kernel;
  std::int64_t in = width;
  for (std::size_t s = 0; s < blocks.size(); ++s) {
    const std::int64_t out = static_cast<std::int64_t>(width) << s;
    weights += (in + out) * out * kernel + (blocks[s] - 1) * 2 * out * out * kernel;
    in = out;
  }
  return weights;
}

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

}  // namespace ecg::model
