#include "hourglass/nexus/interceptor.hpp"

#include "hourglass/client/interceptor.hpp"
#include "src/nexus/token.hpp"
#include "tests/unit/nexus/harness.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace hourglass::nexus {
namespace {

namespace service = temporal::api::workflowservice::v1;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Puts its name behind what comes, and around what it leads to.
class Names final : public OperationInterceptor {
public:
    explicit Names(std::string name) : name_{std::move(name)} {}

    StartedOperation handle_nexus_start(
        StartOperationCall call, Next<StartOperationCall, StartedOperation> next
    ) override {
        call.input = to_payload(from_payload<std::string>(call.input) + name_);
        call.headers["tenant"] += name_;
        StartedOperation started = next(std::move(call));
        if (auto* const result = std::get_if<Payload>(&started)) {
            *result = to_payload(name_ + "(" + from_payload<std::string>(*result) + ")");
        } else {
            std::get<PendingOperation>(started).token += name_;
        }
        return started;
    }
    void handle_nexus_cancel(CancelOperationCall call, Next<CancelOperationCall, void> next)
        override {
        call.operation_token.erase(call.operation_token.rfind(name_));
        next(std::move(call));
    }

private:
    const std::string name_;
};

/// Does to the start, or to the cancellation, what it is told.
class Does final : public OperationInterceptor {
public:
    using Start = std::function<
        StartedOperation(StartOperationCall, Next<StartOperationCall, StartedOperation>)>;
    using Cancel = std::function<void(CancelOperationCall, Next<CancelOperationCall, void>)>;

    explicit Does(Start start, Cancel cancel = {})
        : start_{std::move(start)}, cancel_{std::move(cancel)} {}

    StartedOperation handle_nexus_start(
        StartOperationCall call, Next<StartOperationCall, StartedOperation> next
    ) override {
        return start_(std::move(call), std::move(next));
    }
    void handle_nexus_cancel(CancelOperationCall call, Next<CancelOperationCall, void> next)
        override {
        cancel_(std::move(call), std::move(next));
    }

private:
    const Start start_;
    const Cancel cancel_;
};

class InterceptedOperation : public ::testing::Test {
protected:
    InterceptedOperation() {
        harness_.services.add("greetings", "greet", [this](std::string name) {
            ++handled_;
            return "hello " + name + " of " + info().headers.at("tenant");
        });
        harness_.services.add("greetings", "ship", [](std::string order) -> Operation<std::string> {
            return workflow_run<std::string>("Ships", {.id = order});
        });
    }
    void with_names() {
        harness_.interceptors = {std::make_shared<Names>("1"), std::make_shared<Names>("2")};
    }
    void start_does(Does::Start start) {
        harness_.interceptors = {std::make_shared<Does>(std::move(start))};
    }
    [[nodiscard]] Request::Completion greet() { return harness_.call("greet", std::string{"ada"}); }
    static std::string token_of(const std::string& id) {
        return to_text(OperationToken{.workflow_namespace = "greeters", .workflow_id = id});
    }

    int handled_ = 0;
    Harness harness_;
};

TEST_F(InterceptedOperation, GoesThroughTheFirstInterceptorFirst) {
    with_names();
    EXPECT_EQ(value_in<std::string>(greet()), "1(2(hello ada12 of blue12))");
}

TEST_F(InterceptedOperation, SeesTheHeadersThatCameUntilItHasGoneOn) {
    std::vector<std::string> seen;
    start_does([&seen](StartOperationCall call, auto next) {
        const Info& came = info();
        call.headers["tenant"] = "red";
        seen.push_back(info().headers.at("tenant"));
        StartedOperation started = next(std::move(call));
        seen.push_back(info().headers.at("tenant"));
        seen.push_back(came.headers.at("tenant"));
        return started;
    });
    EXPECT_EQ(value_in<std::string>(greet()), "hello ada of red");
    EXPECT_THAT(seen, ElementsAre("blue", "red", "blue"));
}

TEST_F(InterceptedOperation, IsAWorkflowThatWasStartedWhenItsTokenIsSeen) {
    with_names();
    service::StartWorkflowExecutionResponse response;
    response.set_run_id("run-1");
    harness_.channel->answer(response);
    const auto completion = harness_.call("ship", std::string{"order-"});
    const auto& pending = completion.completed().start_operation().async_success();
    EXPECT_EQ(pending.operation_token(), token_of("order-12") + "21") << "inwards, and outwards";
    ASSERT_EQ(pending.links_size(), 1);
    EXPECT_THAT(pending.links(0).url(), HasSubstr("order-12"));
    EXPECT_EQ(
        harness_.channel->request<service::StartWorkflowExecutionRequest>(0).workflow_id(),
        "order-12"
    );
}

TEST_F(InterceptedOperation, ThatCannotBeStartedThrowsToItsInterceptors) {
    std::string seen;
    start_does([&seen](StartOperationCall call, auto next) {
        try {
            return next(std::move(call));
        } catch (const RpcError& error) {
            seen = error.what();
            throw;
        }
    });
    harness_.channel->fail(RpcCode::PermissionDenied, "no room");
    EXPECT_THAT(error_in(harness_.call("ship", std::string{"order-7"})), StartsWith("INTERNAL"));
    EXPECT_THAT(seen, HasSubstr("no room"));
}

TEST_F(InterceptedOperation, IsCancelledThroughThem) {
    with_names();
    harness_.channel->answer(service::RequestCancelWorkflowExecutionResponse{});
    const auto completion =
        harness_.handle(Harness::cancel_task("ship", token_of("order-7") + "21"));
    EXPECT_TRUE(completion.completed().has_cancel_operation()) << completion.ShortDebugString();
    const auto request =
        harness_.channel->request<service::RequestCancelWorkflowExecutionRequest>(0);
    EXPECT_EQ(request.workflow_execution().workflow_id(), "order-7");
    EXPECT_EQ(request.reason(), "the Nexus operation was cancelled");
}

TEST_F(InterceptedOperation, MayBeRefused) {
    start_does([](StartOperationCall call, auto /*next*/) -> StartedOperation {
        throw HandlerError{"not for " + call.headers.at("tenant"), ErrorType::Unauthorized};
    });
    EXPECT_EQ(error_in(greet()), "UNAUTHORIZED: not for blue");
    EXPECT_EQ(handled_, 0);
}

TEST_F(InterceptedOperation, FailsAsIfTheHandlerHadThrown) {
    start_does([](StartOperationCall, auto) -> StartedOperation {
        throw std::runtime_error{"bug"};
    });
    const auto bug = greet();
    EXPECT_EQ(error_in(bug), "INTERNAL: the operation's handler failed");
    EXPECT_EQ(bug.failure().cause().message(), "bug");
    start_does([](StartOperationCall, auto) -> StartedOperation {
        throw OperationError{"sold out"};
    });
    const auto failed = greet();
    const auto& failure = failed.completed().start_operation().failure();
    EXPECT_EQ(failure.message(), "sold out");
    EXPECT_EQ(failure.application_failure_info().type(), "OperationError");
    EXPECT_EQ(handled_, 0);
}

TEST_F(InterceptedOperation, WhoseCancellationIsRefusedIsNotCancelled) {
    harness_.interceptors = {std::make_shared<Does>(Does::Start{}, [](CancelOperationCall, auto) {
        throw HandlerError{"too late", ErrorType::Conflict};
    })};
    EXPECT_EQ(
        error_in(harness_.handle(Harness::cancel_task("ship", token_of("order-7")))),
        "CONFLICT: too late"
    );
    EXPECT_EQ(harness_.channel->calls(), 0U);
}

TEST_F(InterceptedOperation, MayBeAnsweredWithoutItsHandler) {
    start_does([](StartOperationCall, auto) { return StartedOperation{to_payload("known")}; });
    EXPECT_EQ(value_in<std::string>(greet()), "known");
    EXPECT_EQ(handled_, 0);
}

TEST_F(InterceptedOperation, HappensAgainIfItIsAskedForAgain) {
    start_does([](StartOperationCall call, auto next) {
        static_cast<void>(next(call));
        return next(std::move(call));
    });
    EXPECT_EQ(value_in<std::string>(greet()), "hello ada of blue");
    EXPECT_EQ(handled_, 2);
}

TEST_F(InterceptedOperation, MayGoOnElsewhereAndLater) {
    // It owns what it needs.
    std::optional<Next<StartOperationCall, StartedOperation>> kept;
    start_does([&kept](StartOperationCall, auto next) {
        kept.emplace(std::move(next));
        return StartedOperation{to_payload("later")};
    });
    EXPECT_EQ(value_in<std::string>(greet()), "later");
    harness_.services = {};
    std::string error;
    std::thread{[&] {
        try {
            static_cast<void>((*kept)({.input = to_payload("eve")}));
        } catch (const Error& outside) {
            error = outside.what();
        }
    }}.join();
    EXPECT_EQ(handled_, 1);
    EXPECT_THAT(error, HasSubstr("no Nexus operation is handled on this thread"));
}

TEST_F(InterceptedOperation, ThatGoesOnNeedsAToken) {
    start_does([](StartOperationCall, auto) { return StartedOperation{PendingOperation{}}; });
    EXPECT_THAT(greet().failure().cause().message(), HasSubstr("gives no token"));
    start_does([](StartOperationCall, auto) { return StartedOperation{PendingOperation{"mine"}}; });
    EXPECT_EQ(greet().completed().start_operation().async_success().operation_token(), "mine");
}

TEST_F(InterceptedOperation, ThatIsUnknownReachesNone) {
    bool reached = false;
    start_does([&reached](StartOperationCall call, auto next) {
        reached = true;
        return next(std::move(call));
    });
    EXPECT_THAT(error_in(harness_.call("insult")), StartsWith("NOT_FOUND"));
    EXPECT_FALSE(reached);
}

/// Writes the tenant of the operation that is handled into what a client starts.
class Propagates final : public ClientInterceptor {
public:
    Future<WorkflowRef> start_workflow(
        StartWorkflowCall call, Next<StartWorkflowCall, Future<WorkflowRef>> next
    ) override {
        call.headers["tenant"] = to_payload(info().headers.at("tenant"));
        call.options.id += "!";
        auto started = next(std::move(call));
        seen = started.get();
        return started;
    }
    Future<void> cancel_workflow(
        CancelWorkflowCall call, Next<CancelWorkflowCall, Future<void>> next
    ) override {
        call.reason += " by interceptors";
        return next(std::move(call));
    }

    WorkflowRef seen;
};

TEST_F(InterceptedOperation, HasItsWorkflowStartedThroughTheInterceptorsOfTheClient) {
    const auto propagates = std::make_shared<Propagates>();
    harness_.client.interceptors = {propagates};
    service::StartWorkflowExecutionResponse response;
    response.set_run_id("run-1");
    response.set_first_execution_run_id("run-0");
    harness_.channel->answer(response);
    harness_.channel->answer(service::RequestCancelWorkflowExecutionResponse{});
    const auto completion = harness_.call("ship", std::string{"order-7"});
    const auto request = harness_.channel->request<service::StartWorkflowExecutionRequest>(0);
    EXPECT_EQ(request.workflow_id(), "order-7!");
    EXPECT_EQ(request.header().fields().at("tenant").data(), R"("blue")");
    EXPECT_EQ(request.request_id(), "request-1") << "it is still the operation's";
    EXPECT_EQ(propagates->seen.workflow_id, "order-7!");
    EXPECT_EQ(propagates->seen.run_id, "") << "as of any start";
    EXPECT_EQ(propagates->seen.result_run_id, "run-1");
    EXPECT_EQ(propagates->seen.first_execution_run_id, "run-0");
    const auto& token = completion.completed().start_operation().async_success().operation_token();
    EXPECT_EQ(token, token_of("order-7!"));
    ASSERT_EQ(request.completion_callbacks_size(), 1);
    EXPECT_EQ(request.completion_callbacks(0).nexus().header().at("nexus-operation-token"), token);
    EXPECT_TRUE(
        harness_.handle(Harness::cancel_task("ship", token)).completed().has_cancel_operation()
    );
    EXPECT_EQ(
        harness_.channel->request<service::RequestCancelWorkflowExecutionRequest>(1).reason(),
        "the Nexus operation was cancelled by interceptors"
    );
}

}  // namespace
}  // namespace hourglass::nexus
