// Explanations of the model that ships, on simulated recordings whose truth is known.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ecg/data/prepare/ready_record.h"
#include "ecg/data/sim/simulator.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/explain.h"
#include "ecg/infer/predictor.h"
#include "ecg/model/nn/networks.h"
#include "src/data/sim/write.h"

namespace ecg::infer {
namespace {

constexpr double kBeatSeconds = 0.45;  // before and after an ectopic R peak

// The evidence for PVC must lie at the ectopic beats.
TEST(Explanation, FindsTheEctopicBeats) {
  const Ensemble ensemble =
      LoadEnsemble(std::string(ECG_SOURCE_DIR) + "/data/models/general", nn::MakeNetworks({}))
          .value();
  const std::size_t pvc = *challenge::Classes2021().IndexOfAbbreviation("PVC");
  sim::SimOptions options;
  options.classes = {"PVC"};
  options.duration = 9.9;
  double in_time = 0, in_evidence = 0;
  int explained = 0;
  for (std::size_t i = 0; i < 40 && explained < 10; ++i) {
    const sim::SimulatedRecord record = sim::SimulateRecord(options, i);
    const auto near_ectopic = [&](double seconds) {
      return std::any_of(record.beats.begin(), record.beats.end(), [&](const auto& beat) {
        return beat.type == 'V' &&
               std::abs(static_cast<double>(beat.r_peak) / record.rate - seconds) < kBeatSeconds;
      });
    };
    const auto ready = data::PrepareAll(sim::AsEcgRecord(record), ensemble.Preparations()).value();
    MemorySource source({sim::AsEcgRecord(record)});
    std::optional<RecordAnswer> answer;
    PredictRecords(ensemble, {}, source,
                   [&](std::size_t, Result<RecordAnswer> said) { answer = *said; });
    answer->decisions.assign(26, 0);
    answer->decisions[pvc] = 1;
    const auto found = Explain(ensemble, ready, {}, *answer);
    if (found.empty()) continue;  // it does not see them
    ++explained;
    double all = 0, near = 0, time = 0;
    const std::size_t bins = found[0].evidence[0].size();
    for (std::size_t bin = 0; bin < bins; ++bin) {
      const bool ectopic = near_ectopic((static_cast<double>(bin) + 0.5) * kExplanationBin);
      time += ectopic ? 1.0 / static_cast<double>(bins) : 0;
      for (const std::vector<float>& lead : found[0].evidence) {
        const double own = std::max(0.0F, lead[bin]);
        all += own;
        near += ectopic ? own : 0;
      }
    }
    in_time += time;
    in_evidence += near / all;
  }
  ASSERT_GE(explained, 5);
  RecordProperty("explained", explained);
  RecordProperty("share_of_time", std::to_string(in_time / explained));
  RecordProperty("share_of_evidence", std::to_string(in_evidence / explained));
  // By chance both would be the same.
  EXPECT_GT(in_evidence / explained, 2.5 * in_time / explained);
}

}  // namespace
}  // namespace ecg::infer
