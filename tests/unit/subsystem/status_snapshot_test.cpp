#include "src/subsystem/status_snapshot.hpp"

#include "tests/unit/subsystem/status_samples.hpp"

#include <gtest/gtest.h>

namespace hourglass::subsystem {
namespace {

using namespace std::chrono_literals;
using supervision::ChildReport;
using supervision::ChildState;
using supervision::ExitReason;
using supervision::Restart;

ChildReport in_state(ChildState state) {
    ChildReport child = test::running("x");
    child.state = state;
    return child;
}

TEST(StatusLevel, IsOkForWhatRuns) {
    EXPECT_EQ(level_of(test::running("x")), Level::Ok);
}

TEST(StatusLevel, IsChangingOnTheWayUpOrDown) {
    for (const auto state : {ChildState::Starting, ChildState::Stopping, ChildState::Restarting}) {
        EXPECT_EQ(level_of(in_state(state)), Level::Changing) << to_text(state);
    }
}

TEST(StatusLevel, IsChangingForTenSecondsAfterARestart) {
    ChildReport child = test::running("x");
    child.uptime = 9s;
    EXPECT_EQ(level_of(child), Level::Ok) << "its first start";
    child.restarts = 1;
    EXPECT_EQ(level_of(child), Level::Changing);
    child.uptime = 10s;
    EXPECT_EQ(level_of(child), Level::Ok);
}

TEST(StatusLevel, IsDownForWhatShouldRunOrDoesNotAnswer) {
    EXPECT_EQ(level_of(in_state(ChildState::Undefined)), Level::Down);
    ChildReport silent = test::running("x");
    silent.unavailable = true;
    EXPECT_EQ(level_of(silent), Level::Down);
    ChildReport crashed = in_state(ChildState::Undefined);
    crashed.restart = Restart::Temporary;
    crashed.last_exit = ExitReason::killed();
    EXPECT_EQ(level_of(crashed), Level::Down);
}

TEST(StatusLevel, IsEndedForWhatEndedInOrder) {
    ChildReport child = in_state(ChildState::Undefined);
    child.restart = Restart::Transient;
    child.last_exit = ExitReason::shutdown();
    EXPECT_EQ(level_of(child), Level::Ended);
}

}  // namespace
}  // namespace hourglass::subsystem
