// ecgtrain: from a configuration to a model bundle.

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/core/parallel.h"
#include "ecg/infer/shipped_models.h"
#include "ecg/report/run_report.h"
#include "ecg/train/plan/ensemble_config.h"
#include "ecg/train/plan/ranks.h"
#include "ecg/train/plan/study_config.h"
#include "ecg/train/trainer.h"
#include "src/apps/cli/cut_file.h"
#include "src/apps/cli/launch.h"
#include "src/apps/cli/tool.h"
#include "src/apps/cli/train_runs.h"

namespace {

using ecg::JsonDocument;
using ecg::cli::RunManners;
using ecg::train::Config;
using ecg::train::Existing;
using ecg::train::RankEnvironment;

struct Options {
  std::string config;
  std::string from;
  std::vector<std::string> data;
  std::string split_table;
  std::vector<std::string> assignments;
  std::vector<std::string> sweeps;
  bool overwrite = false;
  bool resume = false;
  bool print_config = false;
  bool dry_run = false;
  int processes = 1;
  std::string watch;
  std::vector<std::string> compare;
  ecg::cli::OutputOptions output;
  std::vector<std::string> words;  // as they were given, without the program's name
};

// The shorthands are settings like all others.
std::vector<std::string> Assignments(const Options& options) {
  std::vector<std::string> assignments;
  if (!options.from.empty()) {
    assignments = ecg::train::StartFrom(ecg::infer::FindModel(options.from).value()).value();
  }
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

// Trains in so many processes, each of them this program with the same words. `threads` that
// compute: 0 where the settings leave it open.
int LaunchProcesses(const Options& options, int threads, const RankEnvironment& self) {
  if (!ecg::train::BuiltForSeveralProcesses()) {
    throw ecg::Exception(ecg::UsageError("this build trains with one process", {}, 0, "--nproc"));
  }
  if (self.size > 1) {
    throw ecg::Exception(ecg::UsageError("starts all processes of a run, but this is already " +
                                             ecg::train::NameRank(self.rank, self.size),
                                         {}, 0, "--nproc"));
  }
  std::vector<std::string> command = ecg::cli::WithoutOption(options.words, "--nproc");
  command.insert(command.begin(), std::filesystem::read_symlink("/proc/self/exe").string());
  if (threads == 0) {
    const int share = std::max(1, ecg::AvailableThreads() / options.processes);
    command.insert(command.end(), {"--set", "compute.threads=" + std::to_string(share)});
  }
  ecg::cli::LaunchOptions launch;
  launch.processes = options.processes;
  return ecg::cli::Launch("ecgtrain", command, launch);
}

bool LaunchesProcesses(const Options& options) { return options.processes > 1 && !options.dry_run; }

void PrintSettings(Config config) {
  std::fputs(ecg::DumpJson(ecg::train::DescribeSettings(config).ToJson()).c_str(), stdout);
}

// A member's or variant's settings by its name.
void PrintSettings(const std::map<std::string, Config>& runs) {
  ecg::Json json = ecg::Json::object();
  for (auto [name, config] : runs) json[name] = ecg::train::DescribeSettings(config).ToJson();
  std::fputs(ecg::DumpJson(json).c_str(), stdout);
}

int RunOne(const Options& options, const JsonDocument& document, const RunManners& manners) {
  const Config config = ecg::train::ResolveConfig({document}, Assignments(options)).value();
  if (options.print_config) return PrintSettings(config), ecg::cli::kDone;
  if (LaunchesProcesses(options)) {
    return LaunchProcesses(options, config.compute.threads, manners.self);
  }
  return ecg::cli::TrainRun(config, manners);
}

int RunEnsemble(const Options& options, const RunManners& manners) {
  const auto config = ecg::train::LoadEnsembleConfig(options.config, Assignments(options)).value();
  if (options.print_config) {
    std::map<std::string, Config> runs;
    for (const auto& member : config.members) {
      if (member.config) runs[member.name] = *member.config;
    }
    return PrintSettings(runs), ecg::cli::kDone;
  }
  if (LaunchesProcesses(options)) return LaunchProcesses(options, 0, manners.self);
  return ecg::cli::TrainEnsemble(config, manners);
}

int RunStudy(const ecg::train::StudyConfig& study, const Options& options,
             const RunManners& manners) {
  if (options.print_config) {
    std::map<std::string, Config> runs;
    for (const auto& variant : study.variants) runs[variant.name] = variant.runs.front();
    return PrintSettings(runs), ecg::cli::kDone;
  }
  if (LaunchesProcesses(options)) return LaunchProcesses(options, 0, manners.self);
  return ecg::cli::TrainStudy(study, manners);
}

int RunSweep(const Options& options, const JsonDocument& document, const RunManners& manners) {
  if (ecg::train::IsEnsembleConfig(document) || ecg::train::IsStudyConfig(document)) {
    throw ecg::Exception(
        ecg::UsageError("sweeps over the settings of a run, and this is a set of "
                        "runs: " +
                            options.config,
                        {}, 0, "--sweep"));
  }
  return RunStudy(ecg::train::SweepConfig(document, Assignments(options), options.sweeps).value(),
                  options, manners);
}

// Curves of a run; on a terminal again and again until it is finished or somebody has seen enough.
int Watch(const std::string& folder) {
  constexpr std::size_t kWidth = 80;
  constexpr auto kPause = std::chrono::seconds(2);
  const bool again = ::isatty(STDOUT_FILENO) == 1;
  for (;;) {
    const ecg::report::RunReport run = ecg::report::ReadRun(folder).value();
    if (again) std::fputs("\033[H\033[2J", stdout);
    ecg::cli::Print(ecg::report::CurvesText(run, kWidth));
    std::fflush(stdout);
    if (!again || run.finished()) return ecg::cli::kDone;
    std::this_thread::sleep_for(kPause);
  }
}

int Compare(const std::vector<std::string>& folders) {
  std::vector<ecg::report::RunReport> runs;
  for (const std::string& folder : folders) {
    runs.push_back(ecg::report::ReadRun(folder).value());
  }
  ecg::cli::Print(ecg::report::ComparisonText(runs));
  return ecg::cli::kDone;
}

int Run(Options options) {
  if (!options.watch.empty()) return Watch(options.watch);
  if (!options.compare.empty()) return Compare(options.compare);
  const RankEnvironment self = ecg::train::ReadRankEnvironment(std::getenv).value();
  // One of several speaks for all.
  if (self.rank > 0) options.output.quiet = true;
  ecg::cli::SetUpLogging("ecgtrain", options.output);
  if (self.rank > 0) spdlog::set_level(spdlog::level::err);
  RunManners manners;
  manners.existing = options.overwrite ? Existing::kOverwrite
                     : options.resume  ? Existing::kResume
                                       : Existing::kRefuse;
  manners.dry_run = options.dry_run;
  manners.output = options.output;
  manners.self = self;
  if (options.config.empty()) {
    options.config = ecg::infer::FindConfiguration("finetune.json").value().string();
  }
  const JsonDocument document = ecg::ReadJson(options.config).value();
  if (!options.sweeps.empty()) return RunSweep(options, document, manners);
  if (ecg::train::IsEnsembleConfig(document)) return RunEnsemble(options, manners);
  if (ecg::train::IsStudyConfig(document)) {
    return RunStudy(ecg::train::LoadStudyConfig(options.config, Assignments(options)).value(),
                    options, manners);
  }
  return RunOne(options, document, manners);
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
      "  ecgtrain --config configs/paper.json --data training/ --nproc 2\n"
      "  ecgtrain --config configs/small_ensemble.json --data recordings/ --resume\n"
      "  ecgtrain --config configs/studies/table2.json --data training/ --resume\n"
      "  ecgtrain --config configs/small.json --data recordings/ --resume \\\n"
      "      --sweep optimizer.learning_rate=1e-3,1e-4 --sweep model.dropout=0,0.2\n"
      "  ecgtrain --from general --data mine/\n"
      "  ecgtrain --from general --data mine/ --set task.classes=mine.csv --set "
      "initial.freeze=true\n"
      "  ecgtrain --watch runs/small\n"
      "  ecgtrain --compare runs/small runs/other\n"
      "  ecgtrain --help-config | less\n\n"
      "A configuration with members is an ensemble: each is trained in turn, then they are\n"
      "joined. One with variants is a study: each is trained with each seed, then compared.\n"
      "The path of the bundle is printed on stdout; progress and log go to stderr. A run may be\n"
      "interrupted at any moment and goes on with --resume as if nothing had been: Ctrl-C or\n"
      "SIGTERM saves after the step that is being made (a second one ends it at once), and what\n"
      "was lost otherwise is made again from the last checkpoint.");
  Options options;
  auto* modes = app.add_option_group("One of");
  modes->add_option("-c,--config", options.config,
                    "Configuration (JSON with comments) of a run, an ensemble or a study");
  modes->add_option("--watch", options.watch,
                    "Show the curves of a run's folder, on a terminal until the run is finished");
  modes->add_option("--compare", options.compare,
                    "A table of several runs' folders: settings that differ, figures");
  modes->require_option(0, 1);
  auto* from = app.add_option(
      "--from", options.from,
      "Go on with a trained model, the folder of a bundle or the name of one that ships: its "
      "weights, network, window and preprocessing; without --config as configs/finetune.json says");
  app.add_option("--data", options.data, "Folder of records (data.folders); may be given again")
      ->allow_extra_args(false);
  app.add_option("--split-table", options.split_table,
                 "CSV with columns record and split: train, val or test (split.table)");
  app.add_option("--set", options.assignments, "Change a setting, as in --set optimizer.epochs=5")
      ->allow_extra_args(false);
  app.add_option(
         "--sweep", options.sweeps,
         "Train with each of a setting's values, as in --sweep optimizer.epochs=5,10; given "
         "again, with every combination; seed=1,2,3 repeats each")
      ->allow_extra_args(false);
  app.add_option("--nproc", options.processes,
                 "Train in so many processes of this machine; several machines: torchrun, mpirun "
                 "or srun start ecgtrain, with MASTER_ADDR set to the first one's address")
      ->check(CLI::Range(1, 1024));
  auto* overwrite =
      app.add_flag("--overwrite", options.overwrite, "Replace a run of the same name");
  app.add_flag("--resume", options.resume,
               "Go on with the run of the same name where it was interrupted; begin where there is "
               "none")
      ->excludes(overwrite);
  app.add_flag("--print-config", options.print_config, "Print every setting as resolved, and exit");
  app.add_flag(
      "--dry-run", options.dry_run,
      "Read the records' headers, say what would train and how (classes by source and part, every "
      "diagnosis of the data, time and memory by a few steps on noise), and exit");
  app.add_flag_callback(
      "--help-config",
      [] {
        Config defaults;
        std::fputs(ecg::train::DescribeSettings(defaults).Help().c_str(), stdout);
        throw CLI::Success();
      },
      "Explain every setting, and exit");
  ecg::cli::AddOutputOptions(app, options.output);
  app.callback([&] {
    const bool looks = !options.watch.empty() || !options.compare.empty();
    if (options.config.empty() && options.from.empty() && !looks) {
      throw CLI::RequiredError("--config, --from, --watch or --compare");
    }
    if (looks && !from->empty()) throw CLI::ExcludesError("--from", "--watch and --compare");
  });
  options.words.assign(argv + 1, argv + argc);
  ecg::cli::ExplainCutFiles(
      "ecgtrain: error: a file of the cache of prepared records (data.cache) was cut off while it\n"
      "was in use; --resume goes on from the last checkpoint and makes those records again\n");
  return ecg::cli::RunTool(app, argc, argv, [&] { return Run(options); },
                           {ecg::cli::kTrainingDiverged, ecg::cli::kInterrupted});
}
