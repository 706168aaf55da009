#include "tests/conformance/harness/row.hpp"

namespace conformance::child_cancel_wait {

/// Is asked to cancel itself, and does not.
class Ignores {
public:
    hg::Task<std::string> run() {
        co_await wf::shield(work());
        co_return wf::cancellation_requested() ? "asked, but done" : "never asked";
    }

private:
    hg::Task<void> work() {
        co_await wf::wait_condition(&wf::cancellation_requested);
        co_await wf::sleep(100ms);
    }
};

}  // namespace conformance::child_cancel_wait

HOURGLASS_WORKFLOW(conformance::child_cancel_wait::Ignores, run, name("ChildWaitChild"));

namespace conformance::child_cancel_wait {

class Parent {
public:
    hg::Task<std::string> run() {
        const auto child = wf::execute_child<&Ignores::run>({});  // it is the default
        static_cast<void>(co_await child.started());
        child.cancel();
        const std::string result = co_await child;
        co_return result;
    }
};

}  // namespace conformance::child_cancel_wait

HOURGLASS_WORKFLOW(conformance::child_cancel_wait::Parent, run, name("ChildWaitParent"));

namespace conformance::child_cancel_wait {

void run(Row& row) {
    const auto handle = row.start<&Parent::run>();
    EXPECT_EQ(handle.result(), "asked, but done");
    const auto events = Events::of(handle);
    EXPECT_EQ(events.count("ExternalWorkflowExecutionCancelRequested"), 1U);
    EXPECT_EQ(events.count("ChildWorkflowExecutionCompleted"), 1U);
    row.replay(handle);
}

const Registration kRow{
    {.path = "child_workflow/cancel_wait_completed",
     .checks = "the parent waits for the end of the child that it cancelled, and gets its result "
               "where it does not comply",
     .run = run}
};

}  // namespace conformance::child_cancel_wait
