// Every recorded history still replays with the code as it is.

#include <hourglass/testing/replayer.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
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
            "CallsOperations",
            "Cancelled",
            "CancelsActivity",
            "Changed",
            "Checkout",
            "Child",
            "Children",
            "Continues",
            "EndsFirst",
            "Fails",
            "Locals",
            "Mended",
            "Messages",
            "OrderWorkflow",
            "Outsider",
            "Random",
            "Timers",
            "Upserts"
        })
    );
}

std::string read(const fs::path& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// The history as an older Core would have left it, which knew none of the flags in it.
nlohmann::json without_flags(nlohmann::json history) {
    for (auto& event : history.at("events")) {
        if (event.contains("workflowTaskCompletedEventAttributes")) {
            event["workflowTaskCompletedEventAttributes"].erase("sdkMetadata");
        }
    }
    return history;
}

// Core does some things in another way where a history does not say by its flags that it knew the
// new way. Of patches it recorded less: that history is there twice.
TEST(RecordedHistories, ReplayInBothStatesOfCoresFlags) {
    Replayer replayer;
    int replayed = 0;
    for (const auto& file : fs::directory_iterator{HISTORIES}) {
        const std::string name = file.path().stem().string();
        // Without its flag Core sends nothing after the end.
        if (name == "changed" || name == "activities-old-names" || name == "ends-first") {
            continue;
        }
        const auto history = without_flags(nlohmann::json::parse(read(file.path())));
        const auto result =
            replayer.replay(hourglass::WorkflowHistory::from_json(history.dump(), name));
        EXPECT_TRUE(result.ok()) << name << ": " << result;
        ++replayed;
    }
    EXPECT_GT(replayed, 20);
}

TEST(RecordedHistories, OfNexusOperationsHaveEachWayOfAnOperation) {
    const auto history = read(fs::path{HISTORIES} / "calls-operations.json");
    for (const std::string way :
         {"SCHEDULED", "STARTED", "COMPLETED", "FAILED", "CANCEL_REQUESTED", "CANCELED", "TIMED_OUT"
         }) {
        EXPECT_NE(history.find("\"EVENT_TYPE_NEXUS_OPERATION_" + way + "\""), std::string::npos)
            << way;
    }
}

TEST(RecordedHistories, OfAPatchAreOfBothKindsOfCore) {
    const auto newer = read(fs::path{HISTORIES} / "changed.json");
    const auto older = read(fs::path{HISTORIES} / "changed-by-older-core.json");
    for (const auto* text : {&newer, &older}) {
        EXPECT_NE(text->find("EVENT_TYPE_MARKER_RECORDED"), std::string::npos);
    }
    EXPECT_NE(newer.find("UPSERT_WORKFLOW_SEARCH_ATTRIBUTES"), std::string::npos);
    EXPECT_NE(newer.find("coreUsedFlags"), std::string::npos);
    EXPECT_EQ(older.find("UPSERT_WORKFLOW_SEARCH_ATTRIBUTES"), std::string::npos);
    EXPECT_EQ(older.find("coreUsedFlags"), std::string::npos);
}

TEST(RecordedHistories, ReplayAsWellSeveralAtOnce) {
    Replayer replayer{{.parallel = 3}};
    const auto report = replayer.replay_files({HISTORIES});
    EXPECT_TRUE(report.ok()) << report;
}

}  // namespace
