// ecgtrain and ecgpredict as programs: exit codes and what they leave.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/json.h"
#include "ecg/data/sim/data_set.h"
#include "tests/process.h"
#include "tests/support.h"
#include "tests/train/run_files.h"

namespace ecg {
namespace {
namespace fs = std::filesystem;

class TorchToolsTest : public testing::Test {
 protected:
  TorchToolsTest() {
    for (int i = 0; i < 12; ++i) {
      test::TestRecord record;
      record.name = "HR" + std::to_string(10000 + i);
      record.sampling_rate = 100;
      record.samples = 600;
      record.dx = i % 2 == 0 ? "AF" : "squiggles";
      record.signal = [i](std::size_t lead, double t) {
        return std::sin(t * (5 + i)) + 0.1 * static_cast<double>(lead);
      };
      test::WriteRecord(folder_ / "records", record);
    }
    std::ofstream(folder_ / "c.json") << R"({"name": "run", "data": {"folders": ["records"]},
      "split": {"validation_share": 0.3}, "preprocess": {"sampling_rate": 100},
      "window": {"samples": 256}, "model": {"width": 2, "blocks": [1, 1], "reduction": 1},
      "optimizer": {"epochs": 1, "batch_size": 4, "warmup_epochs": 0}})";
    std::ofstream(folder_ / "taken") << "a file";
  }

  test::Outcome Train(std::vector<std::string> words) {
    words.insert(words.begin(), {"--config", "c.json"});
    return test::RunProgram("ecgtrain", words, folder_.path());
  }
  test::Outcome Predict(const std::vector<std::string>& words) {
    return test::RunProgram("ecgpredict", words, folder_.path());
  }

  test::TemporaryFolder folder_;
};

TEST_F(TorchToolsTest, TrainAndPredict) {
  const test::Outcome dry = Train({"--dry-run"});
  EXPECT_EQ(dry.status, 0) << dry.err;
  EXPECT_NE(dry.err.find("source PTB_XL (12 records, 12 by name): "), std::string::npos) << dry.err;
  EXPECT_NE(dry.err.find("\"squiggles\""), std::string::npos) << dry.err;
  EXPECT_NE(dry.err.find("training will take about 0:0"), std::string::npos) << dry.err;
  EXPECT_NE(dry.out.find("Class   PTB_XL  Train  Validation  Test"), std::string::npos) << dry.out;
  EXPECT_NE(dry.out.find("PRWP         -      0 "), std::string::npos) << dry.out;
  EXPECT_NE(dry.out.find("AF     164889003  AF            atrial fibrillation        6       6"),
            std::string::npos)
      << dry.out;
  EXPECT_NE(dry.out.find("-      squiggles"), std::string::npos) << dry.out;
  EXPECT_FALSE(fs::exists(folder_ / "runs"));

  const test::Outcome trained = Train({});
  ASSERT_EQ(trained.status, 0) << trained.err;
  EXPECT_EQ(trained.out, (folder_ / "runs/run/model").string() + "\n");
  const std::string log = *ReadFile(folder_ / "runs/run/train.log");
  EXPECT_NE(log.find("source PTB_XL"), std::string::npos) << log;
  EXPECT_EQ(Train({}).status, 2);  // the name is taken
  EXPECT_EQ(Train({"--overwrite", "-q"}).status, 0);

  const std::vector<std::string> model = {"--model", "runs/run/model"};
  const auto with_model = [&](std::vector<std::string> words) {
    words.insert(words.end(), model.begin(), model.end());
    return Predict(words);
  };
  EXPECT_EQ(with_model({"records", "out"}).status, 0);
  EXPECT_TRUE(fs::exists(folder_ / "out/HR10000.csv"));
  EXPECT_EQ(with_model({"records", "taken"}).status, 7);
  EXPECT_EQ(with_model({"nowhere", "out"}).status, 3);
  EXPECT_EQ(with_model({"records", "out", "--peaks"}).status, 2);
  EXPECT_EQ(with_model({"records", "out", "--batch-size", "0"}).status, 2);
  EXPECT_EQ(with_model({"records", "out", "--device", "cuda:77"}).status, 2);
  std::ofstream(folder_ / "records/broken.hea") << "no header\n";
  EXPECT_EQ(with_model({"records", "out"}).status, 4);
  std::ofstream(folder_ / "runs/run/model/model.json", std::ios::app) << " ";
  const test::Outcome damaged = with_model({"records", "out"});
  EXPECT_EQ(damaged.status, 3);
  EXPECT_NE(damaged.err.find("model.json"), std::string::npos) << damaged.err;
}

TEST_F(TorchToolsTest, ATrainedModelGoesOnWithoutAConfiguration) {
  ASSERT_EQ(Train({"-q"}).status, 0);
  const auto tune = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"--from", "runs/run/model", "--data", "records", "-q"});
    return test::RunProgram("ecgtrain", words, folder_.path());
  };
  const test::Outcome tuned = tune({"--set", "optimizer.epochs=1"});
  ASSERT_EQ(tuned.status, 0) << tuned.err;
  EXPECT_EQ(tuned.out, (folder_ / "runs/finetuned/model").string() + "\n");
  const Json config = ReadJson(folder_ / "runs/finetuned/config.json").value().root;
  EXPECT_EQ(config["window"]["samples"], 256);
  EXPECT_EQ(config["model"]["width"], 2);
  EXPECT_EQ(config["initial"]["bundle"], (folder_ / "runs/run/model").string());
  EXPECT_EQ(tune({"--set", "model.width=3", "--overwrite"}).status, 2);
  EXPECT_EQ(test::RunProgram("ecgtrain", {"--data", "records"}, folder_.path()).status, 2);
}

TEST_F(TorchToolsTest, TwoArgumentsAreEnough) {
  const test::Outcome outcome = Predict({"records", "out"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.err.find("data/models/general"), std::string::npos) << outcome.err;
  EXPECT_TRUE(fs::exists(folder_ / "out/HR10000.csv"));
  EXPECT_NE(Predict({"--list-models"}).out.find("general\n"), std::string::npos);
  EXPECT_EQ(Predict({"records", "named", "--model", "general"}).status, 0);
  EXPECT_EQ(Predict({"records", "other", "--model", "no-such-model"}).status, 3);
}

// From the model that ships to a copy that decides otherwise, and predictions that say so.
TEST_F(TorchToolsTest, AModelIsFittedToRecordings) {
  const auto model = [&](const std::vector<std::string>& words) {
    return test::RunProgram("ecgmodel", words, folder_.path());
  };
  sim::DataSetOptions options;
  options.count = 12;
  sim::WriteDataSet(folder_ / "sim", options, nullptr).value();
  const test::Outcome fitted =
      model({"fit", "general", "sim", "copy", "--name", "ours", "--anyway", "--json", "-q"});
  ASSERT_EQ(fitted.status, 0) << fitted.err;
  const Json said = Json::parse(fitted.out);
  EXPECT_GE(said["recordings"], 10);  // one may have no diagnosis
  EXPECT_TRUE(said["written"]);
  EXPECT_EQ(model({"fit", "general", "sim", "copy"}).status, 2);  // is there already
  EXPECT_EQ(model({"fit", "general", "sim", "other", "--classes", "AFIBRILLATION"}).status, 2);
  EXPECT_EQ(model({"fit", "general", "records/HR10000.hea", "other"}).status, 2);  // too few
  const test::Outcome shown = model({"show", "copy"});
  EXPECT_NE(shown.out.find("ours (the usual one)"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("balanced"), std::string::npos) << shown.out;
  const fs::path table = fs::path(ECG_SOURCE_DIR) / "data/definitions.csv";
  EXPECT_EQ(model({"define", "copy", table.string(), "third", "--name", "rates", "--classes",
                   "SB,STach", "--beside"})
                .status,
            0);

  const auto predict = [&](const char* out, std::vector<std::string> words) {
    words.insert(words.begin(),
                 {"sim", out, "--model", "third", "--table", std::string(out) + ".csv"});
    return Predict(words);
  };
  EXPECT_EQ(predict("out", {}).status, 0);
  EXPECT_NE(ReadFile(folder_ / "out.csv")->find(",ours,"), std::string::npos);
  const test::Outcome rates = predict("rates", {"--decide", "rates"});
  EXPECT_EQ(rates.status, 0) << rates.err;
  EXPECT_NE(ReadFile(folder_ / "rates.csv")->find(",rates,"), std::string::npos);
  EXPECT_NE(ReadFile(folder_ / "rates/ecgpredict.json")->find("\"rates\""), std::string::npos);
  const test::Outcome mixed = predict("rates", {"--decide", "balanced"});
  EXPECT_EQ(mixed.status, 2);
  EXPECT_NE(mixed.err.find("operating_point"), std::string::npos) << mixed.err;
  const test::Outcome unknown = predict("none", {"--decide", "raets"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_NE(unknown.err.find("it has ours, ptb-xl"), std::string::npos) << unknown.err;
  EXPECT_NE(Predict({"--list-models"}).out.find("--decide sensitive"), std::string::npos);
}

TEST_F(TorchToolsTest, PredictionsAreExplainedAndDrawn) {
  ASSERT_EQ(Train({"-q", "--set", "thresholds.fixed=0", "--set", "thresholds.fit=false"}).status,
            0);
  std::ofstream(folder_ / "one.txt") << "HR10000\n";
  const test::Outcome predicted = Predict({"--model", "runs/run/model", "records", "out", "--list",
                                           "one.txt", "--explain", "--lead-set", "2"});
  ASSERT_EQ(predicted.status, 0) << predicted.err;
  const std::string why = *ReadFile(folder_ / "out/HR10000.why.json");
  EXPECT_NE(why.find("\"class\":\"AF\""), std::string::npos) << why;
  EXPECT_NE(why.find("\"V1\":0.0"), std::string::npos) << why;  // a lead that was not looked at
  const test::Outcome drawn = test::RunProgram(
      "ecgplot",
      {"records/HR10000.hea", "why.svg", "--why", "out/HR10000.why.json", "--class", "AF"},
      folder_.path());
  EXPECT_EQ(drawn.status, 0) << drawn.err;
  EXPECT_NE(ReadFile(folder_ / "why.svg")->find("what speaks for AF"), std::string::npos);
}

TEST_F(TorchToolsTest, OneCommandTrainsAnEnsembleThatPredicts) {
  std::ofstream(folder_ / "e.json") << R"({"name": "five", "base": "c.json",
    "bradycardia_veto": true, "members": {
      "a": {"role": "general"},
      "b": {"role": "general", "set": {"seed": 2, "preprocess": {"sampling_rate": 50}}},
      "c": {"role": "specialist"},
      "s": {"role": "source", "set": {"task": {"sources": ["PTB_XL"]}}}}})";
  const auto train = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"--config", "e.json"});
    return test::RunProgram("ecgtrain", words, folder_.path());
  };
  EXPECT_EQ(train({"--dry-run"}).status, 0);
  EXPECT_FALSE(fs::exists(folder_ / "runs"));
  // Interrupted after its first member, as far as that can be told from outside.
  ASSERT_EQ(Train({"--set", "output=runs/five", "--set", "name=a"}).status, 0);
  const test::Outcome trained = train({"--resume"});
  ASSERT_EQ(trained.status, 0) << trained.err;
  const std::string model = (folder_ / "runs/five/model").string();
  EXPECT_EQ(trained.out, model + "\n");
  EXPECT_NE(trained.err.find("ensemble, validation, 12 leads"), std::string::npos) << trained.err;
  const std::string description = *ReadFile(fs::path(model) / "ensemble.json");
  const test::Outcome again = train({"--resume"});
  ASSERT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(*ReadFile(fs::path(model) / "ensemble.json"), description);

  const test::Outcome info = test::RunProgram("ecginfo", {model}, folder_.path());
  EXPECT_EQ(info.status, 0) << info.err;
  EXPECT_NE(info.out.find("specialist   c"), std::string::npos) << info.out;
  const test::Outcome predicted =
      Predict({"records", "out", "--model", model, "--table", "all.csv"});
  ASSERT_EQ(predicted.status, 0) << predicted.err;
  EXPECT_TRUE(fs::exists(folder_ / "out/HR10011.csv"));
  EXPECT_NE(
      ReadFile(folder_ / "all.csv")->find("record,flags,uncertainty,group,source_probability,"),
      std::string::npos);
  // The model may be named by the environment.
  setenv("ECG_MODEL", model.c_str(), 1);
  EXPECT_EQ(Predict({"records", "out", "--resume"}).out.substr(0, 19), "0 records predicted");
  unsetenv("ECG_MODEL");
}

// Every file of a folder, hidden ones too, by its name.
std::map<std::string, std::string> ReadAll(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      files[fs::relative(entry.path(), folder).string()] = *ReadFile(entry.path());
    }
  }
  return files;
}

TEST_F(TorchToolsTest, AnInterruptedPredictionIsMadeGood) {
  ASSERT_EQ(Train({"-q"}).status, 0);
  // Enough records to be interrupted in: links to the same twelve.
  for (int i = 0; i < 300; ++i) {
    const fs::path to = folder_ / ("many/" + std::to_string(i % 7));
    fs::create_directories(to);
    const std::string name = "HR" + std::to_string(10000 + i % 12);
    const std::string copy = "X" + std::to_string(i);
    std::string header = *ReadFile(folder_ / "records" / (name + ".hea"));
    for (std::size_t at; (at = header.find(name)) != std::string::npos;) {
      header.replace(at, name.size(), copy);
    }
    std::ofstream(to / (copy + ".hea")) << header;
    fs::copy_file(folder_ / "records" / (name + ".mat"), to / (copy + ".mat"));
  }
  const auto predict = [&](const std::string& output, const std::function<void()>& prepare) {
    return test::RunProgram(
        "ecgpredict",
        {"many", output, "--model", "runs/run/model", "-q", "--resume", "--batch-size", "4"},
        folder_.path(), prepare);
  };
  ASSERT_EQ(predict("whole", {}).status, 0);
  const auto whole = ReadAll(folder_ / "whole");
  EXPECT_EQ(whole.size(), 302u);  // stamp and journal
  for (const auto& [signal, status] : {std::pair(SIGKILL, 128 + SIGKILL), {SIGINT, 130}}) {
    const std::string output = "killed" + std::to_string(signal);
    int interrupted = 0;
    for (int after = 60;; after += 20) {
      const test::Outcome outcome =
          predict(output, [&, of = signal] { test::SignalAfter(after, of); });
      if (outcome.status == 0) break;
      // Too early a signal finds no handler.
      ASSERT_TRUE(outcome.status == status || outcome.status == 128 + signal) << outcome.err;
      ASSERT_LT(++interrupted, 200);
    }
    EXPECT_GT(interrupted, 0);
    EXPECT_TRUE(ReadAll(folder_ / output) == whole) << signal;
  }
  // A disk that is full: said so, with its exit code, and made good.
  const test::Outcome full = predict("full", [] { test::LimitFileSize(100); });
  EXPECT_EQ(full.status, 7) << full.err;
  EXPECT_EQ(predict("full", {}).status, 0);
  EXPECT_TRUE(ReadAll(folder_ / "full") == whole);
}

// Whichever comes first, the other's predictions are refused; of one model, both may work.
TEST_F(TorchToolsTest, TwoAtOnceNeverMixTwoModels) {
  ASSERT_EQ(Train({"-q"}).status, 0);
  ASSERT_EQ(Train({"-q", "--set", "name=other", "--set", "seed=5"}).status, 0);
  const auto predict = [&](const std::string& output, const std::string& model, bool resume) {
    std::vector<std::string> words = {"records", output, "--model", "runs/" + model + "/model"};
    if (resume) words.emplace_back("--resume");
    return std::make_unique<test::RunningProgram>("ecgpredict", words, folder_.path());
  };
  ASSERT_EQ(predict("first", "run", false)->Wait().status, 0);
  ASSERT_EQ(predict("second", "other", false)->Wait().status, 0);
  auto first = ReadAll(folder_ / "first"), second = ReadAll(folder_ / "second");
  for (int i = 0; i < 8; ++i) {
    const std::string output = "both" + std::to_string(i);
    const auto one = predict(output, "run", i % 2 == 1), two = predict(output, "other", false);
    const int status = one->Wait().status, other = two->Wait().status;
    EXPECT_EQ(std::min(status, other), 0);
    EXPECT_EQ(std::max(status, other), 2);
    EXPECT_TRUE(ReadAll(folder_ / output) == (status == 0 ? first : second)) << output;
  }
  for (int i = 0; i < 8; ++i) {
    const std::string output = "twice" + std::to_string(i);
    const auto one = predict(output, "run", true), two = predict(output, "run", true);
    const test::Outcome a = one->Wait(), b = two->Wait();
    EXPECT_EQ(a.status, 0) << a.err;
    EXPECT_EQ(b.status, 0) << b.err;
    EXPECT_TRUE(ReadAll(folder_ / output) == first) << output;
  }
}

TEST_F(TorchToolsTest, TrainTellsWhyItEnds) {
  EXPECT_EQ(Train({"--set", "optimizer.epoch=1"}).status, 2);
  EXPECT_EQ(Train({"--set", "name=.."}).status, 2);
  EXPECT_EQ(Train({"--data", "nowhere"}).status, 3);
  EXPECT_EQ(Train({"--set", "split.validation_share=0"}).status, 3);
  EXPECT_FALSE(fs::exists(folder_ / "runs"));
  EXPECT_EQ(Train({"--set", "output=taken"}).status, 7);
  // Each step's decay multiplies the weights by -99.
  const test::Outcome diverged =
      Train({"--set", "optimizer.learning_rate=10", "--set", "optimizer.weight_decay=10", "--set",
             "optimizer.epochs=200", "--set", "optimizer.patience=200", "--set", "loss.kind=bce"});
  EXPECT_EQ(diverged.status, 6) << diverged.err;
  const std::string log = *ReadFile(folder_ / "runs/run/train.log");
  const std::string last = log.substr(log.rfind('\n', log.size() - 2) + 1);
  EXPECT_NE(last.find(" error "), std::string::npos) << last;
  EXPECT_NE(last.find("finite"), std::string::npos) << last;
}

TEST_F(TorchToolsTest, AnyInterruptionIsMadeGood) {
  const std::vector<std::string> longer = {
      "--set", "optimizer.epochs=6", "--set", "checkpoint.steps=1", "-q", "--resume"};
  const auto train = [&](const std::string& output, const std::function<void()>& prepare) {
    std::vector<std::string> words = {"--config", "c.json", "--set", "output=" + output};
    words.insert(words.end(), longer.begin(), longer.end());
    return test::RunProgram("ecgtrain", words, folder_.path(), prepare);
  };
  ASSERT_EQ(train("whole", {}).status, 0);
  const test::RunFiles whole = test::ReadRun(folder_ / "whole/run");

  // Each signal at one moment after another, until a run comes to its end before it.
  struct Way {
    int signal;
    int status;
  };
  for (const Way way : {Way{SIGKILL, 128 + SIGKILL}, Way{SIGTERM, 143}, Way{SIGINT, 130}}) {
    const std::string output = "interrupted" + std::to_string(way.signal);
    int interrupted = 0;
    for (int after = 100;; after += 130) {
      const test::Outcome outcome = train(output, [&] { test::SignalAfter(after, way.signal); });
      if (outcome.status == 0) break;
      ASSERT_EQ(outcome.status, way.status) << outcome.err;
      ASSERT_LT(++interrupted, 200);
    }
    EXPECT_GT(interrupted, 1);
    EXPECT_EQ(test::FindDifference(whole, test::ReadRun(folder_ / output / "run")), "")
        << way.signal;
  }

  // A disk that is full at one length of its files after another.
  int failed = 0;
  for (std::size_t bytes = 0;; bytes += 12000) {
    const test::Outcome outcome = train("full", [&] { test::LimitFileSize(bytes); });
    if (outcome.status == 0) break;
    ASSERT_EQ(outcome.status, 7) << outcome.err;
    ASSERT_LT(++failed, 100);
  }
  EXPECT_GT(failed, 1);
  EXPECT_EQ(test::FindDifference(whole, test::ReadRun(folder_ / "full/run")), "");
}

}  // namespace
}  // namespace ecg
