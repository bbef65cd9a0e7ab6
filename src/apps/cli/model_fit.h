// ecgmodel fit: decisions that suit labelled recordings.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "ecg/apps/jobs/fit_model.h"
#include "ecg/core/settings.h"
#include "ecg/model/compute_config.h"
#include "ecg/record/reader.h"
#include "src/apps/cli/tool.h"

namespace ecg::cli {

struct FitModelOptions {
  std::vector<std::string> words;  // MODEL RECORDINGS... OUT
  jobs::AskLabelledConfig ask;
  record::OpenOptions told;
  jobs::NewPoint point;
  std::string start;    // the operating point to start at
  std::string classes;  // those that labels speak of; empty: all
  double find = 0;      // share of each class; 0: for the metric
  bool keep_unseen = false;
  bool anyway = false;
  bool json = false;
  model::ComputeConfig compute;
  OutputOptions manners;
};

// `settings` are those of `options.compute`.
void AddFitModel(CLI::App& command, FitModelOptions& options, Settings& settings);

// Writes the copy where it gains; the process's exit status.
int FitModel(FitModelOptions& options);

}  // namespace ecg::cli
