// What the client's half of examples/context_propagation sends, with each kind of start.
#include "examples/context_propagation/tenant.hpp"
#include "tests/unit/client/schedules.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;

std::string tenant_in(const temporal::api::common::v1::Header& header) {
    const auto found = header.fields().find("tenant");
    return found == header.fields().end() ? "none" : found->second.data();
}

struct ATenant : testing::Test {
    FakeServer server;
    const Client& client = server.client;

    void SetUp() override { server.context->interceptors = {tenancy::propagation()}; }

    /// Nobody answers, and nobody waits: the request is what counts.
    template <class Request>
    Request sent_for_blue(const std::function<void()>& make) {
        const tenancy::ForTenant blue{"blue"};
        make();
        return server.channel->request<Request>(server.channel->calls() - 1);
    }
};

TEST_F(ATenant, GoesWithEachKindOfStart) {
    const auto checkout = with_start("Checkout", {.id = "order-7"});
    EXPECT_EQ(
        tenant_in(sent_for_blue<service::StartWorkflowExecutionRequest>([&] {
                      (void)client.start_async("Checkout", {.id = "order-7"});
                  }).header()),
        "\"blue\""
    );
    EXPECT_EQ(
        tenant_in(sent_for_blue<service::SignalWithStartWorkflowExecutionRequest>([&] {
                      (void)client.signal_with_start_async(checkout, "poke");
                  }).header()),
        "\"blue\""
    );
    EXPECT_EQ(
        tenant_in(sent_for_blue<service::ExecuteMultiOperationRequest>([&] {
                      (void)client.update_with_start_async<int>(checkout, {}, "add");
                  })
                      .operations(0)
                      .start_workflow()
                      .header()),
        "\"blue\""
    );
    EXPECT_EQ(
        tenant_in(sent_for_blue<service::CreateScheduleRequest>([&] {
                      Schedule report;
                      report.action = scheduled("Report", {.id = "report"});
                      (void)client.create_schedule_async("nightly", report);
                  })
                      .schedule()
                      .action()
                      .start_workflow()
                      .header()),
        "\"blue\""
    );
    EXPECT_EQ(
        tenant_in(sent_for_blue<service::StartActivityExecutionRequest>([&] {
                      const StartActivityOptions options{
                          .id = "charge-7", .start_to_close_timeout = std::chrono::minutes{1}
                      };
                      (void)client.start_activity_async<int>("charge", options);
                  }).header()),
        "\"blue\""
    );
}

TEST_F(ATenant, IsNobodyUnlessTheThreadSaysSo) {
    {
        const tenancy::ForTenant blue{"blue"};
        const tenancy::ForTenant green{"green"};
        EXPECT_EQ(tenancy::current_tenant(), "green");
    }
    EXPECT_EQ(tenancy::current_tenant(), "");
    (void)client.start_async("Checkout", {.id = "order-7"});
    EXPECT_EQ(
        tenant_in(server.channel->request<service::StartWorkflowExecutionRequest>(0).header()),
        "none"
    );
}

}  // namespace
}  // namespace hourglass::client
