#include "ecg/dsp/measure/beat_type.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ecg/data/sim/simulator.h"

namespace ecg::dsp {
namespace {

using Leads = std::vector<std::vector<double>>;

constexpr std::string_view kSymbols = "NAV/";  // of the types, in their order

Leads LeadsOf(const sim::SimulatedRecord& record) {
  Leads leads;
  for (std::size_t k = 0; k < record.signal.size(); k += record.samples) {
    const float* begin = record.signal.data() + k;
    leads.emplace_back(begin, begin + record.samples);
  }
  return leads;
}

// How many beats of each true type were found as which.
class Tally {
 public:
  void Add(const sim::SimulatedRecord& record) {
    const Leads leads = LeadsOf(record);
    const std::vector<Beat> beats = DelineateRecord(leads, record.rate).common;
    const TypedBeats typed = TypeBeats(leads, beats, record.rate);
    ASSERT_EQ(typed.types.size(), beats.size());
    for (std::size_t b = 0; b < beats.size(); ++b) {
      const auto off = [&](const sim::BeatTruth& beat) {
        return std::abs(static_cast<double>(beat.r_peak - beats[b].qrs.peak)) / record.rate;
      };
      const sim::BeatTruth* nearest = nullptr;
      for (const sim::BeatTruth& beat : record.beats) {
        if (nearest == nullptr || off(beat) < off(*nearest)) nearest = &beat;
      }
      if (nearest == nullptr || off(*nearest) > 0.15) continue;
      ++counts_[{nearest->type, kSymbols[static_cast<std::size_t>(typed.types[b])]}];
    }
  }

  double Sensitivity(char type) const { return Share(type, &Pair::first); }
  double PositivePredictivity(char type) const { return Share(type, &Pair::second); }

 private:
  using Pair = std::pair<char, char>;  // true, found
  double Share(char type, char Pair::*side) const {
    double all = 0, right = 0;
    for (const auto& [pair, count] : counts_) {
      if (pair.*side != type) continue;
      all += count;
      if (pair.first == pair.second) right += count;
    }
    return right / all;
  }
  std::map<Pair, int> counts_;
};

// Records with the noise of their sources, half of them with beats of other origin.
TEST(TypeBeats, FindsWhereSimulatedBeatsComeFrom) {
  sim::SimOptions options;
  options.seed = 21;
  options.classes = {"PVC", "PAC", "PR", "LBBB", "RBBB", "NSR", "SA", "STach"};
  Tally tally;
  for (std::size_t i = 0; i < 240; ++i) tally.Add(sim::SimulateRecord(options, i));
  EXPECT_GT(tally.Sensitivity('N'), 0.98);
  EXPECT_GT(tally.PositivePredictivity('N'), 0.97);
  EXPECT_GT(tally.Sensitivity('V'), 0.92);
  EXPECT_GT(tally.PositivePredictivity('V'), 0.92);
  EXPECT_GT(tally.Sensitivity('/'), 0.98);
  EXPECT_GT(tally.PositivePredictivity('/'), 0.97);
  EXPECT_GT(tally.Sensitivity('A'), 0.3);  // hardly any where every other beat is early
  EXPECT_GT(tally.PositivePredictivity('A'), 0.75);
}

TEST(TypeBeats, FindsHardlyAnyEarlyBeatInFibrillation) {
  sim::SimOptions options;
  options.seed = 22;
  options.classes = {"AF"};
  int records = 0, with_early = 0;
  for (std::size_t i = 0; i < 60; ++i) {
    const sim::SimulatedRecord record = sim::SimulateRecord(options, i);
    const Leads leads = LeadsOf(record);
    const auto types =
        TypeBeats(leads, DelineateRecord(leads, record.rate).common, record.rate).types;
    ++records;
    for (const BeatType type : types) {
      if (type != BeatType::kAtrialPremature) continue;
      ++with_early;
      break;
    }
  }
  EXPECT_LE(with_early, records / 6);
}

// A narrow complex every second, of height 1 in one lead, at 250 Hz.
constexpr double kRate = 250;

struct Made {
  Leads leads{std::vector<double>(2600, 0.0)};
  std::vector<Beat> beats;

  // A triangle that is `half` samples wide on each side.
  void Add(int r, int half, double height) {
    Beat beat;
    beat.qrs = {r - half, r, r + half};
    beats.push_back(beat);
    for (int t = -half; t <= half; ++t) {
      leads[0][static_cast<std::size_t>(r + t)] += height * (1 - std::abs(t) / (half + 1.0));
    }
  }
};

TEST(TypeBeats, JudgesBySizeOfIntervalAndByShape) {
  Made made;
  for (int i = 0; i < 10; ++i) {
    // The fifth comes 0.3 s early; the eighth is broad and upside down, and in time.
    made.Add(250 + 250 * i - (i == 4 ? 75 : 0), i == 7 ? 20 : 8, i == 7 ? -1 : 1);
  }
  const TypedBeats typed = TypeBeats(made.leads, made.beats, kRate);
  for (std::size_t b = 0; b < 10; ++b) {
    EXPECT_EQ(typed.types[b], b == 4   ? BeatType::kAtrialPremature
                              : b == 7 ? BeatType::kVentricular
                                       : BeatType::kNormal)
        << b;
    EXPECT_TRUE(std::isnan(typed.evidence[b].spike));  // 250 samples a second show none
  }
  // 30 % less than a second; of regular intervals a step is 3 %.
  EXPECT_NEAR(typed.evidence[4].early, (0.3 - 0.1) / 0.03 - 1, 1e-9);
  EXPECT_TRUE(std::isnan(typed.evidence[0].early));
  EXPECT_NEAR(typed.evidence[7].ventricular, (0.16 - 0.105) / 0.02, 1e-9);
}

TEST(TypeBeats, TakesWhateverThereIs) {
  EXPECT_TRUE(TypeBeats({}, {}, 500).types.empty());
  Made made;
  made.Add(3, 3, 1);
  for (auto& value : made.leads[0]) value = std::nan("");
  EXPECT_EQ(TypeBeats(made.leads, made.beats, 500).types, std::vector<BeatType>{BeatType::kNormal});
  Beat bare;
  bare.qrs.peak = 2599;
  EXPECT_EQ(TypeBeats(made.leads, {bare, bare}, 1).types.size(), 2u);
}

}  // namespace
}  // namespace ecg::dsp
