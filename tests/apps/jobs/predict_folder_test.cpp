#include "ecg/apps/jobs/predict_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <map>

#include "ecg/apps/jobs/output_folder.h"
#include "ecg/core/csv.h"
#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/data/labels/prediction_file.h"
#include "tests/fakes.h"
#include "tests/support.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;

// Says of every window that class k has the probability k / 100.
infer::Ensemble Constant() {
  model::ModelInfo info;
  info.window.samples = 200;
  info.decision.thresholds.assign(26, 0.245);
  std::vector<float> row(26);
  for (std::size_t k = 0; k < row.size(); ++k) row[k] = static_cast<float>(k) / 100;
  return infer::MakeEnsemble(info, test::ConstantNetwork(row));
}

test::TestRecord ShortRecord(const std::string& name) {
  test::TestRecord record;
  record.name = name;
  record.samples = 600;
  record.signal = [](std::size_t, double t) { return std::sin(6.28 * t); };
  return record;
}

class PredictFolderTest : public testing::Test {
 protected:
  PredictFolderSummary Run(const PredictFolderConfig& config = {}) {
    return PredictFolder(Constant(), folder_ / "in", folder_ / "out", config, silent_);
  }
  test::TemporaryFolder folder_;
  ProgressBar silent_{nullptr};
};

TEST_F(PredictFolderTest, WritesOneFileARecordAndListsWhatFailed) {
  test::WriteRecord(folder_ / "in/a", ShortRecord("A0001"));
  test::WriteRecord(folder_ / "in", ShortRecord("A0002"));
  test::WriteRecord(folder_ / "in", ShortRecord("A0003"));
  fs::resize_file(folder_ / "in/A0003.mat", 200);
  const PredictFolderSummary summary = Run();
  EXPECT_EQ(summary.predicted, 2u);
  ASSERT_EQ(summary.failed.size(), 1u);
  EXPECT_EQ(summary.failed[0].id, "A0003");
  EXPECT_EQ(summary.failed_list, folder_ / "out/failed.csv");
  EXPECT_NE(ReadFile(summary.failed_list)->find("A0003,"), std::string::npos);
  const auto prediction =
      data::ParsePrediction(*ReadFile(folder_ / "out/a/A0001.csv"), "A0001.csv").value();
  EXPECT_EQ(prediction.record, "A0001");
  ASSERT_EQ(prediction.classes.size(), 30u);  // every equivalent code has its column
  EXPECT_EQ(prediction.scores[29], static_cast<double>(0.25F));
  EXPECT_EQ(prediction.decisions[29], 1);
  EXPECT_EQ(prediction.decisions[28], 1);  // TInv -> TAb
  EXPECT_TRUE(ReadFile(folder_ / "out/A0002.csv").ok());

  PredictFolderConfig with_peaks;
  with_peaks.predict.wanted.peaks = true;
  EXPECT_THROW(Run(with_peaks), Exception);
  fs::remove(folder_ / "in/A0003.hea");
  Run();
  EXPECT_FALSE(fs::exists(folder_ / "out/failed.csv"));
}

TEST_F(PredictFolderTest, ARecordNamedFailedKeepsItsFile) {
  test::WriteRecord(folder_ / "in", ShortRecord("failed"));
  std::ofstream(folder_ / "in/broken.hea") << "no header\n";
  const PredictFolderSummary summary = Run();
  EXPECT_EQ(ReadFile(folder_ / "out/failed.csv")->substr(0, 7), "#failed");
  EXPECT_EQ(summary.failed_list, folder_ / "out/failed-records.csv");
  EXPECT_NE(ReadFile(summary.failed_list)->find("broken,"), std::string::npos);
}

// Everything that can be in a record's way is that record's failure; the others are done.
TEST_F(PredictFolderTest, WhatIsInARecordsWayIsItsFailure) {
  for (const char* name : {"A0001", "A0002", "A0003", "A0004"}) {
    test::WriteRecord(folder_ / "in", ShortRecord(name));
  }
  fs::copy_file(folder_ / "in/A0001.hea", folder_ / "in/A0001.HEA");
  test::WriteRecord(folder_ / "in/A0002.csv", ShortRecord("B0001"));
  test::WriteRecord(folder_ / "in/ecgpredict.json", ShortRecord("B0002"));
  test::WriteRecord(folder_ / "in/failed.csv", ShortRecord("B0003"));
  const std::string long_name(248, 'n');
  test::WriteRecord(folder_ / "in", ShortRecord(long_name));
  fs::create_directories(folder_ / "out/A0003.csv");
  std::ofstream(folder_ / "out/g") << "no folder";
  test::WriteRecord(folder_ / "in/g", ShortRecord("B0004"));
  fs::create_symlink("nowhere.hea", folder_ / "in/B0005.hea");
  ASSERT_EQ(::mkfifo((folder_ / "in/B0006.hea").c_str(), 0600), 0);
  fs::create_symlink(folder_ / "in", folder_ / "in/loop");
  PredictFolderConfig config;
  const PredictFolderSummary summary = Run(config);
  std::map<std::string, std::string> why;
  for (const data::FailedRecord& failed : summary.failed) why[failed.id] = failed.error.ToString();
  EXPECT_EQ(summary.predicted, 5u);  // A0001, A0002, A0004, B0003, the long name
  for (const char* file : {"A0001.csv", "A0002.csv", "A0004.csv", "failed.csv/B0003.csv"}) {
    EXPECT_TRUE(fs::is_regular_file(folder_ / "out" / file)) << file;
  }
  EXPECT_TRUE(fs::is_regular_file(folder_ / "out" / (long_name + ".csv")));
  EXPECT_EQ(summary.failed_list.filename(), "failed-records.csv");
  const std::string list = *ReadFile(summary.failed_list);
  for (const char* id : {"A0001.HEA", "A0002.csv/B0001.hea", "ecgpredict.json/B0002.hea", "A0003",
                         "g/B0004", "B0005", "B0006"}) {
    EXPECT_EQ(why.count(id), 1u) << id;
    EXPECT_NE(list.find(std::string("\n") + id + ","), std::string::npos) << id;
  }
  EXPECT_EQ(why.size(), 7u) << list;
}

TEST_F(PredictFolderTest, FoldersThatCannotBeListedAreNamed) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may list every folder";
  test::WriteRecord(folder_ / "in", ShortRecord("A0001"));
  test::WriteRecord(folder_ / "in/closed", ShortRecord("A0002"));
  fs::permissions(folder_ / "in/closed", fs::perms::none);
  const PredictFolderSummary summary = Run();
  fs::permissions(folder_ / "in/closed", fs::perms::owner_all);
  EXPECT_EQ(summary.predicted, 1u);
  ASSERT_EQ(summary.failed.size(), 1u);
  EXPECT_EQ(summary.failed[0].id, "closed");
}

std::string NameOf(int i) { return "A000" + std::to_string(i); }

// Ten records in two folders.
void WriteTen(const fs::path& in) {
  for (int i = 0; i < 10; ++i) test::WriteRecord(in / (i < 5 ? "a" : "b"), ShortRecord(NameOf(i)));
}

TEST_F(PredictFolderTest, ResumeLeavesAloneWhatIsThere) {
  WriteTen(folder_ / "in");
  EXPECT_EQ(Run().predicted, 10u);
  const auto then = fs::file_time_type::clock::now() - std::chrono::hours(1);
  const auto is_left = [&](const std::string& file) {
    return fs::last_write_time(folder_ / "out" / file) == then;
  };
  for (int i = 0; i < 10; ++i) {
    fs::last_write_time(folder_ / ("out/" + std::string(i < 5 ? "a/" : "b/") + NameOf(i) + ".csv"),
                        then);
  }
  fs::remove(folder_ / "out/b/A0007.csv");
  PredictFolderConfig config;
  config.resume = true;
  const PredictFolderSummary summary = Run(config);
  EXPECT_EQ(summary.predicted, 1u);
  EXPECT_EQ(summary.there_before, 9u);
  EXPECT_EQ(summary.made_again, 0u);
  EXPECT_TRUE(is_left("a/A0001.csv"));
  EXPECT_TRUE(fs::exists(folder_ / "out/b/A0007.csv"));
  EXPECT_EQ(Run().predicted, 10u);  // without it, all are made anew
  EXPECT_FALSE(is_left("a/A0001.csv"));
}

// Names alone say nothing: recordings are known by what is in them, and so are their files.
TEST_F(PredictFolderTest, ResumeMakesAgainWhatIsOfAnotherRecording) {
  WriteTen(folder_ / "in");
  Run();
  const std::string right = *ReadFile(folder_ / "out/a/A0002.csv");
  test::TestRecord corrected = ShortRecord("A0001");
  corrected.signal = [](std::size_t, double t) { return 2 * std::sin(6.28 * t); };
  test::WriteRecord(folder_ / "in/a", corrected);      // another signal
  std::ofstream(folder_ / "out/a/A0002.csv").close();  // an empty file
  fs::resize_file(folder_ / "out/a/A0003.csv", 20);    // half a one
  fs::copy(folder_ / "in", folder_ / "copy", fs::copy_options::recursive);
  PredictFolderConfig config;
  config.resume = true;
  const PredictFolderSummary summary =
      PredictFolder(Constant(), folder_ / "copy", folder_ / "out", config, silent_);
  EXPECT_EQ(summary.predicted, 3u);
  EXPECT_EQ(summary.there_before, 7u);
  EXPECT_EQ(summary.made_again, 3u);
  EXPECT_FALSE(summary.without_journal);
  EXPECT_EQ(*ReadFile(folder_ / "out/a/A0002.csv"), right);
  // A journal whose last line a crash has cut, and none at all.
  const fs::path journal = folder_ / "out/ecgpredict.journal";
  fs::resize_file(journal, fs::file_size(journal) - 30);
  EXPECT_EQ(Run(config).predicted, 1u);
  fs::remove(journal);
  const PredictFolderSummary without = Run(config);
  EXPECT_EQ(without.predicted, 10u);
  EXPECT_TRUE(without.without_journal);
  EXPECT_EQ(Run(config).there_before, 10u);
}

TEST_F(PredictFolderTest, SaysSoWhereWhatItWroteIsGone) {
  WriteTen(folder_ / "in");
  class Remover : public ProgressSink {
   public:
    explicit Remover(fs::path folder) : folder_(std::move(folder)) {}
    void Begin(const std::string&, std::size_t) override {}
    void Advance(std::size_t done, const std::string&) override {
      // Until nobody adds to it.
      std::error_code error;
      while (done == 9 && fs::exists(folder_)) fs::remove_all(folder_, error);
    }
    void End() override {}

   private:
    const fs::path folder_;
  } remover(folder_ / "out");
  PredictFolderConfig config;
  config.predict.batch_size = 1;
  try {
    PredictFolder(Constant(), folder_ / "in", folder_ / "out", config, remover);
    FAIL() << "said to be done";
  } catch (const Exception& error) {
    EXPECT_EQ(error.error().kind, ErrorKind::kOutput) << error.what();
  }
  config.resume = true;
  EXPECT_EQ(Run(config).predicted + Run(config).there_before, 20u);
}

TEST_F(PredictFolderTest, StopsBetweenRecordsAndLeavesWholeFiles) {
  WriteTen(folder_ / "in");
  class StopAtThird : public ProgressSink {
   public:
    explicit StopAtThird(StopToken stop) : stop_(std::move(stop)) {}
    void Begin(const std::string&, std::size_t) override {}
    void Advance(std::size_t done, const std::string&) override {
      if (done == 3) stop_.RequestStop();
    }
    void End() override {}

   private:
    StopToken stop_;
  };
  const StopToken stop;
  StopAtThird progress(stop);
  PredictFolderConfig config;
  config.predict.batch_size = 1;
  config.table.path = folder_ / "all.csv";
  const PredictFolderSummary stopped =
      PredictFolder(Constant(), folder_ / "in", folder_ / "out", config, progress, stop);
  EXPECT_TRUE(stopped.stopped);
  EXPECT_LT(stopped.predicted, 10u);
  EXPECT_GE(stopped.predicted, 3u);
  EXPECT_FALSE(fs::exists(config.table.path));
  config = {};
  config.resume = true;
  const PredictFolderSummary rest = Run(config);
  EXPECT_FALSE(rest.stopped);
  EXPECT_EQ(rest.there_before, stopped.predicted);
  EXPECT_EQ(rest.predicted + rest.there_before, 10u);
}

TEST_F(PredictFolderTest, NeverMixesTwoModels) {
  WriteTen(folder_ / "in");
  Run();
  infer::Ensemble other = Constant();
  other.checksum = "another";
  try {
    PredictFolder(other, folder_ / "in", folder_ / "out", {}, silent_);
    FAIL() << "mixed";
  } catch (const Exception& error) {
    EXPECT_EQ(error.error().kind, ErrorKind::kUsage);
    EXPECT_NE(std::string(error.what()).find("model"), std::string::npos) << error.what();
  }
  PredictFolderConfig two;
  two.lead_set = "2";
  EXPECT_THROW(Run(two), Exception);
}

TEST_F(PredictFolderTest, WritesNothingAmongTheRecordings) {
  WriteTen(folder_ / "data/in/in");
  test::WriteRecord(folder_ / "data/in", ShortRecord("B0001"));
  const fs::path in = folder_ / "data/in";
  // The second would write its predictions of in/in into in.
  for (const char* output : {"data/in", "data", "data/in/in/a", "data/in/../in"}) {
    EXPECT_THROW(PredictFolder(Constant(), in, folder_ / output, {}, silent_), Exception) << output;
  }
  fs::create_directories(folder_ / "linked");
  fs::create_directory_symlink(in, folder_ / "linked/in");
  EXPECT_THROW(PredictFolder(Constant(), in, folder_ / "linked", {}, silent_), Exception);
  for (const fs::path& folder : {in, in / "in", in / "in/a", folder_ / "data"}) {
    EXPECT_FALSE(fs::exists(folder / "ecgpredict.json")) << folder;
  }
  EXPECT_FALSE(fs::exists(in / "in/a/A0001.csv"));
  // A folder of its own may lie anywhere, a table beside the recordings, and made again.
  PredictFolderConfig config;
  config.table.path = in / "all.csv";
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(PredictFolder(Constant(), in, in / "out", config, silent_).predicted, 11u);
  }
  // But not where a recording's own file is, however it is reached.
  std::string header = *ReadFile(in / "B0001.hea");
  for (std::size_t at; (at = header.find("B0001.mat")) != std::string::npos;) {
    header.replace(at, 9, "B0001.csv");
  }
  WriteFileAtomic(in / "B0001.hea", header).value();
  fs::rename(in / "B0001.mat", in / "B0001.csv");
  const std::string signals = *ReadFile(in / "B0001.csv");
  config.table.path = folder_ / "linked/in/B0001.csv";
  EXPECT_THROW(PredictFolder(Constant(), in, folder_ / "fourth", config, silent_), Exception);
  EXPECT_EQ(*ReadFile(in / "B0001.csv"), signals);
}

TEST_F(PredictFolderTest, SharesAndListsSayWhichRecordsAreMeant) {
  WriteTen(folder_ / "in");
  std::ofstream(folder_ / "in/broken.hea") << "no header\n";
  PredictFolderConfig config;
  std::size_t predicted = 0, failed = 0;
  for (std::size_t index = 1; index <= 3; ++index) {
    config.records.shard = {index, 3};
    const PredictFolderSummary summary = Run(config);
    predicted += summary.predicted;
    failed += summary.failed.size();
    if (!summary.failed.empty()) {
      EXPECT_EQ(summary.failed_list.filename(), "failed-" + std::to_string(index) + "-of-3.csv");
    }
  }
  EXPECT_EQ(predicted, 10u);
  EXPECT_EQ(failed, 1u);
  std::ofstream(folder_ / "list.txt") << "# two of them\nb/A0007\n\n./a/A0001.hea\nb/A0007.hea\n";
  config = {};
  config.records.list = folder_ / "list.txt";
  const PredictFolderSummary listed =
      PredictFolder(Constant(), folder_ / "in", folder_ / "two", config, silent_);
  EXPECT_EQ(listed.predicted, 2u);
  EXPECT_TRUE(fs::exists(folder_ / "two/a/A0001.csv"));
  std::ofstream(folder_ / "list.txt") << "a/A0001\n../in/a/A0001\n";
  try {
    Run(config);
    FAIL() << "left the folder";
  } catch (const Exception& error) {
    EXPECT_EQ(error.error().line, 2u);
  }
}

TEST_F(PredictFolderTest, WritesOneTableOfAllRecords) {
  WriteTen(folder_ / "in");
  PredictFolderConfig config;
  config.table.path = folder_ / "tables/all.csv";
  config.files = false;
  EXPECT_EQ(Run(config).predicted, 10u);
  EXPECT_FALSE(fs::exists(folder_ / "out/a/A0001.csv"));
  EXPECT_FALSE(fs::exists(folder_ / "tables/all.csv.partial"));
  const CsvTable table = CsvTable::Read(config.table.path).value();
  ASSERT_EQ(table.rows(), 10u);
  ASSERT_EQ(table.columns().size(), 3u + 2 * 26 + 3 + 7 + 2);
  EXPECT_EQ(table.columns()[3 + 2 * 26], "diagnoses");
  // All leads of these records are alike.
  EXPECT_EQ(table.Cell(7, *table.Column("flags")).substr(0, 28), "II same as I; III same as I;");
  EXPECT_EQ(table.Cell(7, *table.Column("record")), "b/A0007");
  // The mean of p(1 - p) over the classes.
  double uncertainty = 0;
  for (const auto& entry : challenge::Classes2021().classes()) {
    const double p = *ParseDouble(table.Cell(7, *table.Column(entry.abbreviation)));
    uncertainty += p * (1 - p) / 26;
  }
  EXPECT_NEAR(*ParseDouble(table.Cell(7, *table.Column("uncertainty"))), uncertainty, 1e-6);
  EXPECT_GT(uncertainty, 0);
  EXPECT_EQ(table.Cell(7, *table.Column("TInv")), "0.25");
  EXPECT_EQ(table.Cell(7, *table.Column("TInv_decision")), "1");
  EXPECT_EQ(table.Cell(7, *table.Column("AF_decision")), "0");
  EXPECT_EQ(table.Cell(7, *table.Column("age")), "60") << table.Cell(7, *table.Column("sex"));
  EXPECT_EQ(table.Cell(7, *table.Column("diagnoses")), "T wave abnormal; T wave inversion");
  EXPECT_EQ(table.Cell(7, *table.Column("status")), "ok");
  config.table.digits = 2;
  fs::remove_all(folder_ / "out");
  Run(config);
  const CsvTable rounded = CsvTable::Read(config.table.path).value();
  EXPECT_NEAR(*ParseDouble(rounded.Cell(7, *rounded.Column("uncertainty"))), uncertainty,
              0.005 * uncertainty * 10);
  EXPECT_LE(rounded.Cell(7, *rounded.Column("uncertainty")).size(), 5u);
  config.resume = true;
  EXPECT_THROW(Run(config), Exception);
  config = {};
  config.table.path = folder_ / "all.xlsx";
  EXPECT_THROW(Run(config), Exception);
  EXPECT_FALSE(fs::exists(folder_ / "all.xlsx"));
}

TEST_F(PredictFolderTest, ChoosesRecordingsToBeLabelled) {
  WriteTen(folder_ / "in");
  PredictFolderConfig config;
  config.choose.count = 4;
  EXPECT_EQ(Run(config).predicted, 10u);
  const std::string first = ReadFile(folder_ / "out/choose.csv").value();
  const CsvTable table = CsvTable::Parse(first, "choose.csv").value();
  EXPECT_EQ(table.rows(), 4u);
  EXPECT_EQ(table.columns().size(), 4u + 26);
  EXPECT_TRUE(fs::exists(folder_ / "in" / (std::string(table.Cell(0, 0)) + ".hea")));
  config.choose.seed = 5;
  config.files = false;
  config.table.path = folder_ / "all.csv";
  Run(config);
  EXPECT_NE(ReadFile(folder_ / "out/choose.csv").value(), first);
  config.table = {};
  config.files = true;
  config.resume = true;
  EXPECT_THROW(Run(config), Exception);
  config.resume = false;
  config.records.shard = data::Shard::Parse("1/2").value();
  EXPECT_THROW(Run(config), Exception);
}

// They have a reason, no file, and a row that says nothing.
TEST_F(PredictFolderTest, SaysNothingOfARecordingThatShowsNoHeart) {
  test::TestRecord flat = ShortRecord("A0001"), brief = ShortRecord("A0003");
  flat.signal = [](std::size_t, double) { return 0.5; };
  brief.samples = 250;
  for (const test::TestRecord& record : {flat, ShortRecord("A0002"), brief}) {
    test::WriteRecord(folder_ / "in", record);
  }
  PredictFolderConfig config;
  config.table.path = folder_ / "all.csv";
  const PredictFolderSummary summary = Run(config);
  EXPECT_EQ(summary.predicted, 1u);
  ASSERT_EQ(summary.failed.size(), 2u);
  EXPECT_EQ(summary.failed[0].error.message, "not classifiable: all leads flat");
  EXPECT_EQ(summary.failed[1].error.message, "not classifiable: shorter than a heartbeat");
  EXPECT_FALSE(fs::exists(folder_ / "out/A0001.csv"));
  const CsvTable table = CsvTable::Read(config.table.path).value();
  ASSERT_EQ(table.rows(), 3u);
  EXPECT_EQ(table.Cell(0, *table.Column("status")), "not classifiable");
  EXPECT_NE(table.Cell(0, *table.Column("flags")).find("all leads flat"), std::string::npos);
  EXPECT_EQ(table.Cell(0, *table.Column("NSR")), "");
  EXPECT_EQ(table.Cell(0, *table.Column("diagnoses")), "");
  EXPECT_EQ(table.Cell(1, *table.Column("status")), "ok");
  EXPECT_EQ(table.Cell(2, *table.Column("age")), "60");
}

TEST_F(PredictFolderTest, TakesSeveralFoldersAndRecordings) {
  test::WriteRecord(folder_ / "in/a", ShortRecord("A0001"));
  test::WriteRecord(folder_ / "in/b", ShortRecord("A0001"));
  test::WriteRecord(folder_ / "in", ShortRecord("A0002"));
  const auto predict = [&](std::vector<fs::path> inputs, const char* output) {
    return PredictFolder(Constant(), inputs, folder_ / output, {}, silent_).predicted;
  };
  EXPECT_EQ(predict({folder_ / "in/a/", folder_ / "in/b", folder_ / "in/A0002"}, "out"), 3u);
  for (const char* file : {"a/A0001.csv", "b/A0001.csv", "A0002.csv"}) {
    EXPECT_TRUE(fs::exists(folder_ / "out" / file)) << file;
  }
  EXPECT_EQ(predict({folder_ / "in/a/A0001.hea"}, "one"), 1u);
  EXPECT_TRUE(fs::exists(folder_ / "one/A0001.csv"));
  EXPECT_THROW(predict({folder_ / "in/a/A0001", folder_ / "in/b/A0001.hea"}, "two"), Exception);
  EXPECT_THROW(predict({folder_ / "in/A0003"}, "two"), Exception);
  EXPECT_THROW(predict({folder_ / "in/A0002"}, "in"), Exception);  // beside the recording
  EXPECT_FALSE(fs::exists(folder_ / "two"));
}

TEST_F(PredictFolderTest, SaysWhatItReadsOfEveryRealRecord) {
  ECG_NEED_SHARED(records, "data/reduced_leads.tar.xz");
  const PredictFolderSummary summary =
      PredictFolder(Constant(), records, folder_ / "out", {}, silent_);
  EXPECT_EQ(summary.predicted, 41u * 5);
  EXPECT_TRUE(summary.failed.empty());
}

TEST(OutputFolder, RefusesTheRecordsOfWhichOneIsInTheOthersWay) {
  const test::TemporaryFolder folder;
  const auto refused = [&](std::vector<OutputFolder::RecordFiles> records) {
    const OutputFolder made = OutputFolder::Create(folder / "out", std::move(records), {}).value();
    std::string names;
    for (const data::FailedRecord& record : made.refused()) {
      names += record.id + ": " + record.error.message + "\n";
    }
    return names;
  };
  EXPECT_EQ(refused({{{"in/g/b.HEA", "g/b"}, {".csv"}},
                     {{"in/a.hea", "a"}, {".csv"}},
                     {{"in/g/b.hea", "g/b"}, {".csv"}}}),
            "g/b.HEA: would be written to g/b.csv, which is a file or folder of g/b.hea\n");
  EXPECT_EQ(refused({{{"in/a.hea", "a"}, {".csv"}}, {{"in/a.csv/b.hea", "a.csv/b"}, {".csv"}}}),
            "a.csv/b.hea: would be written to a.csv, which is a file or folder of a.hea\n");
  EXPECT_EQ(refused({{{"a.hea", "a"}, {".csv", ".peaks"}}, {{"a/b.hea", "a/b"}, {".csv"}}}), "");
  EXPECT_FALSE(OutputFolder::Create(folder / "out",
                                    {{{"failed.hea", "failed"}, {".csv"}},
                                     {{"failed-records.hea", "failed-records"}, {".csv"}}},
                                    {})
                   .ok());
}

TEST_F(PredictFolderTest, WritesAPageARecordAndOneOfAll) {
  test::WriteRecord(folder_ / "in/a", ShortRecord("A0001"));
  test::WriteRecord(folder_ / "in", ShortRecord("A0002"));
  fs::resize_file(folder_ / "in/A0002.mat", 200);
  PredictFolderConfig config;
  config.report = folder_ / "pages";
  config.model = "constant";
  // Nothing is found, so nothing has to be explained: this network could not.
  model::ModelInfo info;
  info.window.samples = 200;
  info.decision.thresholds.assign(26, 0.9);
  const infer::Ensemble ensemble =
      infer::MakeEnsemble(info, test::ConstantNetwork(std::vector<float>(26, 0.1F)));
  const auto run = [&] {
    return PredictFolder(ensemble, folder_ / "in", folder_ / "out", config, silent_);
  };
  EXPECT_EQ(run().predicted, 1u);
  const std::string page = ReadFile(folder_ / "pages/a/A0001.html").value();
  EXPECT_NE(page.find("href=\"./../index.html\""), std::string::npos);
  EXPECT_NE(page.find("Model: constant"), std::string::npos);
  const std::string index = ReadFile(folder_ / "pages/index.html").value();
  EXPECT_NE(index.find("./a/A0001.html"), std::string::npos);
  EXPECT_NE(index.find("A0002"), std::string::npos);
  // Resumed, what has its page is left alone, and the page of all is the same.
  config.resume = true;
  PredictFolderSummary summary = run();
  EXPECT_EQ(summary.there_before, 1u);
  EXPECT_EQ(summary.predicted, 0u);
  EXPECT_EQ(ReadFile(folder_ / "pages/index.html").value(), index);
  // A page that is gone, or not what was written, is made again, and so is one of another model.
  WriteFileAtomic(folder_ / "pages/a/A0001.html", "cut").value();
  summary = run();
  EXPECT_EQ(summary.predicted, 1u);
  EXPECT_EQ(summary.made_again, 0u);
  EXPECT_EQ(ReadFile(folder_ / "pages/a/A0001.html").value(), page);
  EXPECT_EQ(ReadFile(folder_ / "pages/index.html").value(), index);
  const std::string rows = ReadFile(folder_ / "pages/index.journal").value();
  EXPECT_EQ(SplitLines(rows).size(), 1u);
  config.predict.mend_electrodes = true;
  EXPECT_EQ(PredictFolder(ensemble, folder_ / "in", folder_ / "mended", config, silent_).predicted,
            1u);
  config.predict.mend_electrodes = false;
  // A damaged line is passed over.
  WriteFileAtomic(folder_ / "pages/index.journal", rows.substr(0, rows.size() / 2)).value();
  EXPECT_EQ(run().predicted, 1u);
}

// Whoever interrupts it and goes on gets what one run gives.
TEST_F(PredictFolderTest, PagesOfAnInterruptedRunAreThoseOfAWholeOne) {
  for (int i = 0; i < 4; ++i) {
    test::WriteRecord(folder_ / "in", ShortRecord("A000" + std::to_string(i)));
  }
  PredictFolderConfig config;
  model::ModelInfo info;
  info.window.samples = 200;
  info.decision.thresholds.assign(26, 0.9);
  const infer::Ensemble ensemble =
      infer::MakeEnsemble(info, test::ConstantNetwork(std::vector<float>(26, 0.1F)));
  const auto run = [&](const std::string& name, const std::string& list, bool resume) {
    config.report = folder_ / (name + "-pages");
    config.resume = resume;
    config.records.list = list.empty() ? fs::path() : folder_ / "list";
    if (!list.empty()) WriteFileAtomic(folder_ / "list", list).value();
    return PredictFolder(ensemble, folder_ / "in", folder_ / name, config, silent_);
  };
  EXPECT_EQ(run("whole", "", false).predicted, 4u);
  EXPECT_EQ(run("parts", "A0001\nA0003\n", false).predicted, 2u);
  const PredictFolderSummary rest = run("parts", "", true);
  EXPECT_EQ(rest.predicted, 2u);
  EXPECT_EQ(rest.there_before, 2u);
  for (const char* name : {"index.html", "index.journal", "A0000.html", "A0003.html"}) {
    EXPECT_EQ(ReadFile(folder_ / "parts-pages" / name).value(),
              ReadFile(folder_ / "whole-pages" / name).value())
        << name;
  }
  // Shares have pages of their own.
  config.records.shard = {2, 2};
  EXPECT_EQ(run("shares", "", false).predicted, 2u);
  EXPECT_TRUE(fs::exists(folder_ / "shares-pages/index-2-of-2.html"));
  EXPECT_FALSE(fs::exists(folder_ / "shares-pages/index.html"));
}

}  // namespace
}  // namespace ecg::jobs
