// Loops that are built for more than one instruction set.
#pragma once

#include <cstddef>  // also says which C library this is

#if defined(__has_feature)
#define ECG_HAS_FEATURE(name) __has_feature(name)
#else
#define ECG_HAS_FEATURE(name) 0
#endif

// Stands before a function whose loops gain from wide vectors: it is built for AVX2 too, and the
// processor that it runs on chooses. AVX2 has no fused multiply-add, so both builds give the same
// bits. Empty where compiler or C library cannot do it, and under ThreadSanitizer, which is not
// there yet when the choice is made.
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__has_attribute) && \
    !defined(__SANITIZE_THREAD__) && !ECG_HAS_FEATURE(thread_sanitizer)
#if __has_attribute(target_clones)
#define ECG_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#endif
#endif
#ifndef ECG_VECTOR_CLONES
#define ECG_VECTOR_CLONES
#endif
