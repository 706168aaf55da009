#include "tests/conformance/harness/row.hpp"

namespace conformance::child_cancel_abandon {

class Abandoned {
public:
    hg::Task<std::string> run() {
        co_await wf::wait_condition([this] { return go_; });
        co_return wf::cancellation_requested() ? "was asked" : "never asked";
    }
    void go() { go_ = true; }

private:
    bool go_ = false;
};

}  // namespace conformance::child_cancel_abandon

HOURGLASS_WORKFLOW(
    conformance::child_cancel_abandon::Abandoned, run, name("ChildAbandonChild"), signals(go)
);

namespace conformance::child_cancel_abandon {

class Parent {
public:
    hg::Task<std::string> run(std::string id) {
        wf::ChildWorkflowOptions options;
        options.id = id;
        options.cancellation_type = wf::ChildWorkflowCancellationType::Abandon;
        options.parent_close_policy = wf::ParentClosePolicy::Abandon;
        const auto child = wf::execute_child<&Abandoned::run>(options);
        static_cast<void>(co_await child.started());
        child.cancel();
        std::string said = "no error";
        try {
            said = co_await child;
        } catch (const hg::ChildWorkflowError& error) {
            said = wf::is_cancelled_error(error) ? "cancelled" : "failed";
        }
        co_return said;
    }
};

}  // namespace conformance::child_cancel_abandon

HOURGLASS_WORKFLOW(conformance::child_cancel_abandon::Parent, run, name("ChildAbandonParent"));

namespace conformance::child_cancel_abandon {

void run(Row& row) {
    const std::string id = unique("child");
    const auto handle = row.start<&Parent::run>(id);
    EXPECT_EQ(handle.result(), "cancelled");
    const auto events = Events::of(handle);
    EXPECT_EQ(events.count("RequestCancelExternalWorkflowExecutionInitiated"), 0U);
    const auto child = row.client().handle<&Abandoned::run>(id);
    EXPECT_EQ(child.status(), hg::WorkflowStatus::Running);
    child.signal<&Abandoned::go>();
    EXPECT_EQ(child.result(), "never asked");
    EXPECT_EQ(Events::of(child).count("WorkflowExecutionCancelRequested"), 0U);
    row.replay(handle);
    row.replay(child);
}

const Registration kRow{
    {.path = "child_workflow/cancel_abandon",
     .checks = "the wait for a cancelled child throws at once, and the child is not asked",
     .run = run}
};

}  // namespace conformance::child_cancel_abandon
