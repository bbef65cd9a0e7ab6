// What Ctrl-C, a scheduler's SIGTERM and a terminal that closes do to a tool that works for long.
#pragma once

#include <atomic>
#include <csignal>
#include <string>
#include <thread>

#include "ecg/core/stop_token.h"

namespace ecg::cli {

// From its construction on, the first of SIGINT, SIGTERM and SIGHUP becomes a wish to stop; a
// further one ends the process at once, as the signal alone would have. A SIGHUP that nohup ignores
// stays ignored. To be made before any thread is started, which inherits that it does not see the
// signals.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  const StopToken& stop() const { return stop_; }

  // 0 where none came.
  int signal() const { return signal_; }
  // What shells make of a process that the signal ended: 128 and its number.
  int exit_code() const { return 128 + signal_; }
  std::string Name() const;  // as in "SIGTERM"

 private:
  void Wait();

  sigset_t signals_ = {};
  sigset_t before_ = {};
  StopToken stop_;
  std::atomic<int> signal_{0};
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

}  // namespace ecg::cli
