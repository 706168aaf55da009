#include "tests/conformance/harness/row.hpp"

#include <atomic>

namespace conformance::local_cancel_abandon {

Gate& let_go() {
    static Gate gate;
    return gate;
}
Gate& ended() {
    static Gate gate;
    return gate;
}
std::atomic<bool>& heard() {
    static std::atomic<bool> cancelled{false};
    return cancelled;
}

void local_abandoned() {
    let_go().wait();
    heard() = hg::activity::is_cancelled();
    ended().open();
}

class LocalIsAbandoned {
public:
    hg::Task<std::string> run() {
        wf::LocalActivityOptions options{.start_to_close_timeout = 1min};
        options.cancellation_type = wf::ActivityCancellationType::Abandon;
        const auto running = wf::execute_local_activity<&local_abandoned>(options);
        co_await wf::sleep(100ms);
        running.cancel();
        std::string outcome = "no error";
        try {
            co_await running;
        } catch (const hg::ActivityError& error) {
            outcome = wf::is_cancelled_error(error) ? "cancelled" : "failed";
        }
        co_await wf::sleep(1ms);  // which the history shows
        co_await wf::wait_condition([this] { return finish_; });
        co_return outcome;
    }
    void finish() { finish_ = true; }

private:
    bool finish_ = false;
};

}  // namespace conformance::local_cancel_abandon

HOURGLASS_ACTIVITY(conformance::local_cancel_abandon::local_abandoned);
HOURGLASS_WORKFLOW(conformance::local_cancel_abandon::LocalIsAbandoned, run, signals(finish));

namespace conformance::local_cancel_abandon {

void run(Row& row) {
    auto options = row.options();
    options.task_timeout = 1s;  // the workflow hears of its timer when the task is handed back
    const auto handle = row.client().start<&LocalIsAbandoned::run>(options);
    ASSERT_TRUE(eventually([&] { return Events::of(handle).count("TimerStarted") == 2; }))
        << "the workflow goes on, while the activity runs";
    EXPECT_FALSE(ended().is_open());
    // Before the workflow ends, which would cancel what it left behind.
    let_go().open();
    ASSERT_TRUE(ended().wait());
    EXPECT_FALSE(heard());
    handle.signal<&LocalIsAbandoned::finish>();
    EXPECT_EQ(handle.result(), "cancelled");
    row.replay(handle);
}

const Registration kRow{
    {.path = "local_activity/cancel_abandon",
     .checks = "the workflow goes on at once, and the local activity never hears of it",
     .run = run}
};

}  // namespace conformance::local_cancel_abandon
