#include "tests/conformance/harness/row.hpp"

#include <atomic>
#include <thread>

namespace conformance::local_eventually {

std::atomic<int>& runs() {
    static std::atomic<int> count{0};
    return count;
}

std::string local_for_long() {
    ++runs();
    std::this_thread::sleep_for(6500ms);
    return "done";
}

class LocalForLong {
public:
    hg::Task<std::string> run() {
        const std::string result =
            co_await wf::execute_local_activity<&local_for_long>({.start_to_close_timeout = 1min});
        co_return result;
    }
};

}  // namespace conformance::local_eventually

HOURGLASS_ACTIVITY(conformance::local_eventually::local_for_long);
HOURGLASS_WORKFLOW(conformance::local_eventually::LocalForLong, run);

namespace conformance::local_eventually {

void run(Row& row) {
    auto options = row.options();
    // Core answers for the activity after four fifths of it; the last fifth is for a busy machine.
    options.task_timeout = 3s;
    const auto handle = row.client().start<&LocalForLong::run>(options);
    EXPECT_EQ(handle.result(), "done");
    EXPECT_EQ(runs(), 1);
    const auto events = Events::of(handle);
    EXPECT_GE(events.count("WorkflowTaskCompleted"), 3U) << "tasks follow tasks meanwhile";
    EXPECT_EQ(events.count("WorkflowTaskTimedOut"), 0U);
    EXPECT_EQ(events.count("MarkerRecorded"), 1U);
    row.replay(handle);
}

const Registration kRow{
    {.path = "local_activity/complete_eventually",
     .checks = "a local activity may take longer than a workflow task may: no task times out, and "
               "it runs once",
     .run = run}
};

}  // namespace conformance::local_eventually
