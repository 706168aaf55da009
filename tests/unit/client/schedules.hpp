#pragma once

#include "hourglass/client/schedule.hpp"
#include "src/client/schedule_proto.hpp"
#include "tests/unit/client/checkout.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace hourglass::client {

using ScheduleTime = std::chrono::system_clock::time_point;

/// A schedule in which each field has a value of its own.
inline Schedule nightly() {
    using namespace std::chrono_literals;
    return {
        .action = scheduled<&shop::Checkout::run>(
            {.id = "nightly",
             .task_queue = "reports",
             .execution_timeout = 2h,
             .run_timeout = 1h,
             .task_timeout = 20s,
             .retry_policy = RetryPolicy{.maximum_attempts = 3},
             .memo = {{"team", to_payload("orders")}},
             .search_attributes = {search_attribute::keyword("CustomerId").set("ada")},
             .static_summary = "all of the day",
             .static_details = "each order",
             .priority = {.key = 2},
             .versioning_override = VersioningOverride::auto_upgrade(),
             .headers = {{"tenant", to_payload("acme")}}},
            "ada",
            1999
        ),
        .spec =
            {.calendars = {{.hour = {{3}}, .day_of_week = {{1, 5}}, .comment = "weekdays"}},
             .intervals = {{.every = 1h, .offset = 5min}},
             .cron_expressions = {"0 12 * * *"},
             .skip = {{.day_of_month = {{25}}, .month = {{12}}}},
             .start_at = ScheduleTime{1000s},
             .end_at = ScheduleTime{2000s},
             .jitter = 30s,
             .time_zone_name = "Europe/Berlin"},
        .policy =
            {.overlap = ScheduleOverlapPolicy::BufferOne,
             .catchup_window = 1min,
             .pause_on_failure = true,
             .keep_original_workflow_id = true},
        .state = {.note = "to begin with", .paused = true, .remaining_actions = 5}
    };
}

/// Tests of a client whose server has a schedule.
struct ScheduleTest : testing::Test {
    FakeServer server;

    void will_describe(
        const temporal::api::schedule::v1::Schedule& proto, const std::string& token = "token-1"
    ) {
        temporal::api::workflowservice::v1::DescribeScheduleResponse response;
        *response.mutable_schedule() = proto;
        response.set_conflict_token(token);
        server.channel->answer(response);
    }
};

}  // namespace hourglass::client
