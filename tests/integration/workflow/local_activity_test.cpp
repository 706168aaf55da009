// Local activities against the dev server.
#include "tests/integration/workflow/fixture.hpp"
#include "tests/integration/workflow/recorded_events.hpp"

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>

namespace locals {

std::atomic<int>& runs() {
    static std::atomic<int> count{0};
    return count;
}
std::atomic<int>& cancelled() {
    static std::atomic<int> count{0};
    return count;
}

std::string shout(std::string text) {
    ++runs();
    return text + "!";
}

/// Fails until the attempt, then answers its number.
int from_attempt(int attempt) {
    ++runs();
    const int now = static_cast<int>(hg::activity::info().attempt);
    if (now < attempt || !hg::activity::info().is_local) {
        throw std::runtime_error{"activity attempt " + std::to_string(now) + " failed"};
    }
    return now;
}

void refuse() {
    ++runs();
    throw hg::ApplicationError{"no use", {.type = "Refused", .non_retryable = true}};
}

/// Takes a while, and does not listen.
std::string slow(int milliseconds) {
    ++runs();
    std::this_thread::sleep_for(std::chrono::milliseconds{milliseconds});
    return "slow";
}

/// Ends when it is cancelled.
std::string until_cancelled() {
    ++runs();
    if (hg::activity::wait_for_cancellation(20s)) {
        ++cancelled();
        hg::activity::throw_if_cancelled();
    }
    return "never";
}

const wf::LocalActivityOptions kQuick{
    .start_to_close_timeout = 10s,
    .retry_policy = hg::RetryPolicy{.initial_interval = 10ms, .backoff_coefficient = 1}
};

class Shouts {
public:
    hg::Task<std::string> run() {
        std::string text;
        for (int i = 0; i < 3; ++i) {  // one after the other
            text = co_await wf::execute_local_activity<&shout>(kQuick, text + "a");
        }
        const auto first = wf::execute_local_activity<&shout>(kQuick, "b");
        const auto second = wf::execute_local_activity<&shout>(kQuick, "c");
        const auto both = co_await wf::all(first, second);
        co_return text + std::get<0>(both) + std::get<1>(both);
    }
};

class Tries {
public:
    hg::Task<std::string> run(std::string what) {
        std::string said;
        try {
            if (what == "refuse") {
                co_await wf::execute_local_activity<&refuse>(kQuick);
            } else if (what == "five attempts") {
                wf::LocalActivityOptions options = kQuick;
                options.retry_policy =
                    hg::RetryPolicy{.initial_interval = 10ms, .maximum_attempts = 5};
                const int never = co_await wf::execute_local_activity<&from_attempt>(options, 99);
                said = std::to_string(never);
            } else if (what == "unretried type") {
                wf::LocalActivityOptions options = kQuick;
                options.retry_policy =
                    hg::RetryPolicy{.non_retryable_error_types = {"std::runtime_error"}};
                const int never = co_await wf::execute_local_activity<&from_attempt>(options, 99);
                said = std::to_string(never);
            } else {
                const int attempt = co_await wf::execute_local_activity<&from_attempt>(kQuick, 4);
                said = std::to_string(attempt);
            }
        } catch (const hg::ActivityError& error) {
            said = error.find_cause<hg::ApplicationError>()->message();
        }
        co_return said;
    }
};

/// Between its attempts the workflow waits, in a timer that is in the history.
class BacksOff {
public:
    hg::Task<int> run() {
        const wf::LocalActivityOptions options{
            .start_to_close_timeout = 10s,
            .retry_policy = hg::RetryPolicy{.initial_interval = 200ms, .backoff_coefficient = 1},
            .local_retry_threshold = 100ms
        };
        const int attempt = co_await wf::execute_local_activity<&from_attempt>(options, 3);
        co_return attempt;
    }
};

/// With its arguments in the history, and without.
class Tells {
public:
    hg::Task<void> run() {
        wf::LocalActivityOptions options = kQuick;
        options.include_arguments_in_marker = true;
        co_await wf::execute_local_activity<&shout>(options, "loud");
        co_await wf::execute_local_activity<&shout>(kQuick, "quiet");
    }
};

class IsSlow {
public:
    hg::Task<std::string> run() {
        const std::string said = co_await wf::execute_local_activity<&slow>(kQuick, 2500);
        co_return said;
    }
};

class Cancels {
public:
    hg::Task<std::string> run(int type) {
        wf::LocalActivityOptions options{.start_to_close_timeout = 20s};
        options.cancellation_type = static_cast<wf::ActivityCancellationType>(type);
        const auto running = wf::execute_local_activity<&until_cancelled>(options);
        co_await wf::sleep(100ms);
        running.cancel();
        std::string said;
        try {
            said = co_await running;
        } catch (const hg::ActivityError& error) {
            said = wf::is_cancelled_error(error) ? "cancelled" : "failed";
        }
        co_return said;
    }
};

class CancelsBetweenAttempts {
public:
    hg::Task<std::string> run() {
        const wf::LocalActivityOptions options{
            .start_to_close_timeout = 10s,
            .retry_policy = hg::RetryPolicy{.initial_interval = 1h},
            .local_retry_threshold = 100ms
        };
        const auto running = wf::execute_local_activity<&from_attempt>(options, 99);
        co_await wf::sleep(500ms);
        running.cancel();
        std::string said;
        try {
            const int never = co_await running;
            said = std::to_string(never);
        } catch (const hg::ActivityError& error) {
            said = wf::is_cancelled_error(error) ? "cancelled" : "failed";
        }
        co_return said;
    }
};

}  // namespace locals

HOURGLASS_ACTIVITY(locals::shout);
HOURGLASS_ACTIVITY(locals::from_attempt);
HOURGLASS_ACTIVITY(locals::refuse);
HOURGLASS_ACTIVITY(locals::slow);
HOURGLASS_ACTIVITY(locals::until_cancelled);
HOURGLASS_WORKFLOW(locals::Shouts, run);
HOURGLASS_WORKFLOW(locals::Tries, run);
HOURGLASS_WORKFLOW(locals::BacksOff, run);
HOURGLASS_WORKFLOW(locals::Tells, run, name("TellsArguments"));
HOURGLASS_WORKFLOW(locals::IsSlow, run);
HOURGLASS_WORKFLOW(locals::Cancels, run, name("CancelsLocal"));
HOURGLASS_WORKFLOW(locals::CancelsBetweenAttempts, run);

namespace {

using ::testing::Not;

class LocalActivityTest : public WorkflowTest {
protected:
    void SetUp() override {
        locals::runs() = 0;
        locals::cancelled() = 0;
        WorkflowTest::SetUp();
    }
    /// The workflow hears of nothing while its task is kept open for a local activity: 0.8 s then.
    [[nodiscard]] hg::StartOptions short_tasks() const {
        auto options = start_options("short-tasks");
        options.task_timeout = 1s;
        return options;
    }
    std::string cancel(wf::ActivityCancellationType type) {
        return client_->execute<&locals::Cancels::run>(short_tasks(), static_cast<int>(type));
    }
};

TEST_P(LocalActivityTest, LeavesOneMarkerEachAndNoEventOfAnActivity) {
    const auto handle = start<&locals::Shouts::run>();
    EXPECT_EQ(handle.result(), "a!a!a!b!c!");
    EXPECT_EQ(count_events(handle, "MARKER_RECORDED"), 5);
    EXPECT_EQ(count_events(handle, "ACTIVITY_TASK_SCHEDULED"), 0);
    EXPECT_EQ(locals::runs(), 5);
}

TEST_P(LocalActivityTest, HasItsArgumentsInItsMarkerIfItIsToldSo) {
    const auto handle = start<&locals::Tells::run>();
    handle.result();
    const auto history = handle.history();
    const auto markers =
        hg::test::recorded_events(history, temporal::api::enums::v1::EVENT_TYPE_MARKER_RECORDED);
    ASSERT_EQ(markers.size(), 2U);
    const auto& loud = markers[0].marker_recorded_event_attributes().details();
    ASSERT_TRUE(loud.contains("input"));
    ASSERT_EQ(loud.at("input").payloads_size(), 1);
    EXPECT_EQ(loud.at("input").payloads(0).data(), R"("loud")");
    EXPECT_FALSE(markers[1].marker_recorded_event_attributes().details().contains("input"));
    EXPECT_THAT(history.serialized(), Not(HasSubstr(R"("quiet")")));
    EXPECT_THAT(history.serialized(), HasSubstr(R"("quiet!")"));
}

TEST_P(LocalActivityTest, IsTriedAgainAsItsRetryPolicySays) {
    EXPECT_EQ(execute<&locals::Tries::run>(""), "4");
    EXPECT_EQ(execute<&locals::Tries::run>("five attempts"), "activity attempt 5 failed");
    locals::runs() = 0;
    EXPECT_EQ(execute<&locals::Tries::run>("refuse"), "no use");
    EXPECT_EQ(execute<&locals::Tries::run>("unretried type"), "activity attempt 1 failed");
    EXPECT_EQ(locals::runs(), 2);
}

TEST_P(LocalActivityTest, WaitsForALongBackoffInATimerOfTheHistory) {
    const auto handle = start<&locals::BacksOff::run>();
    EXPECT_EQ(handle.result(), 3);
    EXPECT_EQ(count_events(handle, "TIMER_STARTED"), 2);
    EXPECT_EQ(count_events(handle, "TIMER_FIRED"), 2);
    EXPECT_EQ(count_events(handle, "MARKER_RECORDED"), 3);
    EXPECT_EQ(locals::runs(), 3);
}

TEST_P(LocalActivityTest, MayTakeLongerThanAWorkflowTask) {
    EXPECT_EQ(client_->execute<&locals::IsSlow::run>(short_tasks()), "slow");
    EXPECT_EQ(locals::runs(), 1);
}

TEST_P(LocalActivityTest, IsCancelledAsItsTypeSays) {
    EXPECT_EQ(cancel(wf::ActivityCancellationType::WaitCancellationCompleted), "cancelled");
    EXPECT_EQ(locals::cancelled(), 1);
    EXPECT_EQ(cancel(wf::ActivityCancellationType::TryCancel), "cancelled");
    EXPECT_TRUE(eventually([] { return locals::cancelled() == 2; }));
    EXPECT_EQ(execute<&locals::CancelsBetweenAttempts::run>(), "cancelled");
    EXPECT_EQ(cancel(wf::ActivityCancellationType::Abandon), "cancelled");
}

// Core 0.10 may also tell the workflow that the activity was cancelled, when its worker stops: then
// the workflow ends with the worker.
TEST_P(LocalActivityTest, IsCancelledWhenItsWorkerStopsAndMadeAgainByTheNext) {
    const auto outside = hg::Client::connect({.address = hg::test::server_address()});
    const auto handle = outside.start<&locals::Cancels::run>(
        short_tasks(), static_cast<int>(wf::ActivityCancellationType::WaitCancellationCompleted)
    );
    ASSERT_TRUE(eventually([] { return locals::runs() == 1; }));
    const auto begin = std::chrono::steady_clock::now();
    client_.reset();
    app_.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
    EXPECT_GE(locals::cancelled(), 1);
    const bool goes_on = handle.status() == hg::WorkflowStatus::Running;
    const int runs = locals::runs();
    start_app();
    EXPECT_EQ(handle.result(), "cancelled");
    EXPECT_EQ(locals::runs() > runs, goes_on);
}

INSTANTIATE_TEST_SUITE_P(Replay, LocalActivityTest, with_and_without_cache(), cache_name);

}  // namespace
