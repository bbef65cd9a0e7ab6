// Processes that the tests start: programs, and copies of the test itself under other limits.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tests/support.h"

namespace ecg::test {

struct Outcome {
  int status = -1;  // exit status; 128 + signal where one ended it
  std::string out;  // stdout
  std::string err;  // stderr
};

// Runs a program of the build by its name, in `folder`, with nothing on stdin. `prepare` is called
// in the new process before the program, as to set limits.
Outcome RunProgram(const std::string& name, const std::vector<std::string>& arguments,
                   const std::filesystem::path& folder, const std::function<void()>& prepare = {});

// The same without waiting for its end.
class RunningProgram {
 public:
  RunningProgram(const std::string& name, const std::vector<std::string>& arguments,
                 const std::filesystem::path& folder, const std::function<void()>& prepare = {});
  ~RunningProgram();  // ends it where it still runs
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;

  pid_t pid() const { return pid_; }
  void Signal(int signal) const;
  std::string out() const;  // its stdout so far
  Outcome Wait();

 private:
  TemporaryFolder captured_;
  pid_t pid_ = 0;  // 0 after its end
};

// Looks every few milliseconds whether something has come true; false after that many seconds.
bool Soon(const std::function<bool()>& holds, double seconds = 20);

// Runs `body` in a forked copy of this process and returns its exit status: what `body` returned,
// 255 where it threw, 128 + signal where one ended it. The caller must have no other threads.
int InChildProcess(const std::function<int()>& body);

// From now on this process may make no file longer than that, as on a full disk.
void LimitFileSize(std::size_t bytes);

// Sends this process a signal after some time, whatever program it has become by then.
void SignalAfter(int milliseconds, int signal);

}  // namespace ecg::test
