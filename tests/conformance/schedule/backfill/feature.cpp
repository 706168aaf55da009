#include "tests/conformance/harness/row.hpp"

namespace conformance::schedule_backfill {

class Quick {
public:
    hg::Task<void> run() { co_return; }
};

}  // namespace conformance::schedule_backfill

HOURGLASS_WORKFLOW(conformance::schedule_backfill::Quick, run, name("BackfilledWorkflow"));

namespace conformance::schedule_backfill {

void run(Row& row) {
    const std::string id = unique("backfill");
    const auto begin =
        std::chrono::floor<std::chrono::hours>(std::chrono::system_clock::now()) - 24h;
    const auto schedule = row.client().create_schedule(
        id,
        {.action = hg::scheduled<&Quick::run>({.id = id, .task_queue = row.queue()}),
         .spec = {.intervals = {{.every = 1min}}},
         .state = {.note = "only backfills", .paused = true}}
    );
    // Both ends are included: three minutes each.
    schedule.backfill(
        {{.start_at = begin, .end_at = begin + 2min, .overlap = hg::ScheduleOverlapPolicy::AllowAll
         },
         {.start_at = begin + 30min,
          .end_at = begin + 32min,
          .overlap = hg::ScheduleOverlapPolicy::AllowAll}}
    );
    hg::ScheduleDescription description;
    EXPECT_TRUE(eventually([&] {
        description = schedule.describe();
        return description.actions == 6 && description.running.empty();
    })) << description.actions
        << " actions";
    EXPECT_EQ(description.recent_actions.size(), 6U);
    for (const auto& action : description.recent_actions) {
        const auto handle = row.client().handle<&Quick::run>(action.workflow_id);
        handle.result();
        row.replay(handle);
    }
    schedule.remove();
}

const Registration kRow{
    {.path = "schedule/backfill",
     .checks = "a paused schedule takes the actions of two parts of the past, their ends included",
     .run = run}
};

}  // namespace conformance::schedule_backfill
