#include "tests/conformance/local_activity/cancelled.hpp"

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

std::string local_abandoned() {
    let_go().wait();
    heard() = hg::activity::is_cancelled();
    ended().open();
    return "to the end";
}

class LocalIsAbandoned {
public:
    hg::Task<std::string> run() {
        const std::string outcome =
            co_await start_and_cancel<&local_abandoned>(wf::ActivityCancellationType::Abandon);
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
    const auto handle = start_with_short_tasks<&LocalIsAbandoned::run>(row);
    ASSERT_TRUE(eventually([&] { return Events::of(handle).count("TimerStarted") == 2; }))
        << "the workflow goes on, while the activity runs";
    EXPECT_FALSE(ended().is_open());
    // Before the workflow ends, which would cancel what it left behind.
    let_go().open();
    ASSERT_TRUE(ended().wait());
    ASSERT_EQ(Events::of(handle).count("WorkflowTaskTimedOut"), 0U) << "it heard of that";
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
