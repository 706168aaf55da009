#include "src/client/rpc_errors.hpp"

#include "src/client/core_channel.hpp"
#include "src/client/unreachable.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/errordetails/v1/message.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::client {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

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

std::string text_of_unavailable(std::string reason, bool final = false) {
    const RpcFailure failed{
        .code = RpcCode::Unavailable, .message = std::move(reason), .final = final
    };
    const CallTarget target{
        .address = "temporal.test:7233", .namespace_name = "orders", .action = "connect"
    };
    return thrown_by<UnavailableError>([&] { std::rethrow_exception(to_exception(target, failed)); }
    ).what();
}

constexpr const char* kUsualAdvice = "check that it runs and that the address is right";

TEST(UnavailableServer, IsAnsweredWithTheSettingThatItsReasonIsAbout) {
    const std::vector<std::pair<std::string, std::string>> advice{
        {"received corrupt message of type InvalidContentType", "TLS is on"},
        {"invalid peer certificate: UnknownIssuer", "server_root_ca"},
        {"invalid peer certificate: certificate not valid for name \"elsewhere\"; it is for "
         "\"temporal.test\"",
         "verification_server_name"},
        {"invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))", "openssl req -x509"},
        {"invalid peer certificate: certificate expired", "renew it"},
        {"cannot connect to http://temporal.test:7233/: transport error", "set ClientOptions::tls"},
        {"cannot connect to https://temporal.test:7233/: transport error", "client_certificate"},
    };
    for (const auto& [reason, about] : advice) {
        EXPECT_THAT(
            text_of_unavailable(reason),
            AllOf(HasSubstr(reason), HasSubstr(about), Not(HasSubstr(kUsualAdvice)))
        );
    }
    EXPECT_THAT(text_of_unavailable("Connection refused"), HasSubstr(kUsualAdvice));
}

TEST(UnavailableServer, IsNotBlamedForAClientThatHasEnded) {
    EXPECT_EQ(
        text_of_unavailable("the application has stopped", true),
        "cannot connect: the application has stopped"
    );
}

TEST(UnavailableServer, IsBlamedTogetherWithTheProxyThatIsNamed) {
    std::string reason = "Connection refused";
    name_proxy(std::nullopt, reason);
    EXPECT_EQ(reason, "Connection refused");
    name_proxy(HttpProxyOptions{.address = "10.0.0.1:3128", .password = "secret"}, reason);
    EXPECT_THAT(
        text_of_unavailable(reason),
        AllOf(HasSubstr("10.0.0.1:3128"), HasSubstr("http_proxy"), Not(HasSubstr("secret")))
    );
}

TEST(UnavailableServer, IsOneThatBreaksTheFirstConnection) {
    core::CallError broken{
        .status = core::Status::ConnectFailed,
        .grpc_code = static_cast<int>(RpcCode::Unknown),
        .message = "cannot connect to http://temporal.test:7233/: transport error"
    };
    EXPECT_EQ(to_rpc_failure(broken).code, RpcCode::Unavailable);
    broken.message = "cannot connect to http://temporal.test:7233/: out of order";
    EXPECT_EQ(to_rpc_failure(broken).code, RpcCode::Unknown) << "a server has answered that";
    broken.status = core::Status::Rpc;
    broken.message = "transport error";
    EXPECT_EQ(to_rpc_failure(broken).code, RpcCode::Unknown) << "of a connection that stood";
}

TEST_F(RpcErrors, TellASlowServerFromAMissingOne) {
    server.context->rpc_timeout = 1ms;
    EXPECT_THAT(error_of_status<DeadlineExceededError>().what(), HasSubstr("within 1 ms"));
}

/// What is said of a call that ran out of time with `message`.
std::string text_of_late(const std::string& action, const std::string& message) {
    const std::exception_ptr error = to_exception(
        {.address = "temporal.test:7233", .namespace_name = "orders", .action = action},
        {.code = RpcCode::DeadlineExceeded, .message = message}
    );
    return thrown_by<DeadlineExceededError>([&] { std::rethrow_exception(error); }).what();
}

TEST(LateCalls, AreSaidToHaveDoneNothingIfTheyWereNeverSent) {
    const std::string text = text_of_late("count workflows", std::string{kNeverSent});
    EXPECT_THAT(text, AllOf(HasSubstr(std::string{kNeverSent}), HasSubstr("nothing was done")));
    EXPECT_THAT(text, Not(HasSubstr("all the same")));
}

TEST(LateCalls, HearOfAWorkerOnlyIfTheyNeedOne) {
    const std::string late = "no answer within 10 ms";
    EXPECT_THAT(
        text_of_late("put query \"status\" of workflow \"order-7\"", late),
        AllOf(HasSubstr("a query needs a worker"), Not(HasSubstr("all the same")))
    );
    EXPECT_THAT(
        text_of_late("update \"add\" of workflow \"order-7\"", late),
        AllOf(HasSubstr("An update needs a worker"), HasSubstr("all the same"))
    );
    EXPECT_THAT(
        text_of_late("update schedule \"nightly\"", late),
        AllOf(Not(HasSubstr("worker")), HasSubstr("all the same"))
    );
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
