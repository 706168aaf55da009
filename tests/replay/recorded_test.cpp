// Every recorded history still replays with the code as it is.

#include <hourglass/testing/replayer.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
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
            "Activities", "CallsOperations", "Cancelled", "CancelsActivity",  "Changed",
            "Checkout",   "Child",           "Children",  "ChildrenThatFail", "Continues",
            "EndsFirst",  "Fails",           "Locals",    "LocalsThatWait",   "Mended",
            "Messages",   "OrderWorkflow",   "Outsider",  "Random",           "Refuses",
            "Timers",     "Upserts"
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
        // Without its flag Core sends nothing after the end: that history is there twice, too.
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

// Each way that something outside of a run can take is in some history.
TEST(RecordedHistories, HaveEachKindOfEvent) {
    std::set<std::string> types;
    std::set<std::string> markers;
    for (const auto& file : fs::directory_iterator{HISTORIES}) {
        const auto history = nlohmann::json::parse(read(file.path()));
        for (const auto& event : history.at("events")) {
            types.insert(event.at("eventType").get<std::string>());
            markers.insert(event.value("/markerRecordedEventAttributes/markerName"_json_pointer, "")
            );
        }
    }
    for (const std::string type : {
             "ACTIVITY_TASK_SCHEDULED",
             "ACTIVITY_TASK_COMPLETED",
             "ACTIVITY_TASK_FAILED",
             "ACTIVITY_TASK_CANCEL_REQUESTED",
             "ACTIVITY_TASK_CANCELED",
             "TIMER_STARTED",
             "TIMER_FIRED",
             "TIMER_CANCELED",
             "MARKER_RECORDED",
             "UPSERT_WORKFLOW_SEARCH_ATTRIBUTES",
             "WORKFLOW_PROPERTIES_MODIFIED",
             "START_CHILD_WORKFLOW_EXECUTION_INITIATED",
             "START_CHILD_WORKFLOW_EXECUTION_FAILED",
             "CHILD_WORKFLOW_EXECUTION_STARTED",
             "CHILD_WORKFLOW_EXECUTION_COMPLETED",
             "CHILD_WORKFLOW_EXECUTION_FAILED",
             "CHILD_WORKFLOW_EXECUTION_CANCELED",
             "SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED",
             "SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED",
             "EXTERNAL_WORKFLOW_EXECUTION_SIGNALED",
             "REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED",
             "REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED",
             "EXTERNAL_WORKFLOW_EXECUTION_CANCEL_REQUESTED",
             "WORKFLOW_EXECUTION_SIGNALED",
             "WORKFLOW_EXECUTION_CANCEL_REQUESTED",
             "WORKFLOW_EXECUTION_UPDATE_ACCEPTED",
             "WORKFLOW_EXECUTION_UPDATE_COMPLETED",
             "WORKFLOW_EXECUTION_COMPLETED",
             "WORKFLOW_EXECUTION_FAILED",
             "WORKFLOW_EXECUTION_CANCELED",
             "WORKFLOW_EXECUTION_TERMINATED",
             "WORKFLOW_EXECUTION_TIMED_OUT",
             "WORKFLOW_EXECUTION_CONTINUED_AS_NEW",
             "WORKFLOW_TASK_FAILED",
         }) {
        EXPECT_TRUE(types.contains("EVENT_TYPE_" + type)) << type;
    }
    EXPECT_TRUE(markers.contains("core_patch"));
    EXPECT_TRUE(markers.contains("core_local_activity"));
}

/// Whether an event is written together with the one before it, by the same answer of a worker.
bool belongs_to_the_one_before(const nlohmann::json& event) {
    if (event.at("eventType") == "EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED") {
        return true;
    }
    for (const auto& part : event) {
        if (part.is_object() && part.contains("workflowTaskCompletedEventId")) {
            return true;
        }
    }
    return false;
}

// At the end of an open history the replay compares what Core does not: it must not find anything
// where nothing was changed.
TEST(RecordedHistories, ReplayAsTheyWereWhileTheExecutionWasOpen) {
    Replayer replayer;
    int replayed = 0;
    for (const auto& file : fs::directory_iterator{HISTORIES}) {
        const std::string name = file.path().stem().string();
        if (name == "activities-old-names") {
            continue;  // as activities
        }
        const auto history = nlohmann::json::parse(read(file.path()));
        const auto& events = history.at("events");
        for (std::size_t count = 3; count < events.size(); ++count) {
            const auto& next = events[count];
            if (belongs_to_the_one_before(next)) {
                continue;
            }
            nlohmann::json open = history;
            auto& kept = open.at("events");
            kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(count), kept.end());
            const auto result =
                replayer.replay(hourglass::WorkflowHistory::from_json(open.dump(), name));
            EXPECT_TRUE(result.ok()) << name << ", " << count << " events: " << result;
            ++replayed;
        }
    }
    EXPECT_GT(replayed, 300);
}

/// What Core wrote into the markers of local activities.
std::string local_markers(const std::string& name) {
    std::string texts;
    const auto history = nlohmann::json::parse(read(fs::path{HISTORIES} / (name + ".json")));
    for (const auto& event : history.at("events")) {
        if (const auto found = event.find("markerRecordedEventAttributes"); found != event.end()) {
            texts += found->dump() + "\n";
        }
    }
    return texts;
}

TEST(RecordedHistories, OfLocalActivitiesHaveOneThatIsCancelledAndOneThatWaitsForATimer) {
    const auto markers = local_markers("locals-that-wait");
    EXPECT_NE(markers.find("canceledFailureInfo"), std::string::npos) << markers;
    const auto history = read(fs::path{HISTORIES} / "locals-that-wait.json");
    EXPECT_NE(history.find("EVENT_TYPE_TIMER_FIRED"), std::string::npos)
        << "between the attempts of one that its worker retries no more";
}

TEST(RecordedHistories, OfUpdatesHaveOneThatFailed) {
    const auto history = read(fs::path{HISTORIES} / "refuses.json");
    EXPECT_NE(history.find("\"Odd\""), std::string::npos);
    EXPECT_NE(history.find("EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED"), std::string::npos);
}

TEST(RecordedHistories, OfWhatComesAfterTheEndAreOfBothKindsOfCore) {
    const auto newer = read(fs::path{HISTORIES} / "ends-first.json");
    const auto older = read(fs::path{HISTORIES} / "ends-first-by-older-core.json");
    EXPECT_NE(newer.find("EVENT_TYPE_ACTIVITY_TASK_SCHEDULED"), std::string::npos);
    EXPECT_NE(newer.find("coreUsedFlags"), std::string::npos);
    EXPECT_EQ(older.find("EVENT_TYPE_ACTIVITY_TASK_SCHEDULED"), std::string::npos);
    EXPECT_EQ(older.find("coreUsedFlags"), std::string::npos);
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
