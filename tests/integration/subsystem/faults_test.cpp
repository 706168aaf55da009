// What an application does about faults around it: no server, unknown types, too many restarts,
// signals.
#include "flows.hpp"

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

// A port that nothing listens on: the discard service is off everywhere.
constexpr const char* kNobody = "127.0.0.1:9";

hg::ApplicationOptions with_server() {
    const char* address = std::getenv("HOURGLASS_TEST_ADDRESS");
    if (address == nullptr) {
        throw std::runtime_error{
            "HOURGLASS_TEST_ADDRESS is not set; scripts/test integration starts a server"
        };
    }
    hg::ApplicationOptions options;
    options.client.address = address;
    return options;
}

std::string unique_id(const std::string& name) {
    return name + "-" + std::to_string(std::chrono::system_clock::now().time_since_epoch().count());
}

class Lines final : public hg::log::Sink {
public:
    void write(const hg::log::Record& record) noexcept override {
        const std::lock_guard lock{mutex_};
        std::string line = record.message;
        for (const auto& field : record.fields) {
            line += " " + field.name + "=" + field.value;
        }
        lines_.push_back(std::move(line));
    }
    std::size_t count(const std::string& text) const {
        const std::lock_guard lock{mutex_};
        std::size_t found = 0;
        for (const std::string& line : lines_) {
            found += line.find(text) != std::string::npos ? 1 : 0;
        }
        return found;
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
};

class FaultsTest : public ::testing::Test {
protected:
    void SetUp() override { hg::log::set_sink(lines_); }
    void TearDown() override { hg::log::set_sink(nullptr); }

    std::shared_ptr<Lines> lines_ = std::make_shared<Lines>();
};

TEST_F(FaultsTest, AServerThatIsAwayIsWaitedForAndEachTryIsLogged) {
    hg::ApplicationOptions options;
    options.client.address = kNobody;
    options.client.rpc_timeout = 300ms;
    hg::Application app{options};
    EXPECT_FALSE(app.wait_until_polling("default", 1s));
    EXPECT_GE(lines_->count("the server cannot be reached; trying again address=127.0.0.1:9"), 2u);
    try {
        app.client().start<&flows::Echo::run>({.id = "x"}, "y");
        FAIL() << "there is no server";
    } catch (const hg::UnavailableError& error) {
        EXPECT_NE(std::string{error.what()}.find(kNobody), std::string::npos) << error.what();
    }
    for (const auto& child : app.which_children()) {
        EXPECT_EQ(child.restarts, 0u) << "an outage is no crash: " << child.id;
    }
}

TEST_F(FaultsTest, AClientThatOutlivesItsApplicationIsToldAtOnce) {
    auto app = std::make_unique<hg::Application>(with_server());
    const hg::Client client = app->client();
    ASSERT_TRUE(app->wait_until_polling("default", 20s));
    app.reset();
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THROW(client.start<&flows::Echo::run>({.id = "too-late"}, "x"), hg::UnavailableError);
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
            "WorkflowStateCache", "WorkflowEvaluatorSupervisor", "ActivityExecutorSupervisor"
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

TEST_F(FaultsTest, AnUnknownActivityTypeFailsTheAttemptNamingTheKnownOnes) {
    auto options = with_server();
    options.default_worker.task_queue = unique_id("unknown-activity");
    hg::activity::Definitions few;
    few.add<&flows::fail_until>();
    options.default_worker.activities = few;
    hg::Application app{options};
    auto handle = app.client().start<&flows::FailsActivity::run>(
        {.id = unique_id("unknown"), .task_queue = options.default_worker.task_queue}, "x"
    );
    std::string reason;
    for (int i = 0; i < 200 && reason.empty(); ++i) {
        for (const auto& pending : handle.describe().pending_activities) {
            reason = pending.last_failure ? pending.last_failure->what() : "";
        }
        std::this_thread::sleep_for(20ms);
    }
    EXPECT_NE(reason.find("fail_for_good"), std::string::npos) << reason;
    EXPECT_NE(reason.find("fail_until"), std::string::npos) << reason;
    handle.terminate("test");
}

TEST_F(FaultsTest, WrongArgumentsFailTheTaskNamingTheIndexAndTheReason) {
    auto options = with_server();
    options.default_worker.task_queue = unique_id("arguments");
    hg::Application app{options};
    auto handle = app.client().start(
        "Collector",
        {.id = unique_id("arguments"), .task_queue = options.default_worker.task_queue},
        "no number"
    );
    std::string json;
    for (int i = 0; i < 200 && json.find("WORKFLOW_TASK_FAILED") == std::string::npos; ++i) {
        json = handle.history().to_json();
        std::this_thread::sleep_for(20ms);
    }
    EXPECT_NE(json.find("WORKFLOW_TASK_FAILED"), std::string::npos);
    EXPECT_NE(json.find("argument"), std::string::npos);
    handle.terminate("test");
}

// Runs in a process of its own, which it leaves by exit().
[[noreturn]] void stop_by_signals(int signals, bool block) {
    auto options = with_server();
    options.default_worker.task_queue = unique_id("signals");
    options.default_worker.graceful_shutdown_timeout = 60s;
    hg::Application app{options};
    if (block) {
        flows::activity_gate().close();
        app.client().start<&flows::CallsGatedActivity::run>(
            {.id = unique_id("signals"), .task_queue = options.default_worker.task_queue}, "x"
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
