#include "tests/conformance/harness/row.hpp"

namespace conformance::update_restart {

Gate& started() {
    static Gate gate;
    return gate;
}
Gate& restarted() {
    static Gate gate;
    return gate;
}

void blocks_until_restart() {
    started().open();
    restarted().wait();
}

class OutlivesItsWorker {
public:
    hg::Task<void> run() {
        co_await wf::wait_condition([this] { return finished_; });
    }
    hg::Task<std::string> work(std::string activities) {
        const wf::ActivityOptions options{.start_to_close_timeout = 1min, .task_queue = activities};
        co_await wf::execute_activity<&blocks_until_restart>(options);
        finished_ = true;
        co_return "done";
    }

private:
    bool finished_ = false;
};

}  // namespace conformance::update_restart

HOURGLASS_ACTIVITY(conformance::update_restart::blocks_until_restart);
HOURGLASS_WORKFLOW(conformance::update_restart::OutlivesItsWorker, run, updates(work));

namespace conformance::update_restart {

void run(Row& row) {
    OwnWorker worker{row};
    const auto handle = row.client().start<&OutlivesItsWorker::run>(worker.options());
    // The activity runs on the worker that all share, and is not disturbed.
    const auto update = handle.start_update<&OutlivesItsWorker::work>({}, row.queue());
    ASSERT_TRUE(started().wait());
    worker.stop();
    worker.start();
    restarted().open();
    EXPECT_EQ(update.result(), "done");
    handle.result();
    const auto events = Events::of(handle);
    EXPECT_EQ(events.count("WorkflowExecutionUpdateAccepted"), 1U);
    EXPECT_EQ(events.count("ActivityTaskScheduled"), 1U)
        << "the handler is replayed, not begun again";
    row.replay(handle);
}

const Registration kRow{
    {.path = "update/worker_restart",
     .checks = "an update that was accepted outlives the worker that accepted it",
     .run = run}
};

}  // namespace conformance::update_restart
