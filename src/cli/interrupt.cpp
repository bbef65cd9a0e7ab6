#include "src/cli/interrupt.h"

#include <pthread.h>
#include <unistd.h>

namespace ecg::cli {

Interrupt::Interrupt() {
  sigemptyset(&signals_);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action = {};
    const bool ignored = ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
    // Shells start background jobs with SIGINT ignored; who sends it to one means it.
    if (!ignored || signal != SIGHUP) sigaddset(&signals_, signal);
    if (ignored && signal != SIGHUP) ::signal(signal, SIG_DFL);
  }
  ::pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  thread_ = std::thread([this] { Wait(); });
}

Interrupt::~Interrupt() {
  ending_ = true;
  ::pthread_kill(thread_.native_handle(), SIGTERM);
  thread_.join();
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void Interrupt::Wait() {
  for (int signal = 0; ::sigwait(&signals_, &signal) == 0 && !ending_;) {
    if (signal_ != 0) ::_exit(128 + signal);
    signal_ = signal;
    stop_.RequestStop();
  }
}

std::string Interrupt::Name() const {
  switch (signal_) {
    case SIGINT:
      return "SIGINT";
    case SIGTERM:
      return "SIGTERM";
    default:
      return "SIGHUP";
  }
}

}  // namespace ecg::cli
