#include "src/runtime/workspace.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/runtime/made_weights.h"

namespace ecg::runtime {
namespace {

using model::SeResNetConfig;

constexpr std::size_t kWindows = 3;

struct Case {
  const char* name;
  void (*set)(SeResNetConfig& config);
};
constexpr Case kCases[] = {
    {"Plain", [](SeResNetConfig&) {}},
    {"Strided", [](SeResNetConfig& c) { c.downsampling = model::Downsampling::kStrided; }},
    {"OneSampleKernels",
     [](SeResNetConfig& c) {
       c.kernel = 1;
       c.stem_kernel = 1;
     }},
    {"Scales",
     [](SeResNetConfig& c) {
       c.scales = {3, 15};
     }},
    {"States", [](SeResNetConfig& c) { c.states = 6; }},
    {"LeadIndicator", [](SeResNetConfig& c) { c.lead_indicator = true; }},
    {"PeaksOfThePaper", [](SeResNetConfig& c) { c.peak_grid = data::PeakGridKind::kPaper; }},
    {"PeaksOfTheAuthors", [](SeResNetConfig& c) { c.peak_grid = data::PeakGridKind::kAuthors; }},
};

class WorkspaceOf : public testing::TestWithParam<Case> {};

struct Answer {
  std::vector<float> probabilities, peaks;
};

// Of windows that are computed so many at a time.
Answer Ask(const Net& net, const std::vector<float>& signal, std::size_t together) {
  const std::size_t classes = net.head.out, peaks = net.peaks ? net.peaks->size() : 0;
  Answer answer;
  answer.probabilities.resize(kWindows * classes);
  answer.peaks.resize(kWindows * peaks + 1);
  Workspace space(net, together);
  for (std::size_t w = 0; w < kWindows; w += together) {
    space.Run(signal.data() + w * net.channels * net.samples, {true, peaks > 0},
              answer.probabilities.data() + w * classes, answer.peaks.data() + w * peaks);
  }
  return answer;
}

TEST_P(WorkspaceOf, GivesTheSameBitsInAnyCompany) {
  SeResNetConfig config;
  config.width = 6;
  config.blocks = {1, 2, 1};
  config.samples = 301;
  GetParam().set(config);
  const std::string weights = test::MakeWeights(config);
  const Net net = Net::Make(config, weights, "w", Number::kFp32).value();
  std::vector<float> signal(kWindows * net.channels * net.samples);
  for (std::size_t i = 0; i < signal.size(); ++i) {
    const auto window = static_cast<float>(i / (net.channels * net.samples));
    signal[i] = std::sin((0.37F + 0.2F * window) * static_cast<float>(i % 9973));
  }
  const Answer plain = Ask(net, signal, 1);
  EXPECT_GT(std::abs(plain.probabilities[0] - plain.probabilities[net.head.out]), 1e-4);
  const Answer together = Ask(net, signal, kWindows);
  EXPECT_EQ(together.probabilities, plain.probabilities);
  EXPECT_EQ(together.peaks, plain.peaks);
}

INSTANTIATE_TEST_SUITE_P(Every, WorkspaceOf, testing::ValuesIn(kCases),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace ecg::runtime
