#include "tests/conformance/harness/row.hpp"

#include <vector>

namespace conformance::update_activities {

int six_for_update() {
    return 6;
}

class UpdatesRunActivities {
public:
    hg::Task<int> run() {
        co_await wf::wait_condition([this] { return total_ > 0; });
        co_return total_;
    }
    hg::Task<int> work(int count) {
        std::vector<wf::ActivityHandle<int>> running;
        for (int i = 0; i < count; ++i) {
            running.push_back(wf::execute_activity<&six_for_update>({.start_to_close_timeout = 10s})
            );
        }
        const std::vector<int> results = co_await wf::all(running);
        int total = 0;
        for (const int each : results) {
            total += each;
        }
        total_ = total;
        co_return total;
    }

private:
    int total_ = 0;
};

}  // namespace conformance::update_activities

HOURGLASS_ACTIVITY(conformance::update_activities::six_for_update);
HOURGLASS_WORKFLOW(conformance::update_activities::UpdatesRunActivities, run, updates(work));

namespace conformance::update_activities {

void run(Row& row) {
    const auto handle = row.start<&UpdatesRunActivities::run>();
    EXPECT_EQ(handle.update<&UpdatesRunActivities::work>(6), 36);
    EXPECT_EQ(handle.result(), 36);
    EXPECT_EQ(Events::of(handle).count("ActivityTaskCompleted"), 6U);
    row.replay(handle);
}

const Registration kRow{
    {.path = "update/activities",
     .checks = "an update's handler runs six activities and waits for them",
     .run = run}
};

}  // namespace conformance::update_activities
