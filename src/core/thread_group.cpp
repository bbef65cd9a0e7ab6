#include "ecg/core/thread_group.h"

#include <string>
#include <system_error>

#include "ecg/core/result.h"

namespace ecg {

void ThreadGroup::Start(int count, const std::function<void()>& work,
                        const std::function<void()>& stop) {
  try {
    for (int i = 0; i < count; ++i) threads_.emplace_back(work);
  } catch (const std::system_error& error) {
    const std::string running = std::to_string(threads_.size());
    stop();
    Join();
    throw Exception({ErrorKind::kInternal,
                     "cannot start thread " + running + " of " + std::to_string(count) + ": " +
                         error.code().message() +
                         "; limits are the user's number of processes (ulimit -u), the control "
                         "group's (pids.max) and memory",
                     {},
                     0,
                     "threads"});
  } catch (...) {  // no memory
    stop();
    Join();
    throw;
  }
}

void ThreadGroup::Join() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace ecg
