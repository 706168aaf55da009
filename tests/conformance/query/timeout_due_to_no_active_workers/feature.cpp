#include "tests/conformance/harness/row.hpp"

namespace conformance::query_no_worker {

class Waits {
public:
    hg::Task<void> run() {
        co_await wf::wait_condition([this] { return finish_; });
    }
    void finish() { finish_ = true; }
    bool answer() const { return true; }

private:
    bool finish_ = false;
};

}  // namespace conformance::query_no_worker

HOURGLASS_WORKFLOW(
    conformance::query_no_worker::Waits,
    run,
    name("QueryWithoutWorker"),
    signals(finish),
    queries(answer)
);

namespace conformance::query_no_worker {

void run(Row& row) {
    OwnWorker worker{row};
    const auto handle = row.client().start<&Waits::run>(worker.options());
    EXPECT_TRUE(handle.query<&Waits::answer>());
    worker.stop();
    try {
        handle.with({.timeout = 1s}).query<&Waits::answer>();
        ADD_FAILURE() << "nobody could have answered";
    } catch (const hg::RpcError& error) {
        EXPECT_THAT(
            error.code(), testing::AnyOf(hg::RpcCode::DeadlineExceeded, hg::RpcCode::Cancelled)
        ) << error.what();
    }
    worker.start();
    EXPECT_TRUE(handle.query<&Waits::answer>());
    handle.signal<&Waits::finish>();
    handle.result();
    row.replay(handle);
}

const Registration kRow{
    {.path = "query/timeout_due_to_no_active_workers",
     .checks = "a query that no worker answers ends with its timeout; the next worker answers",
     .run = run}
};

}  // namespace conformance::query_no_worker
