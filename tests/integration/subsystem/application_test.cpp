// A whole application against the dev server.
#include "flows.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/test_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;
using hg::test::eventually;
using hg::test::unique;

hg::ClientOptions server() {
    return {.address = hg::test::server_address()};
}

class ApplicationTest : public ::testing::Test {
protected:
    static hg::ApplicationOptions options() {
        hg::ApplicationOptions options;
        options.client = server();
        return options;
    }
    hg::Application app_{options()};
    hg::Client client_ = app_.client();
};

TEST_F(ApplicationTest, RunsAWorkflowToItsResult) {
    EXPECT_EQ(client_.execute<&flows::Echo::run>({.id = unique("echo")}, "hello"), "hello");
}

TEST_F(ApplicationTest, DeliversSignalsQueriesAndUpdates) {
    auto handle = client_.start<&flows::Collector::run>({.id = unique("collector")}, 3);
    handle.signal<&flows::Collector::add>(1);
    EXPECT_EQ(handle.update<&flows::Collector::add_and_sum>(10), 11);
    EXPECT_EQ(handle.query<&flows::Collector::sum>(), 11);
    EXPECT_THROW(handle.update<&flows::Collector::add_and_sum>(-1), hg::UpdateFailedError);
    EXPECT_EQ(handle.query<&flows::Collector::sum>(), 11);
    handle.signal<&flows::Collector::add>(100);
    EXPECT_EQ(handle.result(), 111);
    EXPECT_EQ(handle.query<&flows::Collector::sum>(), 111);  // of a closed workflow: replayed
}

TEST_F(ApplicationTest, RetriesAnActivityThatThrowsAnyStandardException) {
    EXPECT_EQ(client_.execute<&flows::Retries::run>({.id = unique("retries")}, 3), 3);
}

TEST_F(ApplicationTest, FailsTheWorkflowWithTheCauseChainOfItsActivity) {
    auto handle = client_.start<&flows::FailsActivity::run>({.id = unique("fails")}, "Broken");
    try {
        handle.result();
        FAIL() << "it should have failed";
    } catch (const hg::WorkflowFailedError& error) {
        const auto* activity = dynamic_cast<const hg::ActivityError*>(error.cause().get());
        ASSERT_NE(activity, nullptr);
        const auto cause = activity->find_cause<hg::ApplicationError>();
        ASSERT_NE(cause, nullptr);
        EXPECT_EQ(cause->type(), "Broken");
        EXPECT_TRUE(cause->non_retryable());
    }
}

TEST_F(ApplicationTest, AnswersAnActivityThatThrowsAnInt) {
    auto handle = client_.start<&flows::ThrowsInt::run>({.id = unique("throws")});
    EXPECT_THROW(handle.result(), hg::WorkflowFailedError);
}

TEST_F(ApplicationTest, FollowsContinueAsNewToTheLastResult) {
    EXPECT_EQ(client_.execute<&flows::CountsDown::run>({.id = unique("countdown")}, 3), "lift off");
}

TEST_F(ApplicationTest, RunsCompensationAfterCancellation) {
    auto handle = client_.start<&flows::Saga::run>({.id = unique("saga")});
    ASSERT_TRUE(eventually([&] {
        return handle.history().to_json().find("EVENT_TYPE_TIMER_STARTED") != std::string::npos;
    }));
    handle.cancel("test");
    EXPECT_EQ(handle.result(), "undone");
}

TEST_F(ApplicationTest, EndsACancelledWorkflowAsCancelled) {
    auto handle = client_.start<&flows::Collector::run>({.id = unique("cancelled")}, 1);
    handle.cancel("test");
    EXPECT_THROW(handle.result(), hg::WorkflowFailedError);
    EXPECT_EQ(handle.status(), hg::WorkflowStatus::Canceled);
}

TEST_F(ApplicationTest, CancelsARunningActivityThroughItsHeartbeat) {
    EXPECT_EQ(client_.execute<&flows::CancelsActivity::run>({.id = unique("cancel")}), "cancelled");
}

TEST_F(ApplicationTest, FailsTheTaskOfAnUnknownTypeAndPollsOn) {
    auto unknown = client_.start("NoSuchWorkflow", {.id = unique("unknown")});
    EXPECT_EQ(client_.execute<&flows::Echo::run>({.id = unique("after")}, "alive"), "alive");
    EXPECT_TRUE(eventually([&] {
        const std::string history = unknown.history().to_json();
        return history.find("no workflow type 'NoSuchWorkflow' on this worker; it knows '") !=
                   std::string::npos &&
               history.find("'Echo'") != std::string::npos;
    }));
    unknown.terminate("test");
}

TEST_F(ApplicationTest, StartsAndStopsFurtherWorkers) {
    hg::WorkerOptions second;
    second.task_queue = unique("queue");
    app_.start_worker(second);
    EXPECT_THROW(app_.start_worker(second), hg::WorkerAlreadyRunningError);
    EXPECT_EQ(
        client_.execute<&flows::Echo::run>(
            {.id = unique("second"), .task_queue = second.task_queue}, "2"
        ),
        "2"
    );
    app_.stop_worker(second.task_queue);
    EXPECT_THROW(app_.stop_worker(second.task_queue), hg::WorkerNotRunningError);
    app_.start_worker(second);
    EXPECT_EQ(
        client_.execute<&flows::Echo::run>(
            {.id = unique("again"), .task_queue = second.task_queue}, "3"
        ),
        "3"
    );
}

TEST_F(ApplicationTest, ListsTheFiveChildrenInOrder) {
    std::vector<std::string> ids;
    for (const auto& child : app_.which_children()) {
        ids.push_back(child.id);
    }
    EXPECT_EQ(
        ids,
        (std::vector<std::string>{
            "Runtime", "BridgeHolder", "WorkerRegistry", "WorkerSupervisor", "WorkerLauncher"
        })
    );
    EXPECT_NE(app_.tree_text().find("WorkflowPollLoop"), std::string::npos);
}

TEST(ApplicationNamespace, ThatDoesNotExistIsNamedInTheClientsError) {
    hg::ApplicationOptions options;
    options.client = server();
    options.client.namespace_ = "no-such-namespace";
    hg::Application app{options};
    try {
        app.client().start<&flows::Echo::run>({.id = "x"}, "y");
        FAIL() << "it should have been refused";
    } catch (const hg::NamespaceNotFoundError& error) {
        EXPECT_NE(std::string{error.what()}.find("no-such-namespace"), std::string::npos);
    }
    EXPECT_FALSE(app.wait_until_polling("default", 300ms));
}

TEST(ApplicationTelemetry, ForwardsCoresMetricsWithTheirLabels) {
    hg::ApplicationOptions options;
    options.client = server();
    options.default_worker.task_queue = unique("metrics");
    options.telemetry.measurement_interval = 10ms;
    std::atomic<int> completed{0};
    std::atomic<int> thrown{0};
    options.telemetry.on_measurement = [&](const hg::Measurement& measurement) {
        if (measurement.name == "temporal_workflow_completed" &&
            measurement.kind == hg::MetricKind::Counter &&
            measurement.attributes_json.find(options.default_worker.task_queue) !=
                std::string_view::npos) {
            completed += static_cast<int>(measurement.value);
        }
        ++thrown;
        throw std::runtime_error{"from the test"};  // costs this measurement alone
    };
    hg::Application app{options};
    for (int i = 0; i < 3; ++i) {
        app.client().execute<&flows::Echo::run>(
            {.id = unique("metrics"), .task_queue = options.default_worker.task_queue}, "x"
        );
    }
    EXPECT_TRUE(eventually([&] { return completed == 3; })) << completed;
    EXPECT_GT(thrown, 3);
}

TEST(ApplicationStop, LetsARunningActivityFinishWithinTheGracePeriod) {
    hg::ApplicationOptions options;
    options.client = server();
    options.default_worker.graceful_shutdown_timeout = 10s;
    options.default_worker.task_queue = unique("grace");
    const auto outside = hg::Client::connect(server());
    auto app = std::make_unique<hg::Application>(options);
    flows::activity_gate().close();
    auto handle = outside.start<&flows::CallsGatedActivity::run>(
        {.id = unique("graceful"), .task_queue = options.default_worker.task_queue}, "work"
    );
    ASSERT_TRUE(flows::activity_gate().wait_for_arrivals(1));
    std::jthread opener{[] {
        std::this_thread::sleep_for(300ms);
        flows::activity_gate().open();
    }};
    app.reset();
    EXPECT_NE(handle.history().to_json().find("ACTIVITY_TASK_COMPLETED"), std::string::npos);
    handle.terminate("test");
}

TEST(ApplicationStop, LetsAnActivityFinishThatOutlivedACascade) {
    hg::ApplicationOptions options;
    options.client = server();
    options.default_worker.graceful_shutdown_timeout = 10s;
    options.default_worker.task_queue = unique("outlives");
    const auto outside = hg::Client::connect(server());
    auto app = std::make_unique<hg::Application>(options);
    flows::activity_gate().close();
    auto handle = outside.start<&flows::CallsGatedActivity::run>(
        {.id = unique("outlives"), .task_queue = options.default_worker.task_queue}, "work"
    );
    ASSERT_TRUE(flows::activity_gate().wait_for_arrivals(1));
    ASSERT_TRUE(app->kill("BridgeHolder"));
    ASSERT_TRUE(eventually([&] {
        return app->wait_until_polling(options.default_worker.task_queue, 1s);
    }));
    std::jthread opener{[] {
        std::this_thread::sleep_for(300ms);
        flows::activity_gate().open();
    }};
    app.reset();
    EXPECT_NE(handle.history().to_json().find("ACTIVITY_TASK_COMPLETED"), std::string::npos);
    handle.terminate("test");
}

TEST(ApplicationStop, LeavesAnActivityBehindThatDoesNotListenAndSaysSo) {
    const hg::test::LogLines lines;
    hg::ApplicationOptions options;
    options.client = server();
    options.default_worker.task_queue = unique("deaf");
    const auto outside = hg::Client::connect(server());
    auto app = std::make_unique<hg::Application>(options);
    flows::activity_gate().close();
    auto handle = outside.start<&flows::CallsGatedActivity::run>(
        {.id = unique("deaf"), .task_queue = options.default_worker.task_queue}, "work"
    );
    ASSERT_TRUE(flows::activity_gate().wait_for_arrivals(1));
    const auto begin = std::chrono::steady_clock::now();
    app.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 40s);
    flows::activity_gate().open();
    EXPECT_EQ(lines.count("an activity does not end although it was cancelled"), 1u);
    // The server has heard of it, and does not wait for the attempt's timeout.
    const auto pending = handle.describe().pending_activities;
    ASSERT_EQ(pending.size(), 1u);
    ASSERT_TRUE(pending.front().last_failure);
    EXPECT_NE(
        std::string{pending.front().last_failure->what()}.find("without answering"),
        std::string::npos
    ) << pending.front().last_failure->what();
    handle.terminate("test");
}

}  // namespace
