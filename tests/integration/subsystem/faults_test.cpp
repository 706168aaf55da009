// What an application does about faults around it: no server, unknown types, too many restarts,
// signals.
#include "flows.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/test_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <signal.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;
using hg::test::eventually;
using hg::test::unique;

// A port that nothing listens on: the discard service is off everywhere.
constexpr const char* kNobody = "127.0.0.1:9";

hg::ApplicationOptions with_server() {
    return {.client = {.address = hg::test::server_address()}};
}

class FaultsTest : public ::testing::Test {
protected:
    hg::test::LogLines lines_;
};

TEST_F(FaultsTest, AServerThatIsAwayIsWaitedForWithOneWarningAndALineATryForWhoeverLooks) {
    hg::log::set_level(hg::log::Level::Debug);
    hg::ApplicationOptions options;
    options.client.address = kNobody;
    options.client.rpc_timeout = 300ms;
    hg::Application app{options};
    EXPECT_FALSE(app.wait_until_polling("default", 1s));
    hg::log::set_level(hg::log::Level::Info);
    EXPECT_EQ(
        lines_.count("the server cannot be reached; trying until it works address=127.0.0.1:9"), 1u
    );
    EXPECT_GE(lines_.count("the server cannot be reached; still address=127.0.0.1:9"), 1u);
    try {
        app.client().start<&flows::Echo::run>({.id = "x"}, "y");
        FAIL() << "there is no server";
    } catch (const hg::UnavailableError& error) {
        EXPECT_NE(std::string{error.what()}.find(kNobody), std::string::npos) << error.what();
        EXPECT_NE(std::string{error.what()}.find("Connection refused"), std::string::npos)
            << "the application's client says why, too: " << error.what();
    }
    for (const auto& child : app.which_children()) {
        EXPECT_EQ(child.restarts, 0u) << "an outage is no crash: " << child.id;
    }
}

// With the default limits: a launcher that failed for want of a server would be the fourth restart
// at once.
TEST_F(FaultsTest, ACascadeDuringAnOutageCostsNoRestartButItsOwn) {
    hg::ApplicationOptions options;
    options.client.address = kNobody;
    hg::Application app{options};
    ASSERT_TRUE(app.kill("BridgeHolder"));
    EXPECT_FALSE(app.wait_until_polling("default", 2s));
    for (const auto& child : app.which_children()) {
        EXPECT_EQ(child.restarts, child.id == "Runtime" ? 0u : 1u) << child.id;
        EXPECT_EQ(child.state, hg::supervision::ChildState::Running) << child.id;
    }
}

TEST_F(FaultsTest, AClientThatOutlivesItsApplicationIsToldAtOnce) {
    auto app = std::make_unique<hg::Application>(with_server());
    const hg::Client client = app->client();
    ASSERT_TRUE(app->wait_until_polling("default", 20s));
    app.reset();
    const auto begin = std::chrono::steady_clock::now();
    try {
        client.start<&flows::Echo::run>({.id = "too-late"}, "x");
        FAIL() << "there is no application";
    } catch (const hg::UnavailableError& error) {
        const std::string text = error.what();
        EXPECT_NE(text.find("has stopped"), std::string::npos) << text;
        EXPECT_EQ(text.find("check that it runs"), std::string::npos) << "it does: " << text;
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);  // the client's own limit is 10 s
}

TEST_F(FaultsTest, WithoutARuntimeOnlyTheLocalSingletonsRun) {
    hg::ApplicationOptions options;
    options.start_runtime = false;
    hg::Application app{options};
    std::vector<std::string> ids;
    for (const auto& child : app.tree().children) {
        ids.push_back(child.id);
    }
    EXPECT_EQ(
        ids,
        (std::vector<std::string>{
            "WorkflowStateCache",
            "WorkflowEvaluatorSupervisor",
            "ActivityExecutorSupervisor",
            "NexusExecutorSupervisor"
        })
    );
    EXPECT_TRUE(app.which_children().empty());
    EXPECT_THROW(static_cast<void>(app.client()), hg::ConfigurationError);
    EXPECT_THROW(app.start_worker({}), hg::ConfigurationError);
    EXPECT_THROW(app.stop_worker("default"), hg::WorkerNotRunningError);
}

TEST_F(FaultsTest, OptionsThatCannotWorkAreNamed) {
    hg::ApplicationOptions options;
    options.client.address = "no port";
    EXPECT_THROW(hg::Application{options}, hg::ConfigurationError);
    options = {};
    options.client.address = kNobody;
    options.default_worker.task_queue = "";
    EXPECT_THROW(hg::Application{options}, hg::ConfigurationError);
    options.default_worker.task_queue = "q";
    options.default_worker.max_concurrent_activities = 0;
    EXPECT_THROW(hg::Application{options}, hg::ConfigurationError);
    options.default_worker = {};
    options.telemetry.measurement_interval = 0ms;
    EXPECT_THROW(hg::Application{options}, hg::ConfigurationError);
    options.telemetry = {};
    hg::Application app{options};
    EXPECT_THROW(app.start_worker({.task_queue = ""}), hg::ConfigurationError);
}

TEST_F(FaultsTest, TooManyRestartsEndTheApplicationWithTheReason) {
    hg::ApplicationOptions options;
    options.client.address = kNobody;
    options.max_restarts = 2;
    hg::Application app{options};
    std::jthread killer{[&app] {
        for (int i = 0; i < 3; ++i) {
            while (!app.kill("Runtime")) {
                std::this_thread::sleep_for(5ms);
            }
            std::this_thread::sleep_for(50ms);
        }
    }};
    try {
        app.run();
        FAIL() << "it should have given up";
    } catch (const hg::SubsystemGaveUpError& error) {
        EXPECT_NE(std::string{error.what()}.find("gave up"), std::string::npos);
        EXPECT_NE(std::string{error.what()}.find("killed"), std::string::npos) << error.what();
    }
}

TEST_F(FaultsTest, CallsOfClientsEndWhenTheTreeHasGivenUp) {
    auto options = with_server();
    options.max_restarts = 0;
    hg::Application app{options};
    auto waiting = app.client().start<&flows::Collector::run>({.id = unique("gave-up")}, 1);
    auto result = waiting.result_async();
    ASSERT_TRUE(eventually([&] { return app.kill("WorkerLauncher"); }));
    EXPECT_THROW(result.get(), hg::UnavailableError) << "nobody would ever answer";
    EXPECT_THROW(app.start_worker({.task_queue = "late"}), hg::SubsystemGaveUpError);
    EXPECT_THROW(app.stop_worker("default"), hg::SubsystemGaveUpError);
    EXPECT_THROW(app.run(), hg::SubsystemGaveUpError);
    hg::Client::connect({.address = hg::test::server_address()})
        .handle(waiting.id())
        .terminate("test");
}

TEST_F(FaultsTest, AnUnknownActivityTypeFailsTheAttemptNamingTheKnownOnes) {
    auto options = with_server();
    options.default_worker.task_queue = unique("unknown-activity");
    hg::activity::Definitions few;
    few.add<&flows::fail_until>();
    options.default_worker.activities = few;
    hg::Application app{options};
    auto handle = app.client().start<&flows::FailsActivity::run>(
        {.id = unique("unknown"), .task_queue = options.default_worker.task_queue}, "x"
    );
    std::string reason;
    EXPECT_TRUE(eventually([&] {
        for (const auto& pending : handle.describe().pending_activities) {
            reason = pending.last_failure ? pending.last_failure->what() : "";
        }
        return !reason.empty();
    }));
    EXPECT_NE(reason.find("fail_for_good"), std::string::npos) << reason;
    EXPECT_NE(reason.find("fail_until"), std::string::npos) << reason;
    handle.terminate("test");
}

TEST_F(FaultsTest, WrongArgumentsFailTheTaskNamingTheIndexAndTheReason) {
    auto options = with_server();
    options.default_worker.task_queue = unique("arguments");
    hg::Application app{options};
    auto handle = app.client().start(
        "Collector",
        {.id = unique("arguments"), .task_queue = options.default_worker.task_queue},
        "no number"
    );
    std::string json;
    EXPECT_TRUE(eventually([&] {
        json = handle.history().to_json();
        return json.find("WORKFLOW_TASK_FAILED") != std::string::npos;
    }));
    EXPECT_NE(json.find("the argument at index 0"), std::string::npos) << json;
    EXPECT_NE(json.find("as int: expected an integer"), std::string::npos) << json;
    handle.terminate("test");
}

// Runs in a process of its own, which it leaves by exit().
[[noreturn]] void stop_by_signals(int signals, bool block) {
    auto options = with_server();
    options.default_worker.task_queue = unique("signals");
    options.default_worker.graceful_shutdown_timeout = 60s;
    hg::Application app{options};
    if (block) {
        flows::activity_gate().close();
        app.client().start<&flows::CallsGatedActivity::run>(
            {.id = unique("signals"), .task_queue = options.default_worker.task_queue}, "x"
        );
        flows::activity_gate().wait_for_arrivals(1);
    }
    std::thread sender{[signals] {
        for (int i = 0; i < signals; ++i) {
            std::this_thread::sleep_for(300ms);
            ::kill(::getpid(), SIGTERM);
        }
    }};
    app.run();
    sender.join();
    std::exit(0);
}

TEST(SignalsDeathTest, OneSignalStopsInOrderWithExitCode0) {
    ::testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_EXIT(stop_by_signals(1, false), ::testing::ExitedWithCode(0), "");
}

TEST(SignalsDeathTest, ASecondSignalEndsTheProgramAtOnce) {
    ::testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_EXIT(stop_by_signals(2, true), ::testing::ExitedWithCode(128 + SIGTERM), "");
}

}  // namespace
