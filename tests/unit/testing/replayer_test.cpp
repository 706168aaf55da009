#include "hourglass/testing/replayer.hpp"

#include "hourglass/hourglass.hpp"
#include "src/testing/replay_worker.hpp"
#include "tests/unit/client/fake_channel.hpp"
#include "tests/unit/testing/histories.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace replayed {

class Brief {
public:
    hourglass::Task<void> run() { co_return; }
};

/// Tells what it sees: only a mistake comes out of a replay.
class TellsItsInfo {
public:
    hourglass::Task<void> run() {
        const auto& info = hourglass::workflow::info();
        throw std::logic_error{
            info.workflow_namespace + "/" + info.task_queue + "/" + info.workflow_id
        };
        co_return;
    }
};

class IsPokedForEver {
public:
    hourglass::Task<void> run() {
        co_await hourglass::workflow::wait_condition([] { return false; });
    }
    void poke() {}
};

/// Fails by what only its worker takes for a failure.
class FailsByABug {
public:
    hourglass::Task<void> run() {
        throw std::logic_error{"a bug"};
        co_return;
    }
};

/// Nobody runs the activity here.
class RunsALocalActivity {
public:
    hourglass::Task<std::string> run() {
        co_return co_await hourglass::workflow::execute_local_activity<std::string>(
            "weigh", {.start_to_close_timeout = std::chrono::seconds{60}}
        );
    }
};

class RunsAnActivity {
public:
    hourglass::Task<std::string> run() {
        co_return co_await hourglass::workflow::execute_activity<std::string>(
            "weigh", {.start_to_close_timeout = std::chrono::seconds{60}}
        );
    }
};

}  // namespace replayed

HOURGLASS_WORKFLOW(replayed::Brief, run);
HOURGLASS_WORKFLOW(replayed::FailsByABug, run);
HOURGLASS_WORKFLOW(replayed::IsPokedForEver, run, signals(poke));
HOURGLASS_WORKFLOW(replayed::TellsItsInfo, run);
HOURGLASS_WORKFLOW(replayed::RunsALocalActivity, run);
HOURGLASS_WORKFLOW(replayed::RunsAnActivity, run);

namespace hourglass::testing {
namespace {

using namespace std::chrono_literals;
namespace service = temporal::api::workflowservice::v1;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

WorkflowHistory history_of(const test::History& history, const std::string& id = "id") {
    return WorkflowHistory{id, history.SerializeAsString()};
}

TEST(Replayer, ReplaysAHistory) {
    Replayer replayer;
    const ReplayResult result = replayer.replay(history_of(test::brief("Brief"), "seven"));
    EXPECT_TRUE(result.ok()) << result;
    EXPECT_EQ(result.workflow_id, "seven");
    EXPECT_EQ(result.workflow_type, "Brief");
    EXPECT_EQ(result.events, 5U);
    EXPECT_GT(result.took.count(), 0);
    EXPECT_THAT(to_text(result), HasSubstr("ok: 'Brief' seven (run 6a3e8bb4"));
}

TEST(Replayer, ReplaysTheSameHistoryAgainAndAgain) {
    Replayer replayer;
    const std::vector<WorkflowHistory> histories(50, history_of(test::brief("Brief")));
    const auto report = replayer.replay_all(histories);
    EXPECT_TRUE(report.ok()) << report;
    EXPECT_EQ(report.results().size(), 50U);
    EXPECT_THAT(report.text(), HasSubstr("50 histories replayed, 0 failed"));
}

TEST(Replayer, KeepsTheOrderOfHistoriesThatItReplaysAtOnce) {
    int told = 0;
    Replayer replayer{{.parallel = 4, .on_result = [&told](const ReplayResult&) { ++told; }}};
    std::vector<WorkflowHistory> histories;
    for (int i = 0; i < 40; ++i) {
        const char* type = i % 4 == 0 ? "Missing" : "Brief";
        histories.push_back(history_of(test::brief(type), std::to_string(i)));
    }
    const auto results = replayer.replay_all(std::move(histories)).results();
    ASSERT_EQ(results.size(), 40U);
    for (std::size_t i = 0; i < results.size(); ++i) {
        EXPECT_EQ(results[i].workflow_id, std::to_string(i));
        EXPECT_EQ(results[i].ok(), i % 4 != 0) << results[i];
    }
    EXPECT_EQ(told, 40);
}

TEST(Replayer, ShowsTheWorkflowItsOwnNamespaceAndQueue) {
    Replayer replayer{{.workflow_namespace = "shop"}};
    const auto result = replayer.replay(history_of(test::brief("TellsItsInfo"), "seven"));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.failure->problem, ReplayProblem::WorkflowTaskFailed);
    EXPECT_EQ(result.failure->event_id, 3);
    EXPECT_THAT(result.failure->message, HasSubstr("shop/queue/seven"));
}

TEST(Replayer, RefusesAHistoryThatIsNotWhole) {
    Replayer replayer;
    test::History history = test::brief("Brief");
    history.mutable_events()->DeleteSubrange(1, 1);
    const auto result = replayer.replay(history_of(history));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.failure->problem, ReplayProblem::UnreadableHistory);
    EXPECT_THAT(result.failure->message, HasSubstr("events are missing"));
    EXPECT_TRUE(replayer.replay(history_of(test::brief("Brief"))).ok());
}

TEST(Replayer, RefusesAHistoryWhoseTaskEndsInNoWay) {
    Replayer replayer;
    test::History history = test::started("Brief");
    test::add_task(history);
    history.mutable_events()->RemoveLast();
    test::add_completion(history);
    const auto result = replayer.replay(history_of(history));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.failure->problem, ReplayProblem::UnreadableHistory);
}

TEST(Replayer, GoesOnAfterAHistoryThatCoreCannotApply) {
    Replayer replayer{{.silence_limit = 2s}};
    test::History history = test::started("Brief");
    test::add(history, test::enums::EVENT_TYPE_ACTIVITY_TASK_STARTED)
        .mutable_activity_task_started_event_attributes()
        ->set_scheduled_event_id(99);
    test::add_task(history);
    test::add_completion(history);
    for (int round = 0; round < 3; ++round) {
        const auto result = replayer.replay(history_of(history));
        ASSERT_FALSE(result.ok());
        EXPECT_EQ(result.failure->problem, ReplayProblem::Nondeterminism) << result;
        EXPECT_EQ(result.failure->event_id, 2);
        EXPECT_THAT(result.failure->message, Not(HasSubstr("attributes"))) << "users' data";
        EXPECT_TRUE(replayer.replay(history_of(test::brief("Brief"))).ok());
    }
}

TEST(Replayer, HasNothingToSayAgainstAWorkflowWhoseFirstTaskIsYetToCome) {
    Replayer replayer;
    EXPECT_TRUE(replayer.replay(history_of(test::started("Missing"))).ok());
}

TEST(Replayer, HasNothingToSayAgainstAnOpenHistoryThatEndsWhileALocalActivityRuns) {
    Replayer replayer;
    test::History open = test::started("RunsALocalActivity");
    test::add_task(open);
    // The worker asks for another task whenever the activity takes longer than most of one.
    test::History kept_alive = open;
    test::add_task(kept_alive);
    test::add_task(kept_alive);
    for (test::History* history : {&open, &kept_alive}) {
        history->mutable_events()->RemoveLast();
        EXPECT_EQ(
            history->events().rbegin()->event_type(), test::enums::EVENT_TYPE_WORKFLOW_TASK_STARTED
        );
        const auto result = replayer.replay(history_of(*history));
        EXPECT_TRUE(result.ok()) << result;
        EXPECT_LT(result.took, 5s) << "it waited for an activity that nobody runs";
        EXPECT_TRUE(replayer.replay(history_of(test::brief("Brief"))).ok()) << "the next one";
    }
}

TEST(Replayer, SeesThatALocalActivityIsMissingInAHistoryThatHasEnded) {
    Replayer replayer;
    const auto result = replayer.replay(history_of(test::brief("RunsALocalActivity")));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.failure->problem, ReplayProblem::Nondeterminism) << result;
}

TEST(ReplayWorker, GivesUpAHistoryThatCoreDoesNotGoOnWithAndTakesTheNext) {
    auto runtime = core::Runtime::create({.driven = true, .worker_heartbeat_interval = {}});
    ASSERT_TRUE(runtime);
    ReplayWorker impatient{*runtime, {.silence_limit = 0ms}};
    test::History many_tasks = test::started("IsPokedForEver");
    test::add_task(many_tasks);
    for (int i = 0; i < 200; ++i) {  // no Core is that quick so often
        test::add(many_tasks, test::enums::EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED)
            .mutable_workflow_execution_signaled_event_attributes()
            ->set_signal_name("poke");
        test::add_task(many_tasks);
    }
    for (int round = 0; round < 3; ++round) {
        const auto result = impatient.replay(history_of(many_tasks), "default");
        ASSERT_FALSE(result.ok());
        EXPECT_EQ(result.failure->problem, ReplayProblem::NotReplayed);
        EXPECT_THAT(result.failure->message, HasSubstr("Core did not"));
    }
    ReplayWorker patient{*runtime, {.silence_limit = 60s}};
    EXPECT_TRUE(patient.replay(history_of(many_tasks), "default").ok()) << "it is a good one";
    EXPECT_TRUE(patient.replay(history_of(test::brief("Brief")), "default").ok());
}

TEST(Replayer, RefusesASilenceLimitThatIsNone) {
    EXPECT_THROW((Replayer{{.silence_limit = 0ms}}), ConfigurationError);
}

/// Counts the histories that are done.
class Counts final : public Plugin, public ReplayPlugin {
public:
    [[nodiscard]] std::string name() const override { return "counts"; }
    void configure_replayer(ReplayOptions& options) override {
        options.on_result = [this](const ReplayResult& /*result*/) { ++done; };
    }
    int done = 0;
};

TEST(Replayer, HasOptionsThatItsPluginsChange) {
    const auto counts = std::make_shared<Counts>();
    Replayer replayer{{.plugins = {counts}}};
    EXPECT_TRUE(replayer.replay(history_of(test::brief("Brief"))).ok());
    EXPECT_EQ(counts->done, 1);
}

TEST(Replayer, RefusesAPluginThatIsNull) {
    try {
        const Replayer replayer{{.plugins = {nullptr}}};
        FAIL() << "it was taken";
    } catch (const ConfigurationError& error) {
        EXPECT_THAT(error.what(), HasSubstr("ReplayOptions::plugins is null"));
    }
}

TEST(Replayer, RefusesAnInterceptorThatIsNull) {
    try {
        const Replayer replayer{{.interceptors = {nullptr}}};
        FAIL() << "it was taken";
    } catch (const ConfigurationError& error) {
        EXPECT_THAT(error.what(), HasSubstr("ReplayOptions::interceptors is null"));
    }
}

/// Asks for activities in another way than the workflow.
class Rewrites final : public WorkerInterceptor {
public:
    /// @param type  empty: it stays.
    explicit Rewrites(std::string type = {}) : type_{std::move(type)} {}

    std::unique_ptr<workflow::WorkflowInterceptor> workflow(const workflow::WorkflowInfo& /*info*/
    ) override {
        return std::make_unique<OfRun>(type_);
    }

private:
    class OfRun final : public workflow::WorkflowInterceptor {
    public:
        explicit OfRun(std::string type) : type_{std::move(type)} {}
        void schedule_activity(workflow::ScheduleActivityCall& call) override {
            call.arguments.push_back(to_payload("more"));
            call.headers["tenant"] = to_payload("blue");
            if (!type_.empty()) {
                call.type = type_;
            }
        }

    private:
        const std::string type_;
    };

    const std::string type_;
};

/// A whole run of RunsAnActivity, by a Core that compares the types of activities.
test::History of_an_activity() {
    test::History history = test::started("RunsAnActivity");
    test::add_task(history);
    history.mutable_events()
        ->rbegin()
        ->mutable_workflow_task_completed_event_attributes()
        ->mutable_sdk_metadata()
        ->add_core_used_flags(1);
    auto& scheduled = *test::add(history, test::enums::EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
                           .mutable_activity_task_scheduled_event_attributes();
    scheduled.set_activity_id("1");
    scheduled.mutable_activity_type()->set_name("weigh");
    scheduled.set_workflow_task_completed_event_id(4);
    test::add(history, test::enums::EVENT_TYPE_ACTIVITY_TASK_STARTED)
        .mutable_activity_task_started_event_attributes()
        ->set_scheduled_event_id(5);
    auto& completed = *test::add(history, test::enums::EVENT_TYPE_ACTIVITY_TASK_COMPLETED)
                           .mutable_activity_task_completed_event_attributes();
    completed.set_scheduled_event_id(5);
    completed.set_started_event_id(6);
    auto& result = *completed.mutable_result()->add_payloads();
    (*result.mutable_metadata())["encoding"] = "json/plain";
    result.set_data(R"("7 kg")");
    test::add_task(history);
    test::add_completion(history);
    return history;
}

TEST(Replayer, DoesNotCompareHeadersAndArgumentsThatInterceptorsChange) {
    Replayer replayer{{.interceptors = {std::make_shared<Rewrites>()}}};
    const auto result = replayer.replay(history_of(of_an_activity()));
    EXPECT_TRUE(result.ok()) << result;
}

TEST(Replayer, SeesAnActivityToWhichAnInterceptorGivesAnotherType) {
    Replayer replayer{{.interceptors = {std::make_shared<Rewrites>("measure")}}};
    const auto result = replayer.replay(history_of(of_an_activity()));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.failure->problem, ReplayProblem::Nondeterminism) << result;
    EXPECT_THAT(result.failure->message, HasSubstr("measure"));
}

service::ListWorkflowExecutionsResponse listing(const std::vector<std::string>& ids) {
    service::ListWorkflowExecutionsResponse response;
    for (const auto& id : ids) {
        auto& execution = *response.add_executions();
        execution.mutable_execution()->set_workflow_id(id);
        execution.mutable_execution()->set_run_id("run-" + id);
        execution.mutable_type()->set_name("Brief");
    }
    return response;
}

service::GetWorkflowExecutionHistoryResponse fetched(const test::History& history) {
    service::GetWorkflowExecutionHistoryResponse response;
    *response.mutable_history() = history;
    return response;
}

TEST(Replayer, ReplaysWhatAServerLists) {
    client::FakeServer server;
    server.channel->answer(listing({"a", "b", "c"}))
        .answer(fetched(test::brief("Brief")))
        .fail(RpcCode::NotFound, "deleted meanwhile")
        .answer(fetched(test::brief("TellsItsInfo")));
    Replayer replayer{{.parallel = 1}};  // so that the answers go to the requests in their order
    const auto results = replayer.replay_query(server.client, "TaskQueue = 'queue'").results();
    ASSERT_EQ(results.size(), 3U);
    EXPECT_TRUE(results[0].ok()) << results[0];
    EXPECT_EQ(results[0].run_id, "run-a");
    ASSERT_FALSE(results[1].ok());
    EXPECT_EQ(results[1].failure->problem, ReplayProblem::UnreadableHistory);
    EXPECT_EQ(results[1].workflow_id, "b");
    EXPECT_THAT(results[1].failure->message, HasSubstr("deleted meanwhile"));
    EXPECT_THAT(results[2].failure.value().message, HasSubstr("orders/queue/c"));
    const auto list = server.channel->request<service::ListWorkflowExecutionsRequest>(0);
    EXPECT_EQ(list.query(), "TaskQueue = 'queue'");
}

TEST(Replayer, ReplaysNoMoreThanItWasAskedFor) {
    client::FakeServer server;
    server.channel->answer(listing({"a", "b"})).answer(fetched(test::brief("Brief")));
    Replayer replayer;
    EXPECT_EQ(replayer.replay_query(server.client, "", 1).results().size(), 1U);
    EXPECT_EQ(server.channel->calls(), 2U);
}

TEST(Replayer, KeepsWhatItFoundWhenTheListBreaksOff) {
    client::FakeServer server;
    auto page = listing({"a"});
    page.set_next_page_token("more");
    server.channel->answer(page)
        .answer(fetched(test::brief("Brief")))
        .fail(RpcCode::PermissionDenied, "not any more");
    Replayer replayer{{.parallel = 1}};  // as above
    const auto results = replayer.replay_query(server.client, "").results();
    ASSERT_EQ(results.size(), 2U);
    EXPECT_TRUE(results[0].ok()) << results[0];
    ASSERT_FALSE(results[1].ok());
    EXPECT_THAT(
        to_text(results[1]),
        AllOf(
            HasSubstr("the list of executions"),
            HasSubstr("broke off after 1"),
            HasSubstr("not any more")
        )
    );
}

TEST(Replayer, FailsWorkflowsByWhatTheirWorkersDid) {
    auto history = test::started("FailsByABug");
    test::add_task(history);
    const auto task = history.events_size();
    test::add(history, test::enums::EVENT_TYPE_WORKFLOW_EXECUTION_FAILED)
        .mutable_workflow_execution_failed_event_attributes()
        ->set_workflow_task_completed_event_id(task);
    const WorkflowHistory recorded{"failed", history.SerializeAsString()};
    Replayer without;
    const auto failed = without.replay(recorded);
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.failure->problem, ReplayProblem::WorkflowTaskFailed);
    Replayer with{{.fails_workflow = workflow::failure_types<std::logic_error>()}};
    const auto replayed = with.replay(recorded);
    EXPECT_TRUE(replayed.ok()) << replayed;
}

TEST(Replayer, ThrowsWhatTheListThrows) {
    client::FakeServer server;
    server.channel->fail(RpcCode::InvalidArgument, "invalid query");
    Replayer replayer;
    EXPECT_THROW(static_cast<void>(replayer.replay_query(server.client, "Oops")), RpcError);
}

}  // namespace
}  // namespace hourglass::testing
