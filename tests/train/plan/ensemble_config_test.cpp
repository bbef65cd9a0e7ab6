#include "ecg/train/plan/ensemble_config.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support.h"

namespace ecg::train {
namespace {

namespace fs = std::filesystem;

class EnsembleConfigTest : public testing::Test {
 protected:
  EnsembleConfigTest() {
    std::ofstream(folder_ / "base.json")
        << R"({"data": {"folders": ["records"]}, "window": {"samples": 512}, "seed": 4})";
  }

  Result<EnsembleConfig> Load(const std::string& text,
                              const std::vector<std::string>& assignments = {}) {
    std::ofstream(folder_ / "e.json") << text;
    return LoadEnsembleConfig(folder_ / "e.json", assignments);
  }

  std::string Reason(const std::string& text) {
    const auto config = Load(text);
    return config.ok() ? "accepted" : config.error().ToString();
  }

  test::TemporaryFolder folder_;
};

TEST_F(EnsembleConfigTest, EachMemberIsTheBaseWithItsRoleAndSettings) {
  const auto config = Load(R"({"base": "base.json", "name": "five", "output": "out",
    "combination": "votes", "route_threshold": 0.75, "members": {
      "a": {"role": "general"},
      "b": {"role": "general", "set": {"window": {"samples": 640}}},
      "c": {"role": "specialist"},
      "s": {"role": "source", "set": {"task": {"sources": ["CPSC", "PTB"]}}},
      "d": {"role": "general", "bundle": "old/model"}}})",
                           {"seed=7", "optimizer.epochs=3"});
  ASSERT_TRUE(config.ok()) << config.error().ToString();
  EXPECT_EQ(config->Folder(), std::filesystem::current_path() / "out/five");
  EXPECT_EQ(config->combination, model::Combination::kVotes);
  ASSERT_EQ(config->members.size(), 5u);
  for (const EnsembleMember& member : config->members) {
    if (!member.config) continue;
    EXPECT_EQ(member.config->seed, 7);
    EXPECT_EQ(member.config->optimizer.epochs, 3);
    EXPECT_EQ(member.config->name, member.name);
    EXPECT_EQ(member.config->output, config->Folder().string());
    EXPECT_EQ(member.config->data.folders[0], (folder_ / "records").string());
  }
  EXPECT_EQ(config->members[0].config->window.samples, 512);
  EXPECT_EQ(config->members[1].config->window.samples, 640);
  EXPECT_EQ(config->members[2].config->task.kind, model::TaskKind::kCpsc);
  EXPECT_EQ(config->members[3].config->task.kind, model::TaskKind::kSource);
  EXPECT_EQ(config->members[3].config->task.sources.size(), 2u);
  EXPECT_FALSE(config->members[4].config);
  EXPECT_EQ(config->members[4].bundle, (folder_ / "old/model").string());
  EXPECT_EQ(config->evaluation->seed, 7);
}

TEST_F(EnsembleConfigTest, NameAndOutputAreTheEnsembles) {
  const auto config = Load(R"({"base": "base.json", "members": {"a": {"role": "general"}}})",
                           {"name=mine", "output=" + (folder_ / "o").string()});
  ASSERT_TRUE(config.ok()) << config.error().ToString();
  EXPECT_EQ(config->Model(), folder_ / "o/mine/model");
  EXPECT_EQ(config->members[0].config->name, "a");
}

TEST_F(EnsembleConfigTest, SaysWhatIsWrongAndWhere) {
  const auto refuses = [&](const std::string& text, const std::string& words) {
    const std::string reason = Reason(text);
    EXPECT_NE(reason.find(words), std::string::npos) << reason;
  };
  refuses(R"({"members": {"a": {"role": "general"}}})", "members.a");
  refuses(R"({"base": "base.json", "members": {"a": {"role": "genral"}}})", "members.a.role");
  refuses(R"({"base": "base.json", "members": {"a": {}}})", "needs a role");
  refuses(R"({"base": "base.json", "members": {"a/b": {"role": "general"}}})", "name of a folder");
  refuses(R"({"base": "base.json", "members": {"model": {"role": "general"}}})",
          "name of a folder");
  refuses(
      "{\"base\": \"base.json\", \"members\": {\"a\": {\"role\": \"general\",\n \"set\": "
      "{\"window\":\n {\"sample\": 640}}}}}",
      "e.json:3: window.sample");
  refuses(R"({"base": "base.json", "members": {"a": {"role": "source"}}})", "role general");
  refuses(
      R"({"base": "base.json", "members": {"a": {"role": "general"}, "s": {"role": "source"}}})",
      "source and specialist");
  refuses(R"({"base": "base.json", "members": {"a": {"role": "general",
              "set": {"task": {"kind": "source"}}}}})",
          "task.kind");
  refuses(R"({"base": "base.json", "member": {}, "members": {"a": {"role": "general"}}})",
          "member");
  refuses(R"({"base": "none.json", "members": {"a": {"role": "general"}}})", "none.json");
}

TEST_F(EnsembleConfigTest, TheOnesThatShipCanBeRead) {
  for (const char* name : {"small_ensemble.json", "paper_ensemble.json"}) {
    const auto config =
        LoadEnsembleConfig(test::SourcePath("configs") / name, {"data.folders=[\"records\"]"});
    ASSERT_TRUE(config.ok()) << config.error().ToString();
    EXPECT_EQ(config->members.size(), 7u);
  }
}

}  // namespace
}  // namespace ecg::train
