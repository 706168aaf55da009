// One connection, the namespaces of its server, and what is said where none comes about.
#include "hourglass/client/admin.hpp"
#include "hourglass/client/client.hpp"
#include "tests/support/test_server.hpp"
#include "tests/support/tls_endpoints.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace hourglass {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using test::unique;
using testing::AllOf;
using testing::HasSubstr;

TEST(InNamespace, IsAClientOfTheOtherNamespace) {
    const auto client = Client::connect({.address = test::server_address()});
    const std::string name = unique("other");
    admin::create_namespace(client, {.name = name, .retention = 24h});
    const auto other = client.in_namespace(name);
    const std::string id = unique("order");
    const StartOptions options{.id = id, .task_queue = unique("nobody")};
    ASSERT_TRUE(eventually([&] {
        try {
            static_cast<void>(other.start("Order", options));
            return true;
        } catch (const NamespaceNotFoundError&) {
            return false;  // not everywhere yet
        }
    }));
    EXPECT_EQ(other.handle(id).describe().status, WorkflowStatus::Running);
    EXPECT_THROW(static_cast<void>(client.handle(id).describe()), WorkflowNotFoundError);
    EXPECT_EQ(client.in_namespace(name).handle(id).describe().status, WorkflowStatus::Running);
    other.handle(id).terminate();
}

TEST(InNamespace, NamesTheNamespaceThatIsNotThere) {
    const auto client = Client::connect({.address = test::server_address()});
    const auto nowhere = client.in_namespace("nowhere");
    try {
        static_cast<void>(nowhere.start("Order", {.id = unique("order"), .task_queue = "nobody"}));
        ADD_FAILURE() << "there is no such namespace";
    } catch (const NamespaceNotFoundError& error) {
        EXPECT_NE(std::string{error.what()}.find("nowhere"), std::string::npos);
    }
}

/// What a client is told that cannot connect so.
std::string refusal_of(ClientOptions options) {
    options.rpc_timeout = 2s;
    try {
        static_cast<void>(Client::connect(std::move(options)));
    } catch (const UnavailableError& error) {
        return error.what();
    }
    return "connected";
}

TEST(Unreachable, IsAServerThatWantsTlsOfAClientWithoutIt) {
    const std::string server = test::server_address();
    const test::TlsEndpoints endpoints{
        static_cast<std::uint16_t>(std::stoi(server.substr(server.rfind(':') + 1)))
    };
    const std::string address = "127.0.0.1:" + std::to_string(endpoints.port("good"));
    EXPECT_THAT(refusal_of({.address = address}), HasSubstr("set ClientOptions::tls"));
    EXPECT_THAT(
        refusal_of({.address = address, .tls = TlsOptions{}}),
        AllOf(HasSubstr("UnknownIssuer"), HasSubstr("TlsOptions::server_root_ca"))
    );
    EXPECT_THAT(
        refusal_of(
            {.address = address,
             .tls =
                 TlsOptions{
                     .server_root_ca = endpoints.authority(), .server_name = "elsewhere.test"
                 }}
        ),
        HasSubstr("TlsOptions::server_name")
    );
    EXPECT_THAT(
        refusal_of(
            {.address = "127.0.0.1:" + std::to_string(endpoints.port("mutual")),
             .tls =
                 TlsOptions{
                     .server_root_ca = endpoints.authority(),
                     .server_name = test::TlsEndpoints::kHost
                 }}
        ),
        HasSubstr("TlsOptions::client_certificate")
    );
}

TEST(Unreachable, IsAServerWithoutTlsOfAClientThatWantsIt) {
    EXPECT_THAT(
        refusal_of({.address = test::server_address(), .tls = TlsOptions{}}), HasSubstr("TLS is on")
    );
    EXPECT_THAT(
        refusal_of({.address = test::server_address(), .api_key = "a-key"}),
        AllOf(HasSubstr("TLS is on"), HasSubstr("api_key"))
    );
}

TEST(Unreachable, IsAServerBehindAProxyThatIsAwayWhichIsNamed) {
    EXPECT_THAT(
        refusal_of(
            {.address = test::server_address(),
             .http_proxy = HttpProxyOptions{.address = "127.0.0.1:1"}}
        ),
        AllOf(HasSubstr("the HTTP proxy at 127.0.0.1:1"), HasSubstr(test::server_address()))
    );
}

}  // namespace
}  // namespace hourglass
