#include "tests/conformance/harness/row.hpp"

#include <atomic>
#include <vector>

namespace conformance::local_concurrent {

constexpr int kCount = 3;

Gate& all_run() {
    static Gate gate;
    return gate;
}

/// Ends when all of them run.
int local_beside_others(int number) {
    static std::atomic<int> running{0};
    if (++running == kCount) {
        all_run().open();
    }
    return all_run().wait(5s) ? number : -1;
}

class LocalsBesideEachOther {
public:
    hg::Task<std::vector<int>> run() {
        std::vector<wf::ActivityHandle<int>> running;
        for (int i = 0; i < kCount; ++i) {
            running.push_back(
                wf::execute_local_activity<&local_beside_others>({.start_to_close_timeout = 20s}, i)
            );
        }
        const std::vector<int> results = co_await wf::all(running);
        co_return results;
    }
};

}  // namespace conformance::local_concurrent

HOURGLASS_ACTIVITY(conformance::local_concurrent::local_beside_others);
HOURGLASS_WORKFLOW(conformance::local_concurrent::LocalsBesideEachOther, run);

namespace conformance::local_concurrent {

void run(Row& row) {
    const auto handle = row.start<&LocalsBesideEachOther::run>();
    EXPECT_THAT(handle.result(), ElementsAre(0, 1, 2));
    const auto events = Events::of(handle);
    EXPECT_EQ(events.count("MarkerRecorded"), 3U);
    EXPECT_EQ(events.count("WorkflowTaskCompleted"), 1U);
    row.replay(handle);
}

const Registration kRow{
    {.path = "local_activity/concurrent",
     .checks = "several local activities run beside each other in one workflow task",
     .run = run}
};

}  // namespace conformance::local_concurrent
