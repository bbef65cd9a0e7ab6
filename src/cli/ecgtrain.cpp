// ecgtrain: from a configuration to a model bundle.

#include <cstdio>
#include <filesystem>

#include "ecg/train/trainer.h"
#include "src/cli/interrupt.h"
#include "src/cli/tool.h"
#include "src/cli/train_log.h"

namespace {

using ecg::train::Config;
using ecg::train::Existing;

struct Options {
  std::string config;
  std::vector<std::string> data;
  std::string split_table;
  std::vector<std::string> assignments;
  bool overwrite = false;
  bool resume = false;
  bool print_config = false;
  bool dry_run = false;
  ecg::cli::OutputOptions output;
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
  const ecg::cli::Interrupt interrupt;
  ecg::cli::SetUpLogging("ecgtrain", options.output);
  Config config = ecg::train::LoadConfig(options.config, Assignments(options)).value();
  if (options.print_config) {
    std::fputs(ecg::DumpJson(ecg::train::DescribeSettings(config).ToJson()).c_str(), stdout);
    return ecg::cli::kDone;
  }
  ecg::cli::TrainLog observer(options.output);
  if (options.dry_run) {
    ecg::train::CheckRun(config, observer);
    return ecg::cli::kDone;
  }
  const Existing existing = options.overwrite ? Existing::kOverwrite
                            : options.resume  ? Existing::kResume
                                              : Existing::kRefuse;
  try {
    const auto bundle = ecg::train::Train(config, existing, observer, interrupt.stop());
    if (!bundle) {
      observer.OnStopped(interrupt.Name());
      return interrupt.exit_code();
    }
    std::printf("%s\n", bundle->c_str());
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
      "  ecgtrain --config configs/small.json --data recordings/ --resume\n"
      "  ecgtrain --config runs/small/config.json --resume --set optimizer.epochs=60\n"
      "  ecgtrain --help-config | less\n\n"
      "The path of the bundle is printed on stdout; progress and log go to stderr. A run may be\n"
      "interrupted at any moment and goes on with --resume as if nothing had been: Ctrl-C or\n"
      "SIGTERM saves after the step that is being made (a second one ends it at once), and what\n"
      "was lost otherwise is made again from the last checkpoint.");
  Options options;
  app.add_option("-c,--config", options.config, "Configuration (JSON with comments)")->required();
  app.add_option("--data", options.data, "Folder of records (data.folders); may be given again")
      ->allow_extra_args(false);
  app.add_option("--split-table", options.split_table,
                 "CSV with columns record and split: train, val or test (split.table)");
  app.add_option("--set", options.assignments, "Change a setting, as in --set optimizer.epochs=5")
      ->allow_extra_args(false);
  auto* overwrite =
      app.add_flag("--overwrite", options.overwrite, "Replace a run of the same name");
  app.add_flag("--resume", options.resume,
               "Go on with the run of the same name where it was interrupted; begin where there is "
               "none")
      ->excludes(overwrite);
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
                           {ecg::cli::kTrainingDiverged, ecg::cli::kInterrupted});
}
