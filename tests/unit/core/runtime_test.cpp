#include "src/core/runtime.hpp"

#include "tests/unit/core/awaiting.hpp"
#include "tests/unit/core/replaying.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hourglass::core {
namespace {

using namespace std::chrono_literals;
using test::make_runtime;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Runtime, StartsAndEndsAgainAndAgain) {
    for (int round = 0; round < 10; ++round) {
        EXPECT_NE(make_runtime(), nullptr);
    }
}

/// The threads of Core in this process, once there are `at_least` so many: each is named when it
/// begins.
std::size_t core_threads(std::size_t at_least = 0) {
    const auto until = std::chrono::steady_clock::now() + 30s;
    while (true) {
        std::size_t count = 0;
        for (const auto& task : std::filesystem::directory_iterator{"/proc/self/task"}) {
            std::string name;
            std::ifstream file{task.path() / "comm"};
            std::getline(file, name);
            count += name == "hourglass-core" ? 1U : 0U;
        }
        if (count >= at_least || std::chrono::steady_clock::now() > until) {
            return count;
        }
        std::this_thread::yield();
    }
}

TEST(Runtime, HasAsManyThreadsAsItIsTold) {
    const auto before = core_threads();
    const auto runtime = Runtime::create({.threads = 3});
    ASSERT_TRUE(runtime);
    EXPECT_EQ(core_threads(before + 3), before + 3);
}

TEST(Runtime, HasAThreadForEveryTwoProcessors) {
    if (std::getenv("TOKIO_WORKER_THREADS") == nullptr) {
        const auto before = core_threads();
        const auto runtime = Runtime::create({});
        ASSERT_TRUE(runtime);
        // It may use fewer of them than there are.
        const auto most = std::max<std::size_t>(1, std::thread::hardware_concurrency() / 2);
        const auto more = core_threads(before + 1) - before;
        EXPECT_TRUE(more >= 1 && more <= most) << more;
    }
}

TEST(Runtime, RefusesAWrongLogFilterByName) {
    const auto made = Runtime::create({.log_filter = "=;=", .on_log = [](const log::Record&) {}});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().status, Status::InvalidArgument);
    EXPECT_NE(made.error().message.find("log_filter"), std::string::npos);
}

TEST(Runtime, RefusesAHeartbeatIntervalThatCoreDoesNotTake) {
    const auto made = Runtime::create({.worker_heartbeat_interval = std::chrono::milliseconds{10}});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().status, Status::InvalidArgument);
}

TEST(Runtime, ForwardsCoresLogWithItsFields) {
    std::mutex mutex;
    std::vector<log::Record> records;
    {
        const auto runtime = make_runtime({.log_filter = "info", .on_log = [&](log::Record record) {
                                               const std::lock_guard lock{mutex};
                                               records.push_back(std::move(record));
                                           }});
        // Making a replaying worker is what logs without a server.
        const auto replayer = test::make_replayer(runtime);
        test::end(*replayer);
    }
    const auto has_queue = [](const log::Record& record) {
        for (const log::Field& field : record.fields) {
            if (field.name == "task_queue" && field.value == "replay") {
                return record.level == log::Level::Info && !record.message.empty();
            }
        }
        return false;
    };
    EXPECT_TRUE(std::any_of(records.begin(), records.end(), has_queue));
}

TEST(ADrivenRuntime, AnswersOnTheThreadThatDrivesItAndNotBefore) {
    auto made = Runtime::create({.driven = true});
    ASSERT_TRUE(made) << made.error().message;
    Runtime& runtime = **made;
    const auto replayer = test::make_replayer(*made);
    std::vector<std::thread::id> answered;
    replayer->push("brief", test::brief_history(), [&](const VoidResult& pushed) {
        EXPECT_TRUE(pushed);
        answered.push_back(std::this_thread::get_id());
    });
    EXPECT_THAT(answered, IsEmpty());
    ASSERT_TRUE(runtime.drive(30s));
    EXPECT_THAT(answered, ElementsAre(std::this_thread::get_id()));

    const auto nothing = runtime.drive(0ms);
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().status, Status::Timeout);
}

TEST(ADrivenRuntime, HasNoThreads) {
    const auto made = Runtime::create({.threads = 2, .driven = true});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().status, Status::InvalidArgument);
    const auto threaded = make_runtime()->drive(0ms);
    ASSERT_FALSE(threaded);
    EXPECT_EQ(threaded.error().status, Status::InvalidArgument);
}

}  // namespace
}  // namespace hourglass::core
