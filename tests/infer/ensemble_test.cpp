#include "ecg/infer/ensemble.h"

#include <gtest/gtest.h>

#include "tests/fakes.h"
#include "tests/support.h"

namespace ecg::infer {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<model::Network> MakeNone(const model::Bundle& /*bundle*/) {
  return std::make_unique<test::FakeNetwork>(0, nullptr);
}

class LoadEnsembleTest : public testing::Test {
 protected:
  // Saves a bundle as <folder>/<name> and returns how an ensemble names it.
  model::MemberInfo Save(const std::string& name, model::TaskKind kind, double rate = 500) {
    model::TaskConfig task;
    task.kind = kind;
    model::ModelInfo info;
    info.task = model::Task(task);
    info.preprocess.sampling_rate = rate;
    info.decision.thresholds.assign(info.task.size(), 0.5);
    info.CompleteArchitecture();
    model::SaveBundle(folder_ / name, info, "weights of " + name).value();
    return {name, model::LoadBundle(folder_ / name).value().checksum};
  }

  model::EnsembleInfo Paper() {
    using model::TaskKind;
    model::EnsembleInfo info;
    info.general.members = {Save("g1", TaskKind::kAbnormalities),
                            Save("g2", TaskKind::kAbnormalities, 250)};
    info.general.decision.thresholds.assign(26, 0.25);
    info.route.emplace();
    info.route->members = {Save("s", TaskKind::kSource)};
    info.route->threshold = 0.75;
    info.route->specialists.members = {Save("c", TaskKind::kCpsc)};
    info.route->specialists.decision.thresholds.assign(6, 0.5);
    return info;
  }

  std::string Load(const model::EnsembleInfo& info) {
    model::SaveEnsemble(folder_.path(), info).value();
    const auto ensemble = LoadEnsemble(folder_.path(), MakeNone);
    return ensemble.ok() ? "loaded" : ensemble.error().ToString();
  }

  test::TemporaryFolder folder_;
};

TEST_F(LoadEnsembleTest, JoinsItsMembers) {
  model::SaveEnsemble(folder_.path(), Paper()).value();
  const Ensemble ensemble = LoadEnsemble(folder_.path(), MakeNone).value();
  EXPECT_EQ(ensemble.general.members.size(), 2u);
  EXPECT_EQ(ensemble.general.decision.thresholds[25], 0.25);
  EXPECT_EQ(ensemble.Preparations().size(), 2u);
  ASSERT_TRUE(ensemble.route);
  EXPECT_EQ(ensemble.route->threshold, 0.75);
  ASSERT_EQ(ensemble.route->columns.size(), 6u);
  for (std::size_t k = 0; k < 6; ++k) {
    EXPECT_EQ(ensemble.classes()[ensemble.route->columns[k]].abbreviation,
              challenge::ClassesCpsc()[k].abbreviation);
  }
  EXPECT_EQ(ensemble.checksum.size(), 64u);
  // One bundle alone.
  const Ensemble alone = LoadEnsemble(folder_ / "g1", MakeNone).value();
  EXPECT_FALSE(alone.route);
  EXPECT_NE(alone.checksum, ensemble.checksum);
}

TEST_F(LoadEnsembleTest, DecidesByTheOperatingPointThatIsNamed) {
  model::EnsembleInfo info = Paper();
  info.general.decision.point.name = "usual";
  model::Decision other = info.general.decision;
  other.point.name = "site";
  other.thresholds.assign(26, 0.75);
  info.general.other_points = {other};
  model::SaveEnsemble(folder_.path(), info).value();
  const auto threshold = [&](const char* point) {
    return LoadEnsemble(folder_.path(), MakeNone, point).value().general.decision.thresholds[3];
  };
  EXPECT_EQ(threshold(""), 0.25);
  EXPECT_EQ(threshold("usual"), 0.25);
  EXPECT_EQ(threshold("site"), 0.75);
  const auto none = LoadEnsemble(folder_.path(), MakeNone, "sight");
  ASSERT_FALSE(none.ok());
  EXPECT_NE(none.error().message.find("usual, site"), std::string::npos);
  const auto alone = LoadEnsemble(folder_ / "g1", MakeNone, "site");
  ASSERT_FALSE(alone.ok());
  EXPECT_NE(alone.error().message.find("no operating points"), std::string::npos);
}

TEST_F(LoadEnsembleTest, RefusesMembersThatDoNotFit) {
  const model::EnsembleInfo good = Paper();
  EXPECT_EQ(Load(good), "loaded");
  const auto refuses = [&](const model::EnsembleInfo& info, const char* words) {
    const std::string reason = Load(info);
    EXPECT_NE(reason.find(words), std::string::npos) << reason;
  };
  model::EnsembleInfo bad = good;
  std::swap(bad.route->members, bad.route->specialists.members);
  refuses(bad, "thresholds");
  bad = good;
  bad.general.members[1] = good.route->specialists.members[0];
  bad.route.reset();
  refuses(bad, "other classes");
  bad = good;
  bad.general.decision.thresholds.pop_back();
  refuses(bad, "25 thresholds for 26 classes");
  bad = good;
  bad.route->members = {Save("x", model::TaskKind::kAbnormalities)};
  refuses(bad, "do not tell sources");
  // Another bundle under a member's name.
  Save("g2", model::TaskKind::kAbnormalities, 100);
  refuses(good, "is not the member");
  fs::remove(folder_ / "g2/weights.safetensors");
  EXPECT_NE(Load(good), "loaded");
}

}  // namespace
}  // namespace ecg::infer
