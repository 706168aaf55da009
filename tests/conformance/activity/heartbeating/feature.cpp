#include "tests/conformance/harness/row.hpp"

#include <atomic>
#include <stdexcept>

namespace conformance::activity_heartbeating {

constexpr int kBeats = 100;

Gate& first_has_arrived() {
    static Gate gate;
    return gate;
}
Gate& has_beaten() {
    static Gate gate;
    return gate;
}
Gate& may_fail() {
    static Gate gate;
    return gate;
}
Gate& listens() {
    static Gate gate;
    return gate;
}
Gate& was_cancelled() {
    static Gate gate;
    return gate;
}
std::atomic<bool>& heard_without_a_heartbeat() {
    static std::atomic<bool> heard{false};
    return heard;
}

/// Beats more often than the server wants, fails, and answers with what its first attempt left.
int beats() {
    if (hg::activity::info().attempt > 1) {
        return hg::activity::heartbeat_details<int>().value_or(-1);
    }
    hg::activity::heartbeat(1);
    first_has_arrived().wait();
    for (int i = 2; i <= kBeats; ++i) {
        hg::activity::heartbeat(i);
    }
    has_beaten().open();
    may_fail().wait();
    throw std::runtime_error{"for another attempt"};
}

/// Does not beat until it has been cancelled for a while.
void beats_late() {
    listens().open();
    was_cancelled().wait();
    heard_without_a_heartbeat() = hg::activity::wait_for_cancellation(500ms);
    for (int i = 0; i < 100; ++i) {
        hg::activity::heartbeat();
        if (hg::activity::wait_for_cancellation(100ms)) {
            hg::activity::throw_if_cancelled();
        }
    }
}

class Heartbeats {
public:
    hg::Task<int> run() {
        const wf::ActivityOptions options{
            .start_to_close_timeout = 1min,
            .heartbeat_timeout = 20s,
            .retry_policy = hg::RetryPolicy{.initial_interval = 10ms}
        };
        const int left = co_await wf::execute_activity<&beats>(options);
        wf::ActivityOptions late{.start_to_close_timeout = 1min, .heartbeat_timeout = 10s};
        late.cancellation_type = wf::ActivityCancellationType::WaitCancellationCompleted;
        const auto running = wf::execute_activity<&beats_late>(late);
        co_await wf::wait_condition([this] { return cancel_; });
        running.cancel();
        try {
            co_await running;
        } catch (const hg::ActivityError& error) {
            if (!wf::is_cancelled_error(error)) {
                throw;
            }
            co_return left;
        }
        co_return -2;
    }
    void cancel_it() { cancel_ = true; }

private:
    bool cancel_ = false;
};

}  // namespace conformance::activity_heartbeating

HOURGLASS_ACTIVITY(conformance::activity_heartbeating::beats);
HOURGLASS_ACTIVITY(conformance::activity_heartbeating::beats_late);
HOURGLASS_WORKFLOW(
    conformance::activity_heartbeating::Heartbeats, run, name("Heartbeats"), signals(cancel_it)
);

namespace conformance::activity_heartbeating {

void run(Row& row) {
    const auto handle = row.start<&Heartbeats::run>();
    const auto seen = [&] {
        const auto pending = handle.describe().pending_activities;
        return pending.empty() || pending[0].heartbeat_details.empty()
                   ? 0
                   : hg::from_payload<int>(pending[0].heartbeat_details[0]);
    };
    ASSERT_TRUE(eventually([&] { return seen() == 1; }));
    first_has_arrived().open();
    ASSERT_TRUE(has_beaten().wait());
    EXPECT_FALSE(eventually([&] { return seen() > 1; }, 500ms)) << "too soon after the first one";
    may_fail().open();
    ASSERT_TRUE(listens().wait());
    handle.signal<&Heartbeats::cancel_it>();
    ASSERT_TRUE(eventually([&] {
        return Events::of(handle).count("ActivityTaskCancelRequested") == 1;
    }));
    was_cancelled().open();
    EXPECT_EQ(handle.result(), kBeats) << "the last heartbeat arrives with the failure";
    EXPECT_FALSE(heard_without_a_heartbeat()) << "only a heartbeat's answer tells";
    row.replay(handle);
}

const Registration kRow{
    {.path = "activity/heartbeating",
     .checks = "details of the last heartbeat reach the next attempt, frequent heartbeats are "
               "thinned out, and only the answer to one tells of a cancellation",
     .run = run}
};

}  // namespace conformance::activity_heartbeating
