#include <hourglass/hourglass.hpp>
#include <hourglass/testing/replayer.hpp>
#include <hourglass/testing/workflow_environment.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace shop {
namespace hg = hourglass;
using namespace std::chrono_literals;

std::string charge(std::string card) {
    return card + " is charged for good";
}

/// Charges after a month, unless somebody pays before.
class Subscription {
public:
    hg::Task<std::string> run(std::string card) {
        const bool paid =
            co_await hg::workflow::wait_condition_for(24h * 30, [this] { return paid_; });
        if (paid) {
            co_return "paid by hand";
        }
        const hg::workflow::ActivityOptions options{.start_to_close_timeout = 30s};
        std::string receipt = co_await hg::workflow::execute_activity<&charge>(options, card);
        co_return receipt;
    }
    void pay() { paid_ = true; }

private:
    bool paid_ = false;
};

}  // namespace shop

HOURGLASS_WORKFLOW(shop::Subscription, run, signals(pay));
HOURGLASS_ACTIVITY(shop::charge);

namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;
using hg::testing::WorkflowEnvironment;
using shop::Subscription;

std::chrono::seconds seconds_between(
    std::chrono::system_clock::time_point from, std::chrono::system_clock::time_point to
) {
    return std::chrono::duration_cast<std::chrono::seconds>(to - from);
}

// [skip]
TEST(ASubscription, IsChargedAfterAMonth) {
    auto environment = WorkflowEnvironment::time_skipping();
    auto options = environment.application_options();
    // Not the real one: under its name stands what the test puts there.
    options.default_worker.activities.emplace();
    options.default_worker.activities->add("charge", [](std::string card) {
        return card + " is charged";
    });
    const hg::Application app{options};

    const auto began = environment.current_time();
    const auto subscription = environment.client().start<&Subscription::run>({.id = "ada"}, "visa");
    EXPECT_EQ(subscription.result(), "visa is charged");  // a month later, and at once
    EXPECT_GE(environment.current_time() - began, 24h * 30);
}
// [skip]

TEST(TimeSkipping, LetsTimePassAsUsualWhileNobodyWaits) {
    auto environment = WorkflowEnvironment::time_skipping();
    const hg::Application app{environment.application_options()};
    const auto subscription =
        environment.client().start<&Subscription::run>({.id = "paid"}, "visa");
    const auto began = environment.current_time();
    subscription.signal<&Subscription::pay>();
    EXPECT_LT(seconds_between(began, environment.current_time()), 1h);
    // How late it is after the wait is not known: the server skips on until it is told to stop.
    EXPECT_EQ(subscription.result(), "paid by hand");
}

TEST(TimeSkipping, SleepsAsLongAsItIsToldInNoTime) {
    auto environment = WorkflowEnvironment::time_skipping();
    EXPECT_TRUE(environment.skips_time());
    const auto really = std::chrono::steady_clock::now();
    const auto began = environment.current_time();
    environment.sleep(24h);
    EXPECT_GE(environment.current_time() - began, 24h);
    EXPECT_LT(std::chrono::steady_clock::now() - really, 60s);
    const auto after = environment.current_time();
    EXPECT_LT(seconds_between(after, environment.current_time()), 1h) << "it goes on skipping";
}

TEST(TimeSkipping, SleepsNoLongerThanItIsToldThoughTheNextTimerIsFurtherAway) {
    auto environment = WorkflowEnvironment::time_skipping();
    const hg::Application app{environment.application_options()};
    const auto subscription =
        environment.client().start<&Subscription::run>({.id = "later"}, "visa");
    const auto began = environment.current_time();
    environment.sleep(24h);
    EXPECT_LT(seconds_between(began, environment.current_time()), 25h);
    subscription.signal<&Subscription::pay>();
    EXPECT_EQ(subscription.result(), "paid by hand");
}

TEST(TimeSkipping, GoesOnForAsLongAsOneOfManyWaits) {
    auto environment = WorkflowEnvironment::time_skipping();
    const hg::Application app{environment.application_options()};
    std::vector<hg::Future<std::string>> results;
    for (int i = 0; i < 5; ++i) {
        const auto subscription = environment.client().start<&Subscription::run>(
            {.id = std::to_string(i)}, std::to_string(i)
        );
        results.push_back(subscription.result_async());
    }
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(
            results[static_cast<std::size_t>(i)].get(), std::to_string(i) + " is charged for good"
        );
    }
    const auto after = environment.current_time();
    EXPECT_LT(seconds_between(after, environment.current_time()), 1h) << "it goes on skipping";
}

TEST(TimeSkipping, StopsAfterAWaitThatFails) {
    auto environment = WorkflowEnvironment::time_skipping();
    const auto nobody = environment.client().handle<&Subscription::run>("nobody");
    EXPECT_THROW(static_cast<void>(nobody.result()), hg::Error);
    environment.sleep(1h);  // the server refuses this if the counts do not match
}

// [local]
TEST(ALocalServer, RunsAWorkflowAndReplaysIt) {
    auto environment = WorkflowEnvironment::local();
    const hg::Application app{environment.application_options()};
    const auto subscription =
        environment.client().start<&Subscription::run>({.id = "grace"}, "visa");
    subscription.signal<&Subscription::pay>();
    EXPECT_EQ(subscription.result(), "paid by hand");

    hg::testing::Replayer replayer;
    const auto result = replayer.replay(subscription.history());
    EXPECT_TRUE(result.ok()) << result;
}
// [local]

TEST(ALocalServer, MayHaveAnotherNamespace) {
    auto environment = WorkflowEnvironment::local({.workflow_namespace = "shop"});
    EXPECT_EQ(environment.client().namespace_name(), "shop");
    EXPECT_FALSE(environment.skips_time());
    const hg::Application app{environment.application_options()};
    const auto subscription =
        environment.client().start<&Subscription::run>({.id = "grace"}, "visa");
    subscription.signal<&Subscription::pay>();
    EXPECT_EQ(subscription.result(), "paid by hand");
}

TEST(AServerThatIsThere, IsLeftAlone) {
    auto own = WorkflowEnvironment::local();
    for (int round = 0; round < 2; ++round) {
        const auto environment = WorkflowEnvironment::existing(own.client_options());
        EXPECT_EQ(environment.client().address(), own.client().address());
        EXPECT_EQ(environment.client().count_workflows().total, 0);
    }
}

TEST(AServer, ThatIsNotInstalledIsAnError) {
    EXPECT_THROW(
        static_cast<void>(WorkflowEnvironment::local({.program = "no-such-server"})),
        hg::ConfigurationError
    );
}

}  // namespace
