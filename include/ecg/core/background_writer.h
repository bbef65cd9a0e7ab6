// Files written while the caller computes on.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "ecg/core/result.h"
#include "ecg/core/thread_group.h"

namespace ecg {

// Writes whole files (WriteFileAtomic) on threads of its own. At most `depth` files wait, so memory
// is bounded. All are synced together at the end, as each by itself costs as much as a prediction:
// before that a crash of the machine, though not of the program, may lose some or leave them empty.
class BackgroundWriter {
 public:
  // Throws Exception (kInternal) where a thread cannot be started.
  BackgroundWriter(int threads, std::size_t depth);
  // Waits for all that was pushed; a failure that no call has told is lost.
  ~BackgroundWriter();
  BackgroundWriter(const BackgroundWriter&) = delete;
  BackgroundWriter& operator=(const BackgroundWriter&) = delete;

  // Throws the first failure of an earlier file (kOutput).
  void Push(std::filesystem::path path, std::string bytes);

  // Waits until all that was pushed is on the disk; throws the first failure.
  void Finish();

 private:
  void Work();
  void Close();
  void ThrowFailure() const;

  const std::size_t depth_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<std::filesystem::path, std::string>> waiting_;
  std::set<std::filesystem::path> folders_;  // that files were written to since they were synced
  std::size_t writing_ = 0;
  bool closing_ = false;
  std::optional<Error> failure_;
  ThreadGroup threads_;  // goes first, before what its threads use
};

}  // namespace ecg
