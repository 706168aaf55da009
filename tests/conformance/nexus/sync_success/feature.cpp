#include "tests/conformance/harness/row.hpp"
#include "tests/support/nexus_endpoint.hpp"

namespace conformance::nexus_sync_success {

struct Echo {
    std::string say(std::string text) { return text; }
};

}  // namespace conformance::nexus_sync_success

HOURGLASS_NEXUS_SERVICE(
    conformance::nexus_sync_success::Echo, operations(say), name("conformance-echo")
)

namespace conformance::nexus_sync_success {

class CallsEcho {
public:
    hg::Task<std::string> run(std::string endpoint) {
        const auto echo = wf::nexus_client<Echo>(endpoint);
        const wf::NexusOperationOptions options{.schedule_to_close_timeout = 1min};
        const auto called = echo.execute<&Echo::say>(options, "hello");
        const std::string text = co_await called;
        co_return text;
    }
};

}  // namespace conformance::nexus_sync_success

HOURGLASS_WORKFLOW(conformance::nexus_sync_success::CallsEcho, run, name("NexusCallsEcho"));

namespace conformance::nexus_sync_success {

void run(Row& row) {
    hg::WorkerOptions options;
    options.nexus_services.add<Echo>();
    OwnWorker worker{row, options};
    const std::string endpoint = hg::test::make_nexus_endpoint(row.client(), worker.queue());
    const auto handle = row.client().start<&CallsEcho::run>(worker.options(), endpoint);
    EXPECT_EQ(handle.result(), "hello");
    const auto events = Events::of(handle);
    EXPECT_EQ(events.all("NexusOperationScheduled").size(), 1U);
    EXPECT_EQ(events.all("NexusOperationStarted").size(), 0U);
    EXPECT_EQ(events.all("NexusOperationCompleted").size(), 1U);
    row.replay(handle);
}

const Registration kRow{
    {.path = "nexus/sync_success",
     .checks = "an operation that its handler answers at once gives its result, and is never "
               "started in the history",
     .run = run}
};

}  // namespace conformance::nexus_sync_success
