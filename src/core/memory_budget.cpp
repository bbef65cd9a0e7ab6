#include "ecg/core/memory_budget.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <optional>

#include "src/core/cgroup.h"

namespace ecg {
namespace {

constexpr char kField[] = "memory";

}  // namespace

std::size_t AvailableMemory() {
  double bytes =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  if (const std::optional<double> group = CgroupMemory("/proc/self", "/sys/fs/cgroup")) {
    bytes = std::min(bytes, *group);
  }
  for (const auto resource : {RLIMIT_AS, RLIMIT_DATA}) {
    rlimit limit{};
    if (::getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) continue;
    bytes = std::min(bytes, static_cast<double>(limit.rlim_cur));
  }
  return ToBytes(bytes);
}

std::string BytesInWords(double bytes) {
  constexpr std::array<const char*, 5> kUnits = {"kB", "MB", "GB", "TB", "PB"};
  double value = bytes / 1000;
  std::size_t unit = 0;
  for (; value >= 999.5 && unit + 1 < kUnits.size(); ++unit) value /= 1000;
  char text[64];
  std::snprintf(text, sizeof(text), value < 10 ? "%.1f %s" : "%.0f %s", value, kUnits[unit]);
  return text;
}

std::size_t ToBytes(double bytes) {
  constexpr auto kMost = static_cast<double>(std::numeric_limits<std::size_t>::max()) / 2;
  if (!(bytes > 0)) return 0;
  return bytes >= kMost ? std::numeric_limits<std::size_t>::max() / 2
                        : static_cast<std::size_t>(bytes);
}

MemoryBudget& MemoryBudget::OfProcess() {
  static MemoryBudget budget(AvailableMemory() / 2);
  return budget;
}

Result<MemoryBudget::Share> MemoryBudget::Take(std::size_t bytes, const std::string& file) {
  if (bytes > limit_) {
    return InputError("needs " + BytesInWords(static_cast<double>(bytes)) +
                          ", recordings may take " + BytesInWords(static_cast<double>(limit_)) +
                          " here",
                      file, 0, kField);
  }
  std::unique_lock<std::mutex> lock(mutex_);
  const std::uint64_t mine = asked_++;
  turn_.wait(lock, [&] { return served_ == mine && bytes <= limit_ - in_use_; });
  ++served_;
  in_use_ += bytes;
  turn_.notify_all();
  return Share(*this, bytes);
}

void MemoryBudget::GiveBack(std::size_t bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  in_use_ -= bytes;
  turn_.notify_all();
}

Error OutOfMemory(const std::string& file) {
  return InputError("needs more memory than there is", file, 0, kField);
}

}  // namespace ecg
