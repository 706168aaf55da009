// Every recorded history still replays with the code as it is.

#include <hourglass/testing/replayer.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;
using hourglass::testing::Replayer;

// [recorded]
TEST(RecordedHistories, AreWhatTheCodeStillDoes) {
    Replayer replayer;
    const auto report = replayer.replay_files({HISTORIES});
    EXPECT_TRUE(report.ok()) << report;
}
// [recorded]

TEST(RecordedHistories, AreThereForEveryKindOfWorkflow) {
    Replayer replayer;
    std::set<std::string> types;
    for (const auto& result : replayer.replay_files({HISTORIES}).results()) {
        types.insert(result.workflow_type);
    }
    EXPECT_EQ(
        types,
        (std::set<std::string>{
            "Activities",
            "Cancelled",
            "CancelsActivity",
            "Checkout",
            "Continues",
            "Fails",
            "Mended",
            "Messages",
            "OrderWorkflow",
            "Random",
            "Timers"
        })
    );
}

TEST(RecordedHistories, ReplayAsWellSeveralAtOnce) {
    Replayer replayer{{.parallel = 3}};
    const auto report = replayer.replay_files({HISTORIES});
    EXPECT_TRUE(report.ok()) << report;
}

}  // namespace
