#include "hourglass/workflow/event_group.hpp"

#include "tests/unit/workflow/harness.hpp"

#include <optional>
#include <string>
#include <vector>

struct GroupedByLabel {
    hg::Task<void> run() {
        const wf::EventGroup outer{"outer"};
        const wf::EventGroup inner{"inner"};
        co_await wf::sleep(1s);
        co_await outer.run(in_outer(inner));
        co_await outer.run(once());
        co_await wf::sleep(5s);
    }
    hg::Task<void> in_outer(wf::EventGroup inner) {
        co_await wf::sleep(2s);
        const auto spawned = wf::spawn(inner.run(once()));
        static_cast<void>(wf::execute_local_activity<int>("local", {.start_to_close_timeout = 1s}));
        co_await spawned;
    }
    hg::Task<void> once() { co_await wf::sleep(3s); }
    hg::Task<void> poke() { co_await wf::sleep(4s); }
    hg::Task<void> set() { co_await once(); }
};
HOURGLASS_WORKFLOW(GroupedByLabel, run, signals(poke), updates(set))

namespace {

/// Of each command: its line, then the groups that it is in.
std::vector<std::string> grouped(const wf::Completion& completion) {
    std::vector<std::string> lines;
    for (const auto& command : completion.successful().commands()) {
        std::string line = wf::testing::text_of(command);
        for (const auto& marker : command.event_group_markers()) {
            if (marker.has_label()) {
                line += " | " + marker.label().id();
                if (marker.label().has_label()) {
                    line += " " + marker.label().label().data();
                }
            } else if (marker.has_inbound_event()) {
                line += " | event " + std::to_string(marker.inbound_event().inbound_event_id());
            } else {
                line += " | update " + marker.inbound_update().inbound_update_id();
            }
        }
        lines.push_back(line);
    }
    return lines;
}

}  // namespace

TEST(EventGroup, holds_what_its_task_starts_and_what_those_start_that_it_awaits_or_spawns) {
    RunOf<GroupedByLabel> run;
    EXPECT_THAT(
        grouped(run.completion(Jobs{}.start("GroupedByLabel"))), ElementsAre("start_timer 1 1000ms")
    );
    EXPECT_THAT(
        grouped(run.completion(Jobs{}.fire(1))), ElementsAre(R"(start_timer 2 2000ms | 1 "outer")")
    );
    EXPECT_THAT(
        grouped(run.completion(Jobs{}.fire(2))),
        ElementsAre("local 1 local | 1", R"(start_timer 3 3000ms | 2 "inner" | 1)")
    );
    EXPECT_THAT(grouped(run.completion(Jobs{}.fire(3))), ElementsAre("start_timer 4 3000ms | 1"));
    EXPECT_THAT(grouped(run.completion(Jobs{}.fire(4))), ElementsAre("start_timer 5 5000ms"));
}

TEST(EventGroup, of_a_signal_or_an_update_needs_no_word) {
    RunOf<GroupedByLabel> run;
    run.start();
    Jobs jobs;
    jobs.signal("poke");
    jobs.activation().mutable_jobs(0)->mutable_signal_workflow()->set_originating_event_id(17);
    jobs.update("u", "set");
    EXPECT_THAT(
        grouped(run.completion(jobs)),
        ElementsAre(
            "start_timer 2 4000ms | event 17",
            "accepted protocol-u | update u",
            "start_timer 3 3000ms | update u"
        )
    );
}

struct CancelsFromElsewhere {
    hg::Task<void> run() {
        const wf::EventGroup asks{"asks"};
        const wf::EventGroup takes_back{"takes back"};
        co_await asks.run(ask());
        co_await takes_back.run(take_back());
        co_await wf::sleep(1h);
    }
    hg::Task<void> ask() {
        timer_ = wf::start_timer(1s);
        activity_ = wf::execute_activity<int>("one", kQuick);
        const auto greetings = wf::nexus_client("prod", "greetings");
        operation_ = greetings.execute<int>("count", {});
        co_return;
    }
    hg::Task<void> take_back() {
        timer_->cancel();
        activity_->cancel();
        operation_->cancel();
        co_return;
    }

private:
    std::optional<wf::TimerHandle> timer_;
    std::optional<wf::ActivityHandle<int>> activity_;
    std::optional<wf::NexusOperationHandle<int>> operation_;
};
HOURGLASS_WORKFLOW(CancelsFromElsewhere, run)

TEST(EventGroup, of_what_is_cancelled_has_the_cancellation_too_because_core_puts_it_there) {
    RunOf<CancelsFromElsewhere> run;
    EXPECT_THAT(
        grouped(run.completion(Jobs{}.start("CancelsFromElsewhere"))),
        ElementsAre(
            R"(start_timer 1 1000ms | 1 "asks")",
            "schedule 1 one | 1",
            "nexus 1 prod/greetings/count null | 1",
            "cancel_timer 1",
            "cancel_activity 1",
            "cancel_nexus 1",
            "start_timer 2 3600000ms"
        )
    );
}

struct GroupsNothing {
    hg::Task<void> run() {
        const wf::EventGroup group{"group"};
        co_await group.run(hg::Task<void>{});
    }
};
HOURGLASS_WORKFLOW(GroupsNothing, run)

TEST(EventGroup, of_a_task_that_has_nothing_to_run_is_an_error) {
    RunOf<GroupsNothing> run;
    EXPECT_THAT(run.start(), ElementsAre(HasSubstr("EventGroup::run() was given a Task")));
}
