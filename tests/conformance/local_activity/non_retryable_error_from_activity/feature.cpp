#include "tests/conformance/harness/row.hpp"

#include <atomic>

namespace conformance::local_non_retryable {

std::atomic<int>& attempts() {
    static std::atomic<int> count{0};
    return count;
}

void local_refuses() {
    ++attempts();
    throw hg::ApplicationError{"no use", {.type = "Refused", .non_retryable = true}};
}

class LocalIsRefused {
public:
    hg::Task<void> run() {
        const wf::LocalActivityOptions options{
            .start_to_close_timeout = 10s,
            .retry_policy = hg::RetryPolicy{.initial_interval = 1ms, .maximum_attempts = 5}
        };
        co_await wf::execute_local_activity<&local_refuses>(options);
    }
};

}  // namespace conformance::local_non_retryable

HOURGLASS_ACTIVITY(conformance::local_non_retryable::local_refuses);
HOURGLASS_WORKFLOW(conformance::local_non_retryable::LocalIsRefused, run);

namespace conformance::local_non_retryable {

void run(Row& row) {
    const auto handle = row.start<&LocalIsRefused::run>();
    const auto cause = failure_of(handle).find_cause<hg::ApplicationError>();
    ASSERT_NE(cause, nullptr);
    EXPECT_EQ(cause->message(), "no use");
    EXPECT_EQ(attempts(), 1);
    row.replay(handle);
}

const Registration kRow{
    {.path = "local_activity/non_retryable_error_from_activity",
     .checks = "a failure that says so is not tried again",
     .run = run}
};

}  // namespace conformance::local_non_retryable
