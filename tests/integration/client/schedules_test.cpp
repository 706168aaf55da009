// Schedules against a real server with a worker.
#include "hourglass/client/admin.hpp"
#include "hourglass/raw.hpp"
#include "tests/integration/subsystem/flows.hpp"
#include "tests/support/test_server.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace scheduled {

/// Says whose it is: what its start's header says.
class Parcel {
public:
    hourglass::Task<std::string> run() {
        const auto& headers = hourglass::workflow::info().headers;
        const auto found = headers.find("tenant");
        co_return found == headers.end() ? "nobody's"
                                         : hourglass::from_payload<std::string>(found->second);
    }
};

}  // namespace scheduled

HOURGLASS_WORKFLOW(scheduled::Parcel, run, name("ScheduledParcel"));

namespace {

namespace hg = hourglass;
namespace service = temporal::api::workflowservice::v1;
using namespace std::chrono_literals;
using flows::Echo;
using google::protobuf::util::MessageDifferencer;
using hg::test::eventually;
using hg::test::unique;
using std::chrono::system_clock;
using testing::ElementsAre;

class Schedules : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        hg::ApplicationOptions options;
        options.client = {.address = hg::test::server_address()};
        app_ = std::make_unique<hg::Application>(options);
    }
    static void TearDownTestSuite() { app_.reset(); }

    /// Far from acting by itself.
    hg::Schedule yearly() const {
        return {
            .action = hg::scheduled<&Echo::run>({.id = id_ + "-flow"}, "hello"),
            .spec = {.calendars = {{.day_of_month = {{1}}, .month = {{1}}}}}
        };
    }
    service::DescribeScheduleResponse raw_description() const {
        service::DescribeScheduleRequest request;
        request.set_namespace_(client_.namespace_name());
        request.set_schedule_id(id_);
        return hg::raw::call<service::DescribeScheduleResponse>(
            client_, hg::raw::Service::Workflow, "DescribeSchedule", request
        );
    }

    hg::Client client_ = app_->client();
    std::string id_ = unique("schedule");

private:
    static inline std::unique_ptr<hg::Application> app_;
};

TEST_F(Schedules, RunTheirWorkflows) {
    const auto schedule = client_.create_schedule(id_, yearly(), {.trigger_immediately = true});
    ASSERT_TRUE(eventually([&] { return schedule.describe().recent_actions.size() == 1; }));
    const auto first = schedule.describe().recent_actions.front();
    EXPECT_THAT(first.workflow_id, testing::StartsWith(id_ + "-flow"));
    EXPECT_EQ(client_.handle<&Echo::run>(first.workflow_id).result(), "hello");
    schedule.trigger(hg::ScheduleOverlapPolicy::AllowAll);
    EXPECT_TRUE(eventually([&] { return schedule.describe().actions == 2; }));
    schedule.remove();
    EXPECT_TRUE(eventually([&] {
        try {
            (void)schedule.describe();
            return false;
        } catch (const hg::ScheduleNotFoundError& error) {
            return error.schedule_id() == id_;
        }
    }));
}

/// Makes schedules for the tenant blue.
class ForBlue final : public hg::ClientInterceptor {
public:
    hg::Future<void> create_schedule(
        hg::CreateScheduleCall call, hg::Next<hg::CreateScheduleCall, hg::Future<void>> next
    ) override {
        call.schedule.action.headers["tenant"] = hg::to_payload("blue");
        return next(std::move(call));
    }
};

TEST_F(Schedules, HandTheHeadersThatInterceptorsWroteOnToTheirWorkflows) {
    const hg::Client client_of_blue = hg::Client::connect(
        {.address = hg::test::server_address(), .interceptors = {std::make_shared<ForBlue>()}}
    );
    hg::Schedule given = yearly();
    given.action = hg::scheduled<&scheduled::Parcel::run>({.id = id_ + "-flow"});
    client_of_blue.create_schedule(id_, given);
    const auto schedule = client_.schedule(id_);
    const auto says_after = [&](std::size_t actions) {
        schedule.trigger(hg::ScheduleOverlapPolicy::AllowAll);
        const bool ran =
            eventually([&] { return schedule.describe().recent_actions.size() == actions; });
        if (!ran) {
            return std::string{"nothing: it did not run"};
        }
        const auto last = schedule.describe().recent_actions.back();
        return client_.handle<&scheduled::Parcel::run>(last.workflow_id).result();
    };
    EXPECT_EQ(says_after(1), "blue");
    // Who changes it may know nothing of tenants.
    schedule.update([](hg::ScheduleUpdate& update) { update.schedule.state.note = "changed"; });
    EXPECT_EQ(says_after(2), "blue");
    schedule.remove();
}

// Of an action that is triggered, servers up to 1.32 put the time behind the id all the same.
TEST_F(Schedules, ThatKeepTheIdOfTheirWorkflowsAreDescribedSo) {
    hg::Schedule given = yearly();
    given.policy.keep_original_workflow_id = true;
    const auto schedule = client_.create_schedule(id_, given);
    EXPECT_TRUE(schedule.describe().schedule.policy.keep_original_workflow_id);
    schedule.remove();
}

TEST_F(Schedules, ArePausedAndUnpausedWithANote) {
    hg::Schedule given = yearly();
    given.state = {.note = "at first", .paused = true, .remaining_actions = 3};
    const auto schedule = client_.create_schedule(id_, given);
    EXPECT_TRUE(schedule.describe().schedule.state.paused);
    EXPECT_EQ(schedule.describe().schedule.state.remaining_actions, 3);
    schedule.unpause("go on");
    EXPECT_TRUE(eventually([&] {
        const auto state = schedule.describe().schedule.state;
        return !state.paused && state.note == "go on";
    }));
    schedule.pause("stop");
    EXPECT_TRUE(eventually([&] {
        const auto state = schedule.describe().schedule.state;
        return state.paused && state.note == "stop";
    }));
    EXPECT_THROW(client_.create_schedule(id_, given), hg::ScheduleAlreadyRunningError);
    schedule.remove();
}

TEST_F(Schedules, AreDescribedAsTheyWereMade) {
    hg::Schedule given = yearly();
    given.spec.intervals = {{.every = 240h, .offset = 1h}};
    given.spec.skip = {{.day_of_month = {{24, 26}}, .month = {{12}}, .comment = "holidays"}};
    given.spec.start_at = system_clock::time_point{4'000'000'000s};
    given.spec.end_at = system_clock::time_point{4'100'000'000s};
    given.spec.jitter = 30s;
    given.spec.time_zone_name = "Europe/Berlin";
    given.policy = {
        .overlap = hg::ScheduleOverlapPolicy::BufferOne,
        .catchup_window = 1min,
        .pause_on_failure = true
    };
    given.action.execution_timeout = 2h;
    given.action.run_timeout = 1h;
    given.action.task_timeout = 20s;
    given.action.retry_policy = hg::RetryPolicy{.maximum_attempts = 2};
    given.action.memo = {{"team", hg::to_payload("orders")}};
    given.action.static_summary = "all of the day";
    given.action.static_details = "of *ada*";
    given.action.priority = {.key = 2};
    const auto schedule =
        client_.create_schedule(id_, given, {.memo = {{"who", hg::to_payload("ada")}}});
    const auto description = schedule.describe();
    EXPECT_EQ(description.memo.at("who"), hg::to_payload("ada"));
    EXPECT_FALSE(description.next_action_times.empty());
    EXPECT_LT(system_clock::now() - description.created_at, 1min);
    const hg::Schedule& is = description.schedule;
    EXPECT_EQ(is.spec.intervals, given.spec.intervals);
    EXPECT_EQ(is.spec.start_at, given.spec.start_at);
    EXPECT_EQ(is.spec.end_at, given.spec.end_at);
    EXPECT_EQ(is.spec.jitter, given.spec.jitter);
    EXPECT_EQ(is.spec.time_zone_name, "Europe/Berlin");
    ASSERT_EQ(is.spec.skip.size(), 1U);
    EXPECT_EQ(is.spec.skip[0].comment, "holidays");
    EXPECT_EQ(is.policy, given.policy);
    EXPECT_EQ(is.action.id, given.action.id);
    EXPECT_EQ(is.action.type, "Echo");
    EXPECT_EQ(is.action.arguments, hg::encode_arguments(std::string{"hello"}));
    EXPECT_EQ(is.action.execution_timeout, 2h);
    EXPECT_EQ(is.action.run_timeout, 1h);
    EXPECT_EQ(is.action.task_timeout, 20s);
    EXPECT_EQ(is.action.retry_policy->maximum_attempts, 2);
    EXPECT_EQ(is.action.memo, given.action.memo);
    EXPECT_EQ(is.action.static_summary, "all of the day");
    EXPECT_EQ(is.action.static_details, "of *ada*");
    EXPECT_EQ(is.action.priority.key, 2);
    schedule.remove();
}

TEST_F(Schedules, LoseNothingWhenTheyAreUpdated) {
    // As another SDK might make it, with arguments that nobody here can read.
    service::CreateScheduleRequest made;
    made.set_namespace_(client_.namespace_name());
    made.set_schedule_id(id_);
    made.set_request_id(id_);
    auto& proto = *made.mutable_schedule();
    auto& calendar = *proto.mutable_spec()->add_structured_calendar();
    calendar.add_month()->set_start(1);
    calendar.add_day_of_month()->set_start(1);
    calendar.add_hour()->set_start(3);
    calendar.add_minute()->set_start(0);
    calendar.add_second()->set_start(0);
    calendar.add_day_of_week()->set_end(6);
    proto.mutable_spec()->mutable_jitter()->set_nanos(1'500'001);
    auto& action = *proto.mutable_action()->mutable_start_workflow();
    action.set_workflow_id(id_ + "-flow");
    action.mutable_workflow_type()->set_name("Elsewhere");
    action.mutable_task_queue()->set_name("elsewhere");
    auto& argument = *action.mutable_input()->add_payloads();
    (*argument.mutable_metadata())["encoding"] = "binary/encrypted";
    (*argument.mutable_metadata())["key"] = "k-1";
    argument.set_data("\x01\xff\xfe");
    (*(*action.mutable_header()->mutable_fields())["trace"].mutable_metadata())["encoding"] = "x";
    auto& summary = *action.mutable_user_metadata()->mutable_summary();
    (*summary.mutable_metadata())["encoding"] = "binary/encrypted";
    summary.set_data("\xff");
    action.mutable_workflow_task_timeout()->set_seconds(7);
    action.mutable_workflow_task_timeout()->set_nanos(1);
    (void)hg::raw::call<service::CreateScheduleResponse>(
        client_, hg::raw::Service::Workflow, "CreateSchedule", made
    );

    const auto before = raw_description();
    client_.schedule(id_).update([](hg::ScheduleUpdate& update) {
        update.schedule.state.note = "changed";
    });
    const auto after = raw_description();
    auto expected = before.schedule();
    expected.mutable_state()->set_notes("changed");
    std::string difference;
    MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&difference);
    EXPECT_TRUE(differencer.Compare(expected, after.schedule())) << difference;
    EXPECT_EQ(
        after.schedule().action().start_workflow().input().payloads(0).data(), "\x01\xff\xfe"
    );
    client_.schedule(id_).remove();
}

TEST_F(Schedules, AreChangedByEachOfManyAtOnce) {
    const auto schedule = client_.create_schedule(id_, yearly());
    constexpr int kChanges = 4;
    std::vector<hg::Future<void>> changes;
    for (int i = 0; i < kChanges; ++i) {
        changes.push_back(schedule.update_async([i](hg::ScheduleUpdate& update) {
            update.schedule.action.memo[std::to_string(i)] = hg::to_payload(i);
        }));
    }
    for (const auto& change : changes) {
        change.get();
    }
    EXPECT_EQ(schedule.describe().schedule.action.memo.size(), std::size_t{kChanges});
    schedule.remove();
}

TEST_F(Schedules, HaveSearchAttributesOfTheirOwnAndOfTheirWorkflows) {
    const auto team = hg::search_attribute::keyword("HgScheduleTeam");
    if (!hg::admin::list_search_attributes(client_).custom.contains(team.name())) {
        hg::admin::add_search_attributes(
            client_, {{team.name(), hg::SearchAttributeType::Keyword}}
        );
    }
    hg::Schedule given = yearly();
    given.action.search_attributes = {team.set("workers")};
    // Not all parts of the server may know the attribute yet.
    ASSERT_TRUE(eventually([&] {
        try {
            client_.create_schedule(id_, given, {.search_attributes = {team.set("owners")}});
            return true;
        } catch (const hg::RpcError& error) {
            return error.code() != hg::RpcCode::InvalidArgument;
        }
    }));
    const auto schedule = client_.schedule(id_);
    EXPECT_EQ(schedule.describe().search_attributes.get(team), "owners");
    schedule.update([&team](hg::ScheduleUpdate& update) {
        update.schedule.action.search_attributes = {team.set("others")};
        update.search_attributes = hg::SearchAttributes{team.set("new owners")};
    });
    EXPECT_EQ(schedule.describe().schedule.action.search_attributes.get(team), "others");
    EXPECT_TRUE(eventually([&] {
        return schedule.describe().search_attributes.get(team) == "new owners";
    }));
    schedule.remove();
}

TEST_F(Schedules, MayBeMadeWhatTheyAreAlready) {
    hg::Schedule wanted = yearly();
    wanted.spec.skip = {{.day_of_month = {{24, 26}}, .month = {{12}}}};
    wanted.action.retry_policy = hg::RetryPolicy{.maximum_attempts = 2};
    const auto schedule = client_.create_schedule(id_, wanted);
    for (int start_of_program = 0; start_of_program < 3; ++start_of_program) {
        EXPECT_NO_THROW(schedule.update([&wanted](hg::ScheduleUpdate& update) {
            update.schedule = wanted;
        }));
    }
    EXPECT_EQ(schedule.describe().schedule.action.arguments, wanted.action.arguments);
    schedule.remove();
}

TEST_F(Schedules, AreBackfilledAndTellTheirTimes) {
    hg::Schedule hourly{
        .action = hg::scheduled<&Echo::run>({.id = id_ + "-flow"}, "past"),
        .spec = {.intervals = {{.every = 1h}}},
        .policy = {.overlap = hg::ScheduleOverlapPolicy::AllowAll},
        .state = {.paused = true}
    };
    const auto schedule = client_.create_schedule(id_, hourly);
    const system_clock::time_point hour{1'600'000'000s - 1'600'000'000s % 3600s};
    EXPECT_THAT(
        schedule.matching_times(hour + 1s, hour + 3h - 1s), ElementsAre(hour + 1h, hour + 2h)
    );
    const auto many = schedule.matching_times(hour + 1s, hour + 2500h);
    ASSERT_EQ(many.size(), 2500U) << "more than the server tells at once";
    EXPECT_EQ(many.back(), hour + 2500h);
    schedule.backfill({{.start_at = hour + 1s, .end_at = hour + 3h - 1s}});
    EXPECT_TRUE(eventually([&] { return schedule.describe().actions == 2; }));
    schedule.remove();
}

TEST_F(Schedules, AreListed) {
    hg::Schedule given = yearly();
    given.state.note = "listed";
    given.state.paused = true;
    const auto first = client_.create_schedule(id_, given);
    const auto second = client_.create_schedule(id_ + "-2", given);
    std::vector<hg::ScheduleListEntry> mine;
    EXPECT_TRUE(eventually([&] {
        mine.clear();
        for (const auto& entry : client_.list_schedules({}, {.page_size = 1})) {
            if (entry.id.starts_with(id_)) {
                mine.push_back(entry);
            }
        }
        return mine.size() == 2;
    }));
    for (const auto& entry : mine) {
        EXPECT_EQ(entry.workflow_type, "Echo");
        EXPECT_TRUE(entry.paused);
        EXPECT_EQ(entry.note, "listed");
    }
    EXPECT_GE(client_.count_schedules().total, 2);
    first.remove();
    second.remove();
}

TEST_F(Schedules, ThatDoNotExistAreNamed) {
    const auto missing = client_.schedule("no-such-schedule");
    EXPECT_THROW((void)missing.describe(), hg::ScheduleNotFoundError);
    EXPECT_THROW(missing.pause(), hg::ScheduleNotFoundError);
    EXPECT_THROW(missing.trigger(), hg::ScheduleNotFoundError);
    EXPECT_THROW(missing.update([](hg::ScheduleUpdate&) {}), hg::ScheduleNotFoundError);
    EXPECT_THROW(missing.remove(), hg::ScheduleNotFoundError);
}

}  // namespace
