#include "tests/conformance/harness/row.hpp"

namespace conformance::local_serial {

std::string local_appends(std::string text) {
    return text + "!";
}

class LocalsOneByOne {
public:
    hg::Task<std::string> run() {
        std::string text = "hey";
        for (int i = 0; i < 3; ++i) {
            text = co_await wf::execute_local_activity<&local_appends>(
                {.start_to_close_timeout = 10s}, text
            );
        }
        co_return text;
    }
};

}  // namespace conformance::local_serial

HOURGLASS_ACTIVITY(conformance::local_serial::local_appends);
HOURGLASS_WORKFLOW(conformance::local_serial::LocalsOneByOne, run);

namespace conformance::local_serial {

void run(Row& row) {
    const auto handle = row.start<&LocalsOneByOne::run>();
    EXPECT_EQ(handle.result(), "hey!!!");
    const auto events = Events::of(handle);
    EXPECT_EQ(events.count("MarkerRecorded"), 3U);
    EXPECT_EQ(events.count("WorkflowTaskCompleted"), 1U);
    row.replay(handle);
}

const Registration kRow{
    {.path = "local_activity/serial",
     .checks =
         "three local activities, one after the other, take one workflow task and leave three "
         "markers",
     .run = run}
};

}  // namespace conformance::local_serial
