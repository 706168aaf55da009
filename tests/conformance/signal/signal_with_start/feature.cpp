#include "tests/conformance/harness/row.hpp"

#include <vector>

namespace conformance::signal_with_start {

/// Notes in which order it is called.
class Notes {
public:
    Notes() { calls_.push_back("constructor"); }
    hg::Task<std::vector<std::string>> run(std::string argument) {
        calls_.push_back("run " + argument);
        co_await wf::wait_condition([this] { return finish_; });
        co_return calls_;
    }
    void note(std::string text) { calls_.push_back("signal " + text); }
    void finish() { finish_ = true; }

private:
    std::vector<std::string> calls_;
    bool finish_ = false;
};

}  // namespace conformance::signal_with_start

HOURGLASS_WORKFLOW(
    conformance::signal_with_start::Notes, run, name("SignalWithStart"), signals(note, finish)
);

namespace conformance::signal_with_start {

void run(Row& row) {
    const auto start = hg::with_start<&Notes::run>(row.options(), "argument");
    const auto handle = row.client().signal_with_start<&Notes::note>(start, "first");
    const auto again = row.client().signal_with_start<&Notes::note>(start, "second");
    EXPECT_EQ(again.run_id(), handle.run_id()) << "it ran already";
    handle.signal<&Notes::finish>();
    const auto calls = handle.result();
    ASSERT_EQ(calls.size(), 4U);
    EXPECT_EQ(calls[0], "constructor");
    EXPECT_EQ(calls[1], "signal first") << "handlers come before the run method";
    const auto events = Events::of(handle);
    EXPECT_EQ(events.types()[1], "WorkflowExecutionSignaled");
    EXPECT_EQ(events.count("WorkflowExecutionSignaled"), 3U);
    row.replay(handle);
}

const Registration kRow{
    {.path = "signal/signal_with_start",
     .checks =
         "a workflow is started with a signal, which is handled before its run method begins; "
         "one that runs gets the signal alone",
     .run = run}
};

}  // namespace conformance::signal_with_start
