#include "src/subsystem/tree_json.hpp"

#include "tests/unit/subsystem/status_samples.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace hourglass::subsystem {
namespace {

using nlohmann::json;

json parsed(const StatusSnapshot& snapshot) {
    return json::parse(tree_json(snapshot));
}

TEST(TreeJson, HasEachFieldOfANode) {
    const json node = parsed(test::sample())["root"]["children"][1]["children"][0];
    EXPECT_EQ(
        node,
        (json{
            {"id", "BridgeHolder"},
            {"pid", nullptr},
            {"type", "worker"},
            {"strategy", ""},
            {"restart", "permanent"},
            {"state", "running"},
            {"level", "ok"},
            {"restarts", 2},
            {"last_exit", "crashed: <script>alert(1)</script>"},
            {"uptime_seconds", 300.0},
            {"mailbox_length", 7},
            {"abandoned", 0},
            {"answers", true},
            {"children", json::array()},
        })
    );
}

TEST(TreeJson, HasTheRootWithItsIntensity) {
    const json root = parsed(test::sample())["root"];
    EXPECT_EQ(root["strategy"], "one_for_one");
    EXPECT_EQ(root["restarts"], 2);
    EXPECT_EQ(root["max_restarts"], 3);
    EXPECT_EQ(root["within_seconds"], 5.0);
    EXPECT_EQ(root["children"].size(), 2u);
}

TEST(TreeJson, HasNoRootThatDoesNotAnswer) {
    EXPECT_EQ(parsed(StatusSnapshot{})["root"], nullptr);
}

TEST(TreeJson, HasTheWorkersWithTheirLimitsAndWhatIsInUse) {
    const json all = parsed(test::sample());
    EXPECT_EQ(
        all["workers"][0],
        (json{
            {"task_queue", "default"},
            {"registered", true},
            {"comes_back", true},
            {"tasks_in_hand", 3},
            {"max_concurrent_workflow_tasks", 100},
            {"max_concurrent_activities", 50},
            {"max_cached_workflows", 1000},
            {"max_task_queue_activities_per_second", nullptr},
        })
    );
    EXPECT_EQ(all["workers"][1]["task_queue"], test::kEvilName);
    EXPECT_EQ(all["workers"][1]["max_task_queue_activities_per_second"], 2.5);
    EXPECT_EQ(all["cached_workflows"], 12);
    EXPECT_EQ(all["running_activities"], 4);
}

TEST(TreeJson, HasTheCountersUnderTheNamesOfTheMetrics) {
    const json counters = parsed(test::sample())["counters"];
    const auto has = [&](const char* name, const json& labels, int value) {
        const json wanted{{"name", name}, {"labels", labels}, {"value", value}};
        return std::ranges::count(counters, wanted) == 1;
    };
    EXPECT_TRUE(has("hourglass_restarts", {{"child", "BridgeHolder"}}, 2)) << counters;
    EXPECT_TRUE(has("hourglass_restarts", {{"child", "Runtime"}}, 0)) << counters;
    EXPECT_TRUE(has("hourglass_restarts", {{"child", test::kEvilName}}, 1)) << counters;
    EXPECT_TRUE(has("hourglass_stale_handles", json::object(), 0)) << counters;
    EXPECT_TRUE(
        has("hourglass_late_completions", {{"kind", "activity"}, {"outcome", "reported"}}, 3)
    ) << counters;
}

TEST(TreeJson, SaysHowHealthyTheProcessIs) {
    StatusSnapshot snapshot = test::sample();
    snapshot.workers.pop_back();
    EXPECT_EQ(
        parsed(snapshot)["health"],
        (json{
            {"phase", "running"},
            {"alive", true},
            {"ready", true},
            {"text", "all workers are registered with the server"},
        })
    );
    snapshot.life = {.phase = TreeLife::Phase::GaveUp, .reason = "enough"};
    EXPECT_EQ(parsed(snapshot)["health"]["phase"], "gave_up");
    EXPECT_EQ(parsed(snapshot)["health"]["alive"], false);
}

TEST(TreeJson, ReplacesBytesThatAreNoUtf8) {
    StatusSnapshot snapshot;
    snapshot.workers.push_back({.task_queue = "a\xff"});
    EXPECT_EQ(parsed(snapshot)["workers"][0]["task_queue"], "a\xef\xbf\xbd");
}

}  // namespace
}  // namespace hourglass::subsystem
