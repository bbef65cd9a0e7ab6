#include "ecg/data/sim/day.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ecg/core/file.h"
#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/annotation.h"
#include "tests/support.h"

namespace ecg::sim {
namespace {

DayOptions Brief() {
  DayOptions options;
  options.hours = 0.5;
  options.episodes = 1;
  return options;
}

TEST(Day, IsTheSameWhateverTheNumberOfThreads) {
  DayOptions options = Brief();
  options.threads = 1;
  const SimulatedDay one = SimulateDay(options, 0).value();
  options.threads = 3;
  const SimulatedDay three = SimulateDay(options, 0).value();
  EXPECT_TRUE(one.signal == three.signal);
  EXPECT_EQ(one.beats.size(), three.beats.size());
  EXPECT_FALSE(one.signal == SimulateDay(options, 1).value().signal);
}

TEST(Day, HasItsEpisodes) {
  DayOptions options = Brief();
  options.hours = 2;
  const SimulatedDay day = SimulateDay(options, 0).value();
  EXPECT_EQ(day.samples, static_cast<std::size_t>(2 * 3600 * day.rate));
  EXPECT_EQ(day.fibrillation.size(), 1u);
  std::size_t run = 0, longest = 0, pauses = 0;
  for (std::size_t i = 1; i < day.beats.size(); ++i) {
    ASSERT_LT(day.beats[i - 1].sample, day.beats[i].sample);
    run = day.beats[i].type == 'V' ? run + 1 : 0;
    longest = std::max(longest, run);
    const double interval =
        static_cast<double>(day.beats[i].sample - day.beats[i - 1].sample) / day.rate;
    EXPECT_LT(interval, 5);
    if (interval > 2) ++pauses;
  }
  EXPECT_GE(longest, 3u);
  EXPECT_GE(pauses, 1u);
}

// One stretch fades into the next: nothing jumps where they meet.
TEST(Day, HasNoSeams) {
  DayOptions options = Brief();
  options.hours = 1;
  options.episodes = 0;
  options.ectopics = 0;
  const SimulatedDay day = SimulateDay(options, 0).value();
  // Every beat is annotated once, also where it lies across a border.
  for (std::size_t i = 1; i < day.beats.size(); ++i) {
    const auto interval = static_cast<double>(day.beats[i].sample - day.beats[i - 1].sample);
    EXPECT_LT(interval / day.rate, 1.5) << day.beats[i].sample;
    EXPECT_GT(interval / day.rate, 0.3) << day.beats[i].sample;
  }
  const auto largest = [&](std::size_t from, std::size_t to) {
    std::int32_t most = 0;
    for (std::size_t i = from + 1; i < to; ++i) {
      most = std::max(most, std::abs(day.signal[0][i] - day.signal[0][i - 1]));
    }
    return most;
  };
  const std::int32_t usual = largest(1000, 60000);
  for (std::size_t seam = 75000; seam < day.samples; seam += 75000) {
    EXPECT_LT(largest(seam - 500, seam + 500), 2 * usual) << seam;
  }
}

TEST(Day, IsWrittenAsARecordThatCanBeRead) {
  const test::TemporaryFolder folder;
  DayOptions options = Brief();
  WriteDays(folder / "days", options, nullptr).value();
  const auto record = formats::ReadEcg(folder / "days" / "day00001.hea").value();
  EXPECT_EQ(record.info.leads, (std::vector<std::string>{"II", "V1", "V5"}));
  EXPECT_EQ(record.info.sampling_rate, 250);
  EXPECT_EQ(record.info.acquisition.time, 9 * 3600.0);
  const SimulatedDay day = SimulateDay(options, 0).value();
  EXPECT_FLOAT_EQ(record.leads[1][5000], static_cast<float>(day.signal[1][5000] / kDayGain));
  const auto annotations = wfdb::ReadAnnotations(folder / "days" / "day00001.atr").value();
  EXPECT_EQ(annotations.annotations.size(), 1 + day.beats.size() + 2 * day.fibrillation.size());
  EXPECT_NE(ReadFile(folder / "days" / "days.csv").value().find("day00001,250,450000,"),
            std::string::npos);
}

TEST(Day, RefusesWhatItCannotDo) {
  const test::TemporaryFolder folder;
  DayOptions options = Brief();
  options.leads = {"II", "aVR"};
  EXPECT_FALSE(SimulateDay(options, 0).ok());
  options = Brief();
  options.hours = 1000;
  EXPECT_FALSE(SimulateDay(options, 0).ok());
  WriteFileAtomic(folder / "A0001.hea", "A0001 0 500 0\n").value();
  EXPECT_FALSE(WriteDays(folder.path(), Brief(), nullptr).ok());
}

}  // namespace
}  // namespace ecg::sim
