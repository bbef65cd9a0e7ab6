#include "ecg/core/stop_token.h"

#include <atomic>
#include <map>
#include <mutex>
#include <utility>

namespace ecg {

struct StopState {
  std::atomic<bool> wished{false};
  std::mutex mutex;  // held while calls are made, so that a destructor waits for its own
  std::map<std::uint64_t, std::function<void()>> calls;
  std::uint64_t next = 0;
};

StopToken::StopToken() : state_(std::make_shared<StopState>()) {}

void StopToken::RequestStop() const {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  if (state_->wished.exchange(true)) return;
  for (const auto& [number, call] : state_->calls) call();
}

bool StopToken::StopRequested() const { return state_->wished.load(); }

StopToken::Callback::Callback(const StopToken& token, std::function<void()> call)
    : state_(token.state_) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  if (state_->wished) call();
  number_ = state_->next++;
  state_->calls.emplace(number_, std::move(call));
}

StopToken::Callback::~Callback() {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->calls.erase(number_);
}

}  // namespace ecg
