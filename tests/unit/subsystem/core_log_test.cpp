#include "src/subsystem/core_log.hpp"

#include <gtest/gtest.h>

namespace hourglass::subsystem {
namespace {

using namespace std::chrono_literals;
using log::Level;

log::Record record(std::string message, std::string target, std::chrono::seconds at) {
    return {
        .level = Level::Warn,
        .time = log::Record{}.time + at,
        .message = std::move(message),
        .fields = {{"target", std::move(target)}}
    };
}

TEST(CoreLogTest, SaysOnceAnOutageThatCoreRetries) {
    CoreLog core;
    const auto retry = [&](std::chrono::seconds at) {
        return core.level_of(record("gRPC call retried", "temporalio_client::retry", at));
    };
    EXPECT_EQ(retry(0s), Level::Warn);
    EXPECT_EQ(retry(5s), Level::Debug);
    EXPECT_EQ(retry(15s), Level::Debug);
    EXPECT_EQ(retry(25s), Level::Debug);
    EXPECT_EQ(retry(100s), Level::Warn) << "another outage";
}

TEST(CoreLogTest, IsQuietAboutWhatTheWorkerSaysItselfAndWhatIsNoNews) {
    CoreLog core;
    EXPECT_EQ(core.level_of(record("Failing workflow task", "core", 0s)), Level::Debug);
    EXPECT_EQ(core.level_of(record("Task not found when completing", "core", 0s)), Level::Debug);
    for (const char* text :
         {"Network error while describing namespace for heartbeat capabilities",
          "shutdown_worker rpc errored during worker shutdown: Status"}) {
        EXPECT_EQ(core.level_of(record(text, "core", 0s)), Level::Debug);
    }
    EXPECT_EQ(core.level_of(record("something else", "core", 0s)), Level::Warn);
    auto trace = record("Failing workflow task", "core", 0s);
    trace.level = Level::Trace;
    EXPECT_EQ(core.level_of(trace), Level::Trace) << "never louder than Core meant it";
}

}  // namespace
}  // namespace hourglass::subsystem
