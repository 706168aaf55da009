#include "tests/conformance/harness/row.hpp"

namespace conformance::schedule_trigger {

class Quick {
public:
    hg::Task<std::string> run(std::string text) { co_return text; }
};

}  // namespace conformance::schedule_trigger

HOURGLASS_WORKFLOW(conformance::schedule_trigger::Quick, run, name("TriggeredWorkflow"));

namespace conformance::schedule_trigger {

void run(Row& row) {
    const std::string id = unique("trigger");
    const auto schedule = row.client().create_schedule(
        id,
        {.action = hg::scheduled<&Quick::run>({.id = id, .task_queue = row.queue()}, "triggered"),
         .spec = {.intervals = {{.every = 24h}}},
         .state = {.paused = true}}
    );
    for (int i = 1; i <= 2; ++i) {
        schedule.trigger(hg::ScheduleOverlapPolicy::AllowAll);
        std::vector<hg::ScheduleActionResult> actions;
        ASSERT_TRUE(eventually([&] {
            actions = schedule.describe().recent_actions;
            return static_cast<int>(actions.size()) == i;
        }));
        const auto handle = row.client().handle<&Quick::run>(actions.back().workflow_id);
        EXPECT_EQ(handle.result(), "triggered");
        row.replay(handle);
        // Their ids end in the second: two in one would be one.
        static_cast<void>(eventually([] { return false; }, 1100ms));
    }
    EXPECT_EQ(schedule.describe().actions, 2);
    schedule.remove();
}

const Registration kRow{
    {.path = "schedule/trigger", .checks = "a paused schedule acts when it is told to", .run = run}
};

}  // namespace conformance::schedule_trigger
