#include "hourglass/raw.hpp"

#include "grpc/health/v1/health.pb.h"
#include "src/core/connection.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/operatorservice/v1/request_response.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

/// The services, as the client and as the bridge call them.
constexpr std::pair<raw::Service, core::Service> kServices[] = {
    {raw::Service::Workflow, core::Service::Workflow},
    {raw::Service::Operator, core::Service::Operator},
    {raw::Service::Cloud, core::Service::Cloud},
    {raw::Service::Test, core::Service::Test},
    {raw::Service::Health, core::Service::Health},
};

TEST(RawMethods, OfTheProtosAreAllKnownToTheBridge) {
    std::size_t known = 0;
    for (const auto& [mine, bridges] : kServices) {
        const auto names = raw::methods(mine);
        EXPECT_FALSE(names.empty());
        for (const auto& name : names) {
            EXPECT_TRUE(core::has_method(bridges, name)) << name;
            ++known;
        }
    }
    EXPECT_GT(known, 200U);
    EXPECT_THAT(raw::methods(raw::Service::Workflow), Contains("StartWorkflowExecution"));
    EXPECT_THAT(raw::methods(raw::Service::Operator), Contains("AddSearchAttributes"));
    EXPECT_THAT(raw::methods(raw::Service::Cloud), Contains("GetNamespaces"));
    EXPECT_THAT(raw::methods(raw::Service::Test), Contains("UnlockTimeSkipping"));
    EXPECT_THAT(raw::methods(raw::Service::Health), Contains("Check"));
    EXPECT_THAT(raw::methods(raw::Service::Health), Not(Contains("Watch"))) << "it streams";
}

TEST(RawMessages, GoToTheirServiceAndBack) {
    FakeServer server;
    service::GetClusterInfoResponse response;
    response.set_server_version("1.30");
    server.channel->answer(response);
    const auto info = raw::call<service::GetClusterInfoResponse>(
        server.client,
        raw::Service::Workflow,
        "GetClusterInfo",
        service::GetClusterInfoRequest{},
        {.timeout = 2s, .metadata = {{"x-tenant", "ada"}}}
    );
    EXPECT_EQ(info.server_version(), "1.30");
    EXPECT_EQ(server.channel->call_at(0).service, RpcService::Workflow);
    EXPECT_EQ(server.channel->call_at(0).method, "GetClusterInfo");
    EXPECT_LE(server.channel->call_at(0).timeout, 2s);
    EXPECT_EQ(server.channel->call_at(0).metadata.at("x-tenant"), "ada");

    grpc::health::v1::HealthCheckResponse health;
    health.set_status(grpc::health::v1::HealthCheckResponse::SERVING);
    server.channel->answer(health);
    EXPECT_EQ(
        raw::call<grpc::health::v1::HealthCheckResponse>(
            server.client, raw::Service::Health, "Check", grpc::health::v1::HealthCheckRequest{}
        )
            .status(),
        grpc::health::v1::HealthCheckResponse::SERVING
    );
    EXPECT_EQ(server.channel->call_at(1).service, RpcService::Health);
}

TEST(RawMessages, OfAnotherMethodAreRefusedBeforeAnythingIsSent) {
    FakeServer server;
    const auto rejected = [](auto call) {
        return std::string{thrown_by<ConfigurationError>(call).what()};
    };
    EXPECT_THAT(
        rejected([&] {
            (void)raw::call<service::GetClusterInfoResponse>(
                server.client,
                raw::Service::Workflow,
                "GetClusterInfo",
                service::GetSystemInfoRequest{}
            );
        }),
        HasSubstr("takes a temporal.api.workflowservice.v1.GetClusterInfoRequest, not a")
    );
    EXPECT_THAT(
        rejected([&] {
            (void)raw::call<service::GetSystemInfoResponse>(
                server.client,
                raw::Service::Workflow,
                "GetClusterInfo",
                service::GetClusterInfoRequest{}
            );
        }),
        HasSubstr("gives a temporal.api.workflowservice.v1.GetClusterInfoResponse")
    );
    EXPECT_THAT(
        rejected([&] {
            (void)raw::call<service::GetClusterInfoResponse>(
                server.client, raw::Service::Operator, "Fly", service::GetClusterInfoRequest{}
            );
        }),
        HasSubstr("OperatorService has no method \"Fly\"")
    );
    EXPECT_EQ(server.channel->calls(), 0U);
}

TEST(RawMessages, ThatDoNotParseAreAnInternalError) {
    FakeServer server;
    struct Garbage {
        // NOLINTNEXTLINE(readability-identifier-naming)
        [[nodiscard]] static std::string SerializeAsString() { return "\xff\xff\xff"; }
    };
    server.channel->answer(Garbage{});
    const auto error = thrown_by<RpcError>([&] {
        (void)raw::call<service::GetClusterInfoResponse>(
            server.client,
            raw::Service::Workflow,
            "GetClusterInfo",
            service::GetClusterInfoRequest{}
        );
    });
    EXPECT_EQ(error.code(), RpcCode::Internal);
}

}  // namespace
}  // namespace hourglass::client
