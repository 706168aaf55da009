#include "tests/conformance/harness/row.hpp"

#include <future>

namespace conformance::local_after_shutdown {

Gate& started() {
    static Gate gate;
    return gate;
}
Gate& let_go() {
    static Gate gate;
    return gate;
}

std::string local_during_shutdown() {
    started().open();
    let_go().wait();
    return "done";
}

class LocalDuringShutdown {
public:
    hg::Task<std::string> run() {
        const std::string result = co_await wf::execute_local_activity<&local_during_shutdown>(
            {.start_to_close_timeout = 1min}
        );
        co_return result;
    }
};

}  // namespace conformance::local_after_shutdown

HOURGLASS_ACTIVITY(conformance::local_after_shutdown::local_during_shutdown);
HOURGLASS_WORKFLOW(conformance::local_after_shutdown::LocalDuringShutdown, run);

namespace conformance::local_after_shutdown {

void run(Row& row) {
    OwnWorker worker{row, {.graceful_shutdown_timeout = 20s}};
    const auto handle = row.client().start<&LocalDuringShutdown::run>(worker.options());
    ASSERT_TRUE(started().wait());
    auto stopping = std::async(std::launch::async, [&worker] { worker.stop(); });
    EXPECT_EQ(stopping.wait_for(500ms), std::future_status::timeout) << "the activity still runs";
    let_go().open();
    stopping.get();
    const auto events = Events::of(handle);
    EXPECT_EQ(events.count("MarkerRecorded"), 1U);
    EXPECT_EQ(events.count("WorkflowTaskCompleted"), 1U);
    EXPECT_EQ(events.count("WorkflowTaskTimedOut") + events.count("WorkflowTaskFailed"), 0U);
    EXPECT_EQ(handle.result(), "done");
    row.replay(handle);
}

const Registration kRow{
    {.path = "local_activity/complete_after_shutdown",
     .checks = "a local activity may end while its worker stops, and the workflow task completes "
               "with its marker",
     .run = run}
};

}  // namespace conformance::local_after_shutdown
