// A wish to stop, seen by work that can end early.
#pragma once

#include <atomic>
#include <memory>

namespace ecg {

// Copies share one wish. Asking and telling are safe from any thread; RequestStop is also safe in a
// signal handler.
class StopToken {
 public:
  void RequestStop() const { wish_->store(true, std::memory_order_relaxed); }
  bool StopRequested() const { return wish_->load(std::memory_order_relaxed); }

 private:
  std::shared_ptr<std::atomic<bool>> wish_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace ecg
