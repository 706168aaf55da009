#include "tests/conformance/harness/row.hpp"

#include <vector>

namespace conformance::child_retry {

class FailsTwice {
public:
    hg::Task<int> run() {
        if (wf::info().attempt < 3) {
            throw hg::ApplicationError{"attempt " + std::to_string(wf::info().attempt)};
        }
        co_return wf::info().attempt;
    }
};

}  // namespace conformance::child_retry

HOURGLASS_WORKFLOW(conformance::child_retry::FailsTwice, run, name("ChildRetryChild"));

namespace conformance::child_retry {

class Parent {
public:
    hg::Task<int> run(std::string id) {
        wf::ChildWorkflowOptions options;
        options.id = id;
        options.retry_policy = hg::RetryPolicy{.initial_interval = 10ms, .maximum_attempts = 3};
        const int attempts = co_await wf::execute_child<&FailsTwice::run>(options);
        co_return attempts;
    }
};

}  // namespace conformance::child_retry

HOURGLASS_WORKFLOW(conformance::child_retry::Parent, run, name("ChildRetryParent"));

namespace conformance::child_retry {

void run(Row& row) {
    const std::string id = unique("child");
    const auto handle = row.start<&Parent::run>(id);
    EXPECT_EQ(handle.result(), 3);
    EXPECT_EQ(Events::of(handle).count("ChildWorkflowExecutionCompleted"), 1U);
    const auto last = row.client().handle<&FailsTwice::run>(id);
    const auto started = Events::of(last).first("WorkflowExecutionStarted");
    EXPECT_EQ(started.value("attempt", 0), 3);
    row.replay(handle);
    row.replay(last);
}

const Registration kRow{
    {.path = "child_workflow/retry",
     .checks = "a child with three attempts is run three times",
     .run = run}
};

}  // namespace conformance::child_retry
