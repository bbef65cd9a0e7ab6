// A wish to stop, seen by work that can end early.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace ecg {

struct StopState;

// Copies share one wish. Every function is safe from any thread, none in a signal handler.
class StopToken {
 public:
  StopToken();

  void RequestStop() const;
  bool StopRequested() const;

  // Wakes work that waits: while the object lives, `call` is called once when the wish comes, at
  // once where it is there already. It must be short, and after the destructor it is not running.
  class Callback {
   public:
    Callback(const StopToken& token, std::function<void()> call);
    ~Callback();
    Callback(const Callback&) = delete;
    Callback& operator=(const Callback&) = delete;

   private:
    std::shared_ptr<StopState> state_;
    std::uint64_t number_ = 0;
  };

 private:
  std::shared_ptr<StopState> state_;
};

}  // namespace ecg
