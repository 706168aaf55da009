// `hourglass replay --query` on a server.

#include "tests/replay/flows.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;
using hg::test::run;
using ::testing::HasSubstr;

std::string replay(const std::string& library) {
    return std::string{HOURGLASS_COMMAND} + " replay --library " + library +
           " --query \"WorkflowType='Timers'\"";
}

class Query : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        hg::Application app{hg::ApplicationOptions::from_environment()};
        const auto client = app.client();
        for (const char* id : {"query-a", "query-b"}) {
            client.execute<&recorded::Timers::run>({.id = id});
        }
        client.execute<&recorded::Continues::run>({.id = "query-other"}, 0);
        // The index lags behind.
        while (
            client.count_workflows("WorkflowType='Timers' AND ExecutionStatus='Completed'").total <
            2
        ) {
            std::this_thread::sleep_for(50ms);
        }
    }
};

TEST_F(Query, ReplaysWhatTheServerLists) {
    const auto [code, output] = run(replay(CLI_RECORDED_FLOWS));
    EXPECT_EQ(code, 0) << output;
    EXPECT_THAT(output, HasSubstr("2 histories replayed, 0 failed"));
}

TEST_F(Query, ReplaysNoMoreThanTheLimit) {
    const auto [code, output] = run(replay(CLI_RECORDED_FLOWS) + " --limit 1");
    EXPECT_EQ(code, 0) << output;
    EXPECT_THAT(output, HasSubstr("1 histories replayed, 0 failed"));
}

TEST_F(Query, NamesTheWorkflowsThatFail) {
    const auto [code, output] = run(replay(CLI_CHANGED_FLOWS));
    EXPECT_EQ(code, 1) << output;
    EXPECT_THAT(output, HasSubstr("FAILED: 'Timers' query-a (run "));
    EXPECT_THAT(output, HasSubstr("FAILED: 'Timers' query-b (run "));
}

TEST_F(Query, ThatTheServerDoesNotUnderstandIsAnError) {
    const auto [code, output] =
        run(std::string{HOURGLASS_COMMAND} + " replay --query 'not a filter'");
    EXPECT_EQ(code, 2) << output;
    EXPECT_THAT(output, HasSubstr("not a filter"));
}

TEST_F(Query, ReadsTheProfileAndTheVariablesBeforeIt) {
    const hg::test::TemporaryFolder folder;
    folder.write(
        "temporal.toml",
        "[profile.recorded]\naddress = \"" + hg::test::server_address() +
            "\"\n[profile.nobody]\naddress = \"127.0.0.1:1\"\n"
    );
    const std::string file = "TEMPORAL_CONFIG_FILE=" + folder.path() + "/temporal.toml ";
    const auto with = [&](const std::string& variables) {
        return run("env -u TEMPORAL_ADDRESS " + file + variables + replay(CLI_RECORDED_FLOWS));
    };
    const auto [code, output] = with("TEMPORAL_PROFILE=recorded ");
    EXPECT_EQ(code, 0) << output;
    EXPECT_THAT(output, HasSubstr("2 histories replayed, 0 failed"));
    EXPECT_EQ(with("TEMPORAL_PROFILE=nobody ").code, 2);
    const auto won =
        with("TEMPORAL_PROFILE=nobody TEMPORAL_ADDRESS=" + hg::test::server_address() + " ");
    EXPECT_EQ(won.code, 0) << won.output;
}

TEST_F(Query, SaysThatNoServerIsThere) {
    const auto [code, output] = run("TEMPORAL_ADDRESS=127.0.0.1:1 " + replay(CLI_RECORDED_FLOWS));
    EXPECT_EQ(code, 2);
    EXPECT_THAT(output, HasSubstr("127.0.0.1:1"));
}

}  // namespace
