// ecgtrain: from a configuration to a model bundle.
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <cmath>
#include <cstdio>
#include <filesystem>

#include "ecg/train/trainer.h"
#include "src/cli/tool.h"

namespace {

using ecg::train::Config;

constexpr std::size_t kNamed = 5;  // labels that are named in one line

struct Options {
  std::string config;
  std::vector<std::string> data;
  std::string split_table;
  std::vector<std::string> assignments;
  bool overwrite = false;
  bool print_config = false;
  bool dry_run = false;
  ecg::cli::OutputOptions output;
};

// Sensitivity and positive predictivity by type, as in "P 0.95/0.93, Q 0.90/0.91, ...".
std::string DescribePeaks(const ecg::score::PeakTallies& tallies) {
  std::string text;
  for (std::size_t k = 0; k < tallies.size(); ++k) {
    text += fmt::format("{}{} {:.3f}/{:.3f}", k > 0 ? ", " : "", ecg::dsp::kPeakNames[k],
                        tallies[k].Sensitivity(), tallies[k].PositivePredictivity());
  }
  return text;
}

// As in "challenge metric 0.512, AUROC 0.911, AUPRC 0.433, F 0.401".
std::string DescribeMetrics(const ecg::score::Metrics& metrics) {
  const std::string others = fmt::format("AUROC {:.3f}, AUPRC {:.3f}, F {:.3f}", metrics.auroc,
                                         metrics.auprc, metrics.f_measure);
  if (std::isnan(metrics.challenge)) return others;
  return fmt::format("challenge metric {:.3f}, {}", metrics.challenge, others);
}

// As in "source PTB (516 records, 510 by name): excluded from training, as S0001".
std::string DescribeSource(const ecg::train::SourceSummary& source) {
  std::string text = source.source.empty() ? "source unknown" : "source " + source.source;
  text += fmt::format(" ({} records", source.records);
  if (source.by_name > 0) text += fmt::format(", {} by name", source.by_name);
  text += "): ";
  if (source.excluded > 0) {
    text += fmt::format("{} excluded from training, as {}", source.excluded, source.first_excluded);
  } else {
    text += fmt::format("{} train", source.train);
    if (source.train > 0) {
      text += source.has_mask_row ? fmt::format(" with its {} trusted classes", source.trusted)
                                  : " with all classes: it has no row in the label mask";
    }
  }
  return text;
}

// Shows a run on stderr and keeps the same lines in train.log.
class LogObserver : public ecg::train::TrainObserver {
 public:
  explicit LogObserver(const ecg::cli::OutputOptions& output)
      : bar_(ecg::cli::MakeProgressBar(output)) {}

  void OnFolder(const std::filesystem::path& folder) override {
    file_ =
        std::make_shared<spdlog::sinks::basic_file_sink_mt>((folder / "train.log").string(), true);
    file_->set_pattern("%Y-%m-%d %H:%M:%S %l %v");
    for (const auto& [level, line] : early_) LogToFile(level, line);
    early_.clear();
  }

  void OnData(const ecg::train::DataSummary& data) override {
    Log(spdlog::level::info,
        fmt::format("records: {} train, {} validation, {} test; {} left out, {} unreadable",
                    data.train, data.validation, data.test, data.left_out, data.failed));
    bool guessed = false;
    for (const ecg::train::SourceSummary& source : data.sources) {
      guessed = guessed || source.by_name > 0;
      Log(source.excluded > 0 ? spdlog::level::warn : spdlog::level::info, DescribeSource(source));
    }
    if (guessed) {
      Log(spdlog::level::info,
          "sources by name are the challenge's; for recordings of your own: --set "
          "data.sources=none, or a table (--help-config)");
    }
    if (data.labels.without_scored > 0) {
      Log(spdlog::level::info, fmt::format("{} training records carry no label that is learnt",
                                           data.labels.without_scored));
    }
    NameLabels(data.labels);
  }

  void OnModel(std::size_t parameters, const std::string& device, bool bf16) override {
    Log(spdlog::level::info, fmt::format("model: {} parameters, on {} in {}", parameters, device,
                                         bf16 ? "bf16" : "fp32"));
  }

  void OnWarning(const std::string& message) override { Log(spdlog::level::warn, message); }

  void OnPeakTargets(const ecg::train::PeakTargetSummary& targets) override {
    Log(spdlog::level::info,
        fmt::format("peaks to learn: none in {} records; {} found no free slot in an epoch",
                    targets.records_without, targets.left_out));
  }

  void OnEpoch(const ecg::train::EpochSummary& epoch) override {
    if (epoch.refused_steps > 0) {
      OnWarning(fmt::format("{} steps were left out: loss or gradients were not finite",
                            epoch.refused_steps));
    }
    if (epoch.phase == ecg::train::Phase::kTraining) {
      Log(spdlog::level::info, fmt::format("epoch {:2}: loss {:.5f}, {} ({:.0f} s){}", epoch.epoch,
                                           epoch.loss, DescribeMetrics(epoch.validation),
                                           epoch.seconds, epoch.best ? " - best so far" : ""));
    } else {
      Log(spdlog::level::info, fmt::format("pre-training epoch {:2}: loss {:.5f} ({:.0f} s)",
                                           epoch.epoch, epoch.loss, epoch.seconds));
    }
    if (epoch.peaks) Log(spdlog::level::info, "  peaks " + DescribePeaks(*epoch.peaks));
  }

  void OnFinal(const ecg::train::FinalFigures& figures) override {
    std::string at_fixed;
    if (!std::isnan(figures.fixed.challenge)) {
      at_fixed = fmt::format(" (challenge metric at threshold {}: {:.3f})", figures.fixed_threshold,
                             figures.fixed.challenge);
    }
    Log(spdlog::level::info,
        fmt::format("{}, {:>2} leads: {}, accuracy {:.3f}{}", figures.part, figures.lead_set,
                    DescribeMetrics(figures.fitted), figures.fitted.accuracy, at_fixed));
    if (figures.peaks) Log(spdlog::level::info, "  peaks " + DescribePeaks(*figures.peaks));
  }

  ecg::ProgressSink& progress() override { return *bar_; }

  // The last line of train.log; on stderr it is RunTool that says it.
  void KeepError(const std::string& message) {
    if (file_) LogToFile(spdlog::level::err, message);
  }

 private:
  void NameLabels(const ecg::train::LabelSummary& labels) {
    if (labels.not_understood.empty()) return;
    std::string named;
    std::size_t count = 0;
    for (const auto& [entry, records] : labels.not_understood) {
      if (count++ == kNamed) break;
      named += fmt::format("{}\"{}\" ({})", named.empty() ? "" : ", ", entry, records);
    }
    OnWarning(fmt::format("{} diagnoses are not understood and count as absent: {}{}",
                          labels.not_understood.size(), named, count > kNamed ? ", ..." : ""));
  }

  void Log(spdlog::level::level_enum level, const std::string& line) {
    spdlog::log(level, "{}", line);
    if (file_) {
      LogToFile(level, line);
    } else {
      early_.emplace_back(level, line);
    }
  }

  void LogToFile(spdlog::level::level_enum level, const std::string& line) {
    file_->log(spdlog::details::log_msg("", level, line));
    file_->flush();
  }

  std::unique_ptr<ecg::ProgressBar> bar_;
  std::shared_ptr<spdlog::sinks::basic_file_sink_mt> file_;
  std::vector<std::pair<spdlog::level::level_enum, std::string>> early_;  // before the folder
};

// The shorthands are settings like all others.
std::vector<std::string> Assignments(const Options& options) {
  std::vector<std::string> assignments;
  if (!options.data.empty()) {
    assignments.push_back("data.folders=" + ecg::DumpJsonLine(options.data));
  }
  if (!options.split_table.empty()) {
    assignments.push_back("split.kind=table");
    assignments.push_back("split.table=" + options.split_table);
  }
  assignments.insert(assignments.end(), options.assignments.begin(), options.assignments.end());
  return assignments;
}

int Run(const Options& options) {
  ecg::cli::SetUpLogging("ecgtrain", options.output);
  Config config = ecg::train::LoadConfig(options.config, Assignments(options)).value();
  if (options.print_config) {
    std::fputs(ecg::DumpJson(ecg::train::DescribeSettings(config).ToJson()).c_str(), stdout);
    return ecg::cli::kDone;
  }
  LogObserver observer(options.output);
  if (options.dry_run) {
    ecg::train::CheckRun(config, observer);
    return ecg::cli::kDone;
  }
  try {
    const std::filesystem::path bundle = ecg::train::Train(config, options.overwrite, observer);
    std::printf("%s\n", bundle.c_str());
  } catch (const std::exception& error) {
    observer.KeepError(error.what());
    throw;
  }
  return ecg::cli::kDone;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Trains an ECG classifier and writes a run folder with a model bundle.", "ecgtrain");
  app.footer(
      "Examples:\n"
      "  ecgtrain --config configs/small.json --data recordings/\n"
      "  ecgtrain --config configs/paper.json --data training/ --split-table split.csv\n"
      "  ecgtrain --config configs/small.json --data a/ --data b/ --set optimizer.epochs=5\n"
      "  ecgtrain --help-config | less\n\n"
      "The path of the bundle is printed on stdout; progress and log go to stderr.\n\n"
      "Exit codes: 0 done; 2 wrong usage or configuration; 3 input missing or unreadable; 6\n"
      "training diverged; 7 output cannot be written; 1 internal error.");
  Options options;
  app.add_option("-c,--config", options.config, "Configuration (JSON with comments)")->required();
  app.add_option("--data", options.data, "Folder of records (data.folders); may be given again")
      ->allow_extra_args(false);
  app.add_option("--split-table", options.split_table,
                 "CSV with columns record and split: train, val or test (split.table)");
  app.add_option("--set", options.assignments, "Change a setting, as in --set optimizer.epochs=5")
      ->allow_extra_args(false);
  app.add_flag("--overwrite", options.overwrite, "Replace a run of the same name");
  app.add_flag("--print-config", options.print_config, "Print every setting as resolved, and exit");
  app.add_flag("--dry-run", options.dry_run,
               "Read the records' headers, say what would train and how, and exit");
  app.add_flag_callback(
      "--help-config",
      [] {
        Config defaults;
        std::fputs(ecg::train::DescribeSettings(defaults).Help().c_str(), stdout);
        throw CLI::Success();
      },
      "Explain every setting, and exit");
  ecg::cli::AddOutputOptions(app, options.output);
  return ecg::cli::RunTool(app, argc, argv, [&] { return Run(options); },
                           {ecg::cli::kTrainingDiverged});
}
