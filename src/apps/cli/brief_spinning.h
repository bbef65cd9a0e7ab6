// To be included once by an executable, whose threads then yield the processor soon.
#pragma once

#include <cstdlib>

namespace ecg::cli {

// Threads of OpenMP that wait for each other spin, by default so long that the threads which read
// and measure recordings beside them lack a processor. libgomp reads how long when it is loaded,
// before main; what the user has set stays. Prediction gains a tenth by it.
inline void SpinBriefly(int /*argc*/, char** /*argv*/, char** /*environment*/) {
  setenv("GOMP_SPINCOUNT", "1000", /*overwrite=*/0);
}

// Run before the constructors of shared libraries.
__attribute__((section(".preinit_array"),
               used)) void (*const kBeforeLibraries)(int, char**, char**) = SpinBriefly;

}  // namespace ecg::cli
