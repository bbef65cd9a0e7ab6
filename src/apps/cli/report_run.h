// ecgreport run: the page about training runs.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "src/apps/cli/tool.h"

namespace ecg::cli {

struct RunPageOptions {
  std::vector<std::string> words;  // RUN... OUT.html
  bool follow = false;
  int every = 10;  // s between two pages that follow a run
  OutputOptions manners;
};

void AddRunPage(CLI::App& command, RunPageOptions& options);

// Writes the page; the process's exit status.
int MakeRunPage(const RunPageOptions& options);

}  // namespace ecg::cli
