#include "tests/conformance/local_activity/cancelled.hpp"

namespace conformance::local_cancel_wait {

Gate& ended() {
    static Gate gate;
    return gate;
}

/// Cleans up for a while when it is cancelled.
std::string local_waited_for() {
    if (!hg::activity::wait_for_cancellation(20s)) {
        return "never cancelled";
    }
    static_cast<void>(eventually([] { return false; }, 300ms));
    ended().open();
    return "cleaned up";
}

class LocalIsWaitedFor {
public:
    hg::Task<std::string> run() {
        const std::string said = co_await start_and_cancel<&local_waited_for>(
            wf::ActivityCancellationType::WaitCancellationCompleted
        );
        co_return said;
    }
};

}  // namespace conformance::local_cancel_wait

HOURGLASS_ACTIVITY(conformance::local_cancel_wait::local_waited_for);
HOURGLASS_WORKFLOW(conformance::local_cancel_wait::LocalIsWaitedFor, run);

namespace conformance::local_cancel_wait {

void run(Row& row) {
    const auto handle = start_with_short_tasks<&LocalIsWaitedFor::run>(row);
    EXPECT_EQ(handle.result(), "cleaned up");
    EXPECT_TRUE(ended().is_open());
    row.replay(handle);
}

const Registration kRow{
    {.path = "local_activity/cancel_wait_completed",
     .checks = "the workflow waits for the end of the local activity that it cancelled, and gets "
               "its result",
     .run = run}
};

}  // namespace conformance::local_cancel_wait
