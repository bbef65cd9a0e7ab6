// What reading costs: this process's memory, as Linux tells it.
#pragma once

#include <malloc.h>

#include <fstream>
#include <string>

#include "tests/sanitized.h"

namespace ecg::wfdb::test {

// In MB: what the process has ("VmRSS:"), or the most it had since the last reset ("VmHWM:").
inline double Memory(const char* key) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == key && status >> kilobytes) return kilobytes / 1024;
  }
  return 0;
}

inline void ResetPeakMemory() { std::ofstream("/proc/self/clear_refs") << 5; }

// The most MB that `work` takes beyond what is in use before it.
template <typename Work>
double PeakMegabytes(const Work& work) {
  ::malloc_trim(0);  // or what was freed before would be used again, and count for nothing
  ResetPeakMemory();
  const double before = Memory("VmRSS:");
  work();
  return Memory("VmHWM:") - before;
}

}  // namespace ecg::wfdb::test
