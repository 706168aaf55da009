#include "tests/conformance/harness/row.hpp"

#include <vector>

namespace conformance::signal_activities {

int six_for_signal() {
    return 6;
}

class SignalsRunActivities {
public:
    hg::Task<int> run() {
        co_await wf::wait_condition([this] { return total_ > 0; });
        co_return total_;
    }
    hg::Task<void> work(int count) {
        std::vector<wf::ActivityHandle<int>> running;
        for (int i = 0; i < count; ++i) {
            running.push_back(wf::execute_activity<&six_for_signal>({.start_to_close_timeout = 10s})
            );
        }
        const std::vector<int> results = co_await wf::all(running);
        int total = 0;
        for (const int each : results) {
            total += each;
        }
        total_ = total;
    }

private:
    int total_ = 0;
};

}  // namespace conformance::signal_activities

HOURGLASS_ACTIVITY(conformance::signal_activities::six_for_signal);
HOURGLASS_WORKFLOW(conformance::signal_activities::SignalsRunActivities, run, signals(work));

namespace conformance::signal_activities {

void run(Row& row) {
    const auto handle = row.start<&SignalsRunActivities::run>();
    handle.signal<&SignalsRunActivities::work>(5);
    EXPECT_EQ(handle.result(), 30);
    EXPECT_EQ(Events::of(handle).count("ActivityTaskCompleted"), 5U);
    row.replay(handle);
}

const Registration kRow{
    {.path = "signal/activities",
     .checks = "a signal's handler runs five activities and waits for them",
     .run = run}
};

}  // namespace conformance::signal_activities
