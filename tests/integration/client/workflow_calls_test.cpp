// What a client does with workflows, against a real server with a worker.
#include "hourglass/client/admin.hpp"
#include "tests/integration/subsystem/flows.hpp"
#include "tests/support/test_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;
using flows::Collector;
using flows::Echo;
using hg::test::eventually;
using hg::test::unique;
using testing::Contains;
using testing::UnorderedElementsAreArray;

/// One application for all tests: its start is not what they are about.
class WorkflowCalls : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        hg::ApplicationOptions options;
        options.client = {.address = hg::test::server_address()};
        app_ = std::make_unique<hg::Application>(options);
    }
    static void TearDownTestSuite() { app_.reset(); }

    hg::Client client_ = app_->client();
    std::string id_ = unique("calls");

private:
    static inline std::unique_ptr<hg::Application> app_;
};

TEST_F(WorkflowCalls, ASignalStartsTheWorkflowThatIsNotThere) {
    const auto start = hg::with_start<&Collector::run>({.id = id_}, 2);
    const auto first = client_.signal_with_start<&Collector::add>(start, 1);
    const auto second = client_.signal_with_start<&Collector::add>(start, 10);
    EXPECT_EQ(first.first_execution_run_id(), second.first_execution_run_id());
    EXPECT_EQ(first.result(), 11);
}

TEST_F(WorkflowCalls, AnUpdateStartsTheWorkflowThatIsNotThere) {
    const auto start = hg::with_start<&Collector::run>(
        {.id = id_, .id_conflict_policy = hg::WorkflowIdConflictPolicy::UseExisting}, 2
    );
    const auto first = client_.update_with_start<&Collector::add_and_sum>(
        start, {.wait_for_stage = hg::UpdateStage::Completed}, 1
    );
    EXPECT_EQ(first.update.result(), 1);
    const auto second = client_.update_with_start<&Collector::add_and_sum>(start, {}, 10);
    EXPECT_EQ(second.update.result(), 11);
    EXPECT_EQ(first.update.run_id(), second.update.run_id());
    EXPECT_EQ(first.workflow.first_execution_run_id(), first.update.run_id());
    EXPECT_EQ(first.workflow.result(), 11);
}

TEST_F(WorkflowCalls, AnUpdateDoesNotStartWhatItsPolicyForbids) {
    const auto start = hg::with_start<&Collector::run>({.id = id_}, 1);
    const auto running = client_.start<&Collector::run>({.id = id_}, 1);
    try {
        (void)client_.update_with_start<&Collector::add_and_sum>(start, {}, 1);
        FAIL() << "the id is running";
    } catch (const hg::WorkflowAlreadyStartedError& error) {
        EXPECT_EQ(error.run_id(), running.first_execution_run_id());
    }
    running.terminate();
}

TEST_F(WorkflowCalls, AnUpdateIsStartedAndFoundAgainByItsId) {
    const auto workflow = client_.start<&Collector::run>({.id = id_}, 2);
    const auto update = workflow.start_update<&Collector::add_and_sum>({.id = "u-1"}, 5);
    EXPECT_EQ(update.run_id(), workflow.first_execution_run_id());
    EXPECT_EQ(update.result(), 5);
    EXPECT_EQ(workflow.update_handle<&Collector::add_and_sum>("u-1").result(), 5);
    EXPECT_EQ(workflow.start_update<int>({.id = "u-1"}, "add_and_sum", 5).result(), 5)
        << "the same id is the same update";
    const auto rejected = workflow.start_update<&Collector::add_and_sum>({}, -1);
    EXPECT_THROW((void)rejected.result(), hg::UpdateFailedError);
    EXPECT_THROW(
        (void)workflow.update_handle<int>("no such update").result({.timeout = 10s}), hg::RpcError
    );
    workflow.signal<&Collector::add>(1);
    EXPECT_EQ(workflow.result(), 6);
}

TEST_F(WorkflowCalls, AnEagerStartRunsItsFirstTaskHere) {
    const auto workflow =
        client_.start<&Echo::run>({.id = id_, .request_eager_start = true}, "hello");
    EXPECT_EQ(workflow.result(), "hello");
    EXPECT_THAT(workflow.history().to_json(), testing::HasSubstr("eagerExecutionAccepted"));
}

TEST_F(WorkflowCalls, SearchAttributesPriorityAndTextsAreDescribed) {
    const auto customer = hg::search_attribute::keyword("HgCustomer");
    const auto cents = hg::search_attribute::integer("HgCents");
    const auto weight = hg::search_attribute::floating("HgWeight");
    const auto paid = hg::search_attribute::boolean("HgPaid");
    const auto due = hg::search_attribute::datetime("HgDue");
    const auto tags = hg::search_attribute::keyword_list("HgTags");
    const auto notes = hg::search_attribute::text("HgNotes");
    const auto known = hg::admin::list_search_attributes(client_).custom;
    if (!known.contains("HgNotes")) {
        hg::admin::add_search_attributes(
            client_,
            {{"HgCustomer", hg::SearchAttributeType::Keyword},
             {"HgCents", hg::SearchAttributeType::Int},
             {"HgWeight", hg::SearchAttributeType::Double},
             {"HgPaid", hg::SearchAttributeType::Bool},
             {"HgDue", hg::SearchAttributeType::Datetime},
             {"HgTags", hg::SearchAttributeType::KeywordList},
             {"HgNotes", hg::SearchAttributeType::Text}}
        );
    }
    const auto time = std::chrono::system_clock::time_point{1'700'000'000s};
    const hg::StartOptions options{
        .id = id_,
        .search_attributes =
            {customer.set(id_),
             cents.set(1999),
             weight.set(0.5),
             paid.set(true),
             due.set(time),
             tags.set({"a", "b"}),
             notes.set("on time")},
        .static_summary = "an order",
        .static_details = "of *ada*",
        .priority = {.key = 1, .fairness_key = "tenant", .fairness_weight = 2.0F}
    };
    std::shared_ptr<hg::WorkflowHandle<&Collector::run>> workflow;
    // Not all parts of the server may know the attributes yet.
    ASSERT_TRUE(eventually([&] {
        try {
            workflow = std::make_shared<hg::WorkflowHandle<&Collector::run>>(
                client_.start<&Collector::run>(options, 1)
            );
            return true;
        } catch (const hg::RpcError& error) {
            return error.code() != hg::RpcCode::InvalidArgument;
        }
    }));
    ASSERT_NE(workflow, nullptr);
    const auto description = workflow->describe();
    const auto& attributes = description.search_attributes;
    EXPECT_EQ(attributes.get(customer), id_);
    EXPECT_EQ(attributes.get(cents), 1999);
    EXPECT_EQ(attributes.get(weight), 0.5);
    EXPECT_EQ(attributes.get(paid), true);
    EXPECT_EQ(attributes.get(due), time);
    EXPECT_EQ(attributes.get(tags), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(attributes.get(notes), "on time");
    EXPECT_EQ(description.static_summary, "an order");
    EXPECT_EQ(description.static_details, "of *ada*");
    EXPECT_EQ(description.priority.key, 1);
    EXPECT_EQ(description.priority.fairness_key, "tenant");
    EXPECT_EQ(description.first_run_id, workflow->first_execution_run_id());
    EXPECT_EQ(description.root_id, id_);
    EXPECT_TRUE(eventually([&] {
        return client_.count_workflows("HgCustomer = '" + id_ + "'").total == 1;
    }));

    const auto changed = workflow->update_options({.priority = hg::Priority{.key = 4}});
    EXPECT_EQ(changed.priority.key, 4);
    EXPECT_EQ(workflow->describe().priority.key, 4);
    workflow->terminate();
}

TEST_F(WorkflowCalls, CallOptionsReachTheServer) {
    // Bytes that are no text, to be sent as gRPC wants them.
    const auto workflow =
        client_.with({.metadata = {{"x-tenant", "ada"}, {"x-trace-bin", "\x01\xff"}}}
        ).start<&Collector::run>({.id = id_}, 1);
    std::stop_source stop;
    const auto result = workflow.with({.stop_token = stop.get_token()}).result_async();
    const auto late = workflow.with({.timeout = 300ms});
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THROW((void)late.result(), hg::WaitTimeoutError);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
    EXPECT_FALSE(result.ready());
    stop.request_stop();
    EXPECT_THROW((void)result.get(), hg::CallCancelledError);
    workflow.signal<&Collector::add>(3);
    EXPECT_EQ(workflow.result(), 3);
}

TEST_F(WorkflowCalls, ListsGiveHistoriesAndCountsGiveGroups) {
    std::vector<std::string> ids;
    for (int i = 0; i < 3; ++i) {
        ids.push_back(id_ + "-" + std::to_string(i));
        EXPECT_EQ(client_.execute<&Echo::run>({.id = ids.back()}, "x"), "x");
    }
    const std::string query =
        "WorkflowId BETWEEN '" + id_ + "-0' AND '" + id_ + "-9' AND ExecutionStatus = 'Completed'";
    ASSERT_TRUE(eventually([&] { return client_.count_workflows(query).total == 3; }));
    std::vector<std::string> found;
    for (const auto& history : client_.list_workflows(query, {.page_size = 2}).histories()) {
        EXPECT_EQ(history.events().back().type, "WorkflowExecutionCompleted");
        found.push_back(history.workflow_id());
    }
    EXPECT_THAT(found, UnorderedElementsAreArray(ids));
    int limited = 0;
    for (const auto& each : client_.list_workflows(query, {.page_size = 1, .limit = 2})) {
        EXPECT_EQ(each.status, hg::WorkflowStatus::Completed);
        ++limited;
    }
    EXPECT_EQ(limited, 2);
    const auto count = client_.count_workflows(query + " GROUP BY ExecutionStatus");
    EXPECT_EQ(count.total, 3);
    ASSERT_EQ(count.groups.size(), 1U);
    EXPECT_EQ(count.groups[0].value<std::string>(), "Completed");
    EXPECT_EQ(count.groups[0].count, 3);
}

TEST_F(WorkflowCalls, AResetRunsTheWorkflowAnew) {
    const auto workflow = client_.start<&Collector::run>({.id = id_}, 2);
    EXPECT_EQ(workflow.update<&Collector::add_and_sum>(5), 5);
    workflow.signal<&Collector::add>(1);
    EXPECT_EQ(workflow.result(), 6);
    const std::string run = workflow.reset(
        {.point = hg::ResetPoint::first_workflow_task(),
         .reason = "once more",
         .exclude = {hg::ResetExclude::Updates}}
    );
    EXPECT_NE(run, workflow.first_execution_run_id());
    const auto again = client_.handle<&Collector::run>(id_, run);
    EXPECT_TRUE(eventually([&] { return again.query<&Collector::sum>() == 1; }))
        << "the signal came along, the update did not";
    EXPECT_EQ(client_.handle(id_, workflow.first_execution_run_id()).describe().reset_run_id, run);
    again.terminate();
    const std::string changed = workflow.reset(
        {.point = hg::ResetPoint::first_workflow_task(),
         .post_reset_operations = {hg::ExecutionOptionsUpdate{.priority = hg::Priority{.key = 1}}}}
    );
    EXPECT_EQ(client_.handle(id_, changed).describe().priority.key, 1);
    client_.handle(id_, changed).terminate();
    // Servers up to 1.32 change options, but send no signals.
    EXPECT_THAT(
        [&] {
            (void)again.reset(
                {.point = hg::ResetPoint::first_workflow_task(),
                 .post_reset_operations = {hg::post_reset_signal<&Collector::add>(10)}}
            );
        },
        testing::ThrowsMessage<hg::RpcError>(testing::HasSubstr("PostResetOperation_Signal"))
    );
}

TEST_F(WorkflowCalls, ADescriptionTellsWhatTheWorkflowWaitsFor) {
    const auto nobody = client_.start<&Collector::run>(
        {.id = id_, .task_queue = id_, .execution_timeout = 1h, .run_timeout = 30min}, 1
    );
    const hg::WorkflowDescription description = nobody.describe();
    EXPECT_EQ(description.execution_timeout, 1h);
    EXPECT_EQ(description.run_timeout, 30min);
    EXPECT_GT(description.task_timeout, 0s);
    EXPECT_GT(description.run_expiration_time, description.start_time);
    ASSERT_TRUE(description.pending_workflow_task);
    EXPECT_EQ(description.pending_workflow_task->state, hg::PendingWorkflowTaskState::Scheduled);
    EXPECT_EQ(description.pending_workflow_task->attempt, 1);
    EXPECT_TRUE(description.pending_children.empty());
    nobody.terminate();
}

TEST_F(WorkflowCalls, ADeletedWorkflowIsGone) {
    const auto workflow = client_.start<&Collector::run>({.id = id_}, 1);
    workflow.remove();
    EXPECT_TRUE(eventually([&] {
        try {
            (void)workflow.describe();
            return false;
        } catch (const hg::WorkflowNotFoundError&) {
            return true;
        }
    }));
}

TEST_F(WorkflowCalls, APausedWorkflowWaitsUntilItIsUnpaused) {
    const auto workflow = client_.start<&Collector::run>({.id = id_}, 1);
    if (!hg::admin::describe_namespace(client_).capabilities.workflow_pause) {
        // A server that cannot do it says so.
        try {
            workflow.pause("audit");
            FAIL() << "the server says that it cannot pause workflows";
        } catch (const hg::RpcError& error) {
            EXPECT_EQ(error.code(), hg::RpcCode::Unimplemented) << error.what();
        }
        workflow.terminate();
        return;
    }
    workflow.pause("audit");
    EXPECT_EQ(workflow.describe().pause_reason, "audit");
    EXPECT_EQ(workflow.status(), hg::WorkflowStatus::Paused);
    workflow.signal<&Collector::add>(1);
    EXPECT_THROW((void)workflow.result({.timeout = 300ms}), hg::WaitTimeoutError);
    workflow.unpause("done");
    EXPECT_EQ(workflow.result(), 1);
}

}  // namespace
