#include "ecg/model/bundle.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ecg/core/checksum.h"
#include "ecg/core/file.h"
#include "ecg/dsp/measure/measurement_vector.h"
#include "ecg/model/safetensors.h"
#include "tests/support.h"

namespace ecg::model {
namespace {

ModelInfo SmallInfo() {
  ModelInfo info;
  info.architecture.width = 2;
  info.architecture.blocks = {1, 1};
  info.architecture.reduction = 1;
  info.decision.thresholds.assign(26, 0.5);
  info.decision.thresholds[3] = 0.25;
  info.window.samples = 128;
  info.window.aggregation = Aggregation::kMax;
  info.preprocess.sampling_rate = 250;
  info.lead_sets = {"12", "2"};
  info.provenance = {{"note", "a test"}};
  info.CompleteArchitecture();
  return info;
}

// A bundle in a folder of its own.
class BundleTest : public testing::Test {
 protected:
  BundleTest() { SaveBundle(folder_.path(), SmallInfo(), "the weights").value(); }

  std::string Description() { return *ReadFile(folder_ / "model.json"); }
  void Replace(const std::string& text) { WriteFileAtomic(folder_ / "model.json", text).value(); }

  // What loading says of a description in which the first `from` is replaced, under a checksum
  // that fits.
  std::string Reason(const std::string& from, const std::string& to) {
    const std::string whole = Description();
    std::string text = whole;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    const std::size_t place = text.rfind("\"checksum\": \"") + 13;
    text.replace(place, 64, std::string(64, '0'));
    text.replace(place, 64, Sha256(text));
    Replace(text);
    const Result<Bundle> read = LoadBundle(folder_.path());
    Replace(whole);
    return read.ok() ? "accepted" : read.error().ToString();
  }

  test::TemporaryFolder folder_;
};

TEST_F(BundleTest, ComesBackWhole) {
  const Result<Bundle> read = LoadBundle(folder_.path());
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  EXPECT_EQ(read->info.ToJson(), SmallInfo().ToJson());
  EXPECT_EQ(read->weights, "the weights");
  EXPECT_EQ(ReadModelInfo(folder_.path())->ToJson(), SmallInfo().ToJson());
  EXPECT_FALSE(LoadBundle("/nonexistent").ok());
}

// Readers of format 2 do not know calibrations; they must refuse what they would misread.
TEST_F(BundleTest, ACalibrationTakesFormat3) {
  EXPECT_EQ(SmallInfo().ToJson()["format"], 2);
  ModelInfo info = SmallInfo();
  info.decision.calibration.assign(26, {0.5, -1});
  info.decision.calibration[3] = {2, 0.25};
  EXPECT_EQ(info.ToJson()["format"], 3);
  SaveBundle(folder_.path(), info, "the weights").value();
  EXPECT_EQ(LoadBundle(folder_.path())->info.decision.calibration, info.decision.calibration);
  info.decision.calibration.pop_back();
  EXPECT_FALSE(SaveBundle(folder_.path(), info, "the weights").ok());
}

TEST_F(BundleTest, CriteriaTakeFormat4OfThePreparedSignalAnd7OfTheRecord) {
  ModelInfo info = SmallInfo();
  info.decision.criteria.resize(26);
  info.decision.criteria[3] = {dsp::Criterion::kSlowRate, {0.5, -1, 0.25, 2}};
  EXPECT_EQ(info.ToJson()["format"], 7);
  EXPECT_TRUE(info.ToJson().contains("record_criteria"));
  info.decision.measured = MeasuredSignal::kPrepared;
  EXPECT_EQ(info.ToJson()["format"], 4);
  SaveBundle(folder_.path(), info, "the weights").value();
  EXPECT_EQ(LoadBundle(folder_.path())->info.decision.criteria, info.decision.criteria);
  EXPECT_EQ(Reason("\"slow_rate\"", "\"long_rate\"").find("accepted"), std::string::npos);
  EXPECT_NE(Reason("\"slow_rate\"", "3").find("criteria"), std::string::npos);
  info.decision.criteria.pop_back();
  EXPECT_FALSE(SaveBundle(folder_.path(), info, "the weights").ok());
}

TEST_F(BundleTest, RangesTakeFormat10) {
  ModelInfo info = SmallInfo();
  constexpr std::size_t kBlocks = 2;  // of that network
  info.ranges.assign(kBlocks, {1.5F, 0.1F});
  EXPECT_EQ(info.ToJson()["format"], 10);
  SaveBundle(folder_.path(), info, "the weights").value();
  const ModelInfo read = LoadBundle(folder_.path())->info;
  ASSERT_EQ(read.ranges.size(), kBlocks);
  EXPECT_EQ(read.ranges.back().first, 1.5F);
  EXPECT_EQ(read.ranges.back().second, 0.1F);
  for (const char* bad : {"0", "-1", "1e99", "null", "[1]"}) {
    EXPECT_NE(Reason("1.5,", std::string(bad) + ",").find("activation_ranges"), std::string::npos)
        << bad;
  }
  info.architecture.states = 4;
  EXPECT_FALSE(SaveBundle(folder_.path(), info, "the weights").ok());
  info.architecture.states = 0;
  info.ranges.pop_back();
  EXPECT_FALSE(SaveBundle(folder_.path(), info, "the weights").ok());
}

TEST_F(BundleTest, ScoresTakeFormat11) {
  ModelInfo info = SmallInfo();
  const std::size_t values = dsp::MeasurementCount(2);
  LeadScores& limb = info.scores.emplace_back();
  limb.leads = {"I", "II"};
  limb.scores.centre.assign(values, 0.5);
  limb.scores.scale.assign(values, 2);
  limb.scores.weights.resize(26);
  limb.scores.weights[25].assign(limb.scores.terms(), 0.125);
  EXPECT_EQ(info.ToJson()["format"], 11);
  SaveBundle(folder_.path(), info, "the weights").value();
  const std::vector<LeadScores> read = LoadBundle(folder_.path())->info.scores;
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].leads, limb.leads);
  EXPECT_EQ(read[0].scores.centre, limb.scores.centre);
  EXPECT_EQ(read[0].scores.scale, limb.scores.scale);
  EXPECT_EQ(read[0].scores.weights, limb.scores.weights);
  for (const char* bad : {"null", "[1]", "\"x\""}) {
    EXPECT_NE(Reason("0.125,", std::string(bad) + ",").find("measurement_scores"),
              std::string::npos)
        << bad;
  }
  EXPECT_NE(Reason("2.0,", "0,").find("measurement_scores"), std::string::npos);
  EXPECT_NE(Reason("2.0,", "-1,").find("measurement_scores"), std::string::npos);
  EXPECT_NE(Reason("0.125,", "").find("measurement_scores"), std::string::npos);
  EXPECT_NE(Reason("\"centre\"", "\"center\"").find("measurement_scores"), std::string::npos);
}

// What a point does not say is as in the decision that counts; readers of format 7 would miss the
// definitions.
TEST_F(BundleTest, OperatingPointsTakeFormat8) {
  ModelInfo info = SmallInfo();
  info.decision.criteria.resize(26);
  info.decision.calibration.assign(26, {0.5, -1});
  info.decision.definitions = {{"SB", dsp::Criterion::kSlowRate, 60, {}, {"AF"}, {"NSR"}},
                               {"LQT", dsp::Criterion::kLongQt, 460, record::Sex::kFemale, {}, {}}};
  EXPECT_EQ(info.ToJson()["format"], 8);
  info.decision.point = {"balanced", "for everybody", {{"here", 0.5}}};
  Decision other = info.decision;
  other.point = {"ptb-xl", "", Json::object()};
  other.thresholds[3] = 0.75;
  other.definitions.clear();
  Decision third = other;
  third.point.name = "third";
  third.calibration[0] = {2, 0};
  third.post_processing.normal_if_none = false;
  Decision fifth = third;
  fifth.point.name = "fifth";
  fifth.calibration.clear();
  fifth.criteria.clear();
  info.other_points = {other, third, fifth};
  SaveBundle(folder_.path(), info, "the weights").value();
  const Result<Bundle> read = LoadBundle(folder_.path());
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  EXPECT_EQ(read->info.ToJson(), info.ToJson());
  EXPECT_EQ(read->info.decision.definitions, info.decision.definitions);
  EXPECT_EQ(read->info.decision.point.figures["here"], 0.5);
  EXPECT_FALSE(info.ToJson()["points"][0].contains("calibration"));
  ModelInfo chosen = read->info;
  EXPECT_EQ(chosen.PointNames(),
            (std::vector<std::string>{"balanced", "ptb-xl", "third", "fifth"}));
  ASSERT_TRUE(chosen.ChoosePoint("third").ok());
  EXPECT_EQ(chosen.decision.calibration, third.calibration);
  EXPECT_EQ(chosen.decision.thresholds, other.thresholds);
  EXPECT_FALSE(chosen.decision.post_processing.normal_if_none);
  EXPECT_TRUE(chosen.decision.definitions.empty());
  EXPECT_FALSE(chosen.ChoosePoint("fourth").ok());

  EXPECT_NE(Reason("\"slow_rate\"", "\"deep_q\"").find("definitions"), std::string::npos);
  EXPECT_NE(Reason("\"ptb-xl\"", "\"ptb/xl\"").find("point"), std::string::npos);
  EXPECT_NE(Reason("\"ptb-xl\"", "\"third\"").find("twice"), std::string::npos);
  EXPECT_NE(Reason("\"about\": \"\"", "\"abort\": \"\"").find("points"), std::string::npos);
  info.other_points[0].thresholds.pop_back();
  EXPECT_FALSE(SaveBundle(folder_.path(), info, "the weights").ok());
}

TEST_F(BundleTest, EverySingleBitOfTheDescriptionCounts) {
  const std::string whole = Description();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
    Replace(damaged);
    ASSERT_FALSE(LoadBundle(folder_.path()).ok()) << at;
  }
  Replace(whole);
  EXPECT_TRUE(LoadBundle(folder_.path()).ok());
}

// Format 1 had no seal.
TEST_F(BundleTest, AFormatThatSaysLessDoesNotSwitchTheSealOff) {
  std::string damaged = Description();
  const std::size_t at = damaged.find("\"format\": ") + 10;
  ASSERT_NE(damaged[at], '1');
  damaged[at] = '1';
  Replace(damaged);
  const Result<Bundle> read = LoadBundle(folder_.path());
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().field, "checksum");
}

TEST_F(BundleTest, EveryByteOfTheWeightsCounts) {
  const std::string whole = "the weights";
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    WriteFileAtomic(folder_ / "weights.safetensors", damaged).value();
    const Result<Bundle> read = LoadBundle(folder_.path());
    ASSERT_FALSE(read.ok()) << at;
    EXPECT_NE(read.error().ToString().find("weights.safetensors"), std::string::npos);
  }
}

TEST_F(BundleTest, RefusesWhatMakesNoSenseWithFileAndField) {
  const std::pair<std::pair<const char*, const char*>, const char*> cases[] = {
      {{"\"format\": 2", "\"format\": 12"}, "format: must be 1 to 11"},
      {{"\"width\": 2", "\"width\": \"2\""}, "architecture.width"},
      {{"\"width\": 2", "\"width\": 1024"}, "accepted"},  // the weights decide where it is used
      {{"\"blocks\": [\n      1,\n      1\n    ]", "\"blocks\": []"}, "architecture.blocks"},
      {{"\"blocks\": [\n      1,\n      1\n    ]", "\"blocks\": [1,1,1,1,1,1,1]"},
       "architecture.blocks"},
      {{"\"blocks\": [\n      1,\n      1\n    ]", "\"blocks\": [1,0]"}, "architecture.blocks"},
      {{"\"width\": 2", "\"width\": 1024, \"blocks\": [100, 100, 100, 100]"}, "given twice"},
      {{"\"kernel\": 7", "\"kernel\": 6"}, "architecture.kernel: must be odd"},
      {{"\"stem_kernel\": 15", "\"stem_kernel\": 8"}, "architecture.stem_kernel: must be odd"},
      {{"\"leads\": [", "\"leads\": [\"V1\", "}, "preprocess.leads"},
      {{"\"overlap\"", "\"overlop\""}, "did you mean window.overlap"},
      {{"0.25", "\"x\""}, "thresholds"},
      {{"0.25", "1e999"}, "model.json"},
      {{"\"AFL\"", "\"AF\""}, "classes"},
      {{"164890007", "164889003"}, "classes"},
      {{"\"lead_sets\": [", "\"lead_sets\": [\"5\", "}, "lead_sets"},
      {{"\"sha256\": \"", "\"sha256\": 5, \"was\": \""}, "weights.sha256"},
      {{"{", "["}, "no model bundle"},
  };
  for (const auto& [change, expected] : cases) {
    const std::string reason = Reason(change.first, change.second);
    EXPECT_NE(reason.find(expected), std::string::npos) << change.second << ": " << reason;
    EXPECT_TRUE(reason == "accepted" || reason.find("model.json") != std::string::npos) << reason;
  }
}

TEST_F(BundleTest, SaysWhenItWasChangedByHand) {
  std::string text = Description();
  const std::size_t at = text.find("0.25");
  Replace(text.replace(at, 4, "0.75"));
  EXPECT_NE(LoadBundle(folder_.path()).error().message.find("changed by hand"), std::string::npos);
}

TEST(Bundle, IsNotSavedWhereItWouldNotLoad) {
  const test::TemporaryFolder folder;
  ModelInfo info = SmallInfo();
  info.decision.thresholds[0] = std::nan("");
  EXPECT_FALSE(SaveBundle(folder.path(), info, "w").ok());
  info = SmallInfo();
  info.architecture.blocks.clear();
  EXPECT_FALSE(SaveBundle(folder.path(), info, "w").ok());
}

// Rewards of one's own are written, in a format that earlier versions refuse; others follow from
// the classes.
TEST_F(BundleTest, KeepsRewardsOfItsOwn) {
  EXPECT_FALSE(Json::parse(Description()).contains("rewards"));
  ModelInfo info = SmallInfo();
  const challenge::ClassSet own({{"NSR", "normal", {"426783006"}}, {"MI", "infarction", {"1"}}},
                                {1, 0.25, 0.25, 1});
  info.task = Task({}, own);
  info.decision.thresholds.assign(2, 0.5);
  info.CompleteArchitecture();
  EXPECT_TRUE(info.task.HasOwnRewards());
  SaveBundle(folder_.path(), info, "the weights").value();
  const ModelInfo read = ReadModelInfo(folder_.path()).value();
  EXPECT_EQ(read.ToJson()["format"], 9);
  EXPECT_EQ(read.task.class_set().rewards(), own.rewards());
  EXPECT_EQ(read.task.selection(), Selection::kChallenge);
  EXPECT_NE(Reason("0.25", "0.5").find("rewards: must be a symmetric matrix"), std::string::npos);
  EXPECT_NE(Reason("\"rewards\"", "\"reward\"").find("reward"), std::string::npos);
  EXPECT_FALSE(Task().HasOwnRewards());
  EXPECT_FALSE(Task({}, challenge::ClassSet(own.classes())).HasOwnRewards());
}

// Written by version 0.1.0, before bundles had a task and a checksum of their description.
TEST(Bundle, ReadsFormat1) {
  const Result<Bundle> bundle = LoadBundle(test::SourcePath("tests/golden/bundle_format_1"));
  ASSERT_TRUE(bundle.ok()) << bundle.error().ToString();
  EXPECT_EQ(bundle->info.task.config().kind, TaskKind::kAbnormalities);
  EXPECT_EQ(bundle->info.task.size(), 26u);
  EXPECT_EQ(bundle->info.architecture.width, 2);
  EXPECT_EQ(bundle->info.architecture.peak_grid, data::PeakGridKind::kPaper);
  EXPECT_TRUE(ParseSafetensors(bundle->weights, "w").ok());
}

// One of each later format, as it was first written.
TEST(Bundle, ReadsEveryFormatSince) {
  for (const int format : {2, 3, 4, 5, 6, 7, 8, 9, 10, 11}) {
    const Result<Bundle> bundle =
        LoadBundle(test::SourcePath("tests/golden/bundle_format_" + std::to_string(format)));
    ASSERT_TRUE(bundle.ok()) << bundle.error().ToString();
    EXPECT_EQ(bundle->info.ToJson()["format"], format);
    const Decision& decision = bundle->info.decision;
    EXPECT_EQ(decision.thresholds[3], 0.25);
    EXPECT_EQ(decision.calibration.size(), format > 2 ? 26u : 0u);
    if (format > 2) {
      EXPECT_EQ(decision.calibration[3], (score::LogitMap{2, 0.25}));
    }
    EXPECT_EQ(decision.criteria.size(), format > 3 ? 26u : 0u);
    EXPECT_EQ(decision.measured == MeasuredSignal::kPrepared, format > 3 && format < 7);
    if (format > 3) {
      EXPECT_EQ(decision.criteria[3].criterion, dsp::Criterion::kSlowRate);
      EXPECT_EQ(decision.criteria[3].map, (score::CriterionMap{0.5, -1, 0.25, 2}));
    }
    EXPECT_EQ(bundle->info.architecture.scales,
              (format == 5 ? std::vector<int>{3} : std::vector<int>{}));
    EXPECT_EQ(bundle->info.architecture.states, format == 6 ? 4 : 0);
    EXPECT_EQ(bundle->info.architecture.lead_indicator, format == 5 || format == 6);
    EXPECT_EQ(bundle->info.PointNames().size(), format >= 8 ? 2u : 0u);
    EXPECT_EQ(decision.definitions.size(), format >= 8 ? 1u : 0u);
    EXPECT_EQ(bundle->info.task.HasOwnRewards(), format == 9);
    EXPECT_EQ(bundle->info.ranges.size(), format >= 10 ? 2u : 0u);
    if (format >= 10) {
      EXPECT_EQ(bundle->info.ranges[1].second, 4.5F);
    }
    EXPECT_EQ(bundle->info.scores.size(), format == 11 ? 1u : 0u);
    if (format == 11) {
      EXPECT_EQ(bundle->info.scores[0].leads, std::vector<std::string>{"II"});
      EXPECT_EQ(bundle->info.scores[0].scores.weights[25][0], 0.25);
    }
    EXPECT_EQ(bundle->weights, "weights of nothing");
  }
}

TEST(Safetensors, RefusesWhatDoesNotAddUp) {
  const std::string data(12, 'x');
  const auto file = [&](std::string header) {
    header.append((8 - header.size() % 8) % 8, ' ');
    return std::string(1, static_cast<char>(header.size())) + std::string(7, '\0') + header + data;
  };
  const std::string good =
      file(R"({"__metadata__":{"a":"b"},"t":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}})");
  const auto tensors = ParseSafetensors(good, "w");
  ASSERT_TRUE(tensors.ok()) << tensors.error().ToString();
  ASSERT_EQ(tensors->size(), 1u);
  EXPECT_EQ((*tensors)[0].shape, std::vector<std::int64_t>{3});
  EXPECT_EQ((*tensors)[0].bytes, data);
  for (const char* header : {
           R"({"t":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}})",
           R"({"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
           R"({"t":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
           R"({"t":{"dtype":"F32","shape":[-3],"data_offsets":[0,12]}})",
           R"({"t":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,12]}})",
           R"({"t":{"dtype":"F31","shape":[3],"data_offsets":[0,12]}})",
           R"({"t":{"dtype":"F32","shape":[3],"data_offsets":[12,0]}})",
           R"({"t":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})",
           R"({"t":{"dtype":"F32","shape":3,"data_offsets":[0,12]}})",
           R"({"t":{"dtype":5,"shape":[3],"data_offsets":[0,12]}})",
           R"({"t":5})",
           R"([])",
       }) {
    EXPECT_FALSE(ParseSafetensors(file(header), "w").ok()) << header;
  }
}

}  // namespace
}  // namespace ecg::model
