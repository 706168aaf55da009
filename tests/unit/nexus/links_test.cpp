#include "src/nexus/links.hpp"

#include "src/nexus/url.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hourglass::nexus {
namespace {

using temporal::api::common::v1::Link;

constexpr const char* kEvent = "temporal.api.common.v1.Link.WorkflowEvent";

temporal::api::nexus::v1::Link nexus_link(
    const std::string& url, const std::string& type = kEvent
) {
    temporal::api::nexus::v1::Link link;
    link.set_url(url);
    link.set_type(type);
    return link;
}

TEST(LinksTest, AnEventOfAWorkflowComesAndGoes) {
    const std::string url =
        "temporal:///namespaces/shop/workflows/order%2F7%20a/run-1/history"
        "?eventID=5&eventType=NexusOperationScheduled&referenceType=EventReference";
    const auto link = from_nexus(nexus_link(url));
    ASSERT_TRUE(link.has_value());
    EXPECT_EQ(link->workflow_event().namespace_(), "shop");
    EXPECT_EQ(link->workflow_event().workflow_id(), "order/7 a");
    EXPECT_EQ(link->workflow_event().run_id(), "run-1");
    EXPECT_EQ(link->workflow_event().event_ref().event_id(), 5);
    EXPECT_EQ(
        link->workflow_event().event_ref().event_type(),
        temporal::api::enums::v1::EVENT_TYPE_NEXUS_OPERATION_SCHEDULED
    );
    EXPECT_EQ(to_nexus(*link)->url(), url);
    EXPECT_EQ(to_nexus(*link)->type(), kEvent);
}

TEST(LinksTest, AnEventIsAlsoKnownByItsRequest) {
    const std::string url =
        "temporal:///namespaces/shop/workflows/order-7/run-1/history"
        "?eventType=WorkflowExecutionStarted&referenceType=RequestIdReference&requestID=r1";
    const auto link = from_nexus(nexus_link(url));
    ASSERT_TRUE(link.has_value());
    EXPECT_EQ(link->workflow_event().request_id_ref().request_id(), "r1");
    EXPECT_EQ(to_nexus(*link)->url(), url);
}

TEST(LinksTest, TheTypeOfAnEventMayBeSpelledAsInTheProto) {
    const auto link =
        from_nexus(nexus_link("temporal:///namespaces/shop/workflows/order-7/run-1/history"
                              "?eventType=EVENT_TYPE_TIMER_FIRED&referenceType=EventReference"));
    ASSERT_TRUE(link.has_value());
    EXPECT_EQ(
        link->workflow_event().event_ref().event_type(),
        temporal::api::enums::v1::EVENT_TYPE_TIMER_FIRED
    );
}

TEST(LinksTest, AStandaloneOperationIsOneToo) {
    const auto link = from_nexus(nexus_link(
        "temporal:///namespaces/shop/nexus-operations/op-1/run-1/details",
        "temporal.api.common.v1.Link.NexusOperation"
    ));
    ASSERT_TRUE(link.has_value());
    EXPECT_EQ(link->nexus_operation().operation_id(), "op-1");
    EXPECT_EQ(link->nexus_operation().run_id(), "run-1");
    EXPECT_EQ(
        to_nexus(*link)->url(), "temporal:///namespaces/shop/nexus-operations/op-1/run-1/details"
    );
}

TEST(LinksTest, SoIsAnActivity) {
    const std::string url = "temporal:///namespaces/shop/activities/charge%2F7/run-1/details";
    const std::string type = "temporal.api.common.v1.Link.Activity";
    const auto link = from_nexus(nexus_link(url, type));
    ASSERT_TRUE(link.has_value());
    EXPECT_EQ(link->activity().namespace_(), "shop");
    EXPECT_EQ(link->activity().activity_id(), "charge/7");
    EXPECT_EQ(link->activity().run_id(), "run-1");
    EXPECT_EQ(to_nexus(*link)->url(), url);
    EXPECT_EQ(to_nexus(*link)->type(), type);
}

TEST(LinksTest, AndAWorkflowAsAWholeWithAReason) {
    const std::string url = "temporal:///namespaces/shop/workflows/order-7/run-1";
    const std::string type = "temporal.api.common.v1.Link.Workflow";
    const auto link = from_nexus(nexus_link(url, type));
    ASSERT_TRUE(link.has_value());
    EXPECT_EQ(link->workflow().workflow_id(), "order-7");
    EXPECT_EQ(link->workflow().run_id(), "run-1");
    EXPECT_EQ(link->workflow().reason(), "");
    EXPECT_EQ(to_nexus(*link)->url(), url);
    const auto asked = from_nexus(nexus_link(url + "?reason=a%20query", type));
    ASSERT_TRUE(asked.has_value());
    EXPECT_EQ(asked->workflow().reason(), "a query");
    EXPECT_EQ(to_nexus(*asked)->url(), url + "?reason=a%20query");
    EXPECT_FALSE(from_nexus(nexus_link(url + "/history", type)).has_value());
}

TEST(LinksTest, WhatIsNoLinkOfTemporalsIsLeftOut) {
    const std::string good =
        "temporal:///namespaces/shop/workflows/order-7/run-1/history"
        "?eventType=TimerFired&referenceType=EventReference";
    EXPECT_TRUE(from_nexus(nexus_link(good)).has_value());
    EXPECT_FALSE(from_nexus(nexus_link(good, "https")).has_value());
    for (const char* const url :
         {"",
          "no url",
          "https://example.com/page",
          "temporal:///namespaces/shop/workflows/order-7",
          "temporal:///namespaces/shop/workflows/order-7/run-1/history",
          "temporal:///namespaces/shop/workflows/order-7/run-1/history?eventType=TimerFired",
          "temporal:///namespaces/shop/workflows/order-7/run-1/history"
          "?eventType=Nonsense&referenceType=EventReference"}) {
        EXPECT_FALSE(from_nexus(nexus_link(url)).has_value()) << url;
    }
    EXPECT_FALSE(to_nexus(Link{}).has_value());
}

TEST(LinksTest, NeitherIsOneOfWhichAPartIsMissing) {
    const std::string reference = "?eventType=TimerFired&referenceType=EventReference";
    for (const std::string place : {"/order-7/run-1", "shop//run-1", "shop/order-7/"}) {
        std::string workflow = place;
        workflow.insert(workflow.find('/'), "/workflows");
        EXPECT_FALSE(
            from_nexus(nexus_link("temporal:///namespaces/" + workflow + "/history" + reference))
                .has_value()
        ) << workflow;
        std::string operation = place;
        operation.insert(operation.find('/'), "/nexus-operations");
        EXPECT_FALSE(from_nexus(nexus_link(
                                    "temporal:///namespaces/" + operation + "/details",
                                    "temporal.api.common.v1.Link.NexusOperation"
                                ))
                         .has_value()
        ) << operation;
    }
}

TEST(UrlTest, EscapesEverythingThatCouldMeanSomething) {
    EXPECT_EQ(url::escape("a/b?c=d&e f%+ü~"), "a%2Fb%3Fc%3Dd%26e%20f%25%2B%C3%BC~");
    const auto parts = url::parse("s:///a%2Fb/c%zz/+?q=a+b&r");
    ASSERT_TRUE(parts.has_value());
    EXPECT_EQ(parts->path, (std::vector<std::string>{"a/b", "c%zz", "+"}));
    EXPECT_EQ(parts->query.at("q"), "a b");
    EXPECT_EQ(parts->query.at("r"), "");
}

}  // namespace
}  // namespace hourglass::nexus
