// Loops that are built for more than one instruction set.
#pragma once

#include <cstddef>  // also says which C library this is

// Stands before a function whose loops gain from wide vectors: it is built for AVX2 too, and the
// processor that it runs on chooses. AVX2 has no fused multiply-add, so both builds give the same
// bits. Nothing where the compiler or the C library cannot do it, and under AddressSanitizer, which
// is not there yet when the choice is made.
#define ECG_VECTOR_CLONES
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__has_attribute) && \
    !defined(__SANITIZE_ADDRESS__)
#if defined(__has_feature)
#define ECG_HAS_ASAN __has_feature(address_sanitizer)
#else
#define ECG_HAS_ASAN 0
#endif
#if __has_attribute(target_clones) && !ECG_HAS_ASAN
#undef ECG_VECTOR_CLONES
#define ECG_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#endif
#endif
