// Runs that learn from what other runs have learnt.
#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <map>

#include "ecg/core/file.h"
#include "ecg/model/bundle.h"
#include "ecg/model/nn/torch_network.h"
#include "ecg/model/nn/weights.h"
#include "src/train/distiller.h"
#include "tests/fakes.h"
#include "tests/train/tiny_run.h"

namespace ecg::train {
namespace {

namespace fs = std::filesystem;

// Says `row`, but of the first class what the window begins with, where that is not zero.
std::unique_ptr<model::Network> Saying(std::vector<float> row) {
  return std::make_unique<test::FakeNetwork>(
      8 * 512, [row](const float* window, std::vector<float>& output) {
        output.insert(output.end(), row.begin(), row.end());
        if (window[0] != 0) output[output.size() - row.size()] = window[0];
      });
}

class OtherModels : public testing::Test {
 protected:
  OtherModels() {
    WriteRecords(folder_ / "records", 32);
    Config config = TinyConfig(folder_);
    config.name = "before";
    before_ = TrainAll(config, recorder_);
  }

  std::map<std::string, torch::Tensor> ParametersOf(const fs::path& bundle) {
    const nn::SeResNet module = nn::LoadModule(model::LoadBundle(bundle).value()).value();
    std::map<std::string, torch::Tensor> parameters;
    for (const auto& item : module->named_parameters()) parameters[item.key()] = item.value();
    return parameters;
  }

  const test::TemporaryFolder folder_;
  Recorder recorder_;
  fs::path before_;
};

TEST_F(OtherModels, ARunBeginsWithTheWeightsOfABundle) {
  Config config = TinyConfig(folder_);
  config.initial.bundle = before_.string();
  config.optimizer.epochs = 1;
  config.optimizer.learning_rate = 0;  // and ends with them, then
  const auto before = ParametersOf(before_);
  for (const auto& [name, tensor] : ParametersOf(TrainAll(config, recorder_))) {
    EXPECT_TRUE(tensor.equal(before.at(name))) << name;
  }

  config.name = "six";
  config.task.kind = model::TaskKind::kCpsc;
  const auto six = ParametersOf(TrainAll(config, recorder_));
  for (const auto& [name, tensor] : six) {
    if (name.rfind("head.", 0) == 0) continue;
    EXPECT_TRUE(tensor.equal(before.at(name))) << name;
  }
  const auto six_of = challenge::Classes2021();
  ASSERT_EQ(six.at("head.weight").size(0), 6);
  const model::Task task(config.task);
  for (std::size_t k = 0; k < 6; ++k) {
    const std::size_t before_k = *six_of.IndexOfAbbreviation(task.classes()[k].abbreviation);
    EXPECT_TRUE(six.at("head.weight")[static_cast<std::int64_t>(k)].equal(
        before.at("head.weight")[static_cast<std::int64_t>(before_k)]));
  }

  config.name = "wide";
  config.model.width = 6;
  try {
    TrainAll(config, recorder_);
    FAIL() << "took the weights of another network";
  } catch (const Exception& error) {
    EXPECT_EQ(error.error().field, "initial.bundle");
    EXPECT_NE(error.error().message.find("stem"), std::string::npos);
  }
}

TEST_F(OtherModels, AFrozenBodyStaysAndTheHeadLearns) {
  Config config = TinyConfig(folder_);
  config.initial.bundle = before_.string();
  config.initial.freeze = true;
  config.optimizer.epochs = 2;
  config.optimizer.average_decay = 0.9;
  const model::Bundle before = model::LoadBundle(before_).value();
  const model::Bundle after = model::LoadBundle(TrainAll(config, recorder_)).value();
  const nn::SeResNet then = nn::LoadModule(before).value(), now = nn::LoadModule(after).value();
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& [name, tensor] : nn::TensorsOf(*then)) tensors[name] = tensor;
  for (const auto& [name, tensor] : nn::TensorsOf(*now)) {
    EXPECT_EQ(tensor.equal(tensors.at(name)), name.rfind("head.", 0) != 0) << name;
  }
}

// Also where the classes stand in another order, with one of them new.
TEST_F(OtherModels, AModelsDecisionsAreInheritedClassByClass) {
  model::Bundle bundle = model::LoadBundle(before_).value();
  model::Decision& decision = bundle.info.decision;
  decision.point = {"own", "for one hospital", Json::object()};
  decision.calibration.assign(26, {});
  for (std::size_t k = 0; k < 26; ++k) {
    decision.thresholds[k] = 0.1 + 0.01 * static_cast<double>(k);
    decision.calibration[k].offset = static_cast<double>(k);
  }
  model::Decision other = decision;
  other.point.name = "other";
  other.thresholds.assign(26, 0.7);
  bundle.info.other_points = {other};
  const fs::path with_points = folder_ / "points";
  ASSERT_TRUE(model::SaveBundle(with_points, bundle.info, bundle.weights).ok());
  const auto& classes = challenge::Classes2021();
  const std::size_t fast = *classes.IndexOfAbbreviation("STach");
  std::ofstream(folder_ / "mine.csv") << "abbreviation,codes,name\nMINE,164884008,mine\nSTach,"
                                      << classes.classes()[fast].codes[0] << ",fast\n";
  Config config = TinyConfig(folder_);
  config.classes.table = (folder_ / "mine.csv").string();
  config.initial.bundle = with_points.string();
  config.initial.decision = true;
  config.thresholds.fit = false;
  config.thresholds.fixed = 0.4;
  config.optimizer.epochs = 1;
  const model::ModelInfo after = model::ReadModelInfo(TrainAll(config, recorder_)).value();
  EXPECT_EQ(after.decision.thresholds,
            (std::vector<double>{0.4, 0.1 + 0.01 * static_cast<double>(fast)}));
  EXPECT_EQ(after.decision.calibration[0].offset, 0);
  EXPECT_EQ(after.decision.calibration[1].offset, static_cast<double>(fast));
  EXPECT_EQ(after.PointNames(), (std::vector<std::string>{"own", "other"}));
  EXPECT_EQ(after.other_points[0].thresholds, (std::vector<double>{0.4, 0.7}));
}

// Without an epoch the weights stay, and what is made of their answers is fitted anew.
TEST_F(OtherModels, ARunWithoutEpochsFitsTheDecisionAlone) {
  Config config = TinyConfig(folder_);
  config.optimizer.epochs = 0;
  EXPECT_EQ(config.Validate().error().field, "optimizer.epochs");
  config.initial.bundle = before_.string();
  config.thresholds.calibrate = config.thresholds.criteria = true;
  const fs::path after = TrainAll(config, recorder_);
  EXPECT_EQ(model::LoadBundle(after)->weights, model::LoadBundle(before_)->weights);
  const model::Decision decision = model::ReadModelInfo(after)->decision;
  ASSERT_EQ(decision.criteria.size(), 26u);
  const std::size_t sb = *challenge::Classes2021().IndexOfAbbreviation("SB");
  EXPECT_EQ(decision.criteria[sb].criterion, dsp::Criterion::kSlowRate);
  EXPECT_FALSE(decision.criteria[sb].map == score::CriterionMap());
  EXPECT_EQ(decision.criteria[0].criterion, dsp::Criterion::kNone);
  EXPECT_NE(decision.thresholds, model::ReadModelInfo(before_)->decision.thresholds);
}

TEST_F(OtherModels, ATeacherSpeaksWhereLabelsAreTrustedAndWhereTheyAreNot) {
  const model::ModelInfo info = model::ReadModelInfo(before_).value();
  std::vector<float> says(26, 0.25F);
  says[2] = std::numeric_limits<float>::quiet_NaN();
  const auto factory = [&](const model::Bundle&) { return Saying(says); };
  const Distiller distiller({before_.string(), 0.4}, info, factory);
  data::Batch batch;
  batch.size = 2;
  batch.signal.resize(2 * 8 * 512);
  batch.labels.assign(2 * 26, 0);
  batch.mask.assign(2 * 26, 1);
  batch.labels[0] = 1;
  batch.labels[26] = batch.labels[26 + 2] = 1;
  batch.mask[26] = 0;
  distiller.Teach(batch);
  EXPECT_FLOAT_EQ(batch.labels[0], 0.6F * 1 + 0.4F * 0.25F);
  EXPECT_FLOAT_EQ(batch.labels[1], 0.4F * 0.25F);
  EXPECT_FLOAT_EQ(batch.labels[2], 0);  // it said nothing
  EXPECT_FLOAT_EQ(batch.labels[26], 0.25F);
  EXPECT_FLOAT_EQ(batch.labels[26 + 2], 1);
  EXPECT_FLOAT_EQ(batch.mask[26], 1);

  batch.all_leads.assign(batch.signal.size(), 0.75F);
  batch.labels[0] = 1;
  distiller.Teach(batch);
  EXPECT_FLOAT_EQ(batch.labels[0], 0.6F * 1 + 0.4F * 0.75F);  // by what the student does not see

  // A student that learns a class more, in the first place, is taught the others.
  std::vector<challenge::DiagnosisClass> classes = info.task.classes();
  classes.insert(classes.begin(), {"MORE", "one more", {"123456789"}});
  model::ModelInfo wider = info;
  wider.task = model::Task(info.task.config(), classes);
  batch.labels.assign(2 * 27, 1);
  batch.mask.assign(2 * 27, 1);
  batch.all_leads.clear();
  Distiller({before_.string(), 0.4}, wider, factory).Teach(batch);
  EXPECT_FLOAT_EQ(batch.labels[0], 1);
  EXPECT_FLOAT_EQ(batch.labels[1], 0.6F + 0.4F * 0.25F);
  EXPECT_FLOAT_EQ(batch.labels[27], 1);
  model::ModelInfo fewer = info;
  fewer.task = model::Task(model::TaskConfig{model::TaskKind::kCpsc});
  EXPECT_THROW(Distiller({before_.string(), 0.4}, fewer, factory), Exception);

  model::ModelInfo other = info;
  other.window.samples = 256;
  EXPECT_THROW(Distiller({before_.string(), 0.4}, other, factory), Exception);
  other = info;
  other.preprocess.sampling_rate = 250;
  EXPECT_THROW(Distiller({before_.string(), 0.4}, other, factory), Exception);
}

// From recordings that nobody has labelled.
TEST_F(OtherModels, AStudentLearnsWhatTheTeacherKnows) {
  std::ofstream table(folder_ / "split.csv");
  table << "record,split\n";
  for (const auto& entry : fs::directory_iterator(folder_ / "records")) {
    if (entry.path().extension() != ".hea") continue;
    const std::string name = entry.path().stem().string();
    const bool train = std::stoi(name.substr(2)) < 10024;
    table << name << (train ? ",train\n" : ",val\n");
    if (!train) continue;
    std::string header = ReadFile(entry.path()).value();
    const std::size_t dx = header.find("#Dx:");
    header.replace(dx, header.find('\n', dx) - dx, "#Dx: 164884008");
    std::ofstream(entry.path()) << header;
  }
  table.close();
  Config config = TinyConfig(folder_);
  config.split.kind = data::SplitKind::kTable;
  config.split.table = (folder_ / "split.csv").string();
  config.loss.kind = LossKind::kBinaryCrossEntropy;
  config.distillation = {before_.string(), 1};
  config.optimizer.epochs = 12;
  recorder_.finals.clear();
  TrainAll(config, recorder_);
  EXPECT_EQ(recorder_.data.labels.without_scored, 24u);
  EXPECT_GT(recorder_.finals.front().fitted.challenge, 0.9);
}

}  // namespace
}  // namespace ecg::train
