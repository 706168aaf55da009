#include "tests/conformance/harness/row.hpp"

namespace conformance::child_cancel_try {

/// Hears of its cancellation, and goes on until it is told to end.
class CleansUp {
public:
    hg::Task<std::string> run() {
        try {
            co_await wf::wait_condition([] { return false; });
        } catch (const hg::CancelledError&) {
            heard_ = true;
        }
        co_await wf::shield(end());
        co_return heard_ ? "was asked" : "never asked";
    }
    void go() { go_ = true; }

private:
    hg::Task<void> end() {
        co_await wf::wait_condition([this] { return go_; });
    }
    bool heard_ = false;
    bool go_ = false;
};

}  // namespace conformance::child_cancel_try

HOURGLASS_WORKFLOW(
    conformance::child_cancel_try::CleansUp, run, name("ChildTryCancelChild"), signals(go)
);

namespace conformance::child_cancel_try {

class Parent {
public:
    hg::Task<void> run(std::string id) {
        wf::ChildWorkflowOptions options;
        options.id = id;
        options.cancellation_type = wf::ChildWorkflowCancellationType::TryCancel;
        options.parent_close_policy = wf::ParentClosePolicy::Abandon;
        const auto child = wf::execute_child<&CleansUp::run>(options);
        static_cast<void>(co_await child.started());
        child.cancel();
        try {
            outcome_ = co_await child;
        } catch (const hg::ChildWorkflowError& error) {
            outcome_ = wf::is_cancelled_error(error) ? "cancelled" : "failed";
        }
        // The server drops the request if its sender ends before it is sent on.
        co_await wf::wait_condition([this] { return go_; });
    }
    void go() { go_ = true; }
    std::string outcome() const { return outcome_; }

private:
    bool go_ = false;
    std::string outcome_;
};

}  // namespace conformance::child_cancel_try

HOURGLASS_WORKFLOW(
    conformance::child_cancel_try::Parent,
    run,
    name("ChildTryCancelParent"),
    signals(go),
    queries(outcome)
);

namespace conformance::child_cancel_try {

void run(Row& row) {
    const std::string id = unique("child");
    const auto handle = row.start<&Parent::run>(id);
    const auto child = row.client().handle<&CleansUp::run>(id);
    ASSERT_TRUE(eventually([&] {
        return Events::of(handle).count("ChildWorkflowExecutionStarted") == 1 &&
               Events::of(child).count("WorkflowExecutionCancelRequested") == 1;
    }));
    EXPECT_EQ(handle.query<&Parent::outcome>(), "cancelled");
    EXPECT_EQ(child.status(), hg::WorkflowStatus::Running);
    handle.signal<&Parent::go>();
    handle.result();
    child.signal<&CleansUp::go>();
    EXPECT_EQ(child.result(), "was asked");
    row.replay(handle);
    row.replay(child);
}

const Registration kRow{
    {.path = "child_workflow/cancel_try_cancel",
     .checks = "the wait for a cancelled child throws at once, and the child is asked to cancel "
               "itself",
     .run = run}
};

}  // namespace conformance::child_cancel_try
