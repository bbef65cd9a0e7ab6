#include "ecg/apps/jobs/fit_model.h"

#include <gtest/gtest.h>

#include <fstream>

#include "ecg/core/file.h"
#include "ecg/data/sim/data_set.h"
#include "ecg/model/bundle.h"
#include "ecg/model/ensemble_info.h"
#include "tests/fakes.h"
#include "tests/support.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;

std::size_t Index(const char* name) { return *challenge::Classes2021().IndexOfAbbreviation(name); }

model::ModelInfo Info() {
  model::ModelInfo info;
  info.window.samples = 200;
  info.decision.thresholds.assign(26, 0.5);
  info.CompleteArchitecture();
  return info;
}

class FitModelTest : public testing::Test {
 protected:
  // A recording of a beating heart with these diagnoses.
  void Write(const std::string& name, const std::string& dx) {
    test::TestRecord record;
    record.name = name;
    record.samples = 1000;
    record.dx = dx;
    record.signal = [](std::size_t, double t) {
      const double phase = t - std::floor(t);
      return std::exp(-200 * (phase - 0.5) * (phase - 0.5));
    };
    test::WriteRecord(folder_ / "in", record);
  }

  LabelledFolder Ask(const AskLabelledConfig& config = {}) {
    const infer::Ensemble ensemble =
        infer::MakeEnsemble(Info(), test::ConstantNetwork(std::vector<float>(26, 0.25F)));
    return AskLabelled(ensemble, folder_ / "in", config, silent_);
  }

  test::TemporaryFolder folder_;
  ProgressBar silent_{nullptr};
};

TEST_F(FitModelTest, TakesStatementsForLabelsWhereItIsAskedTo) {
  Write("A1", "164889003");
  Write("A2", "");
  std::ofstream(folder_ / "in/A2.hea", std::ios::app) << "# Left axis deviation\n# Possible AF\n";
  LabelledFolder asked = Ask();
  EXPECT_EQ(asked.answers.size(), 1u);
  EXPECT_EQ(asked.said_only, 1u);
  AskLabelledConfig config;
  config.statements.use = true;
  asked = Ask(config);
  EXPECT_EQ(asked.answers.size(), 2u);
  EXPECT_EQ(asked.unlabelled, 0u);
  EXPECT_EQ(asked.examples[Index("LAD")], 1u);
  EXPECT_EQ(asked.examples[Index("AF")], 1u) << "what is possible is no label";
  config.statements.possible = true;
  EXPECT_EQ(Ask(config).examples[Index("AF")], 2u);
}

TEST_F(FitModelTest, AsksAboutRecordingsWithDiagnoses) {
  Write("A1", "164889003");
  Write("A2", "");
  Write("A3", "123456");  // something that is none of the classes
  Write("A4", "426783006");
  fs::resize_file(folder_ / "in/A4.mat", 100);
  const LabelledFolder asked = Ask();
  ASSERT_EQ(asked.answers.size(), 2u);
  EXPECT_EQ(asked.unlabelled, 1u);
  ASSERT_EQ(asked.failed.size(), 1u);
  EXPECT_EQ(asked.failed[0].id, "A4");
  EXPECT_EQ(asked.answers.labels[Index("AF")], 1);
  EXPECT_EQ(asked.examples[Index("AF")], 1u);
  EXPECT_EQ(asked.answers.probabilities[3], 0.25F);
  ASSERT_TRUE(asked.answers.measured[0]);
  EXPECT_NEAR(asked.answers.measured[0]->values.heart_rate, 60, 2);

  AskLabelledConfig config;
  config.labels = folder_ / "labels.csv";
  WriteFileAtomic(config.labels, "record,AF,PVC\nA2,1,0\nA3,0,1\n").value();
  const LabelledFolder by_table = Ask(config);
  EXPECT_EQ(by_table.answers.size(), 2u);
  EXPECT_EQ(by_table.examples[Index("PVC")], 1u);
  // None of the classes is a label too, where somebody says so.
  WriteFileAtomic(config.labels, "record,AF,PVC\nA1,0,0\nA2,,0\nA3,,\n").value();
  const LabelledFolder negatives = Ask(config);
  EXPECT_EQ(negatives.answers.size(), 2u);
  EXPECT_EQ(negatives.unlabelled, 1u);
  WriteFileAtomic(config.labels, "record,AF\nB2,1\n").value();
  EXPECT_THROW(Ask(config), Exception);
}

TEST_F(FitModelTest, WritesACopyWithAnotherPoint) {
  model::SaveBundle(folder_ / "model", Info(), "weights").value();
  WriteFileAtomic(folder_ / "model/README.md", "# a card\n").value();
  NewPoint point;
  point.decision = Info().decision;
  point.decision.point.name = "site";
  point.decision.thresholds[3] = 0.75;
  ASSERT_TRUE(WriteWithPoint(folder_ / "model", folder_ / "copy", point).ok());
  model::ModelInfo copy = model::ReadModelInfo(folder_ / "copy").value();
  EXPECT_EQ(copy.PointNames(), (std::vector<std::string>{"site", "original"}));
  EXPECT_EQ(copy.decision.thresholds[3], 0.75);
  EXPECT_EQ(*ReadFile(folder_ / "copy/README.md"), "# a card\n");
  EXPECT_FALSE(WriteWithPoint(folder_ / "model", folder_ / "copy", point).ok());

  // Once more under the same name, and another one beside.
  point.decision.thresholds[3] = 0.125;
  WriteWithPoint(folder_ / "copy", folder_ / "again", point).value();
  point.decision.point.name = "other";
  point.beside = true;
  WriteWithPoint(folder_ / "again", folder_ / "third", point).value();
  copy = model::ReadModelInfo(folder_ / "third").value();
  EXPECT_EQ(copy.PointNames(), (std::vector<std::string>{"site", "original", "other"}));
  EXPECT_EQ(copy.decision.thresholds[3], 0.125);
  point.decision.point.name = "no name";
  EXPECT_FALSE(WriteWithPoint(folder_ / "model", folder_ / "fourth", point).ok());
}

TEST_F(FitModelTest, CopiesEnsemblesWithTheirMembers) {
  model::EnsembleInfo info;
  for (const char* name : {"a", "b"}) {
    model::SaveBundle(folder_ / "whole" / name, Info(), "weights").value();
    info.general.members.push_back(
        {name, model::LoadBundle(folder_ / "whole" / name).value().checksum});
  }
  info.general.decision.thresholds.assign(26, 0.5);
  model::SaveEnsemble(folder_ / "whole", info).value();
  NewPoint point;
  point.decision = info.general.decision;
  point.decision.point.name = "site";
  point.decision.thresholds[0] = 0.25;
  WriteWithPoint(folder_ / "whole", folder_ / "copy", point).value();
  const auto none = [](const model::Bundle&) { return std::unique_ptr<model::Network>(); };
  EXPECT_EQ(infer::LoadEnsemble(folder_ / "copy", none).value().general.decision.thresholds[0],
            0.25);
  EXPECT_EQ(infer::LoadEnsemble(folder_ / "copy", none, "original")
                .value()
                .general.decision.thresholds[0],
            0.5);
}

}  // namespace
}  // namespace ecg::jobs
