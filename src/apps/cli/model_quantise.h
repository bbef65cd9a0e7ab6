// ecgmodel quantise: copies of models that can be computed in bytes.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "ecg/apps/jobs/fit_model.h"
#include "ecg/record/reader.h"
#include "src/apps/cli/tool.h"

namespace ecg::cli {

struct QuantiseModelOptions {
  std::vector<std::string> words;  // MODEL RECORDINGS... OUT
  std::string check;               // recordings to compare on; empty: half of those
  std::string check_list;
  jobs::AskLabelledConfig ask;
  record::OpenOptions told;
  int threads = 0;
  bool anyway = false;
  bool json = false;
  OutputOptions manners;
};

void AddQuantiseModel(CLI::App& command, QuantiseModelOptions& options);

// Writes the copy where it answers as before; the process's exit status.
int QuantiseModel(QuantiseModelOptions& options);

}  // namespace ecg::cli
