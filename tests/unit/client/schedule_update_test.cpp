#include "hourglass/client/schedule.hpp"
#include "src/client/schedule_seen.hpp"
#include "tests/unit/client/schedules.hpp"

#include <google/protobuf/unknown_field_set.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using google::protobuf::util::MessageDifferencer;
using namespace std::chrono_literals;
using Proto = temporal::api::schedule::v1::Schedule;

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

struct AnUpdateOfASchedule : ScheduleTest {
    [[nodiscard]] Proto sent_update(std::size_t index) const {
        return server.channel->request<service::UpdateScheduleRequest>(index).schedule();
    }
};

TEST_F(AnUpdateOfASchedule, LosesNothing) {
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

TEST_F(AnUpdateOfASchedule, ChangesOnlyWhatTheUpdaterTouches) {
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

TEST_F(AnUpdateOfASchedule, ReplacesItsMemoAndAttributesIfTheyAreSet) {
    const auto update = [this](const ScheduleUpdater& updater) {
        const std::size_t before = server.channel->calls();
        will_describe(to_proto("nightly", nightly()));
        server.channel->answer(service::UpdateScheduleResponse{});
        server.client.schedule("nightly").update(updater);
        return server.channel->request<service::UpdateScheduleRequest>(before + 1);
    };
    const auto set = update([](ScheduleUpdate& change) {
        change.memo = {{"who", to_payload("bob")}};
        change.search_attributes = SearchAttributes{search_attribute::integer("Cents").set(7)};
    });
    ASSERT_EQ(set.memo().fields_size(), 1);
    EXPECT_EQ(set.memo().fields().at("who").data(), "\"bob\"");
    EXPECT_EQ(set.search_attributes().indexed_fields().at("Cents").data(), "7");
    const auto emptied = update([](ScheduleUpdate& change) { change.memo.emplace(); });
    EXPECT_TRUE(emptied.has_memo()) << "set, and empty: there is to be none";
    EXPECT_EQ(emptied.memo().fields_size(), 0);
    EXPECT_FALSE(emptied.has_search_attributes()) << "not set: they stay";
}

TEST_F(AnUpdateOfASchedule, LosesNothingOfAScheduleThatWasReplacedAsAWhole) {
    const Proto before = unheard_of();
    will_describe(before);
    server.channel->answer(service::UpdateScheduleResponse{});
    server.client.schedule("nightly").update([](ScheduleUpdate& update) {
        update.schedule.origin = {};
    });
    EXPECT_TRUE(MessageDifferencer::Equals(sent_update(1), before))
        << sent_update(1).DebugString() << before.DebugString();
}

TEST_F(AnUpdateOfASchedule, BeginsAgainWhenSomebodyElseWasFaster) {
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

TEST_F(AnUpdateOfASchedule, IsMadeAgainWhenTheServerDropsItSilently) {
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

TEST_F(AnUpdateOfASchedule, ThatNeverShowsIsAnErrorInTime) {
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

TEST(AnUpdatedSchedule, ThatWasSentOnceMoreAsItIsShowsIt) {
    // As a program that makes sure of its schedule at each start sends it.
    Schedule sent = nightly();
    sent.spec.cron_expressions.clear();
    sent.spec.intervals.push_back(sent.spec.intervals[0]);
    sent.policy.overlap = ScheduleOverlapPolicy::Unspecified;
    sent.policy.catchup_window.reset();
    sent.action.search_attributes = SearchAttributes{{{"CustomerId", to_payload("ada")}}};
    // As the server tells it.
    Schedule was = sent;
    was.spec.calendars[0] = {
        .second = {{0, 0, 1}},
        .minute = {{0, 0, 1}},
        .hour = {{3, 3, 1}},
        .day_of_month = {{1, 31, 1}},
        .month = {{1, 12, 1}},
        .day_of_week = {{1, 5, 1}},
        .comment = "weekdays"
    };
    was.spec.intervals.pop_back();
    was.spec.skip[0].day_of_month = {{25, 25, 1}};
    was.policy.overlap = ScheduleOverlapPolicy::Skip;
    was.policy.catchup_window = 24h * 365;
    was.action.search_attributes = {search_attribute::keyword("CustomerId").set("ada")};
    was.action.retry_policy = RetryPolicy{
        .initial_interval = 1s,
        .backoff_coefficient = 2,
        .maximum_interval = 100s,
        .maximum_attempts = 3
    };
    EXPECT_NE(sent, was);
    EXPECT_TRUE(shows_change(was, sent, was));
    Schedule other = sent;
    other.spec.calendars[0].hour = {{4}};
    EXPECT_FALSE(shows_change(was, other, was));
    other = sent;
    other.action.retry_policy->maximum_attempts = 4;
    EXPECT_FALSE(shows_change(was, other, was));
    other = sent;
    other.policy.catchup_window = 1h;
    EXPECT_FALSE(shows_change(was, other, was));
    other = sent;
    other.action.search_attributes = {search_attribute::keyword("CustomerId").set("bob")};
    EXPECT_FALSE(shows_change(was, other, was));
}

TEST(AnUpdatedSchedule, HasTheZoneOfItsCronExpression) {
    Schedule was = nightly();
    was.spec.cron_expressions.clear();
    was.spec.time_zone_name = "Europe/Berlin";
    Schedule sent = was;
    sent.spec.cron_expressions = {"CRON_TZ=Europe/Berlin 0 12 * * *"};
    sent.spec.time_zone_name = "";
    EXPECT_TRUE(shows_change(was, sent, was)) << "it is shown as the schedule's";
    sent.spec.cron_expressions = {"0 12 * * *"};
    EXPECT_FALSE(shows_change(was, sent, was));
}

TEST_F(AnUpdateOfASchedule, ThatChangesNothingInTheServersSpellingIsNoConflict) {
    Schedule is = nightly();
    is.spec.calendars[0].hour = {{3, 3, 1}};
    is.spec.cron_expressions.clear();
    will_describe(to_proto("nightly", is), "token-1");
    server.channel->answer(service::UpdateScheduleResponse{});
    will_describe(to_proto("nightly", is), "token-2");  // carried out, and nothing to be seen
    server.client.schedule("nightly").update([](ScheduleUpdate& update) {
        update.schedule.spec.calendars[0].hour = {{3}};
    });
    EXPECT_EQ(server.channel->calls(), 3U);
}

TEST_F(AnUpdateOfASchedule, IsGivenUpWhenOthersAreAlwaysFaster) {
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

TEST_F(AnUpdateOfASchedule, IsNotSentWhenTheUpdaterSkipsOrThrows) {
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

}  // namespace
}  // namespace hourglass::client
