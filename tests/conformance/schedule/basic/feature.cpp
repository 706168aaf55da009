#include "tests/conformance/harness/row.hpp"

#include <set>

namespace conformance::schedule_basic {

class SaysWhatItGets {
public:
    hg::Task<std::string> run(std::string text) { co_return text; }
};

}  // namespace conformance::schedule_basic

HOURGLASS_WORKFLOW(conformance::schedule_basic::SaysWhatItGets, run, name("ScheduledSays"));

namespace conformance::schedule_basic {

std::set<std::string> results(Row& row, const hg::ScheduleHandle& schedule) {
    std::set<std::string> seen;
    for (const auto& action : schedule.describe().recent_actions) {
        const auto handle = row.client().handle<&SaysWhatItGets::run>(action.workflow_id);
        seen.insert(handle.result());
    }
    return seen;
}

void run(Row& row) {
    const std::string id = unique("basic");
    const auto action = [&](const std::string& text) {
        return hg::scheduled<&SaysWhatItGets::run>({.id = id, .task_queue = row.queue()}, text);
    };
    const auto schedule = row.client().create_schedule(
        id, {.action = action("arg1"), .spec = {.intervals = {{.every = 2s}}}}
    );
    const auto description = schedule.describe();
    EXPECT_EQ(description.schedule.action.type, "ScheduledSays");
    ASSERT_EQ(description.schedule.spec.intervals.size(), 1U);
    EXPECT_EQ(description.schedule.spec.intervals[0].every, 2s);
    EXPECT_FALSE(description.schedule.state.paused);
    EXPECT_TRUE(eventually([&] {
        for (const auto& entry : row.client().list_schedules()) {
            if (entry.id == id) {
                return entry.workflow_type == "ScheduledSays";
            }
        }
        return false;
    }));
    EXPECT_TRUE(eventually([&] { return results(row, schedule).contains("arg1"); }));
    schedule.update([&](hg::ScheduleUpdate& update) { update.schedule.action = action("arg2"); });
    EXPECT_TRUE(eventually([&] { return results(row, schedule).contains("arg2"); }));
    const auto last = schedule.describe().recent_actions.back();
    schedule.remove();
    EXPECT_THROW(static_cast<void>(schedule.describe()), hg::ScheduleNotFoundError);
    row.replay(row.client().handle(last.workflow_id));
}

const Registration kRow{
    {.path = "schedule/basic",
     .checks = "a schedule is made, described, listed, updated to another argument and deleted; "
               "both results are seen",
     .run = run}
};

}  // namespace conformance::schedule_basic
