#include "ecg/model/se_resnet_config.h"

#include <algorithm>

namespace ecg::model {
namespace {

constexpr std::size_t kMaxStages = 6;                // each halves the features
constexpr std::int64_t kMaxWeights = 1'000'000'000;  // sixty times the paper's network

}  // namespace

std::int64_t SeResNetConfig::ShareOf(std::int64_t channels, std::int64_t parts, std::int64_t part) {
  return channels * (part + 1) / parts - channels * part / parts;
}

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
  if (ConvolutionWeights() > kMaxWeights) {
    return fail("width", "makes a network of more than " + std::to_string(kMaxWeights) +
                             " weights with these blocks and kernels");
  }
  return {};
}

std::vector<int> SeResNetConfig::Kernels() const {
  std::vector<int> kernels = {kernel};
  kernels.insert(kernels.end(), scales.begin(), scales.end());
  return kernels;
}

std::int64_t SeResNetConfig::ConvolutionWeights() const {
  const std::vector<int> kernels = Kernels();
  const auto parts = static_cast<std::int64_t>(kernels.size());
  // One row of the first convolution's weights for all channels that come out.
  const auto first = [&](std::int64_t out) {
    std::int64_t sum = 0;
    for (std::int64_t k = 0; k < parts; ++k) {
      sum += ShareOf(out, parts, k) * kernels[static_cast<std::size_t>(k)];
    }
    return sum;
  };
  std::int64_t weights = in_channels * width * stem_kernel;
  std::int64_t in = width;
  for (std::size_t s = 0; s < blocks.size(); ++s) {
    const std::int64_t out = static_cast<std::int64_t>(width) << s;
    if (states > 0) {
      // A step, a share of the input and, for each pair of states, a decay, a frequency and two
      // complex weights.
      const std::int64_t layer = 2 + 6 * (states / 2);
      weights += (in + (blocks[s] - 1) * out) * (layer + out * kernel);
    } else {
      weights +=
          in * first(out) + (blocks[s] - 1) * out * first(out) + blocks[s] * out * out * kernel;
    }
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
