#include "tests/conformance/harness/row.hpp"

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
        wf::LocalActivityOptions options{.start_to_close_timeout = 1min};
        options.cancellation_type = wf::ActivityCancellationType::WaitCancellationCompleted;
        const auto running = wf::execute_local_activity<&local_waited_for>(options);
        co_await wf::sleep(100ms);
        running.cancel();
        std::string said = "no error";
        try {
            said = co_await running;
        } catch (const hg::ActivityError& error) {
            said = wf::is_cancelled_error(error) ? "cancelled" : "failed";
        }
        co_return said;
    }
};

}  // namespace conformance::local_cancel_wait

HOURGLASS_ACTIVITY(conformance::local_cancel_wait::local_waited_for);
HOURGLASS_WORKFLOW(conformance::local_cancel_wait::LocalIsWaitedFor, run);

namespace conformance::local_cancel_wait {

void run(Row& row) {
    auto options = row.options();
    options.task_timeout = 1s;  // the workflow hears of its timer when the task is handed back
    const auto handle = row.client().start<&LocalIsWaitedFor::run>(options);
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
