#include "src/core/cgroup.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/folder.h"
#include "ecg/core/text.h"

namespace ecg {
namespace {

namespace fs = std::filesystem;

using Limit = std::optional<double>;

Limit Stricter(Limit a, Limit b) { return !a || (b && *b < *a) ? b : a; }

constexpr std::size_t kMaxBytes = std::size_t{1} << 20;

// Files of the kernel do not tell their size, as ReadFile needs it. Empty where unreadable.
std::string ReadKernelFile(const fs::path& path) {
  std::string buffer;
  const FolderReader folder(path.parent_path());
  const auto text = folder.Read(path.filename().string(), kMaxBytes, buffer);
  return text.ok() ? std::string(*text) : std::string();
}

Limit Quotient(std::string_view quota, std::string_view period) {
  const std::optional<std::int64_t> time = ParseInt(Trim(quota));
  const std::optional<std::int64_t> of = ParseInt(Trim(period));
  if (!time || !of || *time <= 0 || *of <= 0) return std::nullopt;  // "max" or -1: no limit
  return static_cast<double>(*time) / static_cast<double>(*of);
}

// The limit that one group, by its folder, sets itself.
using LimitOf = Limit (*)(const fs::path& group);

Limit ProcessorsOf(const fs::path& group) {
  const std::string max = ReadKernelFile(group / "cpu.max");
  if (const auto words = SplitWords(max); words.size() == 2) return Quotient(words[0], words[1]);
  return Quotient(ReadKernelFile(group / "cpu.cfs_quota_us"),
                  ReadKernelFile(group / "cpu.cfs_period_us"));
}

Limit MemoryOf(const fs::path& group) {
  for (const char* file : {"memory.max", "memory.limit_in_bytes"}) {
    const std::optional<std::int64_t> bytes = ParseInt(Trim(ReadKernelFile(group / file)));
    if (bytes && *bytes > 0) return static_cast<double>(*bytes);
  }
  return std::nullopt;  // "max"
}

// Each group from `path` (as in "/a/b") up to the root of its mount. Inside a container the path
// may be the one that the host sees, of which only the root is there.
Limit StrictestOnWay(const fs::path& mount, std::string_view path, LimitOf limit_of) {
  Limit strictest = limit_of(mount);
  fs::path group = mount;
  for (const std::string_view name : Split(path, '/')) {
    if (name.empty() || name == "..") continue;
    group /= name;
    strictest = Stricter(strictest, limit_of(group));
  }
  return strictest;
}

// Of all groups that the process is in, for what a controller ("cpu", "memory") limits.
Limit StrictestLimit(const fs::path& process, const fs::path& mount, std::string_view controller,
                     LimitOf limit_of) {
  Limit strictest;
  const std::string text = ReadKernelFile(process / "cgroup");
  for (const std::string_view line : SplitLines(text)) {  // id:controllers:path
    const std::vector<std::string_view> fields = Split(line, ':');
    if (fields.size() < 3) continue;
    const std::string_view controllers = fields[1];
    const std::string_view path = line.substr(fields[0].size() + fields[1].size() + 2);
    const std::vector<std::string_view> names = Split(controllers, ',');
    std::vector<fs::path> roots;
    if (controllers.empty()) {
      roots = {mount, mount / "unified"};
    } else if (std::find(names.begin(), names.end(), controller) != names.end()) {
      roots = {mount / controllers, mount / controller};
    }
    for (const fs::path& root : roots) {
      strictest = Stricter(strictest, StrictestOnWay(root, path, limit_of));
    }
  }
  return strictest;
}

}  // namespace

std::optional<double> CgroupProcessors(const fs::path& process, const fs::path& mount) {
  return StrictestLimit(process, mount, "cpu", ProcessorsOf);
}

std::optional<double> CgroupMemory(const fs::path& process, const fs::path& mount) {
  return StrictestLimit(process, mount, "memory", MemoryOf);
}

}  // namespace ecg
