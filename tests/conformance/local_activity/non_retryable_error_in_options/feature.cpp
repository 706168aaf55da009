#include "tests/conformance/harness/row.hpp"

#include <atomic>

namespace conformance::local_non_retryable_type {

std::atomic<int>& attempts() {
    static std::atomic<int> count{0};
    return count;
}

void local_fails_with_type(std::string type) {
    ++attempts();
    throw hg::ApplicationError{"failed", {.type = std::move(type)}};
}

class LocalFailsWithType {
public:
    hg::Task<void> run(std::string type) {
        const wf::LocalActivityOptions options{
            .start_to_close_timeout = 10s,
            .retry_policy =
                hg::RetryPolicy{
                    .initial_interval = 1ms,
                    .maximum_attempts = 3,
                    .non_retryable_error_types = {"Hopeless"}
                }
        };
        co_await wf::execute_local_activity<&local_fails_with_type>(options, type);
    }
};

}  // namespace conformance::local_non_retryable_type

HOURGLASS_ACTIVITY(conformance::local_non_retryable_type::local_fails_with_type);
HOURGLASS_WORKFLOW(conformance::local_non_retryable_type::LocalFailsWithType, run);

namespace conformance::local_non_retryable_type {

void run(Row& row) {
    const auto hopeless = row.start<&LocalFailsWithType::run>("Hopeless");
    EXPECT_NE(failure_of(hopeless).find_cause<hg::ApplicationError>(), nullptr);
    EXPECT_EQ(attempts(), 1);
    const auto other = row.start<&LocalFailsWithType::run>("Other");
    EXPECT_NE(failure_of(other).find_cause<hg::ApplicationError>(), nullptr);
    EXPECT_EQ(attempts(), 1 + 3);
    row.replay(hopeless);
    row.replay(other);
}

const Registration kRow{
    {.path = "local_activity/non_retryable_error_in_options",
     .checks = "a failure whose type the retry policy names is not tried again, another one is",
     .run = run}
};

}  // namespace conformance::local_non_retryable_type
