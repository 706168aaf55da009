#pragma once

// ThreadSanitizer does not let a forked child start threads, and does not see what the Rust library
// does to order two threads.
#if defined(__SANITIZE_THREAD__)
#define HOURGLASS_TEST_UNDER_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HOURGLASS_TEST_UNDER_TSAN 1
#endif
#endif
