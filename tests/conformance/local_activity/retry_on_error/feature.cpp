#include "tests/conformance/harness/row.hpp"

#include <atomic>

namespace conformance::local_retry {

std::atomic<int>& attempts() {
    static std::atomic<int> count{0};
    return count;
}

void local_always_fails() {
    ++attempts();
    throw hg::ApplicationError{
        "activity attempt " + std::to_string(hg::activity::info().attempt) + " failed"
    };
}

class LocalRetries {
public:
    hg::Task<void> run() {
        const wf::LocalActivityOptions options{
            .start_to_close_timeout = 10s,
            .retry_policy =
                hg::RetryPolicy{
                    .initial_interval = 1ms, .backoff_coefficient = 1, .maximum_attempts = 5
                }
        };
        co_await wf::execute_local_activity<&local_always_fails>(options);
    }
};

}  // namespace conformance::local_retry

HOURGLASS_ACTIVITY(conformance::local_retry::local_always_fails);
HOURGLASS_WORKFLOW(conformance::local_retry::LocalRetries, run);

namespace conformance::local_retry {

void run(Row& row) {
    const auto handle = row.start<&LocalRetries::run>();
    const auto error = failure_of(handle);
    const auto cause = error.find_cause<hg::ApplicationError>();
    ASSERT_NE(cause, nullptr);
    EXPECT_EQ(cause->message(), "activity attempt 5 failed");
    EXPECT_EQ(attempts(), 5);
    EXPECT_EQ(Events::of(handle).count("MarkerRecorded"), 1U);
    row.replay(handle);
    EXPECT_EQ(attempts(), 5) << "a replay runs no activity";
}

const Registration kRow{
    {.path = "local_activity/retry_on_error",
     .checks = "five attempts are made, no more, and the last failure is the one that comes",
     .run = run}
};

}  // namespace conformance::local_retry
