#include "ecg/apps/jobs/report_holter.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/data/sim/day.h"
#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/annotation.h"
#include "tests/support.h"

namespace ecg::jobs {
namespace {

class Silent : public ProgressSink {
 public:
  void Begin(const std::string&, std::size_t) override {}
  void Advance(std::size_t, const std::string&) override {}
  void End() override {}
};

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A simulated day of forty minutes on disk.
class HolterJobTest : public testing::Test {
 protected:
  void SetUp() override {
    sim::DayOptions options;
    options.hours = 0.67;
    options.episodes = 1;
    sim::WriteDays(folder_ / "days", options, nullptr).value();
  }
  std::filesystem::path Record() const { return folder_ / "days" / "day00001.hea"; }

  test::TemporaryFolder folder_;
  Silent silent_;
};

TEST_F(HolterJobTest, MakesAPageThatSaysHowWellItAgrees) {
  HolterPageConfig config;
  config.annotations = folder_ / "days" / "day00001.atr";
  const HolterPages made = MakeHolterPage(Record(), {}, nullptr, "", config, silent_).value();
  for (const char* part :
       {"day00001", "slowest minute", "No model was asked", "From 09:00:00", "Against annotations",
        "day00001.atr", "class=\"trace\"", "id=\"strip-1\""}) {
    EXPECT_TRUE(Has(made.page, part)) << part;
  }
  EXPECT_FALSE(Has(made.page, "What the model finds"));
  const Json& beats = made.figures["scored"]["beats"];
  EXPECT_GT(beats["found"].get<double>(), 0.99 * beats["annotated"].get<double>());
  EXPECT_EQ(made.figures["scored"]["pause"]["annotated"], 1);
  EXPECT_EQ(made.figures["seconds"], 2412);
}

TEST_F(HolterJobTest, LooksAtTheLeadsThatAreWanted) {
  HolterPageConfig config;
  config.answer.leads = {"V5"};
  const HolterPages made = MakeHolterPage(Record(), {}, nullptr, "", config, silent_).value();
  EXPECT_EQ(made.figures["leads"], Json({"V5"}));
  config.taken_for = {{"V5", "V6"}};
  EXPECT_EQ(MakeHolterPage(Record(), {}, nullptr, "", config, silent_).value().figures["leads"],
            Json({"V6"}));
  config.taken_for = {{"V1", "V6"}};
  EXPECT_FALSE(MakeHolterPage(Record(), {}, nullptr, "", config, silent_).ok());
  config.answer.leads = {"V9"};
  EXPECT_FALSE(MakeHolterPage(Record(), {}, nullptr, "", config, silent_).ok());
}

// A record of segments is read as a whole, one without in stretches.
TEST_F(HolterJobTest, TheSamePageWhetherItIsReadInStretchesOrAsAWhole) {
  ASSERT_TRUE(formats::Open(Record(), {}).value()->ReadsStretches());
  const std::string header = ReadFile(Record()).value();
  const std::string first = header.substr(0, header.find('\n'));  // day00001 3 250 603000 ...
  const std::vector<std::string_view> words = SplitWords(first);
  std::string master =
      "day00001/1" + first.substr(words[0].size()) + "\npart " + std::string(words[3]) + "\n";
  for (const std::string_view line : SplitLines(header)) {
    if (!line.empty() && line[0] == '#') master += std::string(line) + "\n";
  }
  WriteFileAtomic(folder_ / "whole/day00001.hea", master).value();
  WriteFileAtomic(folder_ / "whole/part.hea", "part" + header.substr(words[0].size())).value();
  std::filesystem::copy_file(folder_ / "days/day00001.dat", folder_ / "whole/day00001.dat");
  ASSERT_FALSE(formats::Open(folder_ / "whole/day00001.hea", {}).value()->ReadsStretches());
  HolterPageConfig config;
  config.answer.leads = {"II", "V5"};
  const HolterPages a = MakeHolterPage(Record(), {}, nullptr, "", config, silent_).value();
  const HolterPages b =
      MakeHolterPage(folder_ / "whole/day00001.hea", {}, nullptr, "", config, silent_).value();
  EXPECT_TRUE(a.page == b.page);
  EXPECT_EQ(a.figures, b.figures);
  EXPECT_EQ(a.figures["leads"], Json({"II", "V5"}));
}

TEST(RhythmTruth, IsReadFromAnnotations) {
  const test::TemporaryFolder folder;
  wfdb::AnnotationFile file;
  const auto add = [&](std::int64_t sample, int type, const char* aux = "") {
    file.annotations.push_back({sample, type, 0, 0, 0, aux});
  };
  add(0, wfdb::kRhythmChange, "(N");
  add(100, wfdb::kNormalBeat);
  add(200, wfdb::kAtrialPremature);
  add(300, wfdb::kVentricularPremature);
  add(310, wfdb::kNote, "no beat");
  add(400, wfdb::kRhythmChange, "(AFIB");
  add(500, wfdb::kPacedBeat);
  add(600, wfdb::kRhythmChange, "(N");
  add(700, wfdb::kRhythmChange, "(AFIB");
  wfdb::WriteAnnotations(folder / "x.atr", file).value();
  const score::RhythmTruth truth = ReadRhythmTruth(folder / "x.atr", 100, 10).value();
  ASSERT_EQ(truth.beats.size(), 4u);
  EXPECT_EQ(truth.beats[1].type, dsp::BeatType::kAtrialPremature);
  EXPECT_EQ(truth.beats[2].type, dsp::BeatType::kVentricular);
  EXPECT_EQ(truth.beats[3].type, dsp::BeatType::kPaced);
  EXPECT_EQ(truth.beats[3].at, 5);
  ASSERT_EQ(truth.fibrillation.size(), 2u);
  EXPECT_EQ(truth.fibrillation[0].from, 4);
  EXPECT_EQ(truth.fibrillation[0].to, 6);
  EXPECT_EQ(truth.fibrillation[1].to, 10);
  file.annotations.resize(1);
  wfdb::WriteAnnotations(folder / "none.atr", file).value();
  EXPECT_FALSE(ReadRhythmTruth(folder / "none.atr", 100, 10).ok());
}

}  // namespace
}  // namespace ecg::jobs
