#include "src/testing/child_process.hpp"

#include "hourglass/base/error.hpp"
#include "src/testing/server_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace hourglass::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class ChildProcesses : public ::testing::Test {
protected:
    ~ChildProcesses() override { fs::remove(output_); }

    [[nodiscard]] std::string output() const {
        std::ifstream file{output_};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    [[nodiscard]] ChildProcess::Command shell(const std::string& script) const {
        return {"/bin/sh", {"-c", script}, output_};
    }
    static void wait_for_its_end(const ChildProcess& child) {
        while (child.running()) {
        }
    }

    // The same in a death test's process, which runs the test again.
    fs::path output_ = fs::temp_directory_path() /
                       (std::string{"hourglass-child-"} +
                        ::testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(ChildProcesses, WriteIntoTheirFile) {
    const ChildProcess child{shell("echo one; echo two >&2")};
    wait_for_its_end(child);
    EXPECT_EQ(output(), "one\ntwo\n");
}

TEST_F(ChildProcesses, SeeNothingOfTheUsersOwnServer) {
    setenv("TEMPORAL_ADDRESS", "production:7233", 1);
    setenv("KEPT", "yes", 1);
    const ChildProcess child{shell("echo $TEMPORAL_ADDRESS $KEPT")};
    wait_for_its_end(child);
    unsetenv("TEMPORAL_ADDRESS");
    EXPECT_EQ(output(), "yes\n");
}

TEST_F(ChildProcesses, AreAskedToEnd) {
    {
        const ChildProcess child{
            shell("trap 'echo asked; exit' TERM; echo ready; while :; do sleep 0.01; done")
        };
        while (output().empty()) {
        }
        EXPECT_TRUE(child.running());
    }
    EXPECT_EQ(output(), "ready\nasked\n");
}

/// One that nobody waits for stays as a zombie.
bool lives(const std::string& pid) {
    std::ifstream file{"/proc/" + pid + "/stat"};
    std::string stat{std::istreambuf_iterator<char>{file}, {}};
    const auto end_of_name = stat.rfind(')');
    return end_of_name != std::string::npos && stat.at(end_of_name + 2) != 'Z';
}

TEST_F(ChildProcesses, EndWithTheProgramHoweverItEnds) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(
        {
            const ChildProcess child{shell("echo $$; exec sleep 1000")};
            while (output().empty()) {
            }
            std::abort();
        },
        ""
    );
    const std::string pid = output().substr(0, output().find('\n'));
    ASSERT_FALSE(pid.empty());
    while (lives(pid)) {
    }
}

TEST_F(ChildProcesses, ThatCannotBeStartedAreAnError) {
    EXPECT_THROW((ChildProcess{{"/nowhere/program", {}, output_}}), Error);
    EXPECT_THROW((ChildProcess{{"/bin/sh", {}, "/nowhere/output"}}), Error);
}

TEST(FindProgram, LooksIntoTheCacheAndOnThePath) {
    EXPECT_TRUE(fs::exists(find_program("sh")));
    EXPECT_EQ(find_program("/a/path"), "/a/path");
    EXPECT_THROW(static_cast<void>(find_program("no-such-program")), ConfigurationError);
}

TEST(StartServer, TellsWhatAServerSaidThatEndsAtOnce) {
    try {
        static_cast<void>(start_server(
            {.program = "/bin/sh",
             .workflow_namespace = "default",
             .arguments =
                 [](const std::string& /*port*/) {
                     return std::vector<std::string>{"-c", "echo no database"};
                 },
             .ask = [](const Client& /*client*/) { throw Error{"not there"}; },
             .start_within = std::chrono::seconds{30}}
        ));
        FAIL() << "it started";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("ended at once"));
        EXPECT_THAT(error.what(), HasSubstr("no database"));
    }
}

}  // namespace
}  // namespace hourglass::testing
