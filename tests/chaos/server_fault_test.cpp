// The server itself as the fault: it is killed and comes back, or does not know the namespace yet.
#include "outage_subject.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/dev_server.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/process_view.hpp"
#include "tests/support/repeated_lines.hpp"
#include "tests/support/tcp_proxy.hpp"
#include "tests/support/test_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace chaos {
namespace {

using namespace std::chrono_literals;
using hg::test::DevServer;
using hg::test::TcpProxy;
using hg::test::unique;
using Clock = OutageSubject::Clock;
using std::chrono::milliseconds;

// Core's longest wait between two polls: 10 s, and a fifth of jitter.
constexpr milliseconds kLongestWait{12'000};

TEST(ServerFaultTest, AServerThatIsKilledAndComesBackCostsNothingButTime) {
    hg::test::LogLines lines;
    DevServer server;
    server.start();
    TcpProxy proxy{server.port()};
    OutageSubject subject{
        "killed", {.address = proxy.address(), .rpc_timeout = 90s}, server.address()
    };
    // In hand when the server dies: an activity, a workflow task, and orders at any stage.
    flows::activity_gate().close();
    flows::workflow_gate().close();
    const int runs_before = flows::gated_activity_runs();
    auto activity = subject.app().client().start<&Patient::run>(
        {.id = unique("activity"), .task_queue = subject.queue()}, "kept"
    );
    auto workflow = subject.app().client().start<&flows::GatedWorkflow::run>(
        {.id = unique("workflow"), .task_queue = subject.queue()}, "replayed"
    );
    ASSERT_TRUE(flows::activity_gate().wait_for_arrivals(1));
    ASSERT_TRUE(flows::workflow_gate().wait_for_arrivals(1));
    auto activity_result = activity.result_async();
    auto workflow_result = workflow.result_async();
    subject.start_orders(10);
    subject.wait_for_orders();

    server.kill();
    const auto killed = Clock::now();
    subject.start_orders(5);
    flows::activity_gate().open();
    flows::workflow_gate().open();
    // Longer than Core's own clients repeat a call, 10 s.
    std::this_thread::sleep_for(15s);
    server.start();
    const auto back = Clock::now();
    subject.start_probe();
    const auto healed = subject.probe_finished_after(back);
    std::cout << "away for " << std::chrono::duration_cast<milliseconds>(back - killed).count()
              << " ms, recovered after " << healed.count() << " ms\n";
    EXPECT_LE(healed, kLongestWait + 2s);

    EXPECT_EQ(activity_result.get(), "kept done");
    EXPECT_EQ(flows::gated_activity_runs(), runs_before + 1) << "its result was not lost";
    EXPECT_EQ(workflow_result.get(), "replayed");
    subject.expect_orders_finish();
    subject.expect_tree_untouched();

    std::vector<Clock::time_point> tries = proxy.accepted();
    std::erase_if(tries, [&](auto when) { return when < killed || when > back; });
    // They get fewer: most come in the first third, few in the last.
    const auto between = [&](milliseconds from, milliseconds until) {
        return std::ranges::count_if(tries, [&](auto when) {
            return when >= killed + from && when < killed + until;
        });
    };
    const auto early = between(0s, 5s);
    const auto late = between(10s, 15s);
    std::cout << early << " connections tried in the first 5 s, " << late << " from 10 s to 15 s\n";
    EXPECT_GT(late, 0);
    EXPECT_LT(late, early / 2);
    EXPECT_THAT(
        hg::test::repeated_lines(lines.at_least(hg::log::Level::Info), 1), ::testing::IsEmpty()
    );
}

TEST(ServerFaultTest, ANamespaceThatDoesNotExistYetIsWaitedFor) {
    hg::test::LogLines lines;
    const std::string name = unique("namespace");
    hg::ApplicationOptions options;
    options.client = {.address = hg::test::server_address(), .namespace_ = name};
    options.default_worker.task_queue = unique("namespace");
    hg::Application app{options};
    const auto& queue = options.default_worker.task_queue;
    EXPECT_FALSE(app.wait_until_polling(queue, 3s));
    const auto nodes = hg::test::lasting_nodes(app);
    EXPECT_EQ(lines.count("the worker cannot register"), 1u);
    EXPECT_EQ(lines.count(name), 1u) << "its name is said";

    hg::test::ChildProcess create{
        {std::getenv("HOURGLASS_TEST_TEMPORAL"),
         "operator",
         "namespace",
         "create",
         "--address",
         hg::test::server_address(),
         "--namespace",
         name},
        "/dev/null"
    };
    ASSERT_EQ(create.wait(), 0);
    const auto created = Clock::now();
    ASSERT_TRUE(app.wait_until_polling(queue, 30s));
    std::cout << "registered "
              << std::chrono::duration_cast<milliseconds>(Clock::now() - created).count()
              << " ms after the namespace was made\n";
    EXPECT_TRUE(app.wait_until_polling(queue, milliseconds::max())) << "for ever is not at once";
    EXPECT_EQ(lines.count("the worker can register again"), 1u);
    EXPECT_EQ(
        app.client().execute<&flows::Echo::run>(
            {.id = unique("echo"), .task_queue = queue}, "here"
        ),
        "here"
    );
    EXPECT_EQ(hg::test::lasting_nodes(app), nodes) << app.tree_text();
    const auto said = lines.at_least(hg::log::Level::Info);
    EXPECT_THAT(hg::test::repeated_lines(said, 1), ::testing::IsEmpty());
}

}  // namespace
}  // namespace chaos
