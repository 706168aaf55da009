// The isolation server's life and its program's: this binary is run once more as that program.
#include "hourglass/activity/isolation.hpp"
#include "tests/unit/activity/harness.hpp"
#include "tests/unit/activity/isolated_bodies.hpp"
#include "tests/unit/activity/processes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <pthread.h>
#include <signal.h>
#include <string>
#include <thread>
#include <unistd.h>

namespace hourglass::activity {
namespace {

using namespace std::chrono_literals;
namespace bodies = isolated_bodies;
using test::eventually;

TEST(IsolatedActivityServer, TakesEveryProcessWithItWhenTheProgramIsKilled) {
    test::Program program{"--run-until-killed"};
    const std::string bystander = program.read_line();
    ASSERT_NE(bystander, "");
    ::kill(program.pid(), SIGKILL);
    EXPECT_TRUE(program.all_ended(20s)) << "somebody still has the program's output open";
    ::kill(std::stoi(bystander), SIGKILL);
}

TEST(IsolatedActivityServer, OutlivesTheProgramsFirstThread) {
    const test::Program program{"--end-the-first-thread"};
    EXPECT_EQ(program.read_line(), "42");
}

}  // namespace

/// What the test that kills a program kills.
int run_until_killed() {
    Harness harness;
    harness.definitions.add<&bodies::start_a_subprocess_and_wait>(isolated);
    const auto running = harness.start("start_a_subprocess_and_wait");
    if (!eventually([&] { return !harness.heartbeats().empty(); })) {
        return 1;
    }
    // Has all that this program has open but its output: no closed socket tells of its end.
    const pid_t bystander = ::fork();
    if (bystander == 0) {
        ::close(STDOUT_FILENO);
        while (true) {
            ::pause();
        }
    }
    std::cout << bystander << std::endl;
    running.result.wait();
    return 0;
}

/// Leaves by another thread than the one that forked the isolation server.
[[noreturn]] void end_the_first_thread() {
    std::thread{[] {
        bool ok = eventually([] { return !test::runs(::getpid()); });
        Harness harness;
        harness.definitions.add<&bodies::add>("add", isolated);
        ok = ok && harness.run("add", 40, 2).has_completed();
        std::cout << (ok ? value_of<int>(harness.run("add", 40, 2)) : -1) << std::endl;
        ::_exit(0);
    }}.detach();
    ::pthread_exit(nullptr);
}

}  // namespace hourglass::activity

int main(int argc, char** argv) {
    hourglass::isolation::start();
    if (argc == 2 && std::string{argv[1]} == "--run-until-killed") {
        return hourglass::activity::run_until_killed();
    }
    if (argc == 2 && std::string{argv[1]} == "--end-the-first-thread") {
        hourglass::activity::end_the_first_thread();
    }
    testing::InitGoogleMock(&argc, argv);
    return RUN_ALL_TESTS();
}
