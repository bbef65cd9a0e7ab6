#include "ecg/model/ensemble_info.h"

#include <gtest/gtest.h>

#include "ecg/core/file.h"
#include "src/model/sealed_json.h"
#include "tests/support.h"

namespace ecg::model {
namespace {

EnsembleInfo Paper() {
  EnsembleInfo info;
  info.combination = Combination::kLogits;
  info.general.members = {{"a", "11"}, {"b", "22"}};
  info.general.decision.thresholds = {0.5, 0.25};
  info.general.decision.calibration = {{0.5, -1}, {2, 0.25}};
  info.general.decision.criteria = {{}, {dsp::Criterion::kLongQt, {0.5, -1, 0.25, 2}}};
  info.route.emplace();
  info.route->members = {{"s", "33"}};
  info.route->threshold = 0.9;
  info.route->specialists.members = {{"c", "44"}};
  info.route->specialists.decision.thresholds = {0.125};
  info.bradycardia_veto = true;
  info.post_processing.normal_if_none = false;
  info.provenance = {{"note", "a test"}};
  return info;
}

class EnsembleInfoTest : public testing::Test {
 protected:
  EnsembleInfoTest() { SaveEnsemble(folder_.path(), Paper()).value(); }

  std::string Text() { return *ReadFile(folder_ / "ensemble.json"); }

  // What reading says of a description with this at the place of a JSON pointer, well sealed.
  std::string Reason(const char* pointer, const Json& value) {
    Json json = Paper().ToJson();
    json[Json::json_pointer(pointer)] = value;
    WriteFileAtomic(folder_ / "ensemble.json", SealJson(json)).value();
    const auto read = ReadEnsemble(folder_.path());
    return read.ok() ? "accepted" : read.error().ToString();
  }

  test::TemporaryFolder folder_;
};

TEST_F(EnsembleInfoTest, ComesBackWhole) {
  EXPECT_TRUE(IsEnsemble(folder_.path()));
  EXPECT_FALSE(IsEnsemble(folder_ / "a"));
  const auto read = ReadEnsemble(folder_.path());
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  EXPECT_EQ(read->info.ToJson(), Paper().ToJson());
  EXPECT_EQ(read->info.AllMembers().size(), 4u);
  EnsembleInfo plain = Paper();
  plain.route.reset();
  SaveEnsemble(folder_.path(), plain).value();
  EXPECT_FALSE(ReadEnsemble(folder_.path())->info.route);
  EXPECT_EQ(plain.ToJson()["format"], 3);
  plain.general.decision.measured = MeasuredSignal::kPrepared;
  EXPECT_EQ(plain.ToJson()["format"], 2);
  plain.general.decision.criteria.clear();
  EXPECT_EQ(plain.ToJson()["format"], 1);  // earlier readers apply all that it says
}

TEST_F(EnsembleInfoTest, HasOperatingPoints) {
  EnsembleInfo info = Paper();
  info.general.decision.point.name = "usual";
  Decision other = info.general.decision;
  other.point.name = "site";
  other.thresholds = {0.75, 0.5};
  other.definitions = {{"SB", dsp::Criterion::kSlowRate, 60, {}, {"AF"}, {}}};
  info.general.other_points = {other};
  SaveEnsemble(folder_.path(), info).value();
  EXPECT_EQ(info.ToJson()["format"], 4);
  EnsembleInfo read = ReadEnsemble(folder_.path())->info;
  EXPECT_EQ(read.ToJson(), info.ToJson());
  ASSERT_TRUE(read.general.ChoosePoint("site").ok());
  EXPECT_EQ(read.general.decision.thresholds, other.thresholds);
  EXPECT_EQ(read.general.decision.definitions, other.definitions);
  EXPECT_EQ(read.general.decision.calibration, other.calibration);  // as in the usual one
  info.route->specialists.decision.point.name = "odd";
  EXPECT_FALSE(SaveEnsemble(folder_.path(), info).ok());
}

TEST_F(EnsembleInfoTest, EverySingleBitCounts) {
  const std::string whole = Text();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
    WriteFileAtomic(folder_ / "ensemble.json", damaged).value();
    ASSERT_FALSE(ReadEnsemble(folder_.path()).ok()) << at;
  }
}

TEST_F(EnsembleInfoTest, RefusesWhatCannotBe) {
  EXPECT_EQ(Reason("/combination", "probabilities"), "accepted");
  const auto refuses = [&](const char* pointer, const Json& value, const char* word) {
    const std::string reason = Reason(pointer, value);
    EXPECT_NE(reason.find(word), std::string::npos) << pointer << ": " << reason;
  };
  refuses("/general/members", Json::array(), "general.members");
  refuses("/general/members/0/folder", "../x", "../x");
  refuses("/general/members/0/folder", "b", "twice");
  refuses("/general/members/0/folder", 3, "general.members");
  refuses("/general/thresholds/0", "half", "general.thresholds");
  refuses("/general/more", 1, "general");
  refuses("/general/calibration/1/0", -1, "general.calibration");
  refuses("/general/calibration/1", 1, "general.calibration");
  refuses("/general/calibration", nullptr, "general.calibration");
  refuses("/general/record_criteria/0", "tall", "general.record_criteria");
  refuses("/general/record_criteria/1/0", "tall", "general.record_criteria");
  refuses("/general/record_criteria/1/4", "tall", "general.record_criteria");
  refuses("/general/record_criteria", 1, "general.record_criteria");
  refuses("/route/threshold", 2, "route.threshold");
  refuses("/route/members", Json::array(), "route.members");
  refuses("/route/specialists", nullptr, "route.specialists");
  refuses("/combination", "product", "combination");
  refuses("/format", 99, "format");
  refuses("/formed", 1, "formed");
}

}  // namespace
}  // namespace ecg::model
