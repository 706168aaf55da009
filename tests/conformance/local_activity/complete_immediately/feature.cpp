#include "tests/conformance/harness/row.hpp"

namespace conformance::local_immediately {

std::string local_at_once() {
    return "done";
}

class LocalAtOnce {
public:
    hg::Task<std::string> run() {
        const std::string result =
            co_await wf::execute_local_activity<&local_at_once>({.start_to_close_timeout = 10s});
        co_return result;
    }
};

}  // namespace conformance::local_immediately

HOURGLASS_ACTIVITY(conformance::local_immediately::local_at_once);
HOURGLASS_WORKFLOW(conformance::local_immediately::LocalAtOnce, run);

namespace conformance::local_immediately {

void run(Row& row) {
    const auto handle = row.start<&LocalAtOnce::run>();
    EXPECT_EQ(handle.result(), "done");
    EXPECT_THAT(
        Events::of(handle).types(),
        ElementsAre(
            "WorkflowExecutionStarted",
            "WorkflowTaskScheduled",
            "WorkflowTaskStarted",
            "WorkflowTaskCompleted",
            "MarkerRecorded",
            "WorkflowExecutionCompleted"
        )
    );
    row.replay(handle);
}

const Registration kRow{
    {.path = "local_activity/complete_immediately",
     .checks = "a local activity ends in the task that started it, and leaves a marker",
     .run = run}
};

}  // namespace conformance::local_immediately
