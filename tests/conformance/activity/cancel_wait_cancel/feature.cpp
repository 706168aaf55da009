#include "tests/conformance/harness/row.hpp"

namespace conformance::activity_cancel_wait {

Gate& started() {
    static Gate gate;
    return gate;
}
Gate& heard() {
    static Gate gate;
    return gate;
}
Gate& let_go() {
    static Gate gate;
    return gate;
}

/// Hears of its cancellation, and ends well all the same.
std::string ends_well_when_cancelled() {
    started().open();
    for (int i = 0; i < 600 && !hg::activity::wait_for_cancellation(50ms); ++i) {
        hg::activity::heartbeat();
    }
    heard().open();
    let_go().wait();
    return hg::activity::is_cancelled() ? "heard of it" : "did not hear of it";
}

class WaitsForTheEnd {
public:
    hg::Task<std::string> run() {
        wf::ActivityOptions options{.start_to_close_timeout = 1min, .heartbeat_timeout = 1s};
        options.cancellation_type = wf::ActivityCancellationType::WaitCancellationCompleted;
        const auto running = wf::execute_activity<&ends_well_when_cancelled>(options);
        co_await wf::wait_condition([this] { return cancel_; });
        running.cancel();
        const std::string result = co_await running;
        resolved_ = true;
        co_return result;
    }
    void cancel_it() { cancel_ = true; }
    bool resolved() const { return resolved_; }

private:
    bool cancel_ = false;
    bool resolved_ = false;
};

}  // namespace conformance::activity_cancel_wait

HOURGLASS_ACTIVITY(conformance::activity_cancel_wait::ends_well_when_cancelled);
HOURGLASS_WORKFLOW(
    conformance::activity_cancel_wait::WaitsForTheEnd,
    run,
    name("ActivityCancelWait"),
    signals(cancel_it),
    queries(resolved)
);

namespace conformance::activity_cancel_wait {

void run(Row& row) {
    const auto handle = row.start<&WaitsForTheEnd::run>();
    ASSERT_TRUE(started().wait());
    handle.signal<&WaitsForTheEnd::cancel_it>();
    ASSERT_TRUE(heard().wait());
    EXPECT_FALSE(handle.query<&WaitsForTheEnd::resolved>()) << "the activity still runs";
    let_go().open();
    EXPECT_EQ(handle.result(), "heard of it");
    const auto events = Events::of(handle);
    EXPECT_EQ(events.count("ActivityTaskCancelRequested"), 1U);
    EXPECT_EQ(events.count("ActivityTaskCompleted"), 1U);
    row.replay(handle);
}

const Registration kRow{
    {.path = "activity/cancel_wait_cancel",
     .checks = "the workflow waits for the end of the activity that it cancelled, and gets its "
               "result where it ends with one",
     .run = run}
};

}  // namespace conformance::activity_cancel_wait
