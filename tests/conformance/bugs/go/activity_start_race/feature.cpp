#include "tests/conformance/harness/row.hpp"

namespace conformance::bugs_activity_start_race {

Gate& stopped() {
    static Gate gate;
    return gate;
}

/// Ends when the workflow's worker has stopped.
std::string sleeps(std::string name) {
    stopped().wait();
    return name;
}

class Races {
public:
    hg::Task<std::string> run(std::string activities) {
        co_await wf::wait_condition([this] { return resume_; });
        const wf::ActivityOptions options{
            .start_to_close_timeout = 1min, .task_queue = activities, .disable_eager = true
        };
        const auto first = wf::execute_activity<&sleeps>(options, "a");
        const auto second = wf::execute_activity<&sleeps>(options, "b");
        scheduled_ = true;
        std::string outcome;
        try {
            co_await wf::wait_condition([] { return false; });
        } catch (const hg::CancelledError&) {
            outcome = "cancelled";
        }
        for (const auto& each : {first, second}) {
            if (each.ready()) {
                outcome += " " + each.result();
            }
        }
        co_return outcome;
    }
    void resume() { resume_ = true; }
    bool scheduled() const { return scheduled_; }

private:
    bool resume_ = false;
    bool scheduled_ = false;
};

}  // namespace conformance::bugs_activity_start_race

HOURGLASS_ACTIVITY(conformance::bugs_activity_start_race::sleeps);
HOURGLASS_WORKFLOW(
    conformance::bugs_activity_start_race::Races,
    run,
    name("ActivityStartRace"),
    signals(resume),
    queries(scheduled)
);

namespace conformance::bugs_activity_start_race {

void run(Row& row) {
    const OwnWorker activities{row};
    OwnWorker workflows{row};
    const auto handle = row.client().start<&Races::run>(workflows.options(), activities.queue());
    handle.signal<&Races::resume>();
    ASSERT_TRUE(eventually([&] { return handle.query<&Races::scheduled>(); }));
    workflows.stop();
    handle.cancel();
    stopped().open();
    ASSERT_TRUE(eventually([&] { return Events::of(handle).count("ActivityTaskCompleted") == 2; }));
    workflows.start();
    EXPECT_EQ(handle.result(), "cancelled a b");
    const auto events = Events::of(handle);
    EXPECT_EQ(events.count("WorkflowTaskFailed"), 0U);
    const auto types = events.types();
    const auto cancelled = events.position("WorkflowExecutionCancelRequested");
    const auto completed = events.position("ActivityTaskCompleted");
    EXPECT_GT(completed, cancelled);
    for (auto i = cancelled; i < completed; ++i) {
        EXPECT_NE(types[i], "WorkflowTaskStarted")
            << "the activity was to end before the task began";
    }
    row.replay(handle);
}

const Registration kRow{
    {.path = "bugs/go/activity_start_race",
     .checks = "activities start and end between the scheduling and the start of a workflow task "
               "that brings a cancellation, too",
     .run = run}
};

}  // namespace conformance::bugs_activity_start_race
