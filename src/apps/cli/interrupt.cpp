#include "src/apps/cli/interrupt.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <iterator>

#include "ecg/core/result.h"

namespace ecg::cli {
namespace {

std::atomic<int> first_signal{0};
std::atomic<int> pipe_in{-1};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler uses it");

void Handle(int signal) {
  int none = 0;
  if (!first_signal.compare_exchange_strong(none, signal)) ::_exit(128 + signal);
  const int error = errno;
  if (::write(pipe_in, "!", 1) != 1) ::_exit(128 + signal);
  errno = error;
}

}  // namespace

Interrupt::Interrupt() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    throw Exception({ErrorKind::kInternal, "cannot make a pipe", {}, 0, {}});
  }
  pipe_in = ends[1];
  first_signal = 0;
  thread_ = std::thread([stop = stop_, out = ends[0]] {
    char byte = 0;
    ssize_t got;
    do {
      got = ::read(out, &byte, 1);
    } while (got < 0 && errno == EINTR);
    if (got == 1) stop.RequestStop();
    ::close(out);
  });
  for (std::size_t i = 0; i < std::size(kSignals); ++i) {
    struct sigaction action = {};
    action.sa_handler = Handle;
    action.sa_flags = SA_RESTART;
    ::sigaction(kSignals[i], nullptr, &before_[i]);
    if (kSignals[i] == SIGHUP && before_[i].sa_handler == SIG_IGN) continue;
    ::sigaction(kSignals[i], &action, nullptr);
  }
}

Interrupt::~Interrupt() {
  for (std::size_t i = 0; i < std::size(kSignals); ++i) {
    ::sigaction(kSignals[i], &before_[i], nullptr);
  }
  ::close(pipe_in.exchange(-1));
  thread_.join();
}

int Interrupt::exit_code() const { return 128 + first_signal; }

std::string Interrupt::Name() const {
  switch (first_signal) {
    case SIGINT:
      return "SIGINT";
    case SIGTERM:
      return "SIGTERM";
    default:
      return "SIGHUP";
  }
}

}  // namespace ecg::cli
