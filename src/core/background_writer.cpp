#include "ecg/core/background_writer.h"

#include <algorithm>

#include "ecg/core/file.h"

namespace ecg {

BackgroundWriter::BackgroundWriter(int threads, std::size_t depth)
    : depth_(std::max<std::size_t>(depth, 1)) {
  threads_.Start(
      std::max(threads, 1), [this] { Work(); }, [this] { Close(); });
}

BackgroundWriter::~BackgroundWriter() { Close(); }

void BackgroundWriter::Close() {
  const std::lock_guard<std::mutex> lock(mutex_);
  closing_ = true;
  changed_.notify_all();
}

void BackgroundWriter::ThrowFailure() const {
  if (failure_) throw Exception(*failure_);
}

void BackgroundWriter::Push(std::filesystem::path path, std::string bytes) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return waiting_.size() < depth_; });
  ThrowFailure();
  waiting_.emplace_back(std::move(path), std::move(bytes));
  lock.unlock();
  changed_.notify_all();
}

void BackgroundWriter::Finish() {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return waiting_.empty() && writing_ == 0; });
  ThrowFailure();
}

void BackgroundWriter::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const auto [path, bytes] = std::move(waiting_.front());
    waiting_.pop_front();
    ++writing_;
    lock.unlock();
    const Status status = WriteFileAtomic(path, bytes);
    lock.lock();
    --writing_;
    if (!status.ok() && !failure_) failure_ = status.error();
    changed_.notify_all();
  }
}

}  // namespace ecg
