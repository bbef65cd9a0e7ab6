#include "ecg/report/holter_page.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "src/report/holter_figures.h"

namespace ecg::report {
namespace {

constexpr char kEvil[] = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'";

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t Count(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++count;
  return count;
}

class HolterPageTest : public testing::Test {
 protected:
  // A beat a second for two hours and a half minute, in one lead, and what is said of it.
  void SetUp() override {
    constexpr double kRate = 100, kSeconds = 2 * 3600 + 30;
    record_.info.name = kEvil;
    record_.info.sampling_rate = kRate;
    record_.info.samples = static_cast<std::size_t>(kSeconds * kRate);
    record_.info.leads = {kEvil};
    std::vector<float>& lead = record_.leads.emplace_back();
    for (std::size_t i = 0; i < record_.info.samples; ++i) {
      const double t = std::fmod(static_cast<double>(i) / kRate, 1.0);
      lead.push_back(static_cast<float>(std::exp(-0.5 * std::pow((t - 0.5) / 0.02, 2))));
    }
    report_.record = &stretches_;
    infer::LongAnswer& answer = report_.answer;
    answer.leads = record_.info.leads;
    for (double at = 0.5; at < kSeconds; ++at) answer.beats.push_back({at, dsp::BeatType::kNormal});
    answer.beats[100].type = dsp::BeatType::kVentricular;
    answer.minutes = dsp::MinutesOf(answer.beats, {}, kSeconds);
    answer.episodes = {{dsp::EpisodeKind::kFibrillation, {600, 1500}, 900, 60},
                       {dsp::EpisodeKind::kPause, {2000.5, 2003}, 0, 24}};
    answer.findings = {{kEvil, kEvil, 3, 0.75, 10}};
    answer.windows_read = 12;
    report_.model = kEvil;
  }

  record::EcgRecord record_;
  const record::HeldStretches stretches_{record_};
  HolterReport report_;
};

TEST_F(HolterPageTest, TellsWhatWasFound) {
  const std::string page = HolterPage(report_);
  for (const char* part :
       {"1 (0.0 %)", "1, 15 min 00 s in all (12.4 %)", "1; the longest 2.5 s at 00:33:20",
        "From 02:00:00", "25.0 %", "Times count from the start"}) {
    EXPECT_TRUE(Has(page, part)) << part;
  }
  EXPECT_EQ(Count(page, "class=\"hour\""), 3u);
  EXPECT_EQ(Count(page, "id=\"strip-"), 2u);
  record_.info.acquisition.time = 22.5 * 3600;
  EXPECT_EQ(ClockText(record_.info, 2 * 3600), "00:30:00");
  EXPECT_TRUE(Has(HolterPage(report_), "From 00:30:00"));
}

TEST_F(HolterPageTest, MarkupInARecordIsInert) {
  report_.scored = score::RhythmScore();
  report_.scored_by = kEvil;
  const std::string page = HolterPage(report_);
  EXPECT_FALSE(Has(page, "<script>alert"));
  EXPECT_FALSE(Has(page, "<img"));
  EXPECT_FALSE(Has(page, " style="));
}

TEST_F(HolterPageTest, TheTraceOfAMinuteHasItsBeats) {
  const std::string hour = FullDisclosure(report_).front().markup();
  // Sixty rows of sixty beats, each up and down again.
  EXPECT_GT(Count(hour, "v-"), 60u * 60);
  EXPECT_LT(hour.size(), 400000u);
}

TEST_F(HolterPageTest, TakesWhateverThereIs) {
  report_.answer = {};
  report_.answer.leads = record_.info.leads;
  for (float& value : record_.leads.front()) value = NAN;
  report_.answer.model_error = "nothing";
  EXPECT_TRUE(Has(HolterPage(report_), "The model says nothing"));
  const Json json = HolterJson(report_);
  EXPECT_EQ(json["beats"]["all"], 0);
  EXPECT_TRUE(json["episodes"].empty());
}

}  // namespace
}  // namespace ecg::report
