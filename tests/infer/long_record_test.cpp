#include "ecg/infer/long_record.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ecg/data/sim/day.h"
#include "ecg/score/rhythm_score.h"

namespace ecg::infer {
namespace {

class Silent : public ProgressSink {
 public:
  void Begin(const std::string&, std::size_t) override {}
  void Advance(std::size_t, const std::string&) override {}
  void End() override {}
};

// Half an hour whose beats are known.
class LongRecordTest : public testing::Test {
 protected:
  void SetUp() override {
    sim::DayOptions options;
    options.hours = 0.6;
    options.episodes = 1;
    const sim::SimulatedDay day = sim::SimulateDay(options, 0).value();
    record_.info.sampling_rate = day.rate;
    record_.info.samples = day.samples;
    record_.info.leads = day.leads;
    for (const auto& lead : day.signal) {
      std::vector<float>& own = record_.leads.emplace_back();
      for (const std::int32_t value : lead) {
        own.push_back(static_cast<float>(value / sim::kDayGain));
      }
    }
    for (const sim::DayBeat& beat : day.beats) {
      truth_.beats.push_back({static_cast<double>(beat.sample) / day.rate,
                              beat.type == 'V'   ? dsp::BeatType::kVentricular
                              : beat.type == 'A' ? dsp::BeatType::kAtrialPremature
                                                 : dsp::BeatType::kNormal});
    }
  }

  record::EcgRecord record_;
  score::RhythmTruth truth_;
  Silent silent_;
};

TEST_F(LongRecordTest, FindsTheBeatsOfAllStretches) {
  const LongAnswer answer =
      AnswerLong(record::HeldStretches(record_), nullptr, {}, silent_).value();
  EXPECT_EQ(answer.leads, record_.info.leads);
  const score::RhythmScore score = score::ScoreRhythm(truth_, answer.beats, answer.episodes);
  EXPECT_GT(score.beats.Sensitivity(), 0.995);
  EXPECT_GT(score.beats.PositivePredictivity(), 0.995);
  EXPECT_TRUE(answer.unreadable.empty());
  EXPECT_EQ(answer.minutes.size(), 36u);
  // Twice the same beat where two stretches meet would be an interval that no heart has.
  for (std::size_t i = 1; i < answer.beats.size(); ++i) {
    EXPECT_GT(answer.beats[i].at - answer.beats[i - 1].at, 0.2);
  }
}

TEST_F(LongRecordTest, DoesNotDependOnThreads) {
  LongConfig config;
  config.threads = 1;
  const LongAnswer one =
      AnswerLong(record::HeldStretches(record_), nullptr, config, silent_).value();
  config.threads = 3;
  const LongAnswer three =
      AnswerLong(record::HeldStretches(record_), nullptr, config, silent_).value();
  ASSERT_EQ(one.beats.size(), three.beats.size());
  for (std::size_t i = 0; i < one.beats.size(); ++i) EXPECT_EQ(one.beats[i].at, three.beats[i].at);
}

TEST_F(LongRecordTest, WhereNothingWasRecordedNothingIsRead) {
  const double rate = record_.info.sampling_rate;
  for (std::vector<float>& lead : record_.leads) {
    std::fill(lead.begin() + static_cast<std::ptrdiff_t>(700 * rate),
              lead.begin() + static_cast<std::ptrdiff_t>(760 * rate), NAN);
  }
  const LongAnswer answer =
      AnswerLong(record::HeldStretches(record_), nullptr, {}, silent_).value();
  ASSERT_EQ(answer.unreadable.size(), 1u);
  EXPECT_EQ(answer.unreadable[0].from, 700);
  EXPECT_EQ(answer.unreadable[0].to, 760);
  for (const dsp::Episode& episode : answer.episodes) {
    if (episode.kind != dsp::EpisodeKind::kPause) continue;
    EXPECT_FALSE(episode.span.from < 760 && episode.span.to > 700);
  }
}

TEST(LongRecord, LooksAtThreeLeadsAtMost) {
  record::EcgInfo info;
  info.leads = {"I", "II", "III", "V1", "V2", "V5"};
  EXPECT_EQ(LeadsToLookAt(info), (std::vector<std::string>{"II", "V1", "V5"}));
  info.leads = {"MLII", "V5"};
  EXPECT_EQ(LeadsToLookAt(info), (std::vector<std::string>{"V5", "MLII"}));
}

TEST(LongRecord, WithoutItsLeadsIsAnError) {
  record::EcgRecord record;
  record.info.sampling_rate = 250;
  record.info.samples = 2500;
  record.info.leads = {"II"};
  record.leads.assign(1, std::vector<float>(2500));
  Silent silent;
  LongConfig config;
  config.leads = {"V1"};
  EXPECT_FALSE(AnswerLong(record::HeldStretches(record), nullptr, config, silent).ok());
}

}  // namespace
}  // namespace ecg::infer
