#include "tests/conformance/harness/row.hpp"

#include <mutex>
#include <optional>

namespace conformance::local_shutdown {

Gate& started() {
    static Gate gate;
    return gate;
}
std::optional<hg::activity::CancellationDetails>& told() {
    static std::optional<hg::activity::CancellationDetails> details;
    return details;
}
Gate& was_told() {
    static Gate gate;
    return gate;
}

/// The second one, on the worker that comes after, is not disturbed.
std::string local_is_shut_down() {
    if (started().is_open()) {
        return "done";
    }
    started().open();
    if (hg::activity::wait_for_cancellation(20s)) {
        told() = hg::activity::cancellation_details();
        was_told().open();
    }
    hg::activity::throw_if_cancelled();
    return "never told";
}

class LocalIsShutDown {
public:
    hg::Task<std::string> run() {
        const std::string result = co_await wf::execute_local_activity<&local_is_shut_down>(
            {.start_to_close_timeout = 1min}
        );
        co_return result;
    }
};

}  // namespace conformance::local_shutdown

HOURGLASS_ACTIVITY(conformance::local_shutdown::local_is_shut_down);
HOURGLASS_WORKFLOW(conformance::local_shutdown::LocalIsShutDown, run);

namespace conformance::local_shutdown {

void run(Row& row) {
    OwnWorker worker{row};  // whose grace period is 0
    auto options = worker.options();
    options.task_timeout = 1s;
    const auto handle = row.client().start<&LocalIsShutDown::run>(options);
    ASSERT_TRUE(started().wait());
    worker.stop();
    ASSERT_TRUE(was_told().wait(0ms)) << "the worker stops after its local activities";
    EXPECT_TRUE(told()->worker_shutdown);
    EXPECT_EQ(told()->reason, hg::activity::CancellationReason::WorkerShutdown);
    worker.start();
    try {
        EXPECT_EQ(handle.result(), "done") << "the next worker makes it again";
    } catch (const hg::WorkflowFailedError& error) {
        // Core 0.10 may have told the workflow of the cancellation before its worker was gone.
        EXPECT_NE(error.find_cause<hg::CancelledError>(), nullptr) << error.what();
    }
    row.replay(handle);
}

const Registration kRow{
    {.path = "local_activity/shutdown_sends_cancellation",
     .checks = "a worker that stops cancels its local activities, and says why",
     .run = run}
};

}  // namespace conformance::local_shutdown
