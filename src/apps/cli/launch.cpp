#include "src/apps/cli/launch.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <optional>
#include <utility>

#include "ecg/core/result.h"
#include "src/apps/cli/tool.h"

namespace ecg::cli {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

Exception SystemError(const std::string& what) {
  return Exception({ErrorKind::kInternal, what + ": " + std::strerror(errno), {}, 0, {}});
}

// A file descriptor that is closed with the object.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }

 private:
  int number_;
};

// A port that is free now: the system's choice.
std::uint16_t FreePort() {
  const Descriptor probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(probe.get(), any, size) != 0 || ::getsockname(probe.get(), any, &size) != 0) {
    throw SystemError("no free port on this machine");
  }
  return ntohs(address.sin_port);
}

// This process's environment with some variables in place of those of the same name.
std::vector<std::string> Environment(const std::vector<std::string>& own) {
  std::vector<std::string> variables = own;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string text = *variable;
    const std::string name = text.substr(0, text.find('=') + 1);
    const bool replaced = std::any_of(own.begin(), own.end(), [&](const std::string& other) {
      return other.rfind(name, 0) == 0;
    });
    if (!replaced) variables.push_back(text);
  }
  return variables;
}

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// SIGINT, SIGTERM and SIGCHLD as bytes in a pipe, while one lives. Not as blocked signals:
// libraries may have started threads that do not block them. A signal that is ignored stays so.
class Signals {
 public:
  Signals() {
    if (::pipe2(pipe_, O_CLOEXEC | O_NONBLOCK) != 0) throw SystemError("cannot make a pipe");
    for (std::size_t i = 0; i < std::size(kCaught); ++i) {
      struct sigaction action = {};
      action.sa_handler = Note;
      action.sa_flags = SA_RESTART;
      ::sigaction(kCaught[i], nullptr, &before_[i]);
      if (kCaught[i] == SIGCHLD || before_[i].sa_handler != SIG_IGN) {
        ::sigaction(kCaught[i], &action, nullptr);
      }
    }
  }
  ~Signals() {
    Restore();
    for (const int end : pipe_) ::close(end);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // As before; allowed in a new process.
  void Restore() const {
    for (std::size_t i = 0; i < std::size(kCaught); ++i) {
      ::sigaction(kCaught[i], &before_[i], nullptr);
    }
  }

  // The next signal; 0 when none comes in that time.
  int Wait(milliseconds time) const {
    pollfd waiting = {pipe_[0], POLLIN, 0};
    unsigned char signal = 0;
    if (::poll(&waiting, 1, static_cast<int>(time.count())) != 1) return 0;
    return ::read(pipe_[0], &signal, 1) == 1 ? signal : 0;
  }

 private:
  static constexpr int kCaught[] = {SIGINT, SIGTERM, SIGCHLD};

  static void Note(int signal) {
    const int error = errno;
    const auto byte = static_cast<unsigned char>(signal);
    if (::write(pipe_[1], &byte, 1) != 1) {
      // Full: there is more than enough to wake up for.
    }
    errno = error;
  }

  static inline int pipe_[2] = {-1, -1};
  struct sigaction before_[std::size(kCaught)] = {};
};

struct Child {
  pid_t pid = 0;
  Descriptor said;            // stderr, where it is kept
  std::optional<int> status;  // when it has ended
};

// In the new process, where only calls are allowed that a signal handler may make, as this one may
// have threads of libraries.
[[noreturn]] void BecomeChild(const Child& child, pid_t launcher, const Signals& signals,
                              const sigset_t& mask, char* const* command,
                              char* const* environment) {
  // A group of its own: what the terminal sends to all, as on Ctrl-C, comes once, from the
  // launcher.
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != launcher) ::_exit(kInternalError);
  if (child.said.get() >= 0) {
    ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
    ::dup2(child.said.get(), STDERR_FILENO);
  }
  signals.Restore();
  ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  ::execve(command[0], command, environment);
  ::_exit(127);
}

class Launcher {
 public:
  Launcher(std::string name, const LaunchOptions& options)
      : name_(std::move(name)), options_(options) {}
  ~Launcher() {
    Send(SIGKILL);
    for (Child& child : children_) {
      if (!child.status) ::waitpid(child.pid, nullptr, 0);
    }
  }
  Launcher(const Launcher&) = delete;
  Launcher& operator=(const Launcher&) = delete;

  void Start(const std::vector<std::string>& command) {
    const std::string port = std::to_string(FreePort());
    for (int rank = 0; rank < options_.processes; ++rank) {
      const std::vector<std::string> environment = Environment(
          {"RANK=" + std::to_string(rank), "WORLD_SIZE=" + std::to_string(options_.processes),
           "MASTER_ADDR=127.0.0.1", "MASTER_PORT=" + port});
      const std::vector<char*> words = Pointers(command);
      const std::vector<char*> variables = Pointers(environment);
      Child child{0, Descriptor(rank == 0 ? -1 : ::memfd_create("stderr", MFD_CLOEXEC)), {}};
      const pid_t self = ::getpid();
      // What is sent to the new process waits until it has the signals' usual meaning.
      sigset_t all, mask;
      ::sigfillset(&all);
      ::pthread_sigmask(SIG_BLOCK, &all, &mask);
      child.pid = ::fork();
      if (child.pid == 0) {
        BecomeChild(child, self, signals_, mask, words.data(), variables.data());
      }
      ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
      if (child.pid < 0) throw SystemError("cannot start a process");
      children_.push_back(std::move(child));
    }
  }

  // Until all have ended.
  void Wait() {
    std::optional<Clock::time_point> end;  // of patience
    bool terminated = false;
    while (Collect() > 0) {
      if (first_failed_ && !end) end = Clock::now() + options_.patience;
      const auto left = end ? std::chrono::ceil<milliseconds>(*end - Clock::now()) : kIdle;
      if (left.count() <= 0) {
        Send(terminated ? SIGKILL : SIGTERM);
        terminated = true;
        end = Clock::now() + options_.last_patience;
        continue;
      }
      const int signal = signals_.Wait(std::min(left, kIdle));
      if (signal == SIGINT || signal == SIGTERM) Send(signal);
    }
  }

  int Report() const {
    if (!first_failed_) return kDone;
    const std::size_t rank = *first_failed_;
    const int status = *children_[rank].status;
    const bool said_by_0 = *children_[0].status == status && status != kInternalError;
    if (status > 128 || (rank > 0 && !said_by_0)) {
      const std::string end = status > 128
                                  ? std::string("was ended by signal ") + ::strsignal(status - 128)
                                  : "ended with exit code " + std::to_string(status);
      std::fprintf(stderr, "%s: process %zu of %zu %s\n%s", name_.c_str(), rank + 1,
                   children_.size(), end.c_str(), Said(children_[rank]).c_str());
    }
    return status;
  }

 private:
  // However signals come, the children are looked after from time to time.
  static constexpr milliseconds kIdle{1000};

  // Takes note of those that have ended; returns how many have not.
  std::size_t Collect() {
    std::size_t running = 0;
    for (std::size_t i = 0; i < children_.size(); ++i) {
      Child& child = children_[i];
      int status = 0;
      if (!child.status && ::waitpid(child.pid, &status, WNOHANG) == child.pid) {
        child.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        if (*child.status != 0 && !first_failed_) first_failed_ = i;
      }
      if (!child.status) ++running;
    }
    return running;
  }

  void Send(int signal) const {
    for (const Child& child : children_) {
      if (!child.status) ::kill(child.pid, signal);
    }
  }

  // The end of what it wrote to stderr.
  static std::string Said(const Child& child) {
    constexpr off_t kMost = 16384;
    const off_t size = child.said.get() < 0 ? 0 : ::lseek(child.said.get(), 0, SEEK_END);
    std::string text(static_cast<std::size_t>(std::clamp<off_t>(size, 0, kMost)), '\0');
    const ssize_t read =
        ::pread(child.said.get(), text.data(), text.size(), size - static_cast<off_t>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(read, 0)));
    return text;
  }

  const std::string name_;
  const LaunchOptions options_;
  const Signals signals_;
  std::vector<Child> children_;
  std::optional<std::size_t> first_failed_;
};

}  // namespace

int Launch(const std::string& name, const std::vector<std::string>& command,
           const LaunchOptions& options) {
  Launcher launcher(name, options);
  launcher.Start(command);
  launcher.Wait();
  return launcher.Report();
}

std::vector<std::string> WithoutOption(const std::vector<std::string>& words,
                                       const std::string& option) {
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == option) {
      ++i;  // its value
    } else if (words[i].rfind(option + "=", 0) != 0) {
      kept.push_back(words[i]);
    }
  }
  return kept;
}

}  // namespace ecg::cli
