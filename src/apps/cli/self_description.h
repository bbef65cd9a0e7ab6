// A tool's options as other programs read them: man and the completion of shells.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace ecg::cli {

// A manual page (troff with the macros of man). The footer's paragraphs are the description, its
// lines that are kept and what announces them are sections of their own.
std::string ManualPage(const CLI::App& app, const std::string& version);

// A script that completes options and the values of those that have a list of them, and otherwise
// names of files.
std::string BashCompletion(const CLI::App& app);
std::string ZshCompletion(const CLI::App& app);

}  // namespace ecg::cli
