// The memory that recordings may take, all threads of a program together.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include "ecg/core/result.h"

namespace ecg {

// Bytes that this process may have: the machine's memory, or less where its control groups or the
// limits of its address space and data (ulimit -v, -d) leave less.
std::size_t AvailableMemory();

// As in "4.3 GB".
std::string BytesInWords(double bytes);

// A number of bytes in which costs are summed up, whatever a file claims: the largest one where it
// would be more.
std::size_t ToBytes(double bytes);

// Shared by all threads that work on recordings. Whoever is about to allocate much asks first: what
// never fits is an error, and what does not fit now waits for its turn. Who holds a share must not
// wait for a thread that asks for one.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t limit) : limit_(limit) {}
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  // That of this process: half of AvailableMemory(), as models and the program itself need theirs.
  static MemoryBudget& OfProcess();

  // Bytes that are free again with the object.
  class Share {
   public:
    Share(Share&& other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)), bytes_(other.bytes_) {}
    Share& operator=(Share&&) = delete;
    ~Share() {
      if (budget_ != nullptr) budget_->GiveBack(bytes_);
    }

   private:
    friend class MemoryBudget;
    Share(MemoryBudget& budget, std::size_t bytes) : budget_(&budget), bytes_(bytes) {}

    MemoryBudget* budget_;
    std::size_t bytes_;
  };

  std::size_t limit() const { return limit_; }

  // Waits until that many bytes are free; who asked first gets them first. More than the limit is
  // an error that names `file`, or whatever they are wanted for, and the figures.
  Result<Share> Take(std::size_t bytes, const std::string& file);

 private:
  void GiveBack(std::size_t bytes);

  const std::size_t limit_;
  std::mutex mutex_;
  std::condition_variable turn_;
  std::uint64_t asked_ = 0;   // so many have asked
  std::uint64_t served_ = 0;  // and so many of them have got theirs
  std::size_t in_use_ = 0;
};

Error OutOfMemory(const std::string& file);

// What `step` gives, a Result or a Status, or, where memory runs out in it, an error that names
// `file`: one recording that is too large must not end the work on the others.
template <typename Step>
auto WithinMemory(const std::string& file, const Step& step) -> decltype(step()) {
  try {
    return step();
  } catch (const std::bad_alloc&) {
  } catch (const std::length_error&) {  // longer than any container can be
  }
  return OutOfMemory(file);
}

}  // namespace ecg
