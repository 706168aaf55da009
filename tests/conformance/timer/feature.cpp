#include "tests/conformance/harness/row.hpp"

#include <vector>

namespace conformance::timer {

class SetsTimers {
public:
    hg::Task<std::vector<std::string>> run() {
        std::vector<std::string> seen;
        const auto begin = wf::now();
        const auto slow = wf::start_timer(2s);
        const auto quick = wf::start_timer(50ms);
        const auto never = wf::start_timer(1h);
        const std::size_t first = co_await wf::race(slow, quick, never);
        seen.push_back(first == 1 ? "quick first" : "another first");
        never.cancel();
        try {
            co_await never;
        } catch (const hg::CancelledError&) {
            seen.push_back(slow.ready() ? "cancelled late" : "cancelled at once");
        }
        co_await slow;
        const auto taken = wf::now() - begin;
        seen.push_back(taken >= 2s ? "slow in time" : "slow too soon");
        const auto unsent = wf::start_timer(1h);
        unsent.cancel();
        co_return seen;
    }
};

}  // namespace conformance::timer

HOURGLASS_WORKFLOW(conformance::timer::SetsTimers, run);

namespace conformance::timer {

void run(Row& row) {
    const auto handle = row.start<&SetsTimers::run>();
    EXPECT_THAT(handle.result(), ElementsAre("quick first", "cancelled at once", "slow in time"));
    const auto events = Events::of(handle);
    EXPECT_EQ(events.count("TimerStarted"), 3U) << "one that is cancelled at once is not sent";
    EXPECT_EQ(events.count("TimerFired"), 2U);
    EXPECT_EQ(events.count("TimerCanceled"), 1U);
    EXPECT_EQ(events.first("TimerStarted").value("startToFireTimeout", ""), "2s");
    row.replay(handle);
}

const Registration kRow{
    {.path = "timer",
     .checks = "timers fire in the order of their times, not before them by the workflow's clock, "
               "and a cancelled one ends at once",
     .run = run}
};

}  // namespace conformance::timer
