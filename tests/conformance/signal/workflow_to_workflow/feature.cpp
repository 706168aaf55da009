#include "tests/conformance/harness/row.hpp"

namespace conformance::signal_other {

class Receives {
public:
    hg::Task<std::string> run() {
        co_await wf::wait_condition([this] { return !message_.empty(); });
        co_return message_;
    }
    void tell(std::string message) { message_ = std::move(message); }

private:
    std::string message_;
};

}  // namespace conformance::signal_other

HOURGLASS_WORKFLOW(
    conformance::signal_other::Receives, run, name("SignalOtherReceives"), signals(tell)
);

namespace conformance::signal_other {

class Sends {
public:
    hg::Task<std::string> run(std::string id, std::string nobody) {
        co_await wf::external_workflow<&Receives::run>(id).signal<&Receives::tell>("hello");
        std::string said = "no error";
        try {
            co_await wf::external_workflow<&Receives::run>(nobody).signal<&Receives::tell>("?");
        } catch (const wf::ExternalWorkflowError& error) {
            said = error.reason() == wf::ExternalFailure::WorkflowNotFound ? "not found" : "failed";
        }
        co_return said;
    }
};

}  // namespace conformance::signal_other

HOURGLASS_WORKFLOW(conformance::signal_other::Sends, run, name("SignalOtherSends"));

namespace conformance::signal_other {

void run(Row& row) {
    const auto receiver = row.start<&Receives::run>();
    const auto sender = row.start<&Sends::run>(receiver.id(), unique("nobody"));
    EXPECT_EQ(sender.result(), "not found");
    EXPECT_EQ(receiver.result(), "hello");
    const auto signaled = Events::of(receiver).first("WorkflowExecutionSignaled");
    EXPECT_EQ(signaled["externalWorkflowExecution"].value("workflowId", ""), sender.id());
    row.replay(sender);
    row.replay(receiver);
}

const Registration kRow{
    {.path = "signal/workflow_to_workflow",
     .checks = "a workflow signals another one by its id, and is told if there is none",
     .run = run}
};

}  // namespace conformance::signal_other
