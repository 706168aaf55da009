#include "tests/conformance/harness/row.hpp"

namespace conformance::activity_basic {

std::string echo_without_limits(std::string text) {
    return text;
}

class WithoutTimeout {
public:
    hg::Task<std::string> run() {
        const auto first =
            wf::execute_activity<&echo_without_limits>({.schedule_to_close_timeout = 1min}, "a");
        const std::string one = co_await first;
        const auto second =
            wf::execute_activity<&echo_without_limits>({.start_to_close_timeout = 30s}, "b");
        const std::string two = co_await second;
        co_return one + two;
    }
};

}  // namespace conformance::activity_basic

HOURGLASS_ACTIVITY(conformance::activity_basic::echo_without_limits);
HOURGLASS_WORKFLOW(conformance::activity_basic::WithoutTimeout, run);

namespace conformance::activity_basic {

void run(Row& row) {
    const auto handle = row.start<&WithoutTimeout::run>();
    EXPECT_EQ(handle.result(), "ab");
    const auto events = Events::of(handle);
    const auto started = events.first("WorkflowExecutionStarted");
    EXPECT_EQ(started.value("workflowExecutionTimeout", "0s"), "0s");
    const auto activities = events.all("ActivityTaskScheduled");
    ASSERT_EQ(activities.size(), 2U);
    EXPECT_EQ(activities[0].value("scheduleToCloseTimeout", ""), "60s");
    EXPECT_EQ(activities[1].value("startToCloseTimeout", ""), "30s");
    EXPECT_EQ(activities[1].value("heartbeatTimeout", "0s"), "0s");
    row.replay(handle);
}

const Registration kRow{
    {.path = "activity/basic_no_workflow_timeout",
     .checks = "an activity gives its result, where the workflow has no timeout and the activity "
               "either one of the two that it may have",
     .run = run}
};

}  // namespace conformance::activity_basic
