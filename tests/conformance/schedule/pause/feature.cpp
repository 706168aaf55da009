#include "tests/conformance/harness/row.hpp"

namespace conformance::schedule_pause {

void run(Row& row) {
    const std::string id = unique("pause");
    const auto schedule = row.client().create_schedule(
        id,
        {.action = hg::scheduled("NoWorkflow", {.id = id}),
         .spec = {.intervals = {{.every = 24h}}},
         .state = {.note = "initial note", .paused = true}}
    );
    const auto expect = [&](bool paused, const std::string& note) {
        const auto state = schedule.describe().schedule.state;
        EXPECT_EQ(state.paused, paused);
        EXPECT_EQ(state.note, note);
    };
    expect(true, "initial note");
    schedule.unpause();
    expect(false, "Unpaused via C++ SDK");
    schedule.pause();
    expect(true, "Paused via C++ SDK");
    schedule.unpause("custom note 1");
    expect(false, "custom note 1");
    schedule.pause("custom note 2");
    expect(true, "custom note 2");
    schedule.remove();
}

const Registration kRow{
    {.path = "schedule/pause",
     .checks = "a schedule is paused and goes on, with a note or with the SDK's own",
     .run = run}
};

}  // namespace conformance::schedule_pause
