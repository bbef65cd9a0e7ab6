#include "ecg/model/se_resnet_config.h"

#include <algorithm>

#include "ecg/model/network_layout.h"

namespace ecg::model {
namespace {

constexpr std::size_t kMaxStages = 6;                 // each halves the features
constexpr std::uint64_t kMaxWeights = 1'000'000'000;  // sixty times the paper's network

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
  if (std::any_of(scales.begin(), scales.end(), [](int n) { return n < 1 || n % 2 == 0; })) {
    return fail("scales", "must be odd numbers of samples");
  }
  if (static_cast<int>(scales.size()) >= width) {
    return fail("scales", "are more than there are channels to share");
  }
  if (states % 2 != 0) return fail("states", "must be even: they come in pairs");
  if (states > 0 && !scales.empty()) {
    return fail("scales", "are of the convolution that model.states replaces");
  }
  if (stem_kernel % 2 == 0) return fail("stem_kernel", "must be odd");
  if (DetectsPeaks() && blocks.size() < 2) {
    return fail("blocks", "must name two stages or more: peaks are detected before the last");
  }
  if (CountElements(LayOut(*this)) > kMaxWeights) {
    return fail("width", "makes a network of more than " + std::to_string(kMaxWeights) +
                             " weights with these blocks and kernels");
  }
  return {};
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
  settings.Add(prefix + "scales", config.scales,
               "Further lengths of a block's first convolution, odd, which share its channels with "
               "model.kernel, as in Inception networks; none: the paper's network.",
               {1, 255});
  settings.Add(prefix + "states", config.states,
               "States of a state-space layer (S4D, both directions) that replaces a block's first "
               "convolution; 0: the paper's network.",
               {0, 1024});
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
  settings.Add(prefix + "lead_indicator", config.lead_indicator,
               "Tell the head which input channels hold anything.");
}

}  // namespace ecg::model
