#include "src/core/reaper.hpp"
#include "tests/integration/core/server.hpp"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <thread>

namespace hourglass::core {
namespace {

using namespace std::chrono_literals;
using namespace test;

class ReaperOnAServer : public testing::Test {
protected:
    /// Reaps and waits until it is done.
    void reap(ReapOrder order) {
        auto promise = std::make_shared<std::promise<void>>();
        auto done = promise->get_future();
        Reaper::reap(std::move(order), [promise] { promise->set_value(); });
        ASSERT_EQ(done.wait_for(40s), std::future_status::ready);
    }

    /// Reports an activity's result by its token, as whoever runs it does when its worker is gone.
    void report(const std::string& task_token) {
        api::RespondActivityTaskCompletedRequest request;
        request.set_namespace_(kNamespace);
        request.set_task_token(task_token);
        expect<api::RespondActivityTaskCompletedResponse>(
            *connection_, "RespondActivityTaskCompleted", request
        );
    }

    /// Waits until the server has handed out `count` activities of the workflow.
    void wait_until_started(int count) {
        for (int i = 0; i < 200; ++i) {
            int started = 0;
            const auto described = describe(*connection_, workflow_);
            for (const auto& activity : described.pending_activities()) {
                using namespace temporal::api::enums::v1;
                started += activity.state() == PENDING_ACTIVITY_STATE_STARTED ? 1 : 0;
            }
            if (started == count) {
                // The server says so before its answer has reached Core, and older servers let
                // Core drop what arrives during a shutdown.
                std::this_thread::sleep_for(300ms);
                return;
            }
            std::this_thread::sleep_for(50ms);  // a server is asked, there is no event to wait for
        }
        FAIL() << "the activities were not handed out";
    }

    /// Runs the workflow's tasks on `worker` until it ends.
    void run_to_the_end(CoreWorker& worker) {
        for (int tasks = 0; tasks < 10; ++tasks) {
            const auto activation = next_activation(worker);
            bool starts = false;
            for (const auto& job : activation.jobs()) {
                if (job.has_remove_from_cache()) {
                    complete(worker, nothing(activation.run_id()));
                    return;
                }
                starts = starts || job.has_initialize_workflow();
                resolved_ += job.has_resolve_activity() ? 1 : 0;
            }
            if (starts) {
                complete(worker, schedule_activities(activation.run_id(), queue_, activities_));
            } else if (resolved_ >= activities_) {
                complete(worker, end_workflow(activation.run_id()));
                return;
            } else {
                complete(worker, nothing(activation.run_id()));
            }
        }
    }

    std::shared_ptr<Runtime> runtime_ = make_runtime();
    std::shared_ptr<Connection> connection_ = connect_to_server(runtime_);
    std::string queue_ = unique("queue");
    std::string workflow_ = unique("workflow");
    int activities_ = 1;
    int resolved_ = 0;
};

TEST_F(ReaperOnAServer, LeavesTheConnectionToASuccessor) {
    auto worker = make_worker(connection_, queue_);
    Awaited<BytesResult> workflows;
    Awaited<BytesResult> activities;
    worker->poll_workflow_activation(workflows.callback());
    worker->poll_activity_task(activities.callback());
    reap({.worker = std::move(worker)});
    EXPECT_EQ(workflows.get().error().status, Status::Shutdown);
    EXPECT_EQ(activities.get().error().status, Status::Shutdown);
    EXPECT_NE(make_worker(connection_, queue_), nullptr);
}

TEST_F(ReaperOnAServer, LetsTheServerHandOutTheWorkflowTaskAgain) {
    auto worker = make_worker(connection_, queue_);
    start_workflow(*connection_, workflow_, queue_);
    const auto lost = next_activation(*worker);
    reap({.worker = std::move(worker), .run_ids = {lost.run_id()}});

    const auto successor = make_worker(connection_, queue_);
    const auto again = next_activation(*successor);
    EXPECT_EQ(again.run_id(), lost.run_id());
    complete(*successor, end_workflow(again.run_id()));
    EXPECT_TRUE(completes(*connection_, workflow_));
    end_worker(*successor);
}

TEST_F(ReaperOnAServer, LetsAnActivityBeReportedByItsToken) {
    auto worker = make_worker(connection_, queue_);
    start_workflow(*connection_, workflow_, queue_);
    complete(*worker, schedule_activities(next_activation(*worker).run_id(), queue_, 1));
    const auto task = next_activity(*worker);
    reap({.worker = std::move(worker), .task_tokens = {task.task_token()}});
    report(task.task_token());

    const auto successor = make_worker(connection_, queue_);
    resolved_ = 0;
    const auto activation = next_activation(*successor);
    // From the beginning: the cache died with the first worker.
    EXPECT_TRUE(activation.jobs(0).has_initialize_workflow());
    complete(*successor, schedule_activities(activation.run_id(), queue_, 1));
    run_to_the_end(*successor);
    EXPECT_EQ(resolved_, 1);
    EXPECT_TRUE(completes(*connection_, workflow_));
    end_worker(*successor);
}

TEST_F(ReaperOnAServer, HandsOverTheActivitiesThatCoreStillHeld) {
    activities_ = 2;
    auto worker = make_worker(connection_, queue_);
    start_workflow(*connection_, workflow_, queue_);
    complete(*worker, schedule_activities(next_activation(*worker).run_id(), queue_, 2));
    const auto first = next_activity(*worker);
    wait_until_started(2);

    auto promise = std::make_shared<std::promise<std::string>>();
    auto late = promise->get_future();
    reap(
        {.worker = std::move(worker),
         .task_tokens = {first.task_token()},
         .on_activity = [promise](OwnedBytes bytes) { promise->set_value(bytes.to_string()); }}
    );
    ASSERT_EQ(late.wait_for(0s), std::future_status::ready);
    ActivityTask second;
    ASSERT_TRUE(second.ParseFromString(late.get()));
    EXPECT_NE(second.task_token(), first.task_token());
    report(first.task_token());
    report(second.task_token());

    const auto successor = make_worker(connection_, queue_);
    run_to_the_end(*successor);
    EXPECT_TRUE(completes(*connection_, workflow_));
    end_worker(*successor);
}

TEST_F(ReaperOnAServer, AnswersAnEvictionThatItsOwnerLeft) {
    auto worker = make_worker(connection_, queue_);
    start_workflow(*connection_, workflow_, queue_);
    const auto activation = next_activation(*worker);
    complete(*worker, schedule_activities(activation.run_id(), queue_, 1));
    ASSERT_TRUE(worker->request_workflow_eviction(activation.run_id()));
    const auto eviction = next_activation(*worker);
    ASSERT_TRUE(eviction.jobs(0).has_remove_from_cache());
    reap({.worker = std::move(worker), .run_ids = {eviction.run_id()}});
}

}  // namespace
}  // namespace hourglass::core
