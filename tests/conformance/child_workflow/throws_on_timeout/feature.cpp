#include "tests/conformance/harness/row.hpp"

namespace conformance::child_timeout {

class TakesLong {
public:
    hg::Task<void> run() { co_await wf::sleep(1h); }
};

}  // namespace conformance::child_timeout

HOURGLASS_WORKFLOW(conformance::child_timeout::TakesLong, run, name("ChildTimeoutChild"));

namespace conformance::child_timeout {

class Parent {
public:
    hg::Task<std::string> run() {
        wf::ChildWorkflowOptions options;
        options.execution_timeout = 1s;
        std::string said = "nothing";
        try {
            co_await wf::execute_child<&TakesLong::run>(options);
        } catch (const hg::ChildWorkflowError& error) {
            const auto cause = std::dynamic_pointer_cast<const hg::TimeoutError>(error.cause());
            said = cause == nullptr ? "no timeout" : "timeout";
        }
        co_return said;
    }
};

}  // namespace conformance::child_timeout

HOURGLASS_WORKFLOW(conformance::child_timeout::Parent, run, name("ChildTimeoutParent"));

namespace conformance::child_timeout {

void run(Row& row) {
    const auto handle = row.start<&Parent::run>();
    EXPECT_EQ(handle.result(), "timeout");
    EXPECT_EQ(Events::of(handle).count("ChildWorkflowExecutionTimedOut"), 1U);
    row.replay(handle);
}

const Registration kRow{
    {.path = "child_workflow/throws_on_timeout",
     .checks = "a child's timeout comes to its parent as a ChildWorkflowError caused by a "
               "TimeoutError",
     .run = run}
};

}  // namespace conformance::child_timeout
