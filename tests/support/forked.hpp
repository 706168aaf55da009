#pragma once

#include "tests/support/sanitizers.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace hourglass::test {

inline bool in_forked_child = false;

}  // namespace hourglass::test

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
/// LeakSanitizer asks. In a forked child it takes for lost what only the parent's threads hold.
extern "C" __attribute__((weak, used)) int __lsan_is_turned_off(
) {  // NOLINT(bugprone-reserved-identifier)
    return hourglass::test::in_forked_child ? 1 : 0;
}
#endif
#endif

namespace hourglass::test {

/// Runs `body` in a forked child, which leaves with what it returns, through `exit`. One that
/// throws leaves with 99, one that takes longer than `limit` is killed by SIGALRM.
template <class Body>
pid_t forked(Body body, std::chrono::seconds limit = std::chrono::seconds{60}) {
    const pid_t child = ::fork();
    if (child != 0) {
        return child;
    }
    in_forked_child = true;
    ::alarm(static_cast<unsigned>(limit.count()));
    int status = 99;
    try {
        status = body();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "child %d: %s\n", ::getpid(), error.what());
    }
    std::exit(status);
}

/// Waits for a child. "status 0", "SIGALRM: Alarm clock".
inline std::string end_of(pid_t child) {
    int status = -1;
    if (::waitpid(child, &status, 0) != child) {
        return "no child";
    }
    return WIFEXITED(status) ? "status " + std::to_string(WEXITSTATUS(status))
                             : std::string{"SIG"} + ::sigabbrev_np(WTERMSIG(status));
}

}  // namespace hourglass::test
