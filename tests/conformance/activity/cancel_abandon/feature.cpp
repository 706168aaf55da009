#include "tests/conformance/harness/row.hpp"

#include <atomic>

namespace conformance::activity_cancel_abandon {

Gate& started() {
    static Gate gate;
    return gate;
}
Gate& let_go() {
    static Gate gate;
    return gate;
}
std::atomic<bool>& heard() {
    static std::atomic<bool> cancelled{false};
    return cancelled;
}

/// Listens as well as it can.
std::string abandoned() {
    started().open();
    while (!let_go().wait(50ms)) {
        hg::activity::heartbeat();
        if (hg::activity::is_cancelled()) {
            heard() = true;
        }
    }
    return "to the end";
}

class Abandons {
public:
    hg::Task<void> run() {
        wf::ActivityOptions options{.start_to_close_timeout = 1min, .heartbeat_timeout = 1s};
        options.cancellation_type = wf::ActivityCancellationType::Abandon;
        const auto running = wf::execute_activity<&abandoned>(options);
        co_await wf::wait_condition([this] { return cancel_; });
        running.cancel();
        try {
            co_await running;
        } catch (const hg::ActivityError& error) {
            outcome_ = wf::is_cancelled_error(error) ? "cancelled" : "failed";
        }
        co_await wf::wait_condition([this] { return finish_; });
    }
    void cancel_it() { cancel_ = true; }
    void finish() { finish_ = true; }
    std::string outcome() const { return outcome_; }

private:
    bool cancel_ = false;
    bool finish_ = false;
    std::string outcome_;
};

}  // namespace conformance::activity_cancel_abandon

HOURGLASS_ACTIVITY(conformance::activity_cancel_abandon::abandoned);
HOURGLASS_WORKFLOW(
    conformance::activity_cancel_abandon::Abandons,
    run,
    name("ActivityCancelAbandon"),
    signals(cancel_it, finish),
    queries(outcome)
);

namespace conformance::activity_cancel_abandon {

void run(Row& row) {
    const auto handle = row.start<&Abandons::run>();
    ASSERT_TRUE(started().wait());
    handle.signal<&Abandons::cancel_it>();
    EXPECT_TRUE(eventually([&] { return handle.query<&Abandons::outcome>() == "cancelled"; }));
    // Several heartbeats long: each answer could tell the activity of a cancellation.
    EXPECT_FALSE(eventually([] { return heard().load(); }, 2500ms));
    let_go().open();
    handle.signal<&Abandons::finish>();
    handle.result();
    const auto events = Events::of(handle);
    EXPECT_EQ(events.count("ActivityTaskScheduled"), 1U);
    EXPECT_EQ(events.count("ActivityTaskCancelRequested"), 0U);
    row.replay(handle);
}

const Registration kRow{
    {.path = "activity/cancel_abandon",
     .checks =
         "the workflow goes on at once, nothing is sent to the server, and the activity never "
         "hears of it",
     .run = run}
};

}  // namespace conformance::activity_cancel_abandon
