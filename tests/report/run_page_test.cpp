#include "ecg/report/run_page.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support.h"

namespace ecg::report {
namespace {

// A run as a folder, of a name that is markup, with `epochs` of two classes.
void WriteRun(const std::filesystem::path& folder, int seed, int epochs, bool finished) {
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "config.json")
      << R"({"name": "x", "seed": )" << seed << R"(, "loss": {"kind": "<b>bce</b>"}})";
  std::ofstream(folder / "environment.json") << R"({"device": "cpu"})";
  std::ofstream lines(folder / "metrics.jsonl");
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    lines << R"({"phase":"training","step":1,"loss":)" << 1.0 / epoch
          << R"(,"learning_rate":0.001})"
          << "\n"
          << R"({"phase":"training","epoch":)" << epoch << R"(,"epoch_loss":)" << 1.0 / epoch
          << R"(,"seconds_waiting":1,"seconds_steps":2,"seconds_validation":1,"seconds_saving":0,)"
          << R"("validation_challenge_metric":)" << 0.1 * epoch
          << R"(,"validation_sensitivity_R":0.9,)"
          << R"("classes":{"AF":{"auroc":0.75,"auprc":0.5,"f_measure":0.25},"<i>":{"auroc":0.5}}})"
          << "\n";
  }
  if (!finished) return;
  lines << R"({"final":{"validation":{"12":{"bundle_thresholds":{"challenge_metric":)"
        << 0.4 + 0.01 * seed << R"(,"auroc":0.9,"auprc":0.5}}}}})"
        << "\n";
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(RunPage, ShowsARun) {
  const test::TemporaryFolder folder;
  WriteRun(folder / "one", 1, 20, true);
  const RunsOfFolder found = ReadRuns(folder / "one").value();
  ASSERT_EQ(found.runs.size(), 1u);
  EXPECT_TRUE(found.study.empty());
  const std::string page = RunPage(found.runs, found.study, 10);
  for (const char* part : {"finished", "loss by step", "challenge metric (validation) by epoch",
                           "learning rate by step", "sensitivity of peaks", "0.750", "20 (best)",
                           "validation, 12 leads", "loss.kind", "cpu"}) {
    EXPECT_TRUE(Has(page, part)) << part;
  }
  EXPECT_FALSE(Has(page, "<b>bce"));
  EXPECT_FALSE(Has(page, "<i>"));
  EXPECT_FALSE(Has(page, "http-equiv=\"refresh\""));  // finished
}

TEST(RunPage, RenewsItselfWhileARunGoesOn) {
  const test::TemporaryFolder folder;
  WriteRun(folder / "one", 1, 0, false);
  const RunsOfFolder none = ReadRuns(folder / "one").value();
  EXPECT_TRUE(Has(RunPage(none.runs, none.study, 10), "http-equiv=\"refresh\" content=\"10\""));
  EXPECT_FALSE(Has(RunPage(none.runs, none.study), "http-equiv=\"refresh\""));
  EXPECT_TRUE(Has(RunPage(none.runs, none.study), "Nothing has been learnt yet"));
}

TEST(RunPage, AStudyIsItsVariantsInTheirOrder) {
  const test::TemporaryFolder folder;
  for (const int seed : {1, 2}) {
    const std::string name = "seed-" + std::to_string(seed);
    WriteRun(folder / "study" / "plain" / name, seed, 3, true);
    WriteRun(folder / "study" / "better" / name, seed, 3, true);
  }
  EXPECT_EQ(ReadRuns(folder / "study").value().study.front().name, "better");
  std::ofstream(folder / "study" / "study.csv")
      << "variant,seed\nplain,1\nplain,2\nbetter,1\nbetter,2\n";
  const RunsOfFolder found = ReadRuns(folder / "study").value();
  ASSERT_EQ(found.study.size(), 2u);
  EXPECT_EQ(found.study.front().name, "plain");
  EXPECT_EQ(found.runs.size(), 4u);
  const std::string page = RunPage(found.runs, found.study);
  EXPECT_TRUE(Has(page, "0.415 +- 0.007"));
  EXPECT_TRUE(Has(page, "What differs"));
  EXPECT_FALSE(ReadRuns(folder / "none").ok());
}

}  // namespace
}  // namespace ecg::report
