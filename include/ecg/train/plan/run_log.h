// The figures of a run as they come: metrics.jsonl, written and read, and TensorBoard's event file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/score/metrics.h"
#include "ecg/score/peak_score.h"
#include "ecg/train/plan/observer.h"
#include "ecg/train/plan/plan.h"

namespace ecg::train {

struct StepFigures {
  std::optional<double> loss;  // none: the step was refused
  double learning_rate = 0;
  std::optional<double> peak_loss;  // where peaks are learnt
};

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
  void Step(Phase phase, std::uint64_t step, const StepFigures& figures);
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

// What metrics.jsonl says of a run.
struct RunFigures {
  std::vector<double> losses;          // of each step that was not refused
  std::vector<double> learning_rates;  // of the same steps
  std::vector<double> peak_losses;     // of the same steps; NaN where no peaks are learnt
  double learning_rate = 0;            // of the last one
  // Figures that a line lacks are NaN; without peaks and best. Of classes those that are in the
  // line: AUROC, AUPRC and F-measure.
  std::vector<EpochSummary> epochs;
  std::vector<std::size_t> epoch_ends;  // [epochs]: how many of the losses came before its end
  // [epochs]: what was found of the peaks, as in "sensitivity_P"; empty where none are learnt.
  std::vector<std::map<std::string, double>> peaks;
  Json final;  // as Final was given it; null while the run goes on
};

// A line that is no JSON, as one that is being written, is passed over; no file has no figures.
// Throws Exception (kInput) where it is no regular file.
RunFigures ReadRunLog(const std::filesystem::path& folder);

Json ToJson(const score::Metrics& metrics);
// Figures that do not exist are null.
Json ToJson(const score::PeakTallies& tallies);

}  // namespace ecg::train
