#include "tests/conformance/harness/row.hpp"

namespace conformance::signal_basic {

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

}  // namespace conformance::signal_basic

HOURGLASS_WORKFLOW(conformance::signal_basic::Remembers, run, name("SignalBasic"), signals(set));

namespace conformance::signal_basic {

void run(Row& row) {
    const auto handle = row.start<&Remembers::run>();
    handle.signal<&Remembers::set>("arg");
    EXPECT_EQ(handle.result(), "arg");
    EXPECT_EQ(Events::of(handle).count("WorkflowExecutionSignaled"), 1U);
    row.replay(handle);
}

const Registration kRow{
    {.path = "signal/basic", .checks = "a signal changes the workflow's state", .run = run}
};

}  // namespace conformance::signal_basic
