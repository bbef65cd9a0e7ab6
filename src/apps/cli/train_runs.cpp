#include "src/apps/cli/train_runs.h"

#include <spdlog/spdlog.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/report/run_report.h"
#include "ecg/train/ensemble_builder.h"
#include "ecg/train/trainer.h"
#include "src/apps/cli/interrupt.h"
#include "src/apps/cli/train_log.h"

namespace ecg::cli {
namespace {

namespace fs = std::filesystem;

// The bundle's path; nothing where a signal stopped the run.
std::optional<fs::path> TrainOne(const train::Config& config, const RunManners& manners,
                                 const Interrupt& interrupt) {
  TrainLog observer(manners.output);
  try {
    auto bundle = train::Train(config, manners.existing, observer, interrupt.stop(), manners.self);
    if (!bundle) observer.OnStopped(interrupt.Name());
    return bundle;
  } catch (const std::exception& error) {
    observer.KeepError(error.what());
    throw;
  }
}

// Nothing is there to be saved, so that signals end it as they are.
void TryOne(const train::Config& config, const RunManners& manners) {
  TrainLog observer(manners.output);
  train::CheckRun(config, observer);
}

// Whether this process has anything more to do when all runs are made.
bool Concludes(const RunManners& manners) { return manners.self.rank == 0; }

int PrintPath(const std::optional<fs::path>& path, const Interrupt& interrupt) {
  if (!path) return interrupt.exit_code();
  std::printf("%s\n", path->c_str());
  return kDone;
}

}  // namespace

int TrainRun(const train::Config& config, const RunManners& manners) {
  if (manners.dry_run) return TryOne(config, manners), kDone;
  const Interrupt interrupt;
  const std::optional<fs::path> bundle = TrainOne(config, manners, interrupt);
  return bundle && !Concludes(manners) ? kDone : PrintPath(bundle, interrupt);
}

int TrainEnsemble(const train::EnsembleConfig& config, const RunManners& manners) {
  if (manners.dry_run) {
    for (const train::EnsembleMember& member : config.members) {
      spdlog::info("== member {}", member.name);
      if (member.config) TryOne(*member.config, manners);
    }
    return kDone;
  }
  const Interrupt interrupt;
  std::map<std::string, fs::path> bundles;
  for (const train::EnsembleMember& member : config.members) {
    spdlog::info("== member {} ({} of {})", member.name, bundles.size() + 1, config.members.size());
    std::optional<fs::path> bundle = member.bundle;
    if (member.config) bundle = TrainOne(*member.config, manners, interrupt);
    if (!bundle) return interrupt.exit_code();
    bundles[member.name] = *bundle;
  }
  if (!Concludes(manners)) return kDone;
  spdlog::info("== ensemble {}", config.name);
  TrainLog observer(manners.output);
  return PrintPath(train::BuildEnsemble(config, bundles, observer, interrupt.stop()), interrupt);
}

int TrainStudy(const train::StudyConfig& study, const RunManners& manners) {
  if (manners.dry_run) {
    for (const train::StudyVariantConfig& variant : study.variants) {
      spdlog::info("== variant {}, {} seeds", variant.name, variant.runs.size());
      TryOne(variant.runs.front(), manners);
    }
    return kDone;
  }
  const Interrupt interrupt;
  std::vector<report::StudyVariant> done;
  for (const train::StudyVariantConfig& variant : study.variants) {
    done.push_back({variant.name, {}});
    for (const train::Config& config : variant.runs) {
      spdlog::info("== variant {} ({} of {}), seed {}", variant.name, done.size(),
                   study.variants.size(), config.seed);
      if (!TrainOne(config, manners, interrupt)) return interrupt.exit_code();
      if (!Concludes(manners)) continue;
      done.back().runs.push_back(report::ReadRun(fs::path(config.output) / config.name).value());
    }
  }
  if (!Concludes(manners)) return kDone;
  const std::string text = report::StudyText(done);
  WriteFileAtomic(study.Folder() / "study.txt", text).value();
  WriteFileAtomic(study.Folder() / "study.csv", report::StudyCsv(done)).value();
  Print(text);
  return kDone;
}

}  // namespace ecg::cli
