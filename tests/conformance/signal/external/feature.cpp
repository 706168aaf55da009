#include "tests/conformance/harness/row.hpp"

namespace conformance::signal_external {

class Remembers {
public:
    hg::Task<std::string> run() {
        co_await wf::wait_condition([this] { return !state_.empty(); });
        co_return state_;
    }
    void set(std::string state) { state_ = std::move(state); }

private:
    std::string state_;
};

}  // namespace conformance::signal_external

HOURGLASS_WORKFLOW(
    conformance::signal_external::Remembers, run, name("SignalExternal"), signals(set)
);

namespace conformance::signal_external {

void run(Row& row) {
    const auto started = row.start<&Remembers::run>();
    row.client().handle(started.id()).signal("set", "Signaled!");
    EXPECT_EQ(started.result(), "Signaled!");
    const std::string nobody = unique("nobody");
    try {
        row.client().handle(nobody).signal("set", "hello?");
        ADD_FAILURE() << "there is no such workflow";
    } catch (const hg::WorkflowNotFoundError& error) {
        EXPECT_EQ(error.workflow_id(), nobody);
        EXPECT_EQ(error.code(), hg::RpcCode::NotFound);
    }
    EXPECT_THROW(started.signal<&Remembers::set>("too late"), hg::WorkflowNotFoundError);
    row.replay(started);
}

const Registration kRow{
    {.path = "signal/external",
     .checks =
         "a client signals a workflow by its id; one that is not there, or not any more, is a "
         "WorkflowNotFoundError",
     .run = run}
};

}  // namespace conformance::signal_external
