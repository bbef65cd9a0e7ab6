// ecgmodel, without LibTorch.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/json.h"
#include "ecg/data/labels/prediction_file.h"
#include "ecg/model/ensemble_info.h"
#include "tests/process.h"
#include "tests/support.h"

namespace ecg {
namespace {
namespace fs = std::filesystem;

class EcgmodelTest : public ::testing::Test {
 protected:
  test::Outcome Export(const std::string& model, const std::string& out) {
    return test::RunProgram("ecgmodel", {"export", model, out}, folder_.path());
  }

  const std::string bundle_ = test::SourcePath("tests/golden/bundle_format_1").string();
  test::TemporaryFolder folder_;
};

TEST_F(EcgmodelTest, ExportsABundleAsAFile) {
  const test::Outcome outcome = Export(bundle_, "new/model.onnx");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("written: new/model.onnx"), std::string::npos) << outcome.err;
  const std::string written = ReadFile(folder_ / "new/model.onnx").value();
  EXPECT_NE(written.find("ecg.preprocess"), std::string::npos);
  EXPECT_EQ(Export(bundle_, "-").out, written);
  EXPECT_EQ(Export(bundle_, "new/model.onnx").status, 0);  // takes its own place
}

TEST_F(EcgmodelTest, QuantisesABundleThatThenPredictsInBytes) {
  for (int i = 0; i < 8; ++i) {
    test::TestRecord record;
    record.name = "A" + std::to_string(i);
    record.samples = 1500;
    record.dx = i % 2 == 0 ? "164889003" : "426783006";
    record.signal = [i](std::size_t lead, double t) {
      const double phase = t * (1 + 0.1 * i) - std::floor(t * (1 + 0.1 * i));
      return std::exp(-300 * (phase - 0.5) * (phase - 0.5)) + 0.1 * std::sin(t + double(lead));
    };
    test::WriteRecord(folder_ / "in", record);
  }
  const auto run = [&](const char* tool, std::vector<std::string> words) {
    return test::RunProgram(tool, words, folder_.path());
  };
  const test::Outcome outcome = run("ecgmodel", {"quantise", bundle_, "in", "quick", "--json"});
  if (outcome.err.find("no int8 on this processor") != std::string::npos) GTEST_SKIP();
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Json json = ParseJson(outcome.out, "out").value().root;
  EXPECT_EQ(json["measured"], 4);
  EXPECT_EQ(json["recordings"], 4);
  EXPECT_EQ(json["model"], "quick");
  const model::Bundle made = model::LoadBundle(folder_ / "quick").value();
  EXPECT_EQ(made.weights, model::LoadBundle(bundle_)->weights);
  EXPECT_FALSE(made.info.ranges.empty());
  EXPECT_EQ(run("ecgmodel", {"quantise", bundle_, "in", "quick"}).status, 2) << "it is there";

  EXPECT_EQ(run("ecgpredict", {"in", "exact", "-m", "quick", "--precision", "fp32"}).status, 0);
  const test::Outcome bytes =
      run("ecgpredict", {"in", "bytes", "-m", "quick", "--precision", "int8"});
  EXPECT_EQ(bytes.status, 0) << bytes.err;
  const auto read = [&](const char* folder) {
    return data::ParsePrediction(*ReadFile(folder_ / folder / "A0.csv"), "").value();
  };
  const auto exact = read("exact"), rounded = read("bytes");
  EXPECT_NE(rounded.scores, exact.scores);
  for (std::size_t k = 0; k < exact.scores.size(); ++k) {
    EXPECT_NEAR(rounded.scores[k], exact.scores[k], 0.05) << k;
  }
  const test::Outcome plain =
      run("ecgpredict", {"in", "plain", "-m", bundle_, "--precision", "int8"});
  EXPECT_NE(plain.status, 0);
  EXPECT_NE(plain.err.find("ecgmodel quantise"), std::string::npos) << plain.err;
}

TEST_F(EcgmodelTest, ReplacesNoOtherFile) {
  WriteFileAtomic(folder_ / "signals.mat", "signals").value();
  const test::Outcome outcome = Export(bundle_, "signals.mat");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_NE(outcome.err.find("not replaced"), std::string::npos) << outcome.err;
  EXPECT_EQ(ReadFile(folder_ / "signals.mat").value(), "signals");
  EXPECT_EQ(Export("no-such-model", "model.onnx").status, 3);
  EXPECT_FALSE(fs::exists(folder_ / "model.onnx"));
}

TEST_F(EcgmodelTest, ExportsEachMemberOfAnEnsemble) {
  model::EnsembleInfo info;
  const model::Bundle member = model::LoadBundle(bundle_).value();
  for (const char* name : {"one", "two"}) {
    fs::create_directories(folder_ / "both");
    fs::copy(bundle_, folder_ / "both" / name, fs::copy_options::recursive);
    info.general.members.push_back({name, member.checksum});
  }
  info.general.decision.thresholds = member.info.decision.thresholds;
  model::SaveEnsemble(folder_ / "both", info).value();

  const test::Outcome refused = Export("both", "both.onnx");
  EXPECT_EQ(refused.status, 2);
  EXPECT_NE(refused.err.find("both is an ensemble of 2 networks"), std::string::npos)
      << refused.err;
  const test::Outcome outcome = Export("both", "members");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  for (const char* name : {"members/one.onnx", "members/two.onnx"}) {
    EXPECT_NE(ReadFile(folder_ / name)->find("ecg.ensemble"), std::string::npos);
  }
}

}  // namespace
}  // namespace ecg
