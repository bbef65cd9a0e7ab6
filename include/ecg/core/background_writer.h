// Files written while the caller computes on.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "ecg/core/result.h"

namespace ecg {

// Writes whole files (WriteFileAtomic) on threads of its own, which mostly wait for the disk: a
// synced file can take longer than a prediction. At most `depth` files wait, so memory is bounded.
class BackgroundWriter {
 public:
  BackgroundWriter(int threads, std::size_t depth);
  // Waits for all that was pushed; a failure that no call has told is lost.
  ~BackgroundWriter();
  BackgroundWriter(const BackgroundWriter&) = delete;
  BackgroundWriter& operator=(const BackgroundWriter&) = delete;

  // Throws the first failure of an earlier file (kOutput).
  void Push(std::filesystem::path path, std::string bytes);

  // Waits until every file is on the disk; throws the first failure.
  void Finish();

 private:
  void Work();
  void ThrowFailure() const;

  const std::size_t depth_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<std::filesystem::path, std::string>> waiting_;
  std::size_t writing_ = 0;
  bool closing_ = false;
  std::optional<Error> failure_;
  std::vector<std::thread> threads_;
};

}  // namespace ecg
