// A training run as its user sees it: lines on stderr, and the same in the run's train.log.
#pragma once

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/progress.h"
#include "ecg/train/plan/observer.h"
#include "src/apps/cli/tool.h"

namespace ecg::cli {

class TrainLog : public train::TrainObserver {
 public:
  explicit TrainLog(const OutputOptions& output);

  void OnFolder(const std::filesystem::path& folder, bool resumed) override;
  void OnData(const train::DataSummary& data) override;
  void OnClasses(const train::DataSummary& data) override;
  void OnCost(const train::CostEstimate& cost) override;
  void OnModel(std::size_t parameters, const std::string& device, bool bf16) override;
  void OnResume(const train::ResumeSummary& summary) override;
  void OnWarning(const std::string& message) override;
  void OnPeakTargets(const train::PeakTargetSummary& targets) override;
  void OnEpoch(const train::EpochSummary& epoch) override;
  void OnFinal(const train::FinalFigures& figures) override;
  void OnEnsemble(const train::EnsembleFigures& figures) override;
  ProgressSink& progress() override { return *bar_; }

  // The last line of train.log; on stderr it is RunTool that says it.
  void KeepError(const std::string& message);
  void OnStopped(const std::string& signal);

 private:
  void NameLabels(const train::LabelSummary& labels);
  void Log(spdlog::level::level_enum level, const std::string& line);
  void LogToFile(spdlog::level::level_enum level, const std::string& line);

  std::unique_ptr<ProgressBar> bar_;
  std::string path_;  // of train.log
  std::shared_ptr<spdlog::sinks::basic_file_sink_mt> file_;
  std::vector<std::pair<spdlog::level::level_enum, std::string>> early_;  // before the folder
};

}  // namespace ecg::cli
