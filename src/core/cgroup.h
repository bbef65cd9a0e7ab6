// The share of the machine that a control group leaves to a process.
#pragma once

#include <filesystem>
#include <optional>

namespace ecg {

// Processors' worth of time that the strictest group on the process's way up to the root of the
// mount gives, as in 1.5; empty where none sets a limit. `process` is the folder with the file
// "cgroup" (/proc/self), `mount` where the groups are mounted (/sys/fs/cgroup). Version 2: cpu.max;
// version 1: cpu.cfs_quota_us and cpu.cfs_period_us. What cannot be read sets no limit. Source:
// the kernel's Documentation/admin-guide/cgroup-v2.rst and scheduler/sched-bwc.rst.
std::optional<double> CgroupProcessors(const std::filesystem::path& process,
                                       const std::filesystem::path& mount);

// The same for bytes of memory: memory.max of version 2, memory.limit_in_bytes of version 1.
std::optional<double> CgroupMemory(const std::filesystem::path& process,
                                   const std::filesystem::path& mount);

}  // namespace ecg
