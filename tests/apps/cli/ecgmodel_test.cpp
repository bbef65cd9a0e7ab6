// ecgmodel, without LibTorch.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "ecg/core/file.h"
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
