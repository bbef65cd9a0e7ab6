#include "ecg/model/nn/se_resnet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ecg/core/json.h"
#include "ecg/model/nn/weights.h"
#include "ecg/train/losses.h"
#include "tests/model/nn/golden.h"

namespace ecg::nn {
namespace {

using model::Downsampling;
using model::SeResNetConfig;
using test::ExpectClose;
using test::Golden;
using test::ToTensor;
using test::Wave;
using train::AsymmetricLoss;
using train::PeakLoss;
using train::PeakLossConfig;

SeResNetConfig GoldenConfig(Downsampling downsampling) {
  SeResNetConfig config;
  config.in_channels = 3;
  config.classes = 5;
  config.blocks = {2, 1, 1, 2};
  config.width = 4;
  config.reduction = 2;
  config.dropout = 0;
  config.downsampling = downsampling;
  return config;
}

void ExpectSummary(const torch::Tensor& tensor, const Json& expected, const std::string& name) {
  const torch::Tensor flat = tensor.detach().flatten();
  const double scale = 1e-9 * (1 + expected["squares"].get<double>());
  EXPECT_NEAR(flat.sum().item<double>(), expected["sum"].get<double>(), scale) << name;
  EXPECT_NEAR((flat * flat).sum().item<double>(), expected["squares"].get<double>(), scale) << name;
  for (std::size_t i = 0; i < expected["first"].size(); ++i) {
    EXPECT_NEAR(flat[static_cast<std::int64_t>(i)].item<double>(),
                expected["first"][i].get<double>(), scale)
        << name;
  }
}

using Parameters = std::vector<std::pair<std::string, torch::Tensor>>;

// The parameters by name, filled as the golden ones are.
Parameters FillParameters(SeResNet& model) {
  Parameters parameters;
  for (const auto& item : model->named_parameters()) {
    parameters.emplace_back(item.key(), item.value());
  }
  std::sort(parameters.begin(), parameters.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  const torch::NoGradGuard no_grad;
  double k = 0;
  for (auto& [name, parameter] : parameters) {
    const bool scales =
        name.find("norm") != std::string::npos && name.find("weight") != std::string::npos;
    parameter.copy_(Wave(parameter.sizes(), 0.7, 1.3 * k++, 0.3) + (scales ? 1.0 : 0.0));
  }
  return parameters;
}

void ExpectGradients(const Parameters& parameters, const Json& golden) {
  ASSERT_EQ(parameters.size(), golden.size());
  for (const auto& [name, parameter] : parameters) {
    ASSERT_TRUE(golden.contains(name)) << name;
    ExpectSummary(parameter.grad(), golden[name], name);
  }
}

class SeResNetGolden : public testing::TestWithParam<std::pair<const char*, Downsampling>> {};

TEST_P(SeResNetGolden, ForwardLossAndGradientsEqualPyTorch) {
  const Json golden = Golden()[GetParam().first];
  SeResNet model(GoldenConfig(GetParam().second));
  model->to(torch::kFloat64);
  const Parameters parameters = FillParameters(model);
  const torch::Tensor x = Wave({2, 3, 100}, 0.11, 0.4, 1.0);
  const torch::Tensor y = (Wave({4, 5}, 2.3, 0.0, 1.0) > 0.3).to(torch::kFloat64).slice(0, 0, 2);
  const torch::Tensor mask =
      (Wave({4, 5}, 3.1, 1.0, 1.0) > -0.5).to(torch::kFloat64).slice(0, 0, 2);

  model->train();
  const TrainingPass pass(1);
  const torch::Tensor logits = model(x);
  ExpectClose(logits, ToTensor(golden["train_logits"]), 1e-10);
  const torch::Tensor loss = (AsymmetricLoss(logits, y, 1, 4, 0.05) * mask).mean();
  EXPECT_NEAR(loss.item<double>(), golden["loss"].get<double>(), 1e-12);
  loss.backward();
  ExpectGradients(parameters, golden["gradients"]);
  model->MoveStatistics(model->StatisticsOf(pass).data());
  const torch::OrderedDict<std::string, torch::Tensor> buffers = model->named_buffers();
  for (const auto& [name, expected] : golden["buffers"].items()) {
    ASSERT_TRUE(buffers.contains(name)) << name;
    ExpectSummary(buffers[name], expected, name);
  }
  model->eval();
  ExpectClose(model(x), ToTensor(golden["eval_logits"]), 1e-10);
}

INSTANTIATE_TEST_SUITE_P(Both, SeResNetGolden,
                         testing::Values(std::make_pair("max_pool", Downsampling::kMaxPool),
                                         std::make_pair("strided", Downsampling::kStrided)),
                         [](const auto& info) { return std::string(info.param.first); });

TEST(SeResNet, HasThePublishedNumberOfParameters) {
  for (const auto& [channels, expected] :
       {std::pair{8, 16771654}, {6, 16769734}, {4, 16767814}, {3, 16766854}, {2, 16765894}}) {
    SeResNetConfig config;
    config.in_channels = channels;
    config.downsampling = Downsampling::kStrided;
    std::int64_t count = 0;
    for (const torch::Tensor& parameter : SeResNet(config)->parameters())
      count += parameter.numel();
    EXPECT_EQ(count, expected) << channels;
  }
}

class PeakBranchGolden : public testing::TestWithParam<std::pair<const char*, data::PeakGridKind>> {
};

TEST_P(PeakBranchGolden, OutputJointLossAndGradientsEqualPyTorch) {
  const Json golden = Golden()[GetParam().first];
  SeResNetConfig config = GoldenConfig(Downsampling::kMaxPool);
  config.peak_grid = GetParam().second;
  config.samples = 100;
  SeResNet model(config);
  model->to(torch::kFloat64);
  const Parameters parameters = FillParameters(model);
  model->train();
  const TrainingPass pass(1);
  const torch::Tensor x = Wave({3, 3, 100}, 0.11, 0.4, 1.0);
  const torch::Tensor features = model->Features(x);
  const torch::Tensor output = model->DetectPeaks(features);
  ASSERT_EQ(output.sizes().vec(), golden["shape"].get<std::vector<std::int64_t>>());
  const data::PeakGrid grid = model->peak_grid();
  ASSERT_EQ(static_cast<std::size_t>(output.numel()), 3 * grid.Size(100));
  ExpectSummary(output, golden["output"], "output");
  torch::Tensor target = Wave(output.sizes(), 1.7, 0.5, 0.5) + 0.5;
  target.select(3, 0).copy_(target.select(3, 0) > 0.6);
  const torch::Tensor takes_part = torch::tensor({1.0, 0.0, 1.0}, torch::kFloat64);
  const PeakLossConfig weights;
  const torch::Tensor loss = PeakLoss(output, target, takes_part, weights);
  EXPECT_NEAR(loss.item<double>(), golden["loss"].get<double>(), 1e-12);
  const torch::Tensor y = (Wave({4, 5}, 2.3, 0.0, 1.0) > 0.3).to(torch::kFloat64).slice(0, 0, 3);
  const torch::Tensor mask =
      (Wave({4, 5}, 3.1, 1.0, 1.0) > -0.5).to(torch::kFloat64).slice(0, 0, 3);
  const torch::Tensor joint =
      (AsymmetricLoss(model->Classify(features, x), y, 1, 4, 0.05) * mask).mean() +
      weights.weight * loss;
  EXPECT_NEAR(joint.item<double>(), golden["joint_loss"].get<double>(), 1e-12);
  joint.backward();
  ExpectGradients(parameters, golden["gradients"]);
}

INSTANTIATE_TEST_SUITE_P(Both, PeakBranchGolden,
                         testing::Values(std::make_pair("peaks_paper", data::PeakGridKind::kPaper),
                                         std::make_pair("peaks_authors",
                                                        data::PeakGridKind::kAuthors)),
                         [](const auto& info) { return std::string(info.param.first); });

TEST(PeakBranch, HasACellForEveryPositionOfTheFeatures) {
  const TrainingPass pass(1);
  for (const Downsampling downsampling : {Downsampling::kMaxPool, Downsampling::kStrided}) {
    for (const std::int64_t samples : {4992, 5000, 2496, 1248, 777}) {
      SeResNetConfig config = GoldenConfig(downsampling);
      config.blocks = {1, 1, 1, 1};
      config.samples = samples;
      config.peak_grid = data::PeakGridKind::kPaper;
      SeResNet paper(config);
      const torch::Tensor x = torch::zeros({1, 3, samples});
      EXPECT_EQ(
          paper->DetectPeaks(paper->Features(x)).size(1),
          static_cast<std::int64_t>(paper->peak_grid().Cells(static_cast<std::size_t>(samples))));
      config.peak_grid = data::PeakGridKind::kAuthors;
      SeResNet authors(config);
      EXPECT_EQ(authors->DetectPeaks(authors->Features(x)).size(1), (samples + 31) / 32);
    }
  }
}

TEST(SeResNet, ScalesAreOneConvolutionWithShortAndLongRows) {
  const TrainingPass pass(1);
  for (const Downsampling downsampling : {Downsampling::kMaxPool, Downsampling::kStrided}) {
    SeResNetConfig config = GoldenConfig(downsampling);
    config.kernel = 3;
    config.scales = {5, 9};
    SeResNet scaled(config);
    config.scales.clear();
    config.kernel = 9;
    SeResNet plain(config);
    scaled->to(torch::kFloat64);
    plain->to(torch::kFloat64);
    FillParameters(scaled);
    const auto from = scaled->named_parameters();
    const auto padded = [](const torch::Tensor& weight) {
      const std::int64_t pad = (9 - weight.size(2)) / 2;
      return weight.size(2) > 1 ? torch::constant_pad_nd(weight, {pad, pad}) : weight;
    };
    {
      const torch::NoGradGuard no_grad;
      for (const auto& item : plain->named_parameters()) {
        const std::string& name = item.key();
        const std::size_t at = name.find("conv1.");
        if (at == std::string::npos) {
          const bool conv2 = name.find("conv2.") != std::string::npos;
          item.value().copy_(conv2 ? padded(from[name]) : from[name]);
          continue;
        }
        std::vector<torch::Tensor> rows = {padded(from[name])};
        for (const char* scale : {"1", "2"}) {
          rows.push_back(
              padded(from[name.substr(0, at) + "conv1_scale" + scale + name.substr(at + 5)]));
        }
        item.value().copy_(torch::cat(rows, 0));
      }
    }
    const torch::Tensor x = Wave({2, 3, 100}, 0.11, 0.4, 1.0);
    ExpectClose(scaled(x), plain(x), 1e-12);
    scaled->eval();
    plain->eval();
    ExpectClose(scaled(x), plain(x), 1e-12);
  }
}

// What the description says is what LibTorch registers: names, types, shapes and order.
TEST(SeResNet, HasTheTensorsOfItsLayout) {
  std::vector<SeResNetConfig> configs;
  for (const auto downsampling : {Downsampling::kMaxPool, Downsampling::kStrided}) {
    for (const auto grid :
         {data::PeakGridKind::kNone, data::PeakGridKind::kPaper, data::PeakGridKind::kAuthors}) {
      for (const std::vector<int>& scales : {std::vector<int>{}, {5, 15, 31}}) {
        SeResNetConfig& config = configs.emplace_back(GoldenConfig(downsampling));
        config.peak_grid = grid;
        config.scales = scales;
        config.lead_indicator = !scales.empty();
        configs.push_back(config);
        configs.back().scales.clear();
        configs.back().states = 6;
      }
    }
  }
  for (const SeResNetConfig& config : configs) {
    const auto expected = model::TensorsOf(model::LayOut(config));
    const NamedTensors tensors = TensorsOf(*SeResNet(config));
    ASSERT_EQ(tensors.size(), expected.size());
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      const auto& [name, tensor] = tensors[i];
      const char* dtype = tensor.scalar_type() == torch::kInt64 ? "I64" : "F32";
      EXPECT_TRUE((model::TensorInfo{name, dtype, tensor.sizes().vec()} == expected[i]))
          << name << " where " << expected[i].name << " is described";
    }
  }
}

TEST(SeResNet, TheHeadIsToldWhichLeadsThereAre) {
  SeResNetConfig config = GoldenConfig(Downsampling::kMaxPool);
  config.lead_indicator = true;
  SeResNet model(config);
  model->eval();
  torch::Tensor x = Wave({1, 3, 100}, 0.11, 0.4, 1.0).to(torch::kFloat32);
  x.select(1, 1).zero_();
  const torch::Tensor features = model->Features(x);
  const torch::Tensor whole = Wave({1, 3, 100}, 0.11, 0.4, 1.0).to(torch::kFloat32);
  const torch::Tensor weight = model->named_parameters()["head.weight"];
  // The only difference is what the head knows of the second channel.
  const torch::Tensor column = weight.select(1, weight.size(1) - 2).unsqueeze(0);
  EXPECT_LT((model->Classify(features, whole) - model->Classify(features, x) - column)
                .abs()
                .max()
                .item<float>(),
            1e-5);
}

}  // namespace
}  // namespace ecg::nn
