// The figures of a run as they come: metrics.jsonl and TensorBoard's event file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>

#include "ecg/core/json.h"
#include "ecg/score/metrics.h"
#include "ecg/score/peak_score.h"
#include "ecg/train/plan/observer.h"
#include "src/train/learner.h"

namespace ecg::train {

// Throws Exception where it cannot write.
class RunLog {
 public:
  // Writes nothing, as in all processes of a run but the first; counts lines.
  RunLog() = default;
  // Goes on behind the first `lines` lines of metrics.jsonl: what stands after them goes, and the
  // event file is made anew from them.
  RunLog(const std::filesystem::path& folder, std::uint64_t lines);

  static std::filesystem::path MetricsOf(const std::filesystem::path& folder);
  // The whole lines that metrics.jsonl has; 0 where there is none.
  static std::uint64_t CountLines(const std::filesystem::path& folder);

  // Each appends one object to metrics.jsonl, and its numbers to the event file.
  void Step(const PhasePlan& phase, std::uint64_t step, const StepResult& result,
            double learning_rate);
  void Epoch(const EpochSummary& summary, std::uint64_t step);
  void Final(const Json& scores, std::uint64_t step);

  std::uint64_t lines() const { return lines_; }  // of metrics.jsonl

 private:
  void Write(std::uint64_t step, Json values);
  void WriteEvents(const Json& values);
  void Check();

  std::filesystem::path folder_;
  std::ofstream metrics_;
  std::ofstream events_;
  std::uint64_t lines_ = 0;
};

Json ToJson(const score::Metrics& metrics);
// Figures that do not exist are null.
Json ToJson(const score::PeakTallies& tallies);

}  // namespace ecg::train
