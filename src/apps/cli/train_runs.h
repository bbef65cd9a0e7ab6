// What ecgtrain does with a configuration: one run, the runs of an ensemble, those of a study.
#pragma once

#include "ecg/train/plan/config.h"
#include "ecg/train/plan/ensemble_config.h"
#include "ecg/train/plan/ranks.h"
#include "ecg/train/plan/run_folder.h"
#include "ecg/train/plan/study_config.h"
#include "src/apps/cli/tool.h"

namespace ecg::cli {

// How runs are trained; each gets a log of its own.
struct RunManners {
  train::Existing existing = train::Existing::kRefuse;
  bool dry_run = false;  // say what would train, and train nothing
  OutputOptions output;
  train::RankEnvironment self;
};

// These train, print on stdout what there is in the end, and return the exit status: a run's or
// ensemble's path, a study's table, which also lies in the study's folder as study.txt and
// study.csv. Members and variants are trained one after the other.
int TrainRun(const train::Config& config, const RunManners& manners);
int TrainEnsemble(const train::EnsembleConfig& config, const RunManners& manners);
int TrainStudy(const train::StudyConfig& study, const RunManners& manners);

}  // namespace ecg::cli
