// The workers of an Application as its server knows them.
#include "hourglass/client/task_queues.hpp"
#include "tests/integration/subsystem/flows.hpp"
#include "tests/support/test_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;
using hg::test::eventually;
using hg::test::unique;

std::vector<hg::admin::WorkerSummary> workers_of(
    const hg::Client& client, const std::string& queue
) {
    std::vector<hg::admin::WorkerSummary> workers;
    for (const auto& worker : hg::admin::list_workers(client, "TaskQueue = '" + queue + "'")) {
        workers.push_back(worker);
    }
    return workers;
}

TEST(AWorkerOfAnApplication, IsListedCountedAndDescribed) {
    hg::ApplicationOptions options;
    options.client = {.address = hg::test::server_address(), .identity = unique("teller")};
    options.default_worker.task_queue = unique("workers");
    options.telemetry.worker_heartbeat_interval = 1s;
    const hg::Application app{options};
    const hg::Client client = app.client();
    const std::string queue = options.default_worker.task_queue;
    const auto began = std::chrono::system_clock::now();

    std::vector<hg::admin::WorkerSummary> workers;
    ASSERT_TRUE(eventually([&] { return (workers = workers_of(client, queue)).size() == 1; }));
    const hg::admin::WorkerSummary& worker = workers.front();
    EXPECT_EQ(worker.identity, options.client.identity);
    EXPECT_EQ(worker.task_queue, queue);
    EXPECT_EQ(worker.status, hg::admin::WorkerStatus::Running);
    EXPECT_FALSE(worker.sdk_name.empty());
    EXPECT_LT(began - worker.started_at, 1min);
    EXPECT_EQ(hg::admin::count_workers(client, "TaskQueue = '" + queue + "'"), 1);

    ASSERT_FALSE(worker.instance_key.empty());
    EXPECT_EQ(
        client.execute<&flows::Echo::run>({.id = unique("echo"), .task_queue = queue}, "hello"),
        "hello"
    );
    EXPECT_TRUE(eventually([&] {
        const auto description = hg::admin::describe_worker(client, worker.instance_key);
        return description.task_queue == queue && description.workflow_slots.processed >= 1 &&
               description.workflow_pollers.current >= 1;
    }));
}

TEST(AWorkerOfAnApplication, IsNotAmongThoseOfAnotherQueue) {
    const auto client = hg::Client::connect({.address = hg::test::server_address()});
    EXPECT_TRUE(workers_of(client, unique("no-such-queue")).empty());
    EXPECT_THROW((void)hg::admin::describe_worker(client, unique("nobody")), hg::RpcError);
}

}  // namespace
