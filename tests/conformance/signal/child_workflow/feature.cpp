#include "tests/conformance/harness/row.hpp"

namespace conformance::signal_child {

class Unblocked {
public:
    hg::Task<std::string> run() {
        co_await wf::wait_condition([this] { return !message_.empty(); });
        co_return message_ + " " + wf::info().parent->workflow_id;
    }
    void unblock(std::string message) { message_ = std::move(message); }

private:
    std::string message_;
};

}  // namespace conformance::signal_child

HOURGLASS_WORKFLOW(
    conformance::signal_child::Unblocked, run, name("SignalChildChild"), signals(unblock)
);

namespace conformance::signal_child {

/// Does not wait for its child's start: the signal does.
class Parent {
public:
    hg::Task<std::string> run() {
        const auto child = wf::execute_child<&Unblocked::run>({});
        co_await child.signal<&Unblocked::unblock>("unblocked");
        const std::string result = co_await child;
        co_return result;
    }
};

}  // namespace conformance::signal_child

HOURGLASS_WORKFLOW(conformance::signal_child::Parent, run, name("SignalChildParent"));

namespace conformance::signal_child {

void run(Row& row) {
    const auto handle = row.start<&Parent::run>();
    EXPECT_EQ(handle.result(), "unblocked " + handle.id());
    row.replay(handle);
}

const Registration kRow{
    {.path = "signal/child_workflow",
     .checks = "a workflow signals a child as soon as it has asked for it",
     .run = run}
};

}  // namespace conformance::signal_child
