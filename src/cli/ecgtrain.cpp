// ecgtrain: from a configuration to a model bundle.
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <cmath>
#include <cstdio>
#include <filesystem>

#include "ecg/train/run_folder.h"
#include "ecg/train/trainer.h"
#include "src/cli/tool.h"

namespace {

using ecg::train::Config;

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

// Shows a run on stderr and keeps the same lines in train.log.
class LogObserver : public ecg::train::TrainObserver {
 public:
  explicit LogObserver(const ecg::cli::OutputOptions& output)
      : bar_(ecg::cli::MakeProgressBar(output)) {}

  void OnFolder(const std::filesystem::path& folder) override {
    auto sink =
        std::make_shared<spdlog::sinks::basic_file_sink_mt>((folder / "train.log").string(), true);
    sink->set_pattern("%Y-%m-%d %H:%M:%S %l %v");
    spdlog::default_logger()->sinks().push_back(sink);
    spdlog::flush_on(spdlog::level::info);
  }

  void OnData(const ecg::train::DataSummary& data) override {
    spdlog::info("records: {} train, {} validation, {} test; {} left out, {} unreadable",
                 data.train, data.validation, data.test, data.excluded, data.failed);
  }

  void OnModel(std::size_t parameters, const std::string& device, bool bf16) override {
    spdlog::info("model: {} parameters, on {} in {}", parameters, device, bf16 ? "bf16" : "fp32");
  }

  void OnWarning(const std::string& message) override { spdlog::warn("{}", message); }

  void OnPeakTargets(const ecg::train::PeakTargetSummary& targets) override {
    spdlog::info("peaks to learn: none in {} records; {} found no free slot in an epoch",
                 targets.records_without, targets.left_out);
  }

  void OnEpoch(const ecg::train::EpochSummary& epoch) override {
    const auto& metrics = epoch.validation;
    if (epoch.phase == ecg::train::Phase::kTraining) {
      spdlog::info(
          "epoch {:2}: loss {:.5f}, challenge metric {:.3f}, AUROC {:.3f}, AUPRC {:.3f}, F {:.3f} "
          "({:.0f} s){}",
          epoch.epoch, epoch.loss, metrics.challenge, metrics.auroc, metrics.auprc,
          metrics.f_measure, epoch.seconds, epoch.best ? " - best so far" : "");
    } else {
      spdlog::info("pre-training epoch {:2}: loss {:.5f} ({:.0f} s)", epoch.epoch, epoch.loss,
                   epoch.seconds);
    }
    if (epoch.peaks) spdlog::info("  peaks {}", DescribePeaks(*epoch.peaks));
  }

  void OnFinal(const ecg::train::FinalFigures& figures) override {
    spdlog::info(
        "{}, {:>2} leads: challenge metric {:.3f} (threshold {}: {:.3f}), AUROC {:.3f}, AUPRC "
        "{:.3f}, F {:.3f}, accuracy {:.3f}",
        figures.part, figures.lead_set, figures.fitted.challenge, figures.fixed_threshold,
        figures.fixed.challenge, figures.fitted.auroc, figures.fitted.auprc,
        figures.fitted.f_measure, figures.fitted.accuracy);
    if (figures.peaks) spdlog::info("  peaks {}", DescribePeaks(*figures.peaks));
  }

  ecg::ProgressSink& progress() override { return *bar_; }

 private:
  std::unique_ptr<ecg::ProgressBar> bar_;
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
  const std::filesystem::path bundle = ecg::train::Train(config, options.overwrite, observer);
  std::printf("%s\n", bundle.c_str());
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
      "The path of the bundle is printed on stdout; progress and log go to stderr.");
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
  app.add_flag("--dry-run", options.dry_run, "Read the records' headers, report, and exit");
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
