// The end of the isolation server. A binary of its own: afterwards no isolated activity runs in it.
#include "src/activity/isolation/failures.hpp"
#include "src/activity/isolation/server_handle.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/unit/activity/harness.hpp"
#include "tests/unit/activity/isolated_bodies.hpp"
#include "tests/unit/activity/processes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>
#include <string>

namespace hourglass::activity {
namespace {

namespace bodies = isolated_bodies;
using test::eventually;
using testing::HasSubstr;

const std::string& type_of(const ExecutionResult& result) {
    return result.failed().failure().application_failure_info().type();
}

TEST(IsolationServer, FailsTheAttemptsLoudlyWhenItIsGone) {
    Harness harness;
    harness.definitions.add<&bodies::ignore_cancellation>(isolated);
    harness.definitions.add<&bodies::add>("add", isolated);
    const test::LogLines lines;
    const auto running = harness.start("ignore_cancellation");
    ASSERT_TRUE(eventually([&] { return !harness.heartbeats().empty(); }));
    ::kill(isolation::server_pid(), SIGKILL);
    const auto result = running.result.get();
    EXPECT_EQ(type_of(result), isolation::kNoServer);
    EXPECT_FALSE(result.failed().failure().application_failure_info().non_retryable());
    EXPECT_THAT(result.failed().failure().message(), HasSubstr("until the program is restarted"));
    EXPECT_EQ(type_of(harness.run("add", 1, 2)), isolation::kNoServer);
    EXPECT_EQ(type_of(harness.run("add", 1, 2)), isolation::kNoServer);
    EXPECT_EQ(lines.count("the isolation server (process "), 4U) << "once itself, and each attempt";
}

}  // namespace
}  // namespace hourglass::activity

int main(int argc, char** argv) {
    hourglass::isolation::start();
    testing::InitGoogleMock(&argc, argv);
    return RUN_ALL_TESTS();
}
