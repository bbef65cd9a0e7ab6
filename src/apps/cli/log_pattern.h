// How log lines are laid out, on stderr and in files.
#pragma once

#include <spdlog/formatter.h>

#include <memory>
#include <string>

namespace ecg::cli {

// A pattern of spdlog's, in which %* is the message as ShownLine has it.
std::unique_ptr<spdlog::formatter> LogFormatter(const std::string& pattern);

}  // namespace ecg::cli
