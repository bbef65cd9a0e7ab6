// What Ctrl-C, a scheduler's SIGTERM and a terminal that closes do to a tool that works for long.
#pragma once

#include <csignal>
#include <string>
#include <thread>

#include "ecg/core/stop_token.h"

namespace ecg::cli {

// While the only one lives, the first of SIGINT, SIGTERM and SIGHUP becomes a wish to stop; a
// further one ends the process at once, as the signal alone would have. A SIGHUP that is ignored,
// as nohup has it, stays so.
class Interrupt {
 public:
  // Throws Exception (kInternal) where the system refuses a pipe or a thread.
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  const StopToken& stop() const { return stop_; }

  // What shells make of a process that the signal ended: 128 and its number.
  int exit_code() const;
  std::string Name() const;  // as in "SIGTERM"

 private:
  static constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

  StopToken stop_;
  struct sigaction before_[3] = {};
  std::thread thread_;  // turns the handler's byte into the wish, which takes a lock
};

}  // namespace ecg::cli
