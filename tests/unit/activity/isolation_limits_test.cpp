// What an attempt says for whose process the system has no room, and that the next one goes on. A
// binary of its own: it gives up root's rights, which no limit of processes holds for.
#include "src/activity/isolation/failures.hpp"
#include "src/activity/isolation/server_handle.hpp"
#include "tests/support/descriptors.hpp"
#include "tests/unit/activity/harness.hpp"
#include "tests/unit/activity/isolated_bodies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace hourglass::activity {
namespace {

/// Of another process; as it was, afterwards.
class Limit {
public:
    Limit(pid_t process, __rlimit_resource which, rlim_t soft) : process_{process}, which_{which} {
        rlimit limit{};
        EXPECT_EQ(::prlimit(process, which, nullptr, &before_), 0);
        limit = before_;
        limit.rlim_cur = soft;
        EXPECT_EQ(::prlimit(process, which, &limit, nullptr), 0);
    }
    ~Limit() { EXPECT_EQ(::prlimit(process_, which_, &before_, nullptr), 0); }
    Limit(const Limit&) = delete;
    Limit& operator=(const Limit&) = delete;

private:
    const pid_t process_;
    const __rlimit_resource which_;
    rlimit before_{};
};

class IsolatedActivityAtALimit : public testing::Test {
protected:
    IsolatedActivityAtALimit() { harness_.definitions.add<&isolated_bodies::add>("add", isolated); }
    void expect_no_process_because(const std::string& reason) {
        const auto result = harness_.run("add", 40, 2);
        const auto& failure = result.failed().failure();
        EXPECT_EQ(failure.application_failure_info().type(), isolation::kNoProcess);
        EXPECT_FALSE(failure.application_failure_info().non_retryable());
        EXPECT_EQ(
            failure.message(), "the system gave no process for an isolated activity: " + reason
        );
    }
    void expect_the_next_attempt_to_work() {
        EXPECT_EQ(value_of<int>(harness_.run("add", 40, 2)), 42);
    }

    Harness harness_;
};

TEST_F(IsolatedActivityAtALimit, FailsRetryablyIfThereIsNoProcessLeft) {
    {
        const Limit limit{isolation::server_pid(), RLIMIT_NPROC, 0};
        expect_no_process_because("Resource temporarily unavailable");
    }
    expect_the_next_attempt_to_work();
}

TEST_F(IsolatedActivityAtALimit, FailsRetryablyIfTheServerHasNoDescriptorLeft) {
    {
        const Limit limit{isolation::server_pid(), RLIMIT_NOFILE, 3};
        expect_no_process_because("Too many open files");
    }
    expect_the_next_attempt_to_work();
}

#ifndef HOURGLASS_TEST_SANITIZED  // UndefinedBehaviorSanitizer needs descriptors for its checks
TEST_F(IsolatedActivityAtALimit, FailsRetryablyIfTheProgramHasNoDescriptorLeft) {
    {
        const test::NoDescriptorLeft none;
        expect_no_process_because("Too many open files");
    }
    expect_the_next_attempt_to_work();
}
#endif

}  // namespace
}  // namespace hourglass::activity

int main(int argc, char** argv) {
    constexpr uid_t kNobody = 65534;
    if (::geteuid() == 0 && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)) {
        std::perror("setuid");
        return 1;
    }
    ::prctl(PR_SET_DUMPABLE, 1);  // for LeakSanitizer
    hourglass::isolation::start();
    testing::InitGoogleMock(&argc, argv);
    return RUN_ALL_TESTS();
}
