#include "ecg/onnx/export.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/runtime/engine.h"
#include "tests/onnx/case_network.h"
#include "tests/onnx/evaluator.h"
#include "tests/onnx/onnx_reader.h"
#include "tests/runtime/network_cases.h"
#include "tests/support.h"

namespace ecg::onnx {
namespace {

using ecg::test::NetworkCase;
using model::SeResNetConfig;

model::NetworkOutput Native(const model::Bundle& bundle, const std::vector<float>& signal,
                            std::size_t windows) {
  model::ComputeConfig compute;
  compute.precision = model::Precision::kFp32;
  compute.threads = 1;
  model::NetworkOutput output;
  const model::Wanted wanted{true, bundle.info.architecture.DetectsPeaks()};
  runtime::Networks(compute)(bundle)->Run(signal.data(), windows, wanted, output);
  return output;
}

test::Array InputOf(const SeResNetConfig& config, const std::vector<float>& signal) {
  const std::int64_t each = config.in_channels * config.samples;
  return {{static_cast<std::int64_t>(signal.size()) / each, config.in_channels, config.samples},
          {signal.begin(), signal.end()}};
}

double Distance(const test::Array& a, const std::vector<float>& b) {
  double most = a.values.size() == b.size() ? 0 : 99;
  for (std::size_t i = 0; i < std::min(a.values.size(), b.size()); ++i) {
    const double off = std::abs(a.values[i] - static_cast<double>(b[i]));
    most = off <= most ? most : off;  // NaN too
  }
  return most;
}

// How far from the sure answers the numbers lie on average, 0.5 at most: none of them says much
// where all are sure.
double Doubt(const std::vector<float>& probabilities) {
  double sum = 0;
  for (const float p : probabilities) sum += std::min(static_cast<double>(p), 1.0 - p);
  return sum / static_cast<double>(probabilities.size());
}

class Onnx : public testing::TestWithParam<NetworkCase> {};

TEST_P(Onnx, ComputesWhatTheEngineDoes) {
  const SeResNetConfig config = ecg::test::ConfigOf(GetParam());
  const model::Bundle bundle = test::MakeNetwork(config);
  const test::Model model = test::Read(Export(bundle).value());
  constexpr std::size_t kWindows = 2;
  const std::vector<float> signal = test::MakeWindows(config, kWindows);
  const model::NetworkOutput expected = Native(bundle, signal, kWindows);
  ASSERT_GT(Doubt(expected.probabilities), 0.02);
  const auto outputs = test::Compute(model, InputOf(config, signal));
  ASSERT_EQ(outputs.size(), config.DetectsPeaks() ? 2u : 1u);
  EXPECT_EQ(outputs.at("probabilities").shape,
            (std::vector<std::int64_t>{kWindows, config.classes}));
  EXPECT_LT(Distance(outputs.at("probabilities"), expected.probabilities), 1e-5);
  if (!config.DetectsPeaks()) return;
  ASSERT_GT(Doubt(expected.peaks), 0.02);
  EXPECT_LT(Distance(outputs.at("peaks"), expected.peaks), 1e-5);
  const data::PeakGrid grid(config.peak_grid, config.blocks.size());
  EXPECT_EQ(
      outputs.at("peaks").shape,
      (std::vector<std::int64_t>{
          kWindows, static_cast<std::int64_t>(grid.Cells(static_cast<std::size_t>(config.samples))),
          static_cast<std::int64_t>(grid.slots()), static_cast<std::int64_t>(grid.slot_size())}));
}

// What a checker of ONNX asks of a file, as far as it is not seen when it is computed.
TEST_P(Onnx, IsSound) {
  const SeResNetConfig config = ecg::test::ConfigOf(GetParam());
  const test::Model model = test::Read(Export(test::MakeNetwork(config)).value());
  EXPECT_EQ(model.ir_version, 8);
  EXPECT_EQ(model.opsets, std::vector<std::int64_t>{17});
  EXPECT_FALSE(model.graph_name.empty());
  ASSERT_EQ(model.inputs.size(), 1u);
  EXPECT_EQ(model.inputs[0].name, "ecg");
  EXPECT_EQ(model.inputs[0].type, 1);
  EXPECT_EQ(model.inputs[0].shape,
            (std::vector<std::string>{"batch", std::to_string(config.in_channels),
                                      std::to_string(config.samples)}));
  EXPECT_EQ(model.outputs[0].shape,
            (std::vector<std::string>{"batch", std::to_string(config.classes)}));

  std::set<std::string> there = {"ecg"}, used;
  for (const test::Tensor& tensor : model.tensors) {
    EXPECT_TRUE(there.insert(tensor.name).second) << tensor.name;
    const std::int64_t size = tensor.type == 1 ? 4 : 8;
    EXPECT_TRUE(tensor.type == 1 || tensor.type == 7) << tensor.name;
    EXPECT_EQ(static_cast<std::int64_t>(tensor.raw.size()), size * tensor.Elements())
        << tensor.name;
  }
  for (const test::Node& node : model.nodes) {
    for (const std::string& input : node.inputs) {
      EXPECT_TRUE(there.count(input) > 0) << node.name << " " << input;
      used.insert(input);
    }
    for (const std::string& output : node.outputs) EXPECT_TRUE(there.insert(output).second);
  }
  for (const test::Value& output : model.outputs) {
    EXPECT_FALSE(output.about.empty()) << output.name;
    EXPECT_TRUE(there.count(output.name) > 0) << output.name;
    used.insert(output.name);
  }
  EXPECT_EQ(there, used);  // nothing for nobody
}

INSTANTIATE_TEST_SUITE_P(Every, Onnx, testing::ValuesIn(ecg::test::kCases),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(OnnxExport, SaysWhatComesBeforeTheNetworkAndAfterIt) {
  const model::Bundle bundle =
      model::LoadBundle(ecg::test::SourcePath("data/models/general")).value();
  const test::Model model = test::Read(Export(bundle).value());
  const std::map<std::string, std::string>& metadata = model.metadata;
  const Json preprocess = Json::parse(metadata.at("ecg.preprocess"));
  EXPECT_EQ(preprocess["sampling_rate"], 100.0);
  EXPECT_EQ(preprocess["leads"].size(), 8u);
  EXPECT_EQ(Json::parse(metadata.at("ecg.window"))["samples"], 992);
  const Json classes = Json::parse(metadata.at("ecg.classes"));
  ASSERT_EQ(classes.size(), bundle.info.task.size());
  EXPECT_EQ(classes[0]["abbreviation"], "AF");
  EXPECT_EQ(classes[0]["codes"][0], "164889003");
  EXPECT_EQ(Json::parse(metadata.at("ecg.thresholds")).size(), classes.size());
  EXPECT_EQ(Json::parse(metadata.at("ecg.point"))["name"], bundle.info.decision.point.name);
  EXPECT_EQ(metadata.at("ecg.checksum"), bundle.checksum);
  EXPECT_EQ(metadata.count("ecg.provenance"), 0u);
  EXPECT_EQ(metadata.at("ecg.input"), model.inputs[0].about);
  for (const char* said :
       {"992 samples at 100 Hz", "I, II, V1, V2, V3, V4, V5, V6, 1 to a mV",
        "That mean is then taken off", "beyond 20 mV", "50 % of a window after"}) {
    EXPECT_NE(model.inputs[0].about.find(said), std::string::npos) << said;
  }
  for (const char* said : {"means over its windows", "ecg.thresholds", "ecg.definitions",
                           "sinus rhythm is found where no class is found"}) {
    EXPECT_NE(model.outputs[0].about.find(said), std::string::npos) << said;
  }
}

TEST(OnnxExport, FollowsOtherSettings) {
  model::Bundle bundle;
  model::ModelInfo& info = bundle.info;
  info.preprocess.leads = {"II", "age", "sex"};
  info.preprocess.highpass_hz = 0.5;
  info.preprocess.units_per_mv = 2;
  info.window.samples = 128;
  info.window.aggregation = model::Aggregation::kMax;
  info.decision.post_processing.normal_if_none = false;
  info.decision.thresholds.assign(info.task.size(), 0.5);
  info.CompleteArchitecture();
  info.architecture.blocks = {1};
  info.architecture.width = 2;
  bundle.weights = ecg::test::MakeWeights(info.architecture);
  const test::Model model = test::Read(Export(bundle).value());
  for (const char* said :
       {"high-pass of order 2 at 0.5 Hz", "2 to a mV", "(years - 60) / 20", "1 (female) or -1"}) {
    EXPECT_NE(model.inputs[0].about.find(said), std::string::npos) << said;
  }
  EXPECT_NE(model.outputs[0].about.find("largest over its windows"), std::string::npos);
  EXPECT_EQ(model.outputs[0].about.find("where no class is found"), std::string::npos);
  EXPECT_EQ(model.metadata.count("ecg.ensemble"), 0u);

  model::EnsembleInfo ensemble;
  ensemble.general.members = {{"a", "1"}, {"b", "2"}};
  ensemble.provenance = {{"by", "nobody"}};
  const test::Model member = test::Read(Export(bundle, &ensemble).value());
  const Json said = Json::parse(member.metadata.at("ecg.ensemble"));
  EXPECT_EQ(said["combination"], "probabilities");
  EXPECT_EQ(said["general"]["members"][1]["folder"], "b");
  EXPECT_FALSE(said.contains("provenance"));
}

TEST(OnnxExport, RefusesWeightsOfAnotherNetworkAndWhatIsTooLarge) {
  SeResNetConfig config;
  config.width = 2;
  config.blocks = {1};
  model::Bundle bundle = test::MakeNetwork(config);
  bundle.info.architecture.width = 3;
  EXPECT_EQ(Export(bundle).error().kind, ErrorKind::kInput);
  // Few weights, and a convolution as long as the window in their place.
  config.width = 512;
  config.kernel = 1;
  config.states = 2;
  config.samples = 20'000'000;
  bundle = test::MakeNetwork(config);
  const Result<std::string> large = Export(bundle);
  ASSERT_FALSE(large.ok());
  EXPECT_EQ(large.error().kind, ErrorKind::kUsage);
  EXPECT_NE(large.error().message.find("2 GiB"), std::string::npos);
}

}  // namespace
}  // namespace ecg::onnx
