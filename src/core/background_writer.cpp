#include "ecg/core/background_writer.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "ecg/core/file.h"

namespace ecg {
namespace {

// Each of them once.
Status SyncFileSystemsOf(const std::set<std::filesystem::path>& folders) {
  std::set<dev_t> synced;
  for (const std::filesystem::path& folder : folders) {
    struct stat info {};
    if (::stat(folder.empty() ? "." : folder.c_str(), &info) != 0) continue;
    if (!synced.insert(info.st_dev).second) continue;
    if (Status status = SyncFileSystem(folder); !status.ok()) return status;
  }
  return {};
}

}  // namespace

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
  SyncFileSystemsOf(std::exchange(folders_, {})).value();
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
    const Status status = WriteFileAtomic(path, bytes, Durability::kCached);
    lock.lock();
    folders_.insert(path.parent_path());
    --writing_;
    if (!status.ok() && !failure_) failure_ = status.error();
    changed_.notify_all();
  }
}

}  // namespace ecg
