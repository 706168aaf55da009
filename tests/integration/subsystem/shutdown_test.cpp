// How a whole application stops: in which order, within which time, and what it leaves behind.
#include "flows.hpp"
#include "src/client/callback_pool.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/process_view.hpp"
#include "tests/support/test_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace stopping {

namespace hg = hourglass;
namespace wf = hourglass::workflow;
using namespace std::chrono_literals;

std::atomic<int>& begun() {
    static std::atomic<int> count{0};
    return count;
}

/// Ends when it is cancelled. The first of them does not listen: it waits at the activity gate.
void end_when_cancelled(int index) {
    ++begun();
    if (index == 0) {
        flows::activity_gate().pass();
        return;
    }
    hg::activity::sleep(1h);
}

class FanOut {
public:
    hg::Task<void> run(int count) {
        const wf::ActivityOptions options{
            .start_to_close_timeout = 1h,
            // What an attempt ended with is to be seen, and not the next one.
            .retry_policy = hg::RetryPolicy{.initial_interval = 1h}
        };
        std::vector<wf::ActivityHandle<void>> running;
        for (int i = 0; i < count; ++i) {
            running.push_back(wf::execute_activity<&end_when_cancelled>(options, i));
        }
        for (auto& each : running) {
            co_await each;
        }
    }
};

}  // namespace stopping

HOURGLASS_ACTIVITY(stopping::end_when_cancelled);
HOURGLASS_WORKFLOW(stopping::FanOut, run);

namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;
using hg::test::eventually;
using hg::test::unique;

// docs/reliability.md: what an orderly stop takes beyond the workers' grace period at most.
constexpr auto kMargin = 30s;

hg::ApplicationOptions with_queue(const std::string& queue) {
    hg::ApplicationOptions options{.client = {.address = hg::test::server_address()}};
    options.default_worker.task_queue = queue;
    return options;
}

/// Looks on from outside of the application that stops.
const hg::Client& outside() {
    static const hg::Client client = hg::Client::connect({.address = hg::test::server_address()});
    return client;
}

class ShutdownTest : public ::testing::Test {
protected:
    ShutdownTest() {
        outside();
        threads_before_ = threads();
    }
    /// Without those of the pool that all clients of the process share: it keeps idle ones for ten
    /// seconds.
    static long threads() {
        const auto shared = hg::client::CallbackPool::shared().threads();
        return hg::test::entries("/proc/self/task") - static_cast<long>(shared);
    }
    [[nodiscard]] bool no_thread_is_left() const {
        return eventually([this] { return threads() <= threads_before_; });
    }

    long threads_before_ = 0;
};

TEST_F(ShutdownTest, AnswersAHundredActivitiesInTimeThoughOneIgnoresItsCancellation) {
    constexpr int kActivities = 100;
    constexpr auto kGrace = 1s;
    const hg::test::LogLines lines;
    auto options = with_queue(unique("hundred"));
    options.default_worker.graceful_shutdown_timeout = kGrace;
    stopping::begun() = 0;
    flows::activity_gate().close();
    auto app = std::make_unique<hg::Application>(options);
    auto handle = outside().start<&stopping::FanOut::run>(
        {.id = unique("hundred"), .task_queue = options.default_worker.task_queue}, kActivities
    );
    ASSERT_TRUE(eventually([] { return stopping::begun() == kActivities; }, 60s));

    const auto begin = std::chrono::steady_clock::now();
    app.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, kGrace + kMargin);

    EXPECT_EQ(lines.count("an activity does not end although it was cancelled"), 1u);
    int stopped = 0;
    int left_behind = 0;
    for (const auto& pending : handle.describe().pending_activities) {
        ASSERT_TRUE(pending.last_failure) << "the server waits for attempt " << pending.id;
        const auto* failure = dynamic_cast<const hg::ApplicationError*>(pending.last_failure.get());
        ASSERT_NE(failure, nullptr) << pending.last_failure->what();
        (failure->type() == "WorkerShutdown" ? stopped : left_behind) += 1;
    }
    EXPECT_EQ(stopped, kActivities - 1) << "their bodies heard of it";
    EXPECT_EQ(left_behind, 1) << "the server has heard of it all the same";
    flows::activity_gate().open();
    EXPECT_TRUE(no_thread_is_left());
    handle.terminate("test");
}

TEST_F(ShutdownTest, AnswersAnActivationThatDoesNotEnd) {
    flows::workflow_gate().close();
    const auto options = with_queue(unique("stuck"));
    auto app = std::make_unique<hg::Application>(options);
    auto handle = outside().start<&flows::GatedWorkflow::run>(
        {.id = unique("stuck"), .task_queue = options.default_worker.task_queue, .task_timeout = 60s
        },  // longer than the stop takes
        "x"
    );
    ASSERT_TRUE(flows::workflow_gate().wait_for_arrivals(1));
    const auto begin = std::chrono::steady_clock::now();
    app.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, kMargin);
    EXPECT_NE(handle.history().to_json().find("WORKFLOW_TASK_FAILED"), std::string::npos);
    flows::workflow_gate().open();
    EXPECT_TRUE(no_thread_is_left());
    handle.terminate("test");
}

TEST_F(ShutdownTest, StopsTheWorkersFirstAndTheRuntimeAfterEachOfItsWorkersIsFinalized) {
    const auto options = with_queue(unique("first"));
    hg::Application app{options};
    hg::WorkerOptions second;
    second.task_queue = unique("second");
    app.start_worker(second);
    for (const auto& queue : {options.default_worker.task_queue, second.task_queue}) {
        ASSERT_TRUE(app.wait_until_polling(queue, 20s));
    }
    hg::log::set_level(hg::log::Level::Debug);
    const hg::test::LogLines lines;
    app.stop();
    hg::log::set_level(hg::log::Level::Info);

    std::size_t last = 0;
    for (const std::string child :
         {"WorkerLauncher",
          "ActivityPollLoop",
          "WorkerLink",
          "WorkerSupervisor",
          "WorkerRegistry",
          "BridgeHolder",
          "Runtime",
          "Subsystem",
          "NexusExecutorSupervisor",
          "ActivityExecutorSupervisor",
          "WorkflowEvaluatorSupervisor",
          "WorkflowStateCache"}) {
        const auto at = lines.positions_of({"child exited", " child=" + child + " "});
        ASSERT_EQ(at.size(), child == "ActivityPollLoop" || child == "WorkerLink" ? 2u : 1u)
            << child;
        // One worker may be through while the other begins.
        EXPECT_GE(child == "WorkerLink" ? at.back() : at.front(), last) << child;
        last = at.back();
    }
    const auto finalized = lines.positions_of({"a worker of Core's is finalized"});
    const auto holder = lines.positions_of({"child exited", " child=BridgeHolder "});
    ASSERT_EQ(finalized.size(), 2u);
    EXPECT_LT(finalized.back(), holder.front());
}

TEST_F(ShutdownTest, WaitsForWhatADeadBridgeHolderHadLeftToCore) {
    const auto options = with_queue(unique("dead"));
    hg::Application app{options};
    ASSERT_TRUE(app.wait_until_polling(options.default_worker.task_queue, 20s));
    const hg::test::LogLines lines;
    ASSERT_TRUE(app.kill("BridgeHolder"));
    app.stop();
    EXPECT_EQ(lines.count("Core has not finalized"), 0u);
    EXPECT_TRUE(no_thread_is_left());
}

TEST_F(ShutdownTest, LeavesNoThreadBehind) {
    for (int round = 0; round < 5; ++round) {
        const auto options = with_queue(unique("threads"));
        hg::Application app{options};
        EXPECT_EQ(
            app.client().execute<&flows::Echo::run>(
                {.id = unique("threads"), .task_queue = options.default_worker.task_queue}, "x"
            ),
            "x"
        );
    }
    EXPECT_TRUE(no_thread_is_left());
}

TEST_F(ShutdownTest, EndsTheCallsThatAreUnderWay) {
    const auto options = with_queue(unique("calls"));
    auto app = std::make_unique<hg::Application>(options);
    const hg::Client client = app->client();
    std::atomic<int> under_way{0};
    std::atomic<int> refused{0};
    std::vector<std::jthread> callers;
    for (int i = 0; i < 8; ++i) {
        callers.emplace_back([&, i] {
            try {
                const auto waiting = client.start<&flows::Collector::run>(
                    {.id = unique("calls"), .task_queue = options.default_worker.task_queue}, 1
                );
                ++under_way;
                while (i % 2 == 0) {  // short calls, one after the other; the others wait
                    static_cast<void>(waiting.describe());
                }
                waiting.result();
            } catch (const hg::UnavailableError&) {
                ++refused;
            }
        });
    }
    ASSERT_TRUE(eventually([&] { return under_way == 8; }));
    app.reset();
    callers.clear();
    EXPECT_EQ(refused, 8) << "each of them, and with an error that says so";
    EXPECT_TRUE(no_thread_is_left());
}

/// What a program may hold of an application. Each letter is one of them: an (a)pplication, a
/// (c)lient, a workflow (h)andle, the (r)esult of a call that is under way.
struct Things {
    std::unique_ptr<hg::Application> app;
    std::optional<hg::Client> client;
    std::optional<hg::WorkflowHandle<&flows::Collector::run>> handle;
    std::optional<hg::Future<int>> result;

    void drop(char which) {
        switch (which) {
            case 'a':
                app.reset();
                break;
            case 'c':
                client.reset();
                break;
            case 'h':
                handle.reset();
                break;
            default:
                result.reset();
        }
    }
};

TEST_F(ShutdownTest, TakesTheDestructionOfItsThingsInAnyOrder) {
    std::string order = "achr";
    do {
        for (const bool stop_worker : {false, true}) {
            const auto options = with_queue(unique("order"));
            Things things;
            things.app = std::make_unique<hg::Application>(options);
            things.client = things.app->client();
            things.handle = things.client->start<&flows::Collector::run>(
                {.id = unique("order"), .task_queue = options.default_worker.task_queue}, 1
            );
            things.result = things.handle->result_async();
            hg::WorkerOptions second;
            second.task_queue = unique("second");
            things.app->start_worker(second);
            if (stop_worker) {
                things.app->stop_worker(second.task_queue);
            }
            for (const char which : order) {
                things.drop(which);
                if (which == 'a' && things.result) {
                    EXPECT_THROW(things.result->get(), hg::UnavailableError) << order;
                }
                if (which == 'a' && things.handle) {
                    EXPECT_THROW(static_cast<void>(things.handle->describe()), hg::UnavailableError)
                        << order;
                }
            }
        }
    } while (std::ranges::next_permutation(order).found);
    EXPECT_TRUE(no_thread_is_left());
}

}  // namespace
