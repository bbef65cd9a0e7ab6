// Work spread over threads.
#pragma once

#include <cstddef>
#include <functional>

namespace ecg {

// The processors that this process may use, at least 1: those it may run on, and no more than its
// control groups give it time on, rounded up.
int AvailableThreads();

// Calls body(index) once for every index in [0, count), on up to `threads` threads (the calling
// one included; 0 = AvailableThreads()). Indices are handed out in order. The first exception
// stops the handing out and is thrown again here, after all threads have come home, as is an
// Exception (kInternal) where a thread cannot be started.
void ParallelFor(std::size_t count, int threads, const std::function<void(std::size_t)>& body);

}  // namespace ecg
