// Launches a command for the tests, since a launcher waits for all children of its process and
// takes its signals. usage: launch_helper PROCESSES PATIENCE_MS LAST_PATIENCE_MS PATH [WORD ...]
#include <cstdlib>
#include <string>
#include <vector>

#include "src/apps/cli/launch.h"

int main(int argc, char** argv) {
  if (argc < 5) return 99;
  ecg::cli::LaunchOptions options;
  options.processes = std::atoi(argv[1]);
  options.patience = std::chrono::milliseconds(std::atoi(argv[2]));
  options.last_patience = std::chrono::milliseconds(std::atoi(argv[3]));
  return ecg::cli::Launch("launch_helper", std::vector<std::string>(argv + 4, argv + argc),
                          options);
}
