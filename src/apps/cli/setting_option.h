// Settings as options of a command line, so that each is described in one place.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "ecg/core/settings.h"

namespace ecg::cli {

// Adds the option `flags` (as in "-j,--threads") for the setting `name`: help text, kind, bounds
// and default are the setting's, which also checks the value. A switch becomes a flag; a list takes
// its items with commas between them. `settings` and what it is bound to must outlive the parsing.
CLI::Option* AddSettingOption(CLI::App& app, const std::string& flags, Settings& settings,
                              const std::string& name);

}  // namespace ecg::cli
