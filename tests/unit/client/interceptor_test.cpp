#include "hourglass/client/interceptor.hpp"

#include "tests/unit/client/checkout.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using namespace std::chrono_literals;
using shop::Checkout;
using testing::ElementsAre;
using testing::HasSubstr;

/// Puts its name behind the first argument and into the header "by" of all that has them.
class Names final : public ClientInterceptor {
public:
    explicit Names(std::string name) : name_{std::move(name)} {}

    Future<WorkflowRef> start_workflow(
        StartWorkflowCall call, Next<StartWorkflowCall, Future<WorkflowRef>> next
    ) override {
        call.options.id += name_;
        sign(call);
        return next(std::move(call));
    }
    Future<WorkflowRef> signal_with_start(
        SignalWithStartCall call, Next<SignalWithStartCall, Future<WorkflowRef>> next
    ) override {
        sign(call.start);
        return next(std::move(call));
    }
    Future<StartedWithUpdate> update_with_start(
        UpdateWithStartCall call, Next<UpdateWithStartCall, Future<StartedWithUpdate>> next
    ) override {
        sign(call.start);
        call.headers["by"] = to_payload("the update " + name_);
        return next(std::move(call));
    }
    Future<void> signal_workflow(
        SignalWorkflowCall call, Next<SignalWorkflowCall, Future<void>> next
    ) override {
        sign(call);
        return next(std::move(call));
    }
    Future<Payloads> query_workflow(
        QueryWorkflowCall call, Next<QueryWorkflowCall, Future<Payloads>> next
    ) override {
        sign(call);
        return next(std::move(call));
    }
    Future<WorkflowUpdateRef> update_workflow(
        UpdateWorkflowCall call, Next<UpdateWorkflowCall, Future<WorkflowUpdateRef>> next
    ) override {
        sign(call);
        return next(std::move(call));
    }
    Future<StandaloneActivityRef> start_activity(
        StartActivityCall call, Next<StartActivityCall, Future<StandaloneActivityRef>> next
    ) override {
        sign(call);
        return next(std::move(call));
    }

private:
    template <class Call>
    void sign(Call& call) const {
        auto& by = call.headers["by"];
        by = to_payload((by.data.empty() ? "" : from_payload<std::string>(by)) + name_);
        if (!call.arguments.empty()) {
            call.arguments[0] = to_payload(from_payload<std::string>(call.arguments[0]) + name_);
        }
    }

    const std::string name_;
};

std::string by(const temporal::api::common::v1::Header& header) {
    const auto found = header.fields().find("by");
    return found == header.fields().end() ? "" : found->second.data();
}

template <class Message>
void put(Message* payloads, const std::string& json) {
    auto& payload = *payloads->add_payloads();
    (*payload.mutable_metadata())["encoding"] = "json/plain";
    payload.set_data(json);
}

struct Intercepted : testing::Test {
    FakeServer server;

    Intercepted() {
        server.context->interceptors = {std::make_shared<Names>("1"), std::make_shared<Names>("2")};
    }
    WorkflowHandle<> order() { return server.client.handle("order-7"); }
};

TEST_F(Intercepted, AStartGoesThroughTheFirstInterceptorFirst) {
    service::StartWorkflowExecutionResponse response;
    response.set_run_id("run-1");
    server.channel->answer(response);
    EXPECT_EQ(server.client.start("Checkout", {.id = "order-"}, "ada").id(), "order-12");
    const auto sent = server.channel->request<service::StartWorkflowExecutionRequest>(0);
    EXPECT_EQ(sent.workflow_id(), "order-12");
    EXPECT_EQ(sent.input().payloads(0).data(), R"("ada12")");
    EXPECT_EQ(by(sent.header()), R"("12")");
}

TEST_F(Intercepted, StartsWithASignalOrAnUpdateCarryHeaders) {
    server.channel->answer(service::SignalWithStartWorkflowExecutionResponse{});
    static_cast<void>(server.client.signal_with_start(
        with_start("Checkout", {.id = "order-7"}, "ada"), "approve", "ben"
    ));
    const auto signal =
        server.channel->request<service::SignalWithStartWorkflowExecutionRequest>(0);
    EXPECT_EQ(by(signal.header()), R"("12")");
    EXPECT_EQ(signal.signal_name(), "approve");
    EXPECT_EQ(signal.signal_input().payloads(0).data(), R"("ben")");

    service::ExecuteMultiOperationResponse response;
    response.add_responses()->mutable_start_workflow()->set_run_id("run-1");
    response.add_responses()->mutable_update_workflow()->set_stage(
        enums::UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ACCEPTED
    );
    server.channel->answer(response);
    static_cast<void>(server.client.update_with_start<int>(
        with_start("Checkout", {.id = "order-7"}, "ada"), {}, "add", 2
    ));
    const auto update = server.channel->request<service::ExecuteMultiOperationRequest>(1);
    EXPECT_EQ(by(update.operations(0).start_workflow().header()), R"("12")");
    EXPECT_EQ(
        by(update.operations(1).update_workflow().request().input().header()), R"("the update 2")"
    );
}

TEST_F(Intercepted, SignalsAndQueriesCarryHeaders) {
    server.channel->answer(service::SignalWorkflowExecutionResponse{});
    order().signal("approve", "ada");
    const auto signal = server.channel->request<service::SignalWorkflowExecutionRequest>(0);
    EXPECT_EQ(by(signal.header()), R"("12")");
    EXPECT_EQ(signal.input().payloads(0).data(), R"("ada12")");

    service::QueryWorkflowResponse answer;
    put(answer.mutable_query_result(), "7");
    server.channel->answer(answer);
    EXPECT_EQ(order().query<int>("count", "x"), 7);
    const auto query = server.channel->request<service::QueryWorkflowRequest>(1);
    EXPECT_EQ(by(query.query().header()), R"("12")");
    EXPECT_EQ(query.query().query_args().payloads(0).data(), R"("x12")");
}

TEST_F(Intercepted, UpdatesCarryHeadersWhetherTheirOutcomeIsWaitedForOrNot) {
    service::UpdateWorkflowExecutionResponse completed;
    put(completed.mutable_outcome()->mutable_success(), "42");
    server.channel->answer(completed).answer(completed);
    EXPECT_EQ(order().update<int>("add", "x"), 42);
    EXPECT_EQ(order().start_update<int>({.id = "u-1"}, "add", "x").result(), 42);
    for (const std::size_t call : {0U, 1U}) {
        const auto sent = server.channel->request<service::UpdateWorkflowExecutionRequest>(call);
        EXPECT_EQ(by(sent.request().input().header()), R"("12")");
        EXPECT_EQ(sent.request().input().args().payloads(0).data(), R"("x12")");
    }
}

TEST_F(Intercepted, AnUpdateThatFailsThrowsAsWithoutInterceptors) {
    service::UpdateWorkflowExecutionResponse response;
    response.mutable_outcome()->mutable_failure()->set_message("too much");
    server.channel->answer(response);
    EXPECT_THROW((void)order().update<int>("add", "x"), UpdateFailedError);
}

TEST_F(Intercepted, AStandaloneActivityCarriesHeaders) {
    server.channel->answer(service::StartActivityExecutionResponse{});
    static_cast<void>(server.client.start_activity<void>(
        "charge", {.id = "a", .start_to_close_timeout = 1s}, "ada"
    ));
    const auto sent = server.channel->request<service::StartActivityExecutionRequest>(0);
    EXPECT_EQ(by(sent.header()), R"("12")");
}

TEST_F(Intercepted, ACallWithOptionsOfItsOwnGoesThroughThem) {
    server.channel->answer(service::SignalWorkflowExecutionResponse{});
    order().with({.timeout = 5s}).signal("approve", "ada");
    EXPECT_EQ(
        by(server.channel->request<service::SignalWorkflowExecutionRequest>(0).header()), R"("12")"
    );
}

/// Refuses each call, saying its name.
class Refuses final : public ClientInterceptor {
public:
    Future<WorkflowRef> start_workflow(
        StartWorkflowCall call, Next<StartWorkflowCall, Future<WorkflowRef>> /*next*/
    ) override {
        throw Error{"start " + call.type};
    }
    Future<WorkflowRef> signal_with_start(
        SignalWithStartCall call, Next<SignalWithStartCall, Future<WorkflowRef>> /*next*/
    ) override {
        throw Error{"signal_with_start " + call.signal};
    }
    Future<StartedWithUpdate> update_with_start(
        UpdateWithStartCall call, Next<UpdateWithStartCall, Future<StartedWithUpdate>> /*next*/
    ) override {
        throw Error{"update_with_start " + call.update};
    }
    Future<void> signal_workflow(
        SignalWorkflowCall call, Next<SignalWorkflowCall, Future<void>> /*next*/
    ) override {
        throw Error{"signal " + call.signal};
    }
    Future<Payloads> query_workflow(
        QueryWorkflowCall call, Next<QueryWorkflowCall, Future<Payloads>> /*next*/
    ) override {
        throw Error{"query " + call.query};
    }
    Future<WorkflowUpdateRef> update_workflow(
        UpdateWorkflowCall call, Next<UpdateWorkflowCall, Future<WorkflowUpdateRef>> /*next*/
    ) override {
        throw Error{"update " + call.update};
    }
    Future<void> cancel_workflow(
        CancelWorkflowCall call, Next<CancelWorkflowCall, Future<void>> /*next*/
    ) override {
        throw Error{"cancel " + call.reason};
    }
    Future<void> terminate_workflow(
        TerminateWorkflowCall call, Next<TerminateWorkflowCall, Future<void>> /*next*/
    ) override {
        throw Error{"terminate " + call.reason};
    }
    Future<WorkflowDescription> describe_workflow(
        DescribeWorkflowCall call, Next<DescribeWorkflowCall, Future<WorkflowDescription>> /*next*/
    ) override {
        throw Error{"describe " + call.workflow.workflow_id};
    }
    Future<void> create_schedule(
        CreateScheduleCall call, Next<CreateScheduleCall, Future<void>> /*next*/
    ) override {
        throw Error{"schedule " + call.id};
    }
    Future<StandaloneActivityRef> start_activity(
        StartActivityCall call, Next<StartActivityCall, Future<StandaloneActivityRef>> /*next*/
    ) override {
        throw Error{"activity " + call.type};
    }
};

TEST(ClientInterceptor, ThrowsFromEachCallAndNothingIsSent) {
    FakeServer server;
    server.context->interceptors = {std::make_shared<Refuses>()};
    const Client& client = server.client;
    const auto order = client.handle("order-7");
    const auto start = with_start("Checkout", {.id = "order-7"});
    Schedule schedule;
    const std::vector<std::function<void()>> calls{
        [&] { (void)client.start("Checkout", {.id = "order-7"}); },
        [&] { (void)client.signal_with_start(start, "approve"); },
        [&] { (void)client.update_with_start<int>(start, {}, "add"); },
        [&] { order.signal("approve"); },
        [&] { (void)order.query<int>("count"); },
        [&] { (void)order.update<int>("add"); },
        [&] { (void)order.start_update<int>({}, "add"); },
        [&] { order.cancel("why"); },
        [&] { order.terminate("why"); },
        [&] { (void)order.describe(); },
        [&] { (void)client.create_schedule("nightly", schedule); },
        [&] { (void)client.start_activity<void>("charge", {.id = "a"}); },
    };
    std::vector<std::string> thrown;
    for (const auto& call : calls) {
        thrown.push_back(thrown_by<Error>(call).what());
    }
    EXPECT_THAT(
        thrown,
        ElementsAre(
            "start Checkout",
            "signal_with_start approve",
            "update_with_start add",
            "signal approve",
            "query count",
            "update add",
            "update add",
            "cancel why",
            "terminate why",
            "describe order-7",
            "schedule nightly",
            "activity charge"
        )
    );
    EXPECT_EQ(server.channel->calls(), 0U);
}

/// Keeps what it was called with.
class Keeps final : public ClientInterceptor {
public:
    Future<void> signal_workflow(
        SignalWorkflowCall call, Next<SignalWorkflowCall, Future<void>> next
    ) override {
        kept = std::move(call);
        rest = std::move(next);
        return answer.future();
    }

    SignalWorkflowCall kept;
    Next<SignalWorkflowCall, Future<void>> rest;
    Promise<void> answer;
};

TEST(ClientInterceptor, MayGoOnLaterAndOnAnotherThreadWhenTheClientIsGone) {
    const auto keeps = std::make_shared<Keeps>();
    const auto channel = std::make_shared<FakeChannel>();
    Future<void> sent;
    {
        FakeServer server;
        server.context->interceptors = {keeps};
        server.context->calls.channel = channel;
        sent = server.client.handle("order-7").signal_async("approve");
    }
    EXPECT_EQ(channel->calls(), 0U);
    channel->answer(service::SignalWorkflowExecutionResponse{});
    std::thread{[&] { keeps->rest(std::move(keeps->kept)).get(); }}.join();
    EXPECT_EQ(channel->calls(), 1U);
    keeps->rest = {};  // it holds the client's interceptors, and so this one
    keeps->answer.set_value();
    sent.get();
}

TEST(ClientInterceptor, ThatReturnsNoOperationsFutureFailsTheCall) {
    class Forgets final : public ClientInterceptor {
    public:
        Future<void> signal_workflow(
            SignalWorkflowCall /*call*/, Next<SignalWorkflowCall, Future<void>> /*next*/
        ) override {
            return {};
        }
    };
    FakeServer server;
    server.context->interceptors = {std::make_shared<Forgets>()};
    const auto error = thrown_by<Error>([&] { server.client.handle("order-7").signal("approve"); });
    EXPECT_THAT(error.what(), HasSubstr("return what next() gives"));
}

TEST(ClientInterceptor, ThatAnswersWithAnUpdateWithoutAnOutcomeDoesNotOutlastTheCallsTimeout) {
    class AnswersWithAnother final : public ClientInterceptor {
    public:
        Future<WorkflowUpdateRef> update_workflow(
            UpdateWorkflowCall call, Next<UpdateWorkflowCall, Future<WorkflowUpdateRef>> /*next*/
        ) override {
            Promise<WorkflowUpdateRef> answer;
            answer.set_value(WorkflowUpdateRef{.workflow = call.workflow, .id = "u-0"});
            return answer.future();
        }
    };
    FakeServer server;
    server.context->interceptors = {std::make_shared<AnswersWithAnother>()};
    const auto order = server.client.handle("order-7");
    EXPECT_THROW((void)order.update_with<int>({.timeout = 20ms}, "add"), WaitTimeoutError);
    const auto poll = server.channel->request<service::PollWorkflowExecutionUpdateRequest>(0);
    EXPECT_EQ(poll.update_ref().update_id(), "u-0");
}

TEST(ClientInterceptor, ThatIsNullIsRefused) {
    ClientOptions options;
    options.lazy = true;
    options.interceptors = {nullptr};
    const auto error =
        thrown_by<ConfigurationError>([&] { (void)Client::connect(std::move(options)); });
    EXPECT_THAT(error.what(), HasSubstr("ClientOptions::interceptors is null"));
}

}  // namespace
}  // namespace hourglass::client
