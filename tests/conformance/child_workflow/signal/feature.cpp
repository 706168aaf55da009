#include "tests/conformance/harness/row.hpp"

namespace conformance::child_signal {

class Blocked {
public:
    hg::Task<std::string> run() {
        co_await wf::wait_condition([this] { return !message_.empty(); });
        co_return message_;
    }
    void unblock(std::string message) { message_ = std::move(message); }

private:
    std::string message_;
};

}  // namespace conformance::child_signal

HOURGLASS_WORKFLOW(
    conformance::child_signal::Blocked, run, name("ChildSignalChild"), signals(unblock)
);

namespace conformance::child_signal {

class Parent {
public:
    hg::Task<std::string> run() {
        const auto child = wf::execute_child<&Blocked::run>({});
        static_cast<void>(co_await child.started());
        co_await child.signal<&Blocked::unblock>("unblock");
        const std::string result = co_await child;
        co_return result;
    }
};

}  // namespace conformance::child_signal

HOURGLASS_WORKFLOW(conformance::child_signal::Parent, run, name("ChildSignalParent"));

namespace conformance::child_signal {

void run(Row& row) {
    const auto handle = row.start<&Parent::run>();
    EXPECT_EQ(handle.result(), "unblock");
    const auto events = Events::of(handle);
    EXPECT_TRUE(
        events.first("SignalExternalWorkflowExecutionInitiated").value("childWorkflowOnly", false)
    ) << "a signal to a child is for a child only";
    EXPECT_EQ(events.count("ExternalWorkflowExecutionSignaled"), 1U);
    row.replay(handle);
}

const Registration kRow{
    {.path = "child_workflow/signal",
     .checks = "a parent's signal lets its child go on and complete",
     .run = run}
};

}  // namespace conformance::child_signal
