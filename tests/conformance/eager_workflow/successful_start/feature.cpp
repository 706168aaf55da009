#include "tests/conformance/harness/row.hpp"

namespace conformance::eager_start {

class StartsAtOnce {
public:
    hg::Task<std::string> run() { co_return "Hello World"; }
};

}  // namespace conformance::eager_start

HOURGLASS_WORKFLOW(conformance::eager_start::StartsAtOnce, run);

namespace conformance::eager_start {

void run(Row& row) {
    auto options = row.options();
    options.request_eager_start = true;
    // A task that got lost would come again in an hour only.
    options.task_timeout = 1h;
    // Before the worker is there nobody could be given the task, and the client does not ask for
    // it.
    ASSERT_TRUE(row.application().wait_until_polling(row.queue(), 20s));
    const auto handle = row.client().start<&StartsAtOnce::run>(options);
    EXPECT_EQ(handle.result(), "Hello World");
    const auto started = Events::of(handle).first("WorkflowExecutionStarted");
    EXPECT_TRUE(started.value("eagerExecutionAccepted", false));
    row.replay(handle);
}

const Registration kRow{
    {.path = "eager_workflow/successful_start",
     .checks = "the answer to the start brings the first task to a worker of the same process, "
               "which does it",
     .run = run}
};

}  // namespace conformance::eager_start
