#include "hourglass/client/schedule.hpp"

#include "src/client/schedule_proto.hpp"
#include "src/client/schedule_seen.hpp"
#include "tests/unit/client/checkout.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/errordetails/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <google/protobuf/unknown_field_set.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using google::protobuf::util::MessageDifferencer;
using namespace std::chrono_literals;
using shop::Checkout;
using testing::ElementsAre;
using testing::HasSubstr;
using Proto = temporal::api::schedule::v1::Schedule;
using Time = std::chrono::system_clock::time_point;

Schedule nightly() {
    return {
        .action = scheduled<&Checkout::run>(
            {.id = "nightly",
             .run_timeout = 1h,
             .memo = {{"team", to_payload("orders")}},
             .search_attributes = {search_attribute::keyword("CustomerId").set("ada")},
             .static_summary = "all of the day",
             .priority = {.key = 2}},
            "ada",
            1999
        ),
        .spec =
            {.calendars = {{.hour = {{3}}, .day_of_week = {{1, 5}}, .comment = "weekdays"}},
             .intervals = {{.every = 1h, .offset = 5min}},
             .cron_expressions = {"0 12 * * *"},
             .skip = {{.day_of_month = {{25}}, .month = {{12}}}},
             .start_at = Time{1000s},
             .end_at = Time{2000s},
             .jitter = 30s,
             .time_zone_name = "Europe/Berlin"},
        .policy =
            {.overlap = ScheduleOverlapPolicy::BufferOne,
             .catchup_window = 1min,
             .pause_on_failure = true},
        .state = {.note = "to begin with", .paused = true, .remaining_actions = 5}
    };
}

/// What a newer server, or another SDK, might have put there.
Proto unheard_of() {
    Proto proto = to_proto("nightly", nightly());
    auto* info = proto.mutable_action()->mutable_start_workflow();
    const auto mark = [](google::protobuf::Message& message) {
        message.GetReflection()->MutableUnknownFields(&message)->AddLengthDelimited(1234, "new");
    };
    mark(proto);
    mark(*proto.mutable_spec());
    mark(*proto.mutable_spec()->mutable_structured_calendar(0));
    mark(*proto.mutable_policies());
    mark(*proto.mutable_state());
    mark(*info);
    mark(*info->mutable_workflow_type());
    mark(*info->mutable_retry_policy());
    auto& argument = *info->mutable_input()->mutable_payloads(0);
    (*argument.mutable_metadata())["encoding"] = "binary/encrypted";
    argument.set_data("\xff\xfe");
    mark(argument);
    (*info->mutable_header()->mutable_fields())["trace"].set_data("t");
    info->set_workflow_id_reuse_policy(enums::WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE);
    info->mutable_workflow_task_timeout()->set_nanos(1);  // finer than what we have a type for
    proto.mutable_spec()->mutable_jitter()->set_nanos(7);
    proto.mutable_spec()->set_timezone_data("tz");
    return proto;
}

struct Schedules : testing::Test {
    FakeServer server;

    void will_describe(const Proto& proto, const std::string& token = "token-1") {
        service::DescribeScheduleResponse response;
        *response.mutable_schedule() = proto;
        response.set_conflict_token(token);
        server.channel->answer(response);
    }
    Proto sent_update(std::size_t index) {
        return server.channel->request<service::UpdateScheduleRequest>(index).schedule();
    }
};

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
    EXPECT_EQ(action.task_queue().name(), "default");
    EXPECT_EQ(action.input().payloads(1).data(), "1999");
    EXPECT_EQ(action.workflow_run_timeout().seconds(), 3600);
    EXPECT_FALSE(action.has_workflow_task_timeout());
    EXPECT_EQ(action.memo().fields().at("team").data(), "\"orders\"");
    EXPECT_EQ(action.user_metadata().summary().data(), "\"all of the day\"");
    EXPECT_EQ(action.priority().priority_key(), 2);

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
    EXPECT_TRUE(sent.schedule().state().limited_actions());
    EXPECT_EQ(sent.schedule().state().remaining_actions(), 5);
}

TEST_F(Schedules, LeaveUnsetWhatIsNotSet) {
    const Proto proto = to_proto("a", {.action = scheduled("X", {.id = "a"})});
    EXPECT_FALSE(proto.policies().has_catchup_window());
    EXPECT_FALSE(proto.spec().has_jitter());
    EXPECT_FALSE(proto.spec().has_start_time());
    EXPECT_FALSE(proto.action().start_workflow().has_priority());
    EXPECT_FALSE(proto.action().start_workflow().has_user_metadata());
    EXPECT_FALSE(proto.state().limited_actions());
    EXPECT_EQ(proto.policies().overlap_policy(), enums::SCHEDULE_OVERLAP_POLICY_UNSPECIFIED);
}

TEST_F(Schedules, AreReadAsTheyWereWritten) {
    const Schedule given = nightly();
    EXPECT_EQ(to_schedule(to_proto("nightly", given)), given);
}

TEST_F(Schedules, LoseNothingOnTheirWayThroughAnUpdate) {
    const Proto before = unheard_of();
    will_describe(before);
    server.channel->answer(service::UpdateScheduleResponse{});
    server.client.schedule("nightly").update([](ScheduleUpdate&) {});
    EXPECT_TRUE(MessageDifferencer::Equals(sent_update(1), before))
        << sent_update(1).DebugString() << before.DebugString();
    EXPECT_EQ(
        server.channel->request<service::UpdateScheduleRequest>(1).conflict_token(), "token-1"
    );
}

TEST_F(Schedules, ChangeOnlyWhatTheUpdaterTouches) {
    const Proto before = unheard_of();
    Proto expected = before;
    expected.mutable_state()->set_notes("changed");
    expected.mutable_spec()->clear_interval();
    expected.mutable_spec()->add_interval()->mutable_interval()->set_seconds(7200);
    expected.mutable_action()->mutable_start_workflow()->mutable_user_metadata()->clear_summary();
    will_describe(before);
    server.channel->answer(service::UpdateScheduleResponse{});
    will_describe(expected, "token-2");
    server.client.schedule("nightly").update([](ScheduleUpdate& update) {
        update.schedule.state.note = "changed";
        update.schedule.spec.intervals = {{.every = 2h}};
        update.schedule.action.static_summary = "";
        update.search_attributes = SearchAttributes{};
    });
    std::string difference;
    MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&difference);
    EXPECT_TRUE(differencer.Compare(expected, sent_update(1))) << difference;
    const auto sent = server.channel->request<service::UpdateScheduleRequest>(1);
    EXPECT_TRUE(sent.has_search_attributes()) << "set, and empty: there are to be none";
    EXPECT_FALSE(sent.has_memo()) << "not set: it stays";
}

TEST_F(Schedules, ThatWereReplacedAsAWholeStillLoseNothing) {
    const Proto before = unheard_of();
    will_describe(before);
    server.channel->answer(service::UpdateScheduleResponse{});
    server.client.schedule("nightly").update([](ScheduleUpdate& update) {
        update.schedule.origin = {};
    });
    EXPECT_TRUE(MessageDifferencer::Equals(sent_update(1), before))
        << sent_update(1).DebugString() << before.DebugString();
}

TEST_F(Schedules, AreReadAgainWhenSomebodyElseWasFaster) {
    will_describe(to_proto("nightly", nightly()), "token-1");
    server.channel->fail(RpcCode::FailedPrecondition, "mismatched conflict token");
    Schedule theirs = nightly();
    theirs.state.note = "theirs";
    will_describe(to_proto("nightly", theirs), "token-2");
    server.channel->answer(service::UpdateScheduleResponse{});
    theirs.state.paused = false;
    will_describe(to_proto("nightly", theirs), "token-3");
    int runs = 0;
    server.client.schedule("nightly").update([&runs](ScheduleUpdate& update) {
        ++runs;
        update.schedule.state.paused = false;
    });
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(sent_update(3).state().notes(), "theirs");
    EXPECT_FALSE(sent_update(3).state().paused());
    EXPECT_EQ(
        server.channel->request<service::UpdateScheduleRequest>(3).conflict_token(), "token-2"
    );
}

TEST_F(Schedules, AreUpdatedAgainWhenTheServerDropsTheUpdateSilently) {
    will_describe(to_proto("nightly", nightly()), "token-1");
    server.channel->answer(service::UpdateScheduleResponse{});
    will_describe(to_proto("nightly", nightly()), "token-1");  // nothing has happened yet
    Schedule theirs = nightly();
    theirs.state.note = "theirs";
    will_describe(to_proto("nightly", theirs), "token-2");  // and nothing will
    server.channel->answer(service::UpdateScheduleResponse{});
    theirs.state.paused = false;
    will_describe(to_proto("nightly", theirs), "token-3");
    server.client.schedule("nightly").update([](ScheduleUpdate& update) {
        update.schedule.state.paused = false;
    });
    EXPECT_EQ(server.channel->calls(), 6U);
    EXPECT_EQ(sent_update(4).state().notes(), "theirs");
    EXPECT_FALSE(sent_update(4).state().paused());
}

TEST_F(Schedules, ThatNeverShowTheirUpdateAreAnErrorInTime) {
    server.context->rpc_timeout = 100ms;
    will_describe(to_proto("nightly", nightly()), "token-1");
    server.channel->answer(service::UpdateScheduleResponse{});
    for (int i = 0; i < 1000; ++i) {
        will_describe(to_proto("nightly", nightly()), "token-1");
    }
    const auto late = server.client.with({.deadline = std::chrono::steady_clock::now() + 100ms});
    EXPECT_THROW(
        late.schedule("nightly").update([](ScheduleUpdate& update) {
            update.schedule.state.paused = false;
        }),
        DeadlineExceededError
    );
}

TEST(AnUpdatedSchedule, ShowsItsChangeInTheServersSpelling) {
    const Schedule was = nightly();
    Schedule sent = was;
    Schedule now = was;
    EXPECT_TRUE(shows_change(was, sent, now)) << "there is none";
    sent.state.note = "mine";
    EXPECT_FALSE(shows_change(was, sent, now));
    now.state.note = "theirs";
    EXPECT_FALSE(shows_change(was, sent, now));
    now.state.note = "mine";
    EXPECT_TRUE(shows_change(was, sent, now));
    sent.spec.cron_expressions = {"@every 1h"};
    EXPECT_TRUE(shows_change(was, sent, now)) << "it becomes an interval, perhaps one of before";
    sent = now;
    sent.policy.overlap = ScheduleOverlapPolicy::Unspecified;
    EXPECT_FALSE(shows_change(was, sent, now));
    now.policy.overlap = ScheduleOverlapPolicy::Skip;
    EXPECT_TRUE(shows_change(was, sent, now)) << "the default has a name";
}

TEST_F(Schedules, AreGivenUpWhenOthersAreAlwaysFaster) {
    for (int i = 0; i < 10; ++i) {
        will_describe(to_proto("nightly", nightly()));
        server.channel->fail(RpcCode::FailedPrecondition, "mismatched conflict token");
    }
    const auto error = thrown_by<RpcError>([&] {
        server.client.schedule("nightly").update([](ScheduleUpdate&) {});
    });
    EXPECT_EQ(error.code(), RpcCode::FailedPrecondition);
    EXPECT_EQ(server.channel->calls(), 20U);
}

TEST_F(Schedules, AreNotSentWhenTheUpdaterSkipsOrThrows) {
    will_describe(to_proto("nightly", nightly()));
    server.client.schedule("nightly").update([](ScheduleUpdate& update) { update.skip = true; });
    will_describe(to_proto("nightly", nightly()));
    EXPECT_THROW(
        server.client.schedule("nightly").update([](ScheduleUpdate&) {
            throw std::runtime_error{"no"};
        }),
        std::runtime_error
    );
    will_describe(to_proto("nightly", nightly()));
    EXPECT_THROW(
        server.client.schedule("nightly").update([](ScheduleUpdate& update) {
            update.schedule.spec.jitter = -1s;
        }),
        ConfigurationError
    );
    EXPECT_EQ(server.channel->calls(), 3U) << "only described";
    EXPECT_THROW(server.client.schedule("nightly").update(nullptr), ConfigurationError);
}

TEST_F(Schedules, AreDescribed) {
    service::DescribeScheduleResponse response;
    *response.mutable_schedule() = to_proto("nightly", nightly());
    auto& info = *response.mutable_info();
    info.set_action_count(7);
    info.set_missed_catchup_window(1);
    info.set_overlap_skipped(2);
    info.set_buffer_dropped(3);
    info.set_buffer_size(4);
    info.add_running_workflows()->set_workflow_id("nightly-2024");
    auto& action = *info.add_recent_actions();
    action.mutable_schedule_time()->set_seconds(100);
    action.mutable_actual_time()->set_seconds(101);
    action.mutable_start_workflow_result()->set_run_id("run-1");
    action.set_start_workflow_status(enums::WORKFLOW_EXECUTION_STATUS_COMPLETED);
    info.add_future_action_times()->set_seconds(200);
    info.mutable_create_time()->set_seconds(50);
    server.channel->answer(response);
    const ScheduleDescription description = server.client.schedule("nightly").describe();
    EXPECT_EQ(description.id, "nightly");
    EXPECT_EQ(description.schedule, nightly());
    EXPECT_EQ(description.actions, 7);
    EXPECT_EQ(description.actions_missed_catchup_window, 1);
    EXPECT_EQ(description.actions_skipped_for_overlap, 2);
    EXPECT_EQ(description.actions_dropped_from_buffer, 3);
    EXPECT_EQ(description.buffered_actions, 4);
    EXPECT_EQ(description.running.at(0).workflow_id, "nightly-2024");
    EXPECT_EQ(description.recent_actions.at(0).scheduled_at, Time{100s});
    EXPECT_EQ(description.recent_actions.at(0).first_execution_run_id, "run-1");
    EXPECT_EQ(description.recent_actions.at(0).status, WorkflowStatus::Completed);
    EXPECT_THAT(description.next_action_times, ElementsAre(Time{200s}));
    EXPECT_EQ(description.created_at, Time{50s});
    EXPECT_EQ(description.updated_at, std::nullopt);
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

TEST_F(Schedules, AreListedAndCounted) {
    service::ListSchedulesResponse first;
    auto& entry = *first.add_schedules();
    entry.set_schedule_id("nightly");
    entry.mutable_info()->mutable_workflow_type()->set_name("Checkout");
    entry.mutable_info()->set_paused(true);
    entry.mutable_info()->set_notes("n");
    first.set_next_page_token("p2");
    service::ListSchedulesResponse second;
    second.add_schedules()->set_schedule_id("weekly");
    server.channel->answer(first).answer(second);
    std::vector<std::string> ids;
    for (const auto& each : server.client.list_schedules("TemporalScheduleSpec = 'x'")) {
        ids.push_back(each.id + (each.paused ? " paused" : "") + each.workflow_type + each.note);
    }
    EXPECT_THAT(ids, ElementsAre("nightly pausedCheckoutn", "weekly"));
    EXPECT_EQ(server.channel->request<service::ListSchedulesRequest>(1).next_page_token(), "p2");
    service::CountSchedulesResponse count;
    count.set_count(2);
    server.channel->answer(count);
    EXPECT_EQ(server.client.count_schedules().total, 2);
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
        rejected([](Schedule& s) { s.spec.intervals[0].every = 10ms; }), HasSubstr("every is 10 ms")
    );
    EXPECT_THAT(
        rejected([](Schedule& s) { s.spec.intervals[0].offset = 1h; }), HasSubstr("offset")
    );
    EXPECT_THAT(
        rejected([](Schedule& s) { s.spec.cron_expressions = {""}; }), HasSubstr("cron_expressions")
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
