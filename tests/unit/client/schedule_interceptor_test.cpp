#include "hourglass/client/interceptor.hpp"
#include "tests/unit/client/schedules.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;

/// Says whose each action is.
class Tenants : public ClientInterceptor {
public:
    Future<void> create_schedule(
        CreateScheduleCall call, Next<CreateScheduleCall, Future<void>> next
    ) override {
        call.schedule.action.headers["tenant"] = to_payload("blue");
        call.schedule.action.headers.emplace("of", to_payload(call.id));
        call.options.memo["tenant"] = to_payload("blue");
        return next(std::move(call));
    }
};

TEST(AnInterceptorOfSchedules, PutsHeadersOnWhatTheyStart) {
    FakeServer server;
    server.context->interceptors = {std::make_shared<Tenants>()};
    server.channel->answer(service::CreateScheduleResponse{});
    server.client.create_schedule("nightly", nightly());
    const auto sent = server.channel->request<service::CreateScheduleRequest>(0);
    const auto& headers = sent.schedule().action().start_workflow().header().fields();
    ASSERT_EQ(headers.size(), 2U);
    EXPECT_EQ(headers.at("tenant").data(), "\"blue\"") << "instead of the schedule's own";
    EXPECT_EQ(headers.at("of").data(), "\"nightly\"");
    EXPECT_EQ(sent.memo().fields().at("tenant").data(), "\"blue\"");
    EXPECT_EQ(sent.schedule_id(), "nightly");
}

}  // namespace
}  // namespace hourglass::client
