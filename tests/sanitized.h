// Whether these tests run under the address sanitizer, which takes addresses and memory of its own
// and ends the process where an allocation cannot be made: limits on them tell nothing there.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define ECG_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ECG_SANITIZED 1
#endif
#endif
