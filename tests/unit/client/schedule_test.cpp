#include "hourglass/client/schedule.hpp"

#include "tests/unit/client/schedules.hpp"

#include "temporal/api/errordetails/v1/message.pb.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using Proto = temporal::api::schedule::v1::Schedule;
using Time = ScheduleTime;

struct Schedules : ScheduleTest {};

TEST_F(Schedules, AreCreatedWithAllThatTheyHave) {
    server.channel->answer(service::CreateScheduleResponse{});
    const auto handle = server.client.create_schedule(
        "nightly",
        nightly(),
        {.trigger_immediately = true,
         .backfill = {{.start_at = Time{10s}, .end_at = Time{20s}}},
         .memo = {{"who", to_payload("ada")}},
         .search_attributes = {search_attribute::integer("Cents").set(1)}}
    );
    EXPECT_EQ(handle.id(), "nightly");
    const auto sent = server.channel->request<service::CreateScheduleRequest>(0);
    EXPECT_EQ(sent.schedule_id(), "nightly");
    EXPECT_EQ(sent.request_id().size(), 36U);
    EXPECT_EQ(
        sent.initial_patch().trigger_immediately().overlap_policy(),
        enums::SCHEDULE_OVERLAP_POLICY_BUFFER_ONE
    );
    EXPECT_EQ(sent.initial_patch().backfill_request(0).end_time().seconds(), 20);
    EXPECT_EQ(sent.memo().fields().at("who").data(), "\"ada\"");
    EXPECT_EQ(sent.search_attributes().indexed_fields().at("Cents").data(), "1");

    const auto& action = sent.schedule().action().start_workflow();
    EXPECT_EQ(action.workflow_type().name(), "Checkout");
    EXPECT_EQ(action.workflow_id(), "nightly");
    EXPECT_EQ(action.task_queue().name(), "reports");
    EXPECT_EQ(action.input().payloads(1).data(), "1999");
    EXPECT_EQ(action.workflow_run_timeout().seconds(), 3600);
    EXPECT_EQ(action.workflow_execution_timeout().seconds(), 7200);
    EXPECT_EQ(action.workflow_task_timeout().seconds(), 20);
    EXPECT_EQ(action.retry_policy().maximum_attempts(), 3);
    EXPECT_EQ(action.memo().fields().at("team").data(), "\"orders\"");
    EXPECT_EQ(action.user_metadata().summary().data(), "\"all of the day\"");
    EXPECT_EQ(action.user_metadata().details().data(), "\"each order\"");
    EXPECT_EQ(action.priority().priority_key(), 2);
    EXPECT_TRUE(action.versioning_override().auto_upgrade());
    EXPECT_EQ(action.header().fields().at("tenant").data(), "\"acme\"");

    const auto& spec = sent.schedule().spec();
    const auto& calendar = spec.structured_calendar(0);
    EXPECT_EQ(calendar.hour(0).start(), 3);
    EXPECT_EQ(calendar.day_of_week(0).end(), 5);
    EXPECT_EQ(calendar.day_of_month(0).end(), 31);
    EXPECT_EQ(calendar.comment(), "weekdays");
    EXPECT_EQ(spec.interval(0).phase().seconds(), 300);
    EXPECT_THAT(spec.cron_string(), ElementsAre("0 12 * * *"));
    EXPECT_EQ(spec.exclude_structured_calendar(0).month(0).start(), 12);
    EXPECT_EQ(spec.start_time().seconds(), 1000);
    EXPECT_EQ(spec.jitter().seconds(), 30);
    EXPECT_EQ(spec.timezone_name(), "Europe/Berlin");
    EXPECT_EQ(sent.schedule().policies().catchup_window().seconds(), 60);
    EXPECT_TRUE(sent.schedule().policies().pause_on_failure());
    EXPECT_TRUE(sent.schedule().policies().keep_original_workflow_id());
    EXPECT_TRUE(sent.schedule().state().limited_actions());
    EXPECT_EQ(sent.schedule().state().remaining_actions(), 5);
}

TEST_F(Schedules, LeaveUnsetWhatIsNotSet) {
    const Proto proto = to_proto("a", {.action = scheduled("X", {.id = "a"})});
    EXPECT_FALSE(proto.policies().has_catchup_window());
    EXPECT_FALSE(proto.spec().has_jitter());
    EXPECT_FALSE(proto.spec().has_start_time());
    EXPECT_FALSE(proto.action().start_workflow().has_priority());
    EXPECT_FALSE(proto.action().start_workflow().has_workflow_execution_timeout());
    EXPECT_FALSE(proto.action().start_workflow().has_workflow_task_timeout());
    EXPECT_FALSE(proto.action().start_workflow().has_header());
    EXPECT_FALSE(proto.action().start_workflow().has_versioning_override());
    EXPECT_FALSE(proto.action().start_workflow().has_user_metadata());
    EXPECT_FALSE(proto.state().limited_actions());
    EXPECT_EQ(proto.policies().overlap_policy(), enums::SCHEDULE_OVERLAP_POLICY_UNSPECIFIED);
}

TEST_F(Schedules, AreReadAsTheyWereWritten) {
    const Schedule given = nightly();
    EXPECT_EQ(to_schedule(to_proto("nightly", given)), given);
}

/// The names of the fields that have no value.
std::vector<std::string> empty_fields(const google::protobuf::Message& message) {
    std::vector<std::string> names;
    const auto& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
        const auto* const field = type.field(i);
        const auto& values = *message.GetReflection();
        if (field->is_repeated() ? values.FieldSize(message, field) == 0
                                 : !values.HasField(message, field)) {
            names.emplace_back(field->name());
        }
    }
    return names;
}

TEST_F(Schedules, HaveAFieldForEachOfTheProtocol) {
    const Proto proto = to_proto("nightly", nightly());
    EXPECT_THAT(
        empty_fields(proto.action().start_workflow()),
        UnorderedElementsAre("workflow_id_reuse_policy", "cron_schedule")
    ) << "which a schedule's actions must not have";
    EXPECT_THAT(
        empty_fields(proto.spec()),
        UnorderedElementsAre("calendar", "exclude_calendar", "timezone_data")
    ) << "the same in other words, or the server's";
    EXPECT_THAT(empty_fields(proto.policies()), IsEmpty());
    EXPECT_THAT(empty_fields(proto.state()), IsEmpty());
}

TEST_F(Schedules, ArePatched) {
    const auto handle = server.client.schedule("nightly");
    for (int i = 0; i < 4; ++i) {
        server.channel->answer(service::PatchScheduleResponse{});
    }
    handle.pause("audit");
    handle.unpause();
    handle.trigger(ScheduleOverlapPolicy::AllowAll);
    handle.backfill({{.start_at = Time{10s}, .end_at = Time{20s}}});
    const auto patch = [&](std::size_t index) {
        return server.channel->request<service::PatchScheduleRequest>(index).patch();
    };
    EXPECT_EQ(patch(0).pause(), "audit");
    EXPECT_NE(patch(1).unpause(), "");
    EXPECT_EQ(
        patch(2).trigger_immediately().overlap_policy(), enums::SCHEDULE_OVERLAP_POLICY_ALLOW_ALL
    );
    EXPECT_EQ(patch(3).backfill_request(0).start_time().seconds(), 10);
    server.channel->answer(service::DeleteScheduleResponse{});
    handle.remove();
    EXPECT_EQ(server.channel->call_at(4).method, "DeleteSchedule");
    service::ListScheduleMatchingTimesResponse times;
    times.add_start_time()->set_seconds(15);
    server.channel->answer(times);
    EXPECT_THAT(handle.matching_times(Time{10s}, Time{20s}), ElementsAre(Time{15s}));
}

TEST_F(Schedules, TellMoreTimesThanServersTellAtOnce) {
    service::ListScheduleMatchingTimesResponse times;
    for (int second = 1; second <= 1000; ++second) {
        times.add_start_time()->set_seconds(second);
    }
    server.channel->answer(times);
    times.clear_start_time();
    times.add_start_time()->set_seconds(1001);
    server.channel->answer(times);
    const auto all = server.client.schedule("nightly").matching_times(Time{}, Time{2000s});
    ASSERT_EQ(all.size(), 1001U);
    EXPECT_EQ(all.front(), Time{1s});
    EXPECT_EQ(all.back(), Time{1001s});
    const auto asked = server.channel->request<service::ListScheduleMatchingTimesRequest>(1);
    EXPECT_EQ(asked.schedule_id(), "nightly");
    EXPECT_EQ(asked.start_time().seconds(), 1000);
    EXPECT_EQ(asked.end_time().seconds(), 2000);
    EXPECT_EQ(server.channel->calls(), 2U);
}

TEST_F(Schedules, ThatExistOrDoNotAreNamed) {
    temporal::api::errordetails::v1::WorkflowExecutionAlreadyStartedFailure detail;
    server.channel->fail(RpcCode::AlreadyExists, "schedule is already registered", detail);
    const auto exists = thrown_by<ScheduleAlreadyRunningError>([&] {
        server.client.create_schedule("nightly", nightly());
    });
    EXPECT_EQ(exists.schedule_id(), "nightly");
    server.channel->fail(RpcCode::NotFound, "schedule not found");
    const auto missing = thrown_by<ScheduleNotFoundError>([&] {
        (void)server.client.schedule("nightly").describe();
    });
    EXPECT_EQ(missing.schedule_id(), "nightly");
    EXPECT_THAT(missing.what(), HasSubstr("cannot describe schedule \"nightly\""));
}

TEST_F(Schedules, ThatCannotBeMeantAreRefusedBeforeAnythingIsSent) {
    const auto rejected = [&](auto change) {
        Schedule schedule = nightly();
        change(schedule);
        return std::string{thrown_by<ConfigurationError>([&] {
                               server.client.create_schedule("nightly", schedule);
                           }).what()};
    };
    EXPECT_THAT(rejected([](Schedule& s) { s.action.id = ""; }), HasSubstr("::id is empty"));
    EXPECT_THAT(rejected([](Schedule& s) { s.action = {}; }), HasSubstr("is empty"));
    EXPECT_THAT(
        rejected([](Schedule& s) { s.action.run_timeout = 0s; }), HasSubstr("run_timeout is 0 ms")
    );
    EXPECT_THAT(
        rejected([](Schedule& s) { s.spec.calendars[0].hour = {{24}}; }),
        HasSubstr("ScheduleCalendar::hour has the range {24, 0, 0}; its numbers go from 0 to 23")
    );
    EXPECT_THAT(
        rejected([](Schedule& s) { s.spec.calendars[0].hour = {{9, 5}}; }),
        HasSubstr("the last one is not smaller than the first")
    );
    EXPECT_THAT(
        rejected([](Schedule& s) { s.spec.calendars[0].day_of_week = {{7}}; }),
        HasSubstr("go from 0 to 6")
    );
    EXPECT_THAT(
        rejected([](Schedule& s) { s.spec.intervals[0].every = 10ms; }), HasSubstr("every is 10 ms")
    );
    EXPECT_THAT(
        rejected([](Schedule& s) { s.spec.intervals[0].offset = 1h; }), HasSubstr("offset")
    );
    EXPECT_THAT(
        rejected([](Schedule& s) { s.spec.intervals = {{.every = 1500ms}}; }),
        HasSubstr("both must be whole seconds")
    );
    EXPECT_THAT(
        rejected([](Schedule& s) { s.spec.cron_expressions = {"@daily", "0 0 30 2"}; }),
        HasSubstr("one of ScheduleSpec::cron_expressions is \"0 0 30 2\": it has 4 fields")
    );
    EXPECT_THAT(rejected([](Schedule& s) { s.spec.end_at = Time{}; }), HasSubstr("end_at"));
    EXPECT_THAT(
        rejected([](Schedule& s) { s.policy.catchup_window = 1s; }), HasSubstr("catchup_window")
    );
    EXPECT_THAT(
        rejected([](Schedule& s) { s.state.remaining_actions = -1; }), HasSubstr("remaining")
    );
    EXPECT_THROW(server.client.create_schedule("", nightly()), ConfigurationError);
    const auto handle = server.client.schedule("nightly");
    EXPECT_THROW(handle.pause(""), ConfigurationError);
    EXPECT_THROW(handle.backfill({}), ConfigurationError);
    EXPECT_THROW(handle.backfill({{.start_at = Time{2s}, .end_at = Time{1s}}}), ConfigurationError);
    EXPECT_THROW(server.client.schedule("").trigger(), ConfigurationError);
    EXPECT_THROW((void)handle.matching_times(Time{2s}, Time{1s}), ConfigurationError);
    EXPECT_EQ(server.channel->calls(), 0U);
}

}  // namespace
}  // namespace hourglass::client
