// ecgreport holter: the page about a recording of hours.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "ecg/apps/jobs/report_holter.h"
#include "ecg/core/settings.h"
#include "ecg/model/compute_config.h"
#include "ecg/record/reader.h"
#include "src/apps/cli/tool.h"

namespace ecg::cli {

struct HolterPageOptions {
  std::string record, page, model, point, annotations, json;
  std::vector<std::string> taken;  // as in "MLII=II"
  bool without_model = false;
  jobs::HolterPageConfig config;
  model::ComputeConfig compute;
  record::OpenOptions told;
  OutputOptions manners;
};

// `settings` are those of `options.compute`.
void AddHolterPage(CLI::App& command, HolterPageOptions& options, Settings& settings);

// Writes the page; the process's exit status.
int MakeHolterPage(HolterPageOptions& options);

}  // namespace ecg::cli
