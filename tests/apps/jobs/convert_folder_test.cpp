#include "ecg/apps/jobs/convert_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "ecg/core/checksum.h"
#include "ecg/core/csv.h"
#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/data/sim/simulator.h"
#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/write.h"
#include "src/data/sim/write.h"
#include "tests/dsp/measure/exchanged.h"
#include "tests/support.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;

class ConvertFolderTest : public testing::Test {
 protected:
  ConvertFolderTest() {
    record_.signal = [](std::size_t lead, double t) {
      return 0.001 *
             static_cast<double>((static_cast<int>(t * 500) * (static_cast<int>(lead) + 3)) % 900);
    };
    test::WriteRecord(folder_ / "in/deep", record_);
    record_.name = "B0002";
    record_.leads = {"V1", "V2"};
    test::WriteRecord(folder_ / "in", record_);
  }

  ConvertSummary Run(const ConvertConfig& config, const std::string& out = "out") {
    return ConvertFolder(folder_ / "in", folder_ / out, config, silent_);
  }
  std::string Text(const std::string& name) const { return ReadFile(folder_ / name).value(); }

  // A recording whose files tell of its patient wherever they can.
  void WriteNamed(const std::string& place, const std::string& name) {
    test::WriteRecord(folder_ / place, [&] {
      test::TestRecord record = record_;
      record.name = name;
      return record;
    }());
    const fs::path header = folder_ / (place + "/" + name + ".hea");
    std::string text = ReadFile(header).value();
    text.insert(text.find('\n'), " 10:11:12 07/03/2019");
    text +=
        "#Name: Jane Roe\n#Patient ID: P4711\n#seen by Dr. Who on 12-MAR-2019\n#Free words\n"
        "#Device: Recorder SN55\n";
    WriteFileAtomic(header, text).value();
  }

  // All bytes of a folder's files, and their names.
  std::string AllOf(const std::string& name) const {
    std::string all;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / name)) {
      all += entry.path().filename().string() + "\n";
      if (entry.is_regular_file()) all += ReadFile(entry.path()).value() + "\n";
    }
    return all;
  }

  test::TemporaryFolder folder_;
  test::TestRecord record_;
  ProgressBar silent_{nullptr};
};

TEST_F(ConvertFolderTest, MirrorsTheInputInEveryFormat) {
  std::ofstream(folder_ / "in/broken.hea") << "no header\n";
  using formats::Target;
  for (const auto& [target, ending] : {std::pair{Target::kWfdb16, ".hea"},
                                       {Target::kWfdb212, ".hea"},
                                       {Target::kWfdb516, ".hea"},
                                       {Target::kWfdbMat, ".hea"},
                                       {Target::kEdf, ".edf"},
                                       {Target::kCsv, ".csv"},
                                       {Target::kNumpy, ".npy"}}) {
    ConvertConfig config;
    config.target = target;
    config.threads = 2;
    const std::string out = "out-" + formats::NameOf(target);
    const ConvertSummary summary = Run(config, out);
    EXPECT_EQ(summary.converted, 2U);
    ASSERT_EQ(summary.failed.size(), 1U);
    EXPECT_EQ(summary.failed[0].id, "broken");
    EXPECT_NE(Text(out + "/failed.csv").find("broken,"), std::string::npos);
    for (const std::string id : {"deep/A0001", "B0002"}) {
      const auto before = formats::ReadEcg(folder_ / ("in/" + id + ".hea")).value();
      const auto after = formats::ReadEcg(folder_ / (out + "/" + id + ending)).value();
      EXPECT_EQ(after.info.leads, before.info.leads);
      EXPECT_EQ(after.info.dx, before.info.dx);
      for (std::size_t k = 0; k < before.leads.size(); ++k) {
        for (std::size_t i = 0; i < before.leads[k].size(); ++i) {
          ASSERT_FLOAT_EQ(after.leads[k][i], before.leads[k][i]) << id << ending;
        }
      }
    }
  }
}

TEST_F(ConvertFolderTest, NeverWritesAmongOrOverWhatIsNotItsOwn) {
  const std::string before = AllOf("in");
  EXPECT_THROW(Run({}, "in"), Exception);
  EXPECT_THROW(Run({}, "in/deep"), Exception);
  fs::create_directory_symlink("in", folder_ / "linked");
  EXPECT_THROW(Run({}, "linked"), Exception);
  EXPECT_EQ(AllOf("in"), before);
  fs::create_directories(folder_ / "out");
  std::ofstream(folder_ / "out/B0002.dat") << "somebody's";
  for (const bool resume : {false, true}) {
    ConvertConfig config;
    config.resume = resume;
    const ConvertSummary summary = Run(config);
    EXPECT_EQ(summary.converted + summary.there_before, 1U);
    ASSERT_EQ(summary.failed.size(), 1U);
    EXPECT_EQ(summary.failed[0].id, "B0002");
    EXPECT_EQ(Text("out/B0002.dat"), "somebody's");
    EXPECT_FALSE(fs::exists(folder_ / "out/B0002.hea"));
  }
}

TEST_F(ConvertFolderTest, ResumesWhatIsNotWhole) {
  ConvertConfig config;
  config.target = formats::Target::kCsv;
  EXPECT_EQ(Run(config).converted, 2U);
  const std::string whole = AllOf("out");
  config.resume = true;
  EXPECT_EQ(Run(config).there_before, 2U);
  std::ofstream(folder_ / "out/B0002.csv") << "cut";
  ConvertSummary summary = Run(config);
  EXPECT_EQ(summary.there_before, 1U);
  EXPECT_EQ(summary.converted, 1U);
  EXPECT_EQ(AllOf("out"), whole);
  // Otherwise asked for, it is other work; what was made before may be replaced.
  config.disclosure = Disclosure::kIdentify;
  EXPECT_EQ(Run(config).converted, 2U);
  config.target = formats::Target::kEdf;
  EXPECT_EQ(Run(config).converted, 2U);
  config.target = formats::Target::kCsv;
  config.resume = false;
  EXPECT_EQ(Run(config).converted, 2U);
  // A wish to stop leaves the rest undone.
  const StopToken stop;
  stop.RequestStop();
  summary = ConvertFolder(folder_ / "in", folder_ / "later", config, silent_, stop);
  EXPECT_TRUE(summary.stopped);
  EXPECT_EQ(summary.converted, 0U);
}

// Shares of the work give what one run gives, and each has its own journal and list of failures.
TEST_F(ConvertFolderTest, SharesAreTogetherTheWhole) {
  record_.leads = {"I"};
  for (const char* name : {"C1", "C2", "C3"}) {
    record_.name = name;
    record_.sampling_rate = 100 + name[1];  // so that each has another content
    test::WriteRecord(folder_ / "in", record_);
  }
  WriteFileAtomic(folder_ / "in/X.hea", "X y\n").value();
  const auto converted = [&](const std::string& out) {
    std::string all;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / out)) {
      if (!entry.is_regular_file()) continue;
      const std::string name = fs::relative(entry.path(), folder_ / out).string();
      if (name.find(".journal") != std::string::npos || name.find("failed") == 0) continue;
      all += name + ' ' + Sha256(ReadFile(entry.path()).value()) + '\n';
    }
    std::vector<std::string_view> lines = SplitLines(all);
    std::sort(lines.begin(), lines.end());
    std::string sorted;
    for (const std::string_view line : lines) sorted += std::string(line) + '\n';
    return sorted;
  };
  for (const Disclosure disclosure : {Disclosure::kUsual, Disclosure::kAnonymous}) {
    const std::string kind = disclosure == Disclosure::kUsual ? "usual" : "anonymous";
    ConvertConfig config;
    config.target = formats::Target::kCsv;
    config.disclosure = disclosure;
    if (disclosure == Disclosure::kAnonymous) config.mapping = folder_ / "whole.csv";
    EXPECT_EQ(Run(config, kind).converted, 5U);
    if (disclosure == Disclosure::kAnonymous) config.mapping = folder_ / "shares.csv";
    std::size_t done = 0, failed = 0;
    for (std::size_t index = 1; index <= 3; ++index) {
      config.records.shard = {index, 3};
      const ConvertSummary summary = Run(config, kind + "-shares");
      EXPECT_GT(summary.converted + summary.failed.size(), 0U);
      done += summary.converted;
      failed += summary.failed.size();
      if (disclosure == Disclosure::kAnonymous) {
        EXPECT_EQ(Text("shares.csv"), Text("whole.csv"));
      }
    }
    EXPECT_EQ(done, 5U);
    EXPECT_EQ(failed, 1U);
    EXPECT_EQ(converted(kind + "-shares"), converted(kind));
    EXPECT_TRUE(fs::exists(folder_ / (kind + "-shares/ecgconvert-2-of-3.journal")));
    EXPECT_FALSE(fs::exists(folder_ / (kind + "-shares/ecgconvert.journal")));
    EXPECT_EQ(fs::exists(folder_ / (kind + "-shares/failed-1-of-3.csv")) +
                  fs::exists(folder_ / (kind + "-shares/failed-2-of-3.csv")) +
                  fs::exists(folder_ / (kind + "-shares/failed-3-of-3.csv")),
              1);
    // Whoever goes on alone finds all of it, and may write it over.
    config.records.shard = {};
    config.resume = true;
    EXPECT_EQ(Run(config, kind + "-shares").there_before, 5U);
    config.resume = false;
    EXPECT_EQ(Run(config, kind + "-shares").converted, 5U);
  }
}

// What one journal does not know of a record another one may.
TEST_F(ConvertFolderTest, WhatAShareWroteIsNoStrangers) {
  ConvertConfig config;
  config.target = formats::Target::kCsv;
  EXPECT_EQ(Run(config).converted, 2U);
  config.target = formats::Target::kEdf;
  for (std::size_t index = 1; index <= 2; ++index) {
    config.records.shard = {index, 2};
    EXPECT_EQ(Run(config).converted, 1U);
  }
  config.records.shard = {};
  for (const auto target : {formats::Target::kEdf, formats::Target::kCsv}) {
    config.target = target;
    EXPECT_EQ(Run(config).converted, 2U);
  }
}

TEST_F(ConvertFolderTest, TellsOfPatientsOnlyWhatWasAskedFor) {
  WriteNamed("in", "C0003");
  for (const auto target : {formats::Target::kWfdb16, formats::Target::kEdf, formats::Target::kCsv,
                            formats::Target::kNumpy}) {
    const std::string name = formats::NameOf(target);
    ConvertConfig config;
    config.target = target;
    const ConvertSummary summary = Run(config, name);
    EXPECT_EQ(summary.lost.size(), 3U);
    const std::string usual = AllOf(name);
    for (const char* secret : {"Jane", "P4711", "Dr. Who", "2019", "MAR", "10:11", "10.11"}) {
      EXPECT_EQ(usual.find(secret), std::string::npos) << name << secret;
    }
    EXPECT_NE(usual.find("Free words"), std::string::npos);
    EXPECT_NE(usual.find("SN55"), std::string::npos);
    config.disclosure = Disclosure::kIdentify;
    EXPECT_TRUE(Run(config, name + "-all").lost.empty());
    const std::string all = AllOf(name + "-all");
    for (const char* told : {"Jane", "P4711", "Dr. Who", "2019"}) {
      EXPECT_NE(all.find(told), std::string::npos) << name << told;
    }
  }
}

TEST_F(ConvertFolderTest, AnonymisedFilesLeaveNoTrace) {
  WriteNamed("in/Smith", "Roe_Jane_1950");
  std::ofstream(folder_ / "in/Doe_John.hea") << "no header of Doe_John\n";
  for (const auto target :
       {formats::Target::kWfdbMat, formats::Target::kWfdb516, formats::Target::kEdf,
        formats::Target::kCsv, formats::Target::kNumpy}) {
    ConvertConfig config;
    config.target = target;
    config.disclosure = Disclosure::kAnonymous;
    const std::string out = "shared-" + formats::NameOf(target);
    config.mapping = folder_ / (out + ".csv");
    const ConvertSummary summary = Run(config, out);
    EXPECT_EQ(summary.converted, 3U);
    EXPECT_EQ(summary.failed.size(), 1U);
    std::string all = AllOf(out);
    for (const auto& failed : summary.failed) all += failed.id + failed.error.ToString();
    for (const auto& warning : summary.warnings) all += warning;
    for (const char* secret : {"Roe", "Jane", "_1950", "Smith", "Doe", "John", "P4711", "Who",
                               "2019", "MAR-", "10:11", "10.11", "Free", "SN55", "A0001", "deep"}) {
      EXPECT_EQ(all.find(secret), std::string::npos) << out << secret;
    }
    EXPECT_NE(all.find("record-0003"), std::string::npos);
    EXPECT_NE(all.find("426783006"), std::string::npos);
    // The mapping tells, and what it tells is stable.
    const CsvTable mapping = CsvTable::Read(config.mapping).value();
    bool told = false;
    for (std::size_t row = 0; row < mapping.rows(); ++row) {
      told = told || mapping.Cell(row, 1).find("Roe_Jane_1950.hea") != std::string_view::npos;
    }
    EXPECT_TRUE(told);
    config.resume = true;
    EXPECT_EQ(Run(config, out).there_before, 3U);
    const std::string before = ReadFile(config.mapping).value();
    Run(config, out);
    EXPECT_EQ(ReadFile(config.mapping).value(), before);
  }
  // No mapping of names that are told anyway or beside what is anonymous, nor the two in a folder.
  ConvertConfig config;
  config.mapping = folder_ / "names.csv";
  EXPECT_THROW(Run(config, "named"), Exception);
  config.disclosure = Disclosure::kAnonymous;
  config.mapping = folder_ / "named/names.csv";
  EXPECT_THROW(Run(config, "named"), Exception);
  config.mapping.clear();
  EXPECT_EQ(Run({}, "named").converted, 3U);
  EXPECT_THROW(Run(config, "named"), Exception);
}

TEST_F(ConvertFolderTest, MendsWhatWasExchangedWhereThatIsWished) {
  sim::SimOptions options;
  options.classes = {"NSR"};
  const record::EcgRecord right = sim::AsEcgRecord(sim::SimulateRecord(options, 1));
  record::EcgRecord swapped = test::WithExchange(right, dsp::Exchange::kArms);
  swapped.info.name = "S0001";
  fs::create_directories(folder_ / "one");
  wfdb::WriteChallengeRecord(folder_ / "one", swapped).value();
  ConvertConfig config;
  config.resume = true;
  const auto run = [&] {
    return ConvertFolder(folder_ / "one", folder_ / "made", config, silent_);
  };
  EXPECT_TRUE(run().lost.empty());
  config.mend_electrodes = true;
  const ConvertSummary mended = run();  // of another wish, so made again
  EXPECT_EQ(mended.converted, 1u);
  EXPECT_EQ(mended.lost.count("arms swapped: mended"), 1u);
  ASSERT_EQ(mended.warnings.size(), 1u);
  EXPECT_EQ(run().there_before, 1u);
  const record::EcgRecord made = formats::ReadEcg(folder_ / "made/S0001.hea").value();
  for (std::size_t k = 0; k < right.leads.size(); ++k) {
    for (std::size_t i = 0; i < right.leads[k].size(); ++i) {
      ASSERT_NEAR(made.leads[k][i], right.leads[k][i], 0.002) << k << " " << i;
    }
  }
}

TEST_F(ConvertFolderTest, NamesAreMadeSafeForHeaders) {
  fs::copy_file(folder_ / "in/B0002.hea", folder_ / "in/a b.hea");
  fs::copy_file(folder_ / "in/B0002.hea", folder_ / "in/\x1b[31m.hea");
  EXPECT_EQ(Run({}).converted, 4U);
  EXPECT_EQ(formats::ListRecords(folder_ / "out").value().records.size(), 4U);
  EXPECT_TRUE(formats::ReadEcg(folder_ / "out/a%20b.hea").ok());
  // What is no UTF-8 is known again, too.
  fs::copy_file(folder_ / "in/B0002.hea", folder_ / "in/\xff.hea");
  ConvertConfig config;
  config.target = formats::Target::kEdf;
  EXPECT_EQ(Run(config, "edf").converted, 5U);
  config.resume = true;
  EXPECT_EQ(Run(config, "edf").there_before, 5U);
}

TEST_F(ConvertFolderTest, WritesOneFile) {
  ConvertConfig config;
  config.target = formats::Target::kEdf;
  const fs::path in = folder_ / "in/B0002.hea", out = folder_ / "one/b.edf";
  EXPECT_EQ(ConvertFile(in, {}, out, config).converted, 1U);
  EXPECT_EQ(formats::ReadEcg(out).value().info.leads, record_.leads);
  const std::string bytes = Text("one/b.edf");
  EXPECT_THROW(ConvertFile(in, {}, out, config), Exception);
  EXPECT_EQ(Text("one/b.edf"), bytes);
  config.target = formats::Target::kWfdbMat;
  const std::string before = AllOf("in");
  EXPECT_THROW(ConvertFile(in, {}, in, config), Exception);
  EXPECT_THROW(ConvertFile(in, {}, folder_ / "in/B0002.mat", config), Exception);
  EXPECT_EQ(AllOf("in"), before);
}

}  // namespace
}  // namespace ecg::jobs
