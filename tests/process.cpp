#include "tests/process.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/text.h"

namespace ecg::test {
namespace fs = std::filesystem;
namespace {

void Redirect(const fs::path& path, int flags, int target) {
  const int descriptor = ::open(path.c_str(), flags, 0600);
  if (descriptor < 0 || ::dup2(descriptor, target) < 0) ::_exit(255);
}

// Starts a copy of this process that calls `body` and ends with what it returns, 255 where it
// threw.
pid_t Fork(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child > 0) return child;
  int code = 255;
  try {
    code = body();
  } catch (...) {
  }
  ::_exit(code);  // without the parent's buffers and destructors
}

// Programs of the build may be for another processor, others never are.
std::vector<std::string> CommandOf(const std::string& name) {
  std::vector<std::string> command;
  if (fs::path(name).is_relative()) {
    for (const std::string_view word : SplitWords(ECG_EMULATOR)) command.emplace_back(word);
  }
  command.push_back((fs::path(ECG_BIN_DIR) / name).string());
  return command;
}

int WaitFor(pid_t child) {
  int status = 0;
  if (::waitpid(child, &status, 0) != child) throw std::runtime_error("cannot wait for a child");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

int InChildProcess(const std::function<int()>& body) { return WaitFor(Fork(body)); }

RunningProgram::RunningProgram(const std::string& name, const std::vector<std::string>& arguments,
                               const fs::path& folder, const std::function<void()>& prepare) {
  std::vector<std::string> command = CommandOf(name);
  command.insert(command.end(), arguments.begin(), arguments.end());
  std::vector<char*> words;
  for (std::string& word : command) words.push_back(word.data());
  words.push_back(nullptr);
  pid_ = Fork([&] {
    Redirect("/dev/null", O_RDONLY, STDIN_FILENO);
    Redirect(captured_ / "out", O_WRONLY | O_CREAT, STDOUT_FILENO);
    Redirect(captured_ / "err", O_WRONLY | O_CREAT, STDERR_FILENO);
    fs::current_path(folder);
    if (prepare) prepare();
    ::execv(words[0], words.data());
    return 255;
  });
}

RunningProgram::~RunningProgram() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void RunningProgram::Signal(int signal) const {
  if (::kill(pid_, signal) != 0) throw std::runtime_error("cannot send a signal");
}

std::string RunningProgram::out() const {
  const auto text = ReadFile(captured_ / "out");
  return text ? *text : "";
}

Outcome RunningProgram::Wait() {
  Outcome outcome;
  outcome.status = WaitFor(std::exchange(pid_, 0));
  outcome.out = ReadFile(captured_ / "out").value();
  outcome.err = ReadFile(captured_ / "err").value();
  return outcome;
}

Outcome RunProgram(const std::string& name, const std::vector<std::string>& arguments,
                   const fs::path& folder, const std::function<void()>& prepare) {
  return RunningProgram(name, arguments, folder, prepare).Wait();
}

bool Soon(const std::function<bool()>& holds, double seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

void LimitFileSize(std::size_t bytes) {
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit = {bytes, bytes};
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) throw std::runtime_error("cannot limit file sizes");
}

void SignalAfter(int milliseconds, int signal) {
  const pid_t target = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child > 0) return;
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
  if (::getppid() == target) ::kill(target, signal);
  ::_exit(0);
}

}  // namespace ecg::test
