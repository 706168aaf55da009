#include "src/client/rpc_errors.hpp"

#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/errordetails/v1/message.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hourglass::client {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

struct RpcErrors : testing::Test {
    FakeServer server;

    template <class E>
    E error_of_status() {
        return thrown_by<E>([this] { (void)server.client.handle("order-7").status(); });
    }
};

TEST_F(RpcErrors, NameTheNamespaceThatIsMissing) {
    temporal::api::errordetails::v1::NamespaceNotFoundFailure detail;
    detail.set_namespace_("orders");
    server.channel->fail(RpcCode::NotFound, "Namespace orders is not found.", detail);
    const auto error = error_of_status<NamespaceNotFoundError>();
    EXPECT_EQ(error.name(), "orders");
    EXPECT_THAT(error.what(), AllOf(HasSubstr("\"orders\""), HasSubstr("temporal.test:7233")));
}

TEST_F(RpcErrors, NameTheAddressThatDoesNotAnswer) {
    server.context->rpc_timeout = 20ms;
    for (int i = 0; i < 10'000; ++i) {
        server.channel->fail(RpcCode::Unavailable, "connection refused");
    }
    const auto error = error_of_status<UnavailableError>();
    EXPECT_EQ(error.address(), "temporal.test:7233");
    EXPECT_EQ(error.code(), RpcCode::Unavailable);
    EXPECT_THAT(
        error.what(), AllOf(HasSubstr("temporal.test:7233"), HasSubstr("connection refused"))
    );
}

TEST_F(RpcErrors, TellASlowServerFromAMissingOne) {
    server.context->rpc_timeout = 1ms;
    EXPECT_THAT(error_of_status<DeadlineExceededError>().what(), HasSubstr("within 1 ms"));
}

TEST_F(RpcErrors, TellWhoMayNotFromWhoIsUnknown) {
    server.channel->fail(RpcCode::PermissionDenied, "no").fail(RpcCode::Unauthenticated, "who?");
    EXPECT_THAT(error_of_status<PermissionDeniedError>().what(), HasSubstr("orders"));
    EXPECT_THAT(
        error_of_status<UnauthenticatedError>().what(),
        AllOf(HasSubstr("who?"), HasSubstr("replace_credentials"))
    );
}

TEST_F(RpcErrors, KeepCodeAndTextOfAnythingElse) {
    server.channel->fail(RpcCode::FailedPrecondition, "no poller seen for task queue recently");
    const auto error = error_of_status<RpcError>();
    EXPECT_EQ(error.code(), RpcCode::FailedPrecondition);
    EXPECT_THAT(
        error.what(),
        AllOf(
            HasSubstr("describe workflow \"order-7\""),
            HasSubstr("FailedPrecondition"),
            HasSubstr("no poller seen")
        )
    );
}

TEST_F(RpcErrors, SurviveDetailsThatAreNoStatus) {
    server.channel->fail(
        RpcFailure{.code = RpcCode::NotFound, .message = "x", .details = "\xff\xff"}
    );
    EXPECT_EQ(error_of_status<WorkflowNotFoundError>().workflow_id(), "order-7");
}

TEST_F(RpcErrors, SayWhenAnAnswerIsNoMessage) {
    struct Garbage {
        static std::string SerializeAsString() {
            return "\x0f\xff";
        }  // NOLINT(readability-identifier-naming)
    };
    server.channel->answer(Garbage{});
    EXPECT_EQ(error_of_status<RpcError>().code(), RpcCode::Internal);
}

}  // namespace
}  // namespace hourglass::client
