#include "tests/conformance/harness/row.hpp"

namespace conformance::schedule_duplicate {

class NeverRuns {
public:
    hg::Task<void> run() { co_return; }
};

}  // namespace conformance::schedule_duplicate

HOURGLASS_WORKFLOW(conformance::schedule_duplicate::NeverRuns, run, name("NeverScheduled"));

namespace conformance::schedule_duplicate {

void run(Row& row) {
    const std::string id = unique("duplicate");
    const hg::Schedule schedule{
        .action = hg::scheduled<&NeverRuns::run>({.id = id}),
        .spec = {.intervals = {{.every = 1h}}},
        .state = {.paused = true}
    };
    const auto handle = row.client().create_schedule(id, schedule);
    try {
        row.client().create_schedule(id, schedule);
        ADD_FAILURE() << "there is one already";
    } catch (const hg::ScheduleAlreadyRunningError& error) {
        EXPECT_EQ(error.schedule_id(), id);
    }
    handle.remove();
}

const Registration kRow{
    {.path = "schedule/duplicate_error",
     .checks = "a second schedule of one id is a ScheduleAlreadyRunningError",
     .run = run}
};

}  // namespace conformance::schedule_duplicate
