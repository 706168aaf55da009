#include "tests/conformance/harness/row.hpp"

namespace conformance::activity_cancel_try_cancel {

/// Tells its own workflow when it has begun, and what became of it.
void reports_cancellation() {
    const auto workflow =
        client().handle(*hg::activity::info().workflow_id, *hg::activity::info().workflow_run_id);
    workflow.signal("activity_started");
    for (int i = 0; i < 600; ++i) {
        hg::activity::heartbeat(i);
        if (hg::activity::wait_for_cancellation(50ms)) {
            workflow.signal("activity_ended", "cancelled");
            hg::activity::throw_if_cancelled();
        }
    }
    workflow.signal("activity_ended", "not cancelled");
}

class TriesToCancel {
public:
    hg::Task<std::string> run() {
        wf::ActivityOptions options{
            .schedule_to_close_timeout = 1min,
            .heartbeat_timeout = 1s,
            .retry_policy = hg::RetryPolicy{.maximum_attempts = 1}
        };
        options.cancellation_type = wf::ActivityCancellationType::TryCancel;
        const auto running = wf::execute_activity<&reports_cancellation>(options);
        co_await wf::wait_condition([this] { return started_; });
        running.cancel();
        std::string what = "no error";
        try {
            co_await running;
        } catch (const hg::ActivityError& error) {
            what = wf::is_cancelled_error(error) ? "cancelled" : "another error";
        }
        what += ended_.empty() ? ", then " : ", after ";
        co_await wf::wait_condition([this] { return !ended_.empty(); });
        co_return what + ended_;
    }
    void activity_started() { started_ = true; }
    void activity_ended(std::string how) { ended_ = std::move(how); }

private:
    bool started_ = false;
    std::string ended_;
};

}  // namespace conformance::activity_cancel_try_cancel

HOURGLASS_ACTIVITY(conformance::activity_cancel_try_cancel::reports_cancellation);
HOURGLASS_WORKFLOW(
    conformance::activity_cancel_try_cancel::TriesToCancel,
    run,
    name("ActivityCancelTryCancel"),
    signals(activity_started, activity_ended)
);

namespace conformance::activity_cancel_try_cancel {

void run(Row& row) {
    const auto handle = row.start<&TriesToCancel::run>();
    EXPECT_EQ(handle.result(), "cancelled, then cancelled");
    EXPECT_EQ(Events::of(handle).count("ActivityTaskCancelRequested"), 1U);
    row.replay(handle);
}

const Registration kRow{
    {.path = "activity/cancel_try_cancel",
     .checks = "the workflow goes on at once with an ActivityError caused by a CancelledError; the "
               "activity hears of it by its heartbeat, and signals its workflow",
     .run = run}
};

}  // namespace conformance::activity_cancel_try_cancel
