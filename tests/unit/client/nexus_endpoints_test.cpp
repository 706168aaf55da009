#include "hourglass/client/nexus_endpoints.hpp"

#include "src/convert/proto_payload.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/operatorservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace hourglass::client {
namespace {

namespace operations = temporal::api::operatorservice::v1;
using testing::ElementsAre;
using testing::HasSubstr;

struct NexusEndpoints : testing::Test {
    FakeServer server;

    static temporal::api::nexus::v1::Endpoint endpoint(const std::string& name) {
        temporal::api::nexus::v1::Endpoint proto;
        proto.set_id("id-1");
        proto.set_version(3);
        proto.set_url_prefix("/nexus/endpoints/id-1/services");
        proto.mutable_created_time()->set_seconds(100);
        proto.mutable_spec()->set_name(name);
        auto& worker = *proto.mutable_spec()->mutable_target()->mutable_worker();
        worker.set_namespace_("orders");
        worker.set_task_queue("shop");
        convert::to_proto(
            to_payload(std::string{"what it is for"}), proto.mutable_spec()->mutable_description()
        );
        return proto;
    }
    template <class Response>
    static Response with_endpoint() {
        Response response;
        *response.mutable_endpoint() = endpoint("shop-prod");
        return response;
    }
};

TEST_F(NexusEndpoints, AreMadeForATaskQueueOfTheClientsNamespace) {
    server.channel->answer(with_endpoint<operations::CreateNexusEndpointResponse>());
    const auto made = admin::create_nexus_endpoint(
        server.client,
        {.name = "shop-prod", .target = {.task_queue = "shop"}, .description = "what it is for"}
    );
    EXPECT_EQ(server.channel->call_at(0).method, "CreateNexusEndpoint");
    const auto sent = server.channel->request<operations::CreateNexusEndpointRequest>(0);
    EXPECT_EQ(sent.spec().name(), "shop-prod");
    EXPECT_EQ(sent.spec().target().worker().namespace_(), "orders");
    EXPECT_EQ(sent.spec().target().worker().task_queue(), "shop");
    EXPECT_EQ(sent.spec().description().data(), "\"what it is for\"");
    EXPECT_EQ(made.id, "id-1");
    EXPECT_EQ(made.version, 3);
    EXPECT_EQ(made.spec.name, "shop-prod");
    EXPECT_EQ(made.spec.target.workflow_namespace, "orders");
    EXPECT_EQ(made.spec.target.task_queue, "shop");
    EXPECT_EQ(made.spec.description, "what it is for");
    EXPECT_EQ(made.url_prefix, "/nexus/endpoints/id-1/services");
    EXPECT_EQ(made.created_time, std::chrono::system_clock::time_point{std::chrono::seconds{100}});
    EXPECT_EQ(made.last_modified_time, std::nullopt);
}

TEST_F(NexusEndpoints, LeadToOtherNamespacesOrServers) {
    server.channel->answer(operations::CreateNexusEndpointResponse{})
        .answer(operations::CreateNexusEndpointResponse{});
    admin::create_nexus_endpoint(
        server.client,
        {.name = "a", .target = {.workflow_namespace = "shops", .task_queue = "shop"}}
    );
    admin::create_nexus_endpoint(
        server.client, {.name = "b", .target = {.url = "https://shop.example"}}
    );
    const auto first = server.channel->request<operations::CreateNexusEndpointRequest>(0);
    EXPECT_EQ(first.spec().target().worker().namespace_(), "shops");
    EXPECT_FALSE(first.spec().has_description());
    const auto second = server.channel->request<operations::CreateNexusEndpointRequest>(1);
    EXPECT_EQ(second.spec().target().external().url(), "https://shop.example");
}

TEST_F(NexusEndpoints, AreReadChangedAndRemovedInTheVersionThatWasSeen) {
    server.channel->answer(with_endpoint<operations::GetNexusEndpointResponse>())
        .answer(with_endpoint<operations::UpdateNexusEndpointResponse>())
        .answer(operations::DeleteNexusEndpointResponse{});
    auto endpoint = admin::get_nexus_endpoint(server.client, "id-1");
    EXPECT_EQ(server.channel->request<operations::GetNexusEndpointRequest>(0).id(), "id-1");
    endpoint.spec.target.task_queue = "other";
    EXPECT_EQ(admin::update_nexus_endpoint(server.client, endpoint).version, 3);
    const auto update = server.channel->request<operations::UpdateNexusEndpointRequest>(1);
    EXPECT_EQ(update.id(), "id-1");
    EXPECT_EQ(update.version(), 3);
    EXPECT_EQ(update.spec().name(), "shop-prod");
    EXPECT_EQ(update.spec().target().worker().task_queue(), "other");
    EXPECT_EQ(update.spec().description().data(), "\"what it is for\"");
    admin::remove_nexus_endpoint(server.client, endpoint);
    const auto remove = server.channel->request<operations::DeleteNexusEndpointRequest>(2);
    EXPECT_EQ(remove.id(), "id-1");
    EXPECT_EQ(remove.version(), 3);
}

TEST_F(NexusEndpoints, AreFoundByNameAndListed) {
    operations::ListNexusEndpointsResponse one;
    *one.add_endpoints() = endpoint("shop-prod");
    operations::ListNexusEndpointsResponse first = one;
    first.set_next_page_token("more");
    operations::ListNexusEndpointsResponse second;
    *second.add_endpoints() = endpoint("shop-test");
    server.channel->answer(one)
        .answer(operations::ListNexusEndpointsResponse{})
        .answer(first)
        .answer(second);
    EXPECT_EQ(admin::find_nexus_endpoint(server.client, "shop-prod")->id, "id-1");
    EXPECT_EQ(
        server.channel->request<operations::ListNexusEndpointsRequest>(0).name(), "shop-prod"
    );
    EXPECT_EQ(admin::find_nexus_endpoint(server.client, "nowhere"), std::nullopt);
    std::vector<std::string> names;
    for (const auto& each : admin::list_nexus_endpoints(server.client, {.page_size = 1})) {
        names.push_back(each.spec.name);
    }
    EXPECT_THAT(names, ElementsAre("shop-prod", "shop-test"));
    const auto page = server.channel->request<operations::ListNexusEndpointsRequest>(3);
    EXPECT_EQ(page.page_size(), 1);
    EXPECT_EQ(page.next_page_token(), "more");
    EXPECT_EQ(page.name(), "");
}

TEST_F(NexusEndpoints, ThatCannotBeMeantAreRefusedBeforeAnythingIsSent) {
    const auto rejected = [this](const admin::NexusEndpointSpec& spec) {
        return std::string{thrown_by<ConfigurationError>([&] {
                               admin::create_nexus_endpoint(server.client, spec);
                           }).what()};
    };
    EXPECT_THAT(rejected({.target = {.task_queue = "shop"}}), HasSubstr("NexusEndpointSpec::name"));
    EXPECT_THAT(rejected({.name = "a"}), HasSubstr("task_queue and url"));
    EXPECT_THAT(
        rejected({.name = "a", .target = {.task_queue = "shop", .url = "https://shop.example"}}),
        HasSubstr("task_queue and url")
    );
    EXPECT_THROW((void)admin::get_nexus_endpoint(server.client, ""), ConfigurationError);
    EXPECT_THROW((void)admin::find_nexus_endpoint(server.client, ""), ConfigurationError);
    EXPECT_THROW(admin::update_nexus_endpoint(server.client, {}), ConfigurationError);
    EXPECT_THROW(admin::remove_nexus_endpoint(server.client, {}), ConfigurationError);
    EXPECT_THROW(
        (void)admin::list_nexus_endpoints(server.client, {.page_size = 0}).begin(),
        ConfigurationError
    );
    EXPECT_EQ(server.channel->calls(), 0U);
}

}  // namespace
}  // namespace hourglass::client
