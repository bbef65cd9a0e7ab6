// Starts the processes of a run on this machine and brings all of them to an end.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace ecg::cli {

struct LaunchOptions {
  int processes = 1;
  // What the others get to end by themselves when one has failed, before SIGTERM.
  std::chrono::milliseconds patience = std::chrono::seconds(60);
  // From SIGTERM to SIGKILL.
  std::chrono::milliseconds last_patience = std::chrono::seconds(10);
};

// Runs `command`, a path and its arguments, in so many processes, which find RANK, WORLD_SIZE,
// MASTER_ADDR (127.0.0.1) and MASTER_PORT in their environment, and waits for all. Passes SIGINT
// and SIGTERM on to them. Whatever ends this process ends them too.
//
// Process 0 has this one's streams. The others' stdout goes nowhere, and of their stderr the user
// sees, prefixed with `name`, what the one said that failed first, unless process 0 failed likewise
// and said so itself.
//
// Returns the exit status of the process that failed first (128 + signal where one ended it), else
// 0. Throws Exception (kInternal) where the system refuses a process.
int Launch(const std::string& name, const std::vector<std::string>& command,
           const LaunchOptions& options);

// The words without an option and its value, given as two words or as --option=value.
std::vector<std::string> WithoutOption(const std::vector<std::string>& words,
                                       const std::string& option);

}  // namespace ecg::cli
