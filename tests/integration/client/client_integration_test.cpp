// The client against a real server, without a worker: HOURGLASS_TEST_ADDRESS says where it is.
#include "hourglass/client/client.hpp"
#include "hourglass/raw.hpp"
#include "tests/support/test_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace hourglass {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using test::unique;
using testing::HasSubstr;
using testing::UnorderedElementsAreArray;

ClientOptions options() {
    return {.address = test::server_address()};
}

/// A port on which nobody listens.
int closed_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool bound = bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    close(socket);
    return bound ? ntohs(address.sin_port) : 1;
}

struct OnServer : testing::Test {
    Client client = Client::connect(options());
    std::string id = unique("client-test");
    std::string queue = "nobody-polls-this";

    WorkflowHandle<> started(StartOptions more = {}) {
        more.id = id;
        more.task_queue = queue;
        return client.start("Waiting", more, "ada", 7);
    }
};

TEST_F(OnServer, AWorkflowThatWasStartedIsDescribed) {
    const auto handle =
        started({.memo = {{"customer", to_payload("ada")}}, .static_summary = "an order"});
    const auto description = handle.describe();
    EXPECT_EQ(description.id, id);
    EXPECT_EQ(description.run_id, handle.first_execution_run_id());
    EXPECT_EQ(description.type, "Waiting");
    EXPECT_EQ(description.task_queue, queue);
    EXPECT_EQ(description.status, WorkflowStatus::Running);
    EXPECT_EQ(description.close_time, std::nullopt);
    EXPECT_GE(description.history_length, 2);
    EXPECT_LT(std::chrono::system_clock::now() - description.start_time, 1min);
    EXPECT_EQ(from_payload<std::string>(description.memo.at("customer")), "ada");
    EXPECT_EQ(description.static_summary, "an order");
    EXPECT_EQ(handle.status(), WorkflowStatus::Running);
    handle.terminate();
}

TEST_F(OnServer, SignalsAndCancellationAreRecorded) {
    const auto handle = started();
    handle.signal("approve", "ada");
    handle.cancel("changed my mind");
    EXPECT_TRUE(handle.describe().cancel_requested);
    std::vector<std::string> types;
    for (const auto& event : handle.history().events()) {
        types.push_back(event.type);
    }
    EXPECT_THAT(types, testing::Contains("WorkflowExecutionSignaled"));
    EXPECT_THAT(types, testing::Contains("WorkflowExecutionCancelRequested"));
    EXPECT_THAT(handle.history().to_json(), HasSubstr("changed my mind"));
    handle.terminate();
}

TEST_F(OnServer, TheResultOfATerminatedWorkflowIsAnErrorWithTheReason) {
    const auto handle = started();
    auto result = handle.result_async<int>();
    EXPECT_FALSE(result.ready());
    handle.terminate("stuck", 1, "two");
    try {
        (void)result.get();
        FAIL() << "a terminated workflow has no result";
    } catch (const WorkflowFailedError& error) {
        EXPECT_EQ(error.status(), WorkflowStatus::Terminated);
        EXPECT_EQ(error.run_id(), handle.first_execution_run_id());
        ASSERT_NE(error.find_cause<TerminatedError>(), nullptr);
        EXPECT_EQ(error.find_cause<TerminatedError>()->message(), "stuck");
        EXPECT_EQ(error.find_cause<TerminatedError>()->identity(), client.identity());
    }
    EXPECT_EQ(handle.status(), WorkflowStatus::Terminated);
    EXPECT_NE(handle.describe().close_time, std::nullopt);
    EXPECT_THROW(handle.signal("too late"), WorkflowNotFoundError);
}

TEST_F(OnServer, AResultThatTakesTooLongIsAWaitTimeout) {
    const auto handle = started();
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THROW(handle.result<void>({.timeout = 300ms}), WaitTimeoutError);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
    EXPECT_EQ(handle.status(), WorkflowStatus::Running);
    handle.terminate();
}

TEST_F(OnServer, ARunTimeoutEndsTheWorkflowAndItsRetryIsFollowed) {
    const auto handle =
        started({.run_timeout = 1s, .retry_policy = RetryPolicy{.maximum_attempts = 2}});
    try {
        handle.result<void>({.timeout = 30s});
        FAIL() << "nobody could have completed it";
    } catch (const WorkflowFailedError& error) {
        EXPECT_EQ(error.status(), WorkflowStatus::TimedOut);
        EXPECT_NE(error.find_cause<TimeoutError>(), nullptr);
        EXPECT_NE(error.run_id(), handle.first_execution_run_id())
            << "the second attempt is another run";
    }
}

TEST_F(OnServer, AnIdThatIsRunningCannotBeStartedAgain) {
    const auto handle = started();
    try {
        started();
        FAIL() << "the id is running";
    } catch (const WorkflowAlreadyStartedError& error) {
        EXPECT_EQ(error.workflow_id(), id);
        EXPECT_EQ(error.run_id(), handle.first_execution_run_id());
    }
    const auto same = started({.id_conflict_policy = WorkflowIdConflictPolicy::UseExisting});
    EXPECT_EQ(same.describe().run_id, handle.first_execution_run_id());
    const auto other = started({.id_conflict_policy = WorkflowIdConflictPolicy::TerminateExisting});
    EXPECT_NE(other.first_execution_run_id(), handle.first_execution_run_id());
    EXPECT_EQ(
        client.handle(id, handle.first_execution_run_id()).status(), WorkflowStatus::Terminated
    );
    EXPECT_THROW(handle.cancel(), WorkflowNotFoundError) << "the id belongs to another chain now";
    other.terminate();
    EXPECT_THROW(
        started({.id_reuse_policy = WorkflowIdReusePolicy::RejectDuplicate}),
        WorkflowAlreadyStartedError
    );
    started().terminate();
}

TEST_F(OnServer, WhatDoesNotExistIsNamed) {
    const auto missing = client.handle("no-such-workflow");
    const std::vector<std::function<void()>> calls{
        [&] { (void)missing.status(); },
        [&] { missing.signal("x"); },
        [&] { missing.cancel(); },
        [&] { missing.terminate(); },
        [&] { (void)missing.history(); },
        [&] { missing.result<void>(); },
        [&] { (void)missing.query<int>("x"); },
        [&] { (void)missing.update<int>("x"); },
    };
    for (const auto& call : calls) {
        try {
            call();
            ADD_FAILURE() << "the workflow does not exist";
        } catch (const WorkflowNotFoundError& error) {
            EXPECT_EQ(error.workflow_id(), "no-such-workflow");
            EXPECT_THAT(error.what(), HasSubstr("no-such-workflow"));
        }
    }
}

TEST_F(OnServer, AMissingNamespaceIsNamedByEveryCall) {
    ClientOptions elsewhere = options();
    elsewhere.namespace_ = "no-such-namespace";
    const Client lost = Client::connect(elsewhere);
    const std::vector<std::function<void()>> calls{
        [&] { lost.start("X", {.id = id}); },
        [&] { (void)lost.handle(id).status(); },
        [&] { (void)lost.count_workflows(); },
        [&] { lost.handle(id).result<void>(); },
    };
    for (const auto& call : calls) {
        try {
            call();
            ADD_FAILURE() << "the namespace does not exist";
        } catch (const NamespaceNotFoundError& error) {
            EXPECT_EQ(error.name(), "no-such-namespace");
        }
    }
}

TEST_F(OnServer, AllPagesOfAListAreSeen) {
    const std::string type = unique("Listed");
    std::vector<std::string> ids;
    for (int i = 0; i < 5; ++i) {
        ids.push_back(unique("listed"));
        client.start(type, {.id = ids.back(), .task_queue = queue});
    }
    const std::string query = "WorkflowType = '" + type + "'";
    EXPECT_TRUE(eventually([&] { return client.count_workflows(query).total == 5; }));
    std::vector<std::string> found;
    for (const WorkflowExecution& execution : client.list_workflows(query, {.page_size = 2})) {
        EXPECT_EQ(execution.type, type);
        EXPECT_EQ(execution.status, WorkflowStatus::Running);
        found.push_back(execution.id);
    }
    EXPECT_THAT(found, UnorderedElementsAreArray(ids));
    for (const auto& each : ids) {
        client.handle(each).terminate();
    }
    EXPECT_THROW((void)client.count_workflows("this is no query"), RpcError);
}

TEST_F(OnServer, AHistoryIsTheSameAfterItsWayThroughJson) {
    const auto handle = started();
    handle.terminate("done");
    const WorkflowHistory history = handle.history();
    EXPECT_EQ(history.events().front().type, "WorkflowExecutionStarted");
    EXPECT_EQ(history.events().back().type, "WorkflowExecutionTerminated");
    EXPECT_EQ(history.run_id(), handle.first_execution_run_id());
    const WorkflowHistory again = WorkflowHistory::from_json(history.to_json());
    EXPECT_EQ(again.workflow_id(), id);
    EXPECT_EQ(again.serialized(), history.serialized());
}

TEST_F(OnServer, AQueryWithoutAWorkerFailsInTime) {
    ClientOptions hasty = options();
    hasty.rpc_timeout = 1s;
    const Client other = Client::connect(hasty);
    started();
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THROW((void)other.handle(id).query<int>("anything"), RpcError);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
    EXPECT_THROW(
        (void)other.handle(id).update_with<int>({.timeout = 500ms}, "anything"), WaitTimeoutError
    );
    client.handle(id).terminate();
}

TEST_F(OnServer, OneConnectionServesManyThreadsAtOnce) {
    const auto handle = started();
    std::vector<Future<WorkflowDescription>> described;
    for (int i = 0; i < 100; ++i) {
        described.push_back(handle.describe_async());
    }
    for (const auto& each : described) {
        EXPECT_EQ(each.get().id, id);
    }
    handle.terminate();
}

TEST_F(OnServer, RawCallsReachEveryService) {
    EXPECT_FALSE(raw_call(client, "workflow", "GetSystemInfo", "").empty());
    EXPECT_FALSE(raw_call(client, "workflow", "GetClusterInfo", "").empty());
    EXPECT_FALSE(
        raw_call(client, "operator", "ListSearchAttributes", std::string{"\n\x07"} + "default")
            .empty()
    );
    EXPECT_THROW((void)raw_call(client, "workflow", "NoSuchMethod", ""), RpcError);
}

TEST(WithoutServer, ConnectFailsWithTheAddressAfterItsTimeout) {
    ClientOptions nowhere;
    nowhere.address = "127.0.0.1:" + std::to_string(closed_port());
    nowhere.rpc_timeout = 700ms;
    const auto begin = std::chrono::steady_clock::now();
    try {
        (void)Client::connect(nowhere);
        FAIL() << "nobody listens there";
    } catch (const UnavailableError& error) {
        EXPECT_EQ(error.address(), nowhere.address);
        EXPECT_THAT(error.what(), HasSubstr(nowhere.address));
    }
    const auto took = std::chrono::steady_clock::now() - begin;
    EXPECT_GT(took, 400ms) << "it tries again until the timeout";
    EXPECT_LT(took, 5s);
}

TEST(WithoutServer, ALazyClientFailsAtItsFirstCall) {
    ClientOptions nowhere;
    nowhere.address = "127.0.0.1:" + std::to_string(closed_port());
    nowhere.rpc_timeout = 300ms;
    nowhere.lazy = true;
    const Client client = Client::connect(nowhere);
    EXPECT_THROW((void)client.handle("x").status(), UnavailableError);
    EXPECT_THROW((void)client.handle("x").update<int>("y"), UnavailableError);
    EXPECT_THROW((void)client.handle("x").result<int>({.timeout = 300ms}), UnavailableError);
}

TEST(WithoutServer, AHostThatSwallowsPacketsIsUnavailable) {
    ClientOptions nowhere;
    nowhere.address = "192.0.2.1:7233";  // set aside for documentation: no route answers
    nowhere.rpc_timeout = 1s;
    EXPECT_THROW((void)Client::connect(nowhere), UnavailableError);
}

TEST(WithoutServer, AnAddressThatIsNoneIsRefused) {
    EXPECT_THROW((void)Client::connect({.address = "localhost"}), ConfigurationError);
}

}  // namespace
}  // namespace hourglass
