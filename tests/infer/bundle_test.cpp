#include "ecg/infer/bundle.h"

#include <gtest/gtest.h>

#include <fstream>

#include "ecg/core/file.h"
#include "ecg/nn/weights.h"
#include "tests/support.h"

namespace ecg::infer {
namespace {

Bundle SmallBundle() {
  Bundle bundle;
  bundle.info.architecture.width = 2;
  bundle.info.architecture.blocks = {1, 1};
  bundle.info.architecture.reduction = 1;
  bundle.info.classes = challenge::Classes2021().classes();
  bundle.info.thresholds.assign(26, 0.5);
  bundle.info.thresholds[3] = 0.25;
  bundle.info.window.samples = 128;
  bundle.info.window.aggregation = Aggregation::kMax;
  bundle.info.preprocess.sampling_rate = 250;
  bundle.info.provenance = {{"note", "a test"}};
  torch::manual_seed(3);
  bundle.model = nn::SeResNet(bundle.info.architecture);
  return bundle;
}

// Replaces the first `from` in a bundle's description.
void Edit(const std::filesystem::path& folder, const std::string& from, const std::string& to) {
  std::string text = *ReadFile(folder / "model.json");
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  WriteFileAtomic(folder / "model.json", text.replace(at, from.size(), to)).value();
}

TEST(Bundle, ComesBackWhole) {
  const test::TemporaryFolder folder;
  const Bundle written = SmallBundle();
  ASSERT_TRUE(SaveBundle(folder.path(), written.info, written.model).ok());
  const Result<Bundle> read = LoadBundle(folder.path());
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  EXPECT_EQ(read->info.ToJson(), written.info.ToJson());
  EXPECT_EQ(nn::SerializeWeights(*read->model), nn::SerializeWeights(*written.model));
  EXPECT_FALSE(read->model->is_training());
}

TEST(Bundle, RefusesEveryDamagedByteOfTheWeights) {
  const test::TemporaryFolder folder;
  const Bundle bundle = SmallBundle();
  SaveBundle(folder.path(), bundle.info, bundle.model).value();
  const auto path = folder / "weights.safetensors";
  const std::string whole = *ReadFile(path);
  for (std::size_t at = 0; at < whole.size(); at += 131) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    WriteFileAtomic(path, damaged).value();
    ASSERT_FALSE(LoadBundle(folder.path()).ok()) << at;
  }
  WriteFileAtomic(path, whole).value();
  EXPECT_TRUE(LoadBundle(folder.path()).ok());
}

TEST(Bundle, RefusesAForeignDescriptionWithTheReason) {
  const Bundle bundle = SmallBundle();
  const auto reason = [&](const std::string& from, const std::string& to) {
    const test::TemporaryFolder folder;
    SaveBundle(folder.path(), bundle.info, bundle.model).value();
    Edit(folder.path(), from, to);
    const Result<Bundle> read = LoadBundle(folder.path());
    return read.ok() ? std::string("accepted") : read.error().ToString();
  };
  EXPECT_NE(reason("\"format\": 1", "\"format\": 2").find("another version"), std::string::npos);
  EXPECT_NE(reason("\"width\": 2", "\"width\": 3").find("weights.safetensors"), std::string::npos);
  EXPECT_NE(reason("\"width\": 2", "\"width\": \"2\"").find("architecture.width"),
            std::string::npos);
  EXPECT_NE(reason("\"overlap\"", "\"overlop\"").find("did you mean window.overlap"),
            std::string::npos);
  EXPECT_NE(reason("0.25", "\"x\"").find("thresholds"), std::string::npos);
  EXPECT_NE(reason("{", "[").find("no model bundle"), std::string::npos);
  EXPECT_FALSE(LoadBundle("/nonexistent").ok());
}

TEST(Decide, AppliesThresholdsThenPostProcessing) {
  const ModelInfo info = SmallBundle().info;
  const auto index = [&](const char* name) {
    return *challenge::Classes2021().IndexOfAbbreviation(name);
  };
  std::vector<float> p(26, 0.1F);
  auto decisions = Decide(p.data(), info);
  EXPECT_EQ(std::count(decisions.begin(), decisions.end(), 1), 1);
  EXPECT_EQ(decisions[index("NSR")], 1);

  p[index("Brady")] = 0.25F;  // its own threshold
  p[index("TInv")] = 0.7F;
  decisions = Decide(p.data(), info);
  EXPECT_EQ(std::count(decisions.begin(), decisions.end(), 1), 3);
  EXPECT_EQ(decisions[index("Brady")], 1);
  EXPECT_EQ(decisions[index("TInv")], 1);
  EXPECT_EQ(decisions[index("TAb")], 1);
}

}  // namespace
}  // namespace ecg::infer
