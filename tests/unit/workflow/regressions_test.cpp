// Ways in which other engines went wrong, or could: each as a test of its own. More of them are
// with what they are about: deep recursion and many awaits in engine_test.cpp, conditions that
// become true twice in waiting_test.cpp, local activities in backoff in local_activity_test.cpp,
// handlers that await in messages_test.cpp.
#include "tests/unit/workflow/harness.hpp"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

struct LateLoser {
    hg::Task<std::string> run() {
        const auto slow = wf::execute_activity<std::string>("slow", kQuick);
        const auto fast = wf::execute_activity<std::string>("fast", kQuick);
        const auto winner = co_await wf::race(slow, fast);
        const auto next = wf::execute_activity<std::string>("next", kQuick, winner);
        const std::string said = co_await next;
        co_await wf::sleep(1s);
        co_return said + (slow.ready() ? ", and the loser came" : ", and the loser never came");
    }
};
HOURGLASS_WORKFLOW(LateLoser, run)

TEST(Regression, race_whose_loser_ends_later_is_replayed_as_it_went) {
    RunOf<LateLoser> run;
    EXPECT_THAT(run.start(), ElementsAre("schedule 1 slow", "schedule 2 fast"));
    EXPECT_THAT(run.activate(Jobs{}.complete_activity(2, "F")), ElementsAre("schedule 3 next 1"));
    EXPECT_THAT(run.activate(Jobs{}.complete_activity(1, "S")), IsEmpty());
    EXPECT_THAT(
        run.activate(Jobs{}.complete_activity(3, "N")), ElementsAre("start_timer 1 1000ms")
    );
    EXPECT_THAT(run.activate(Jobs{}.evict()), IsEmpty());
    // Core replays event by event, so the same ends come in the same order.
    RunOf<LateLoser> again;
    EXPECT_THAT(
        again.activate(Jobs{}.replaying().start("LateLoser")),
        ElementsAre("schedule 1 slow", "schedule 2 fast")
    );
    EXPECT_THAT(
        again.activate(Jobs{}.replaying().complete_activity(2, "F")),
        ElementsAre("schedule 3 next 1")
    );
    EXPECT_THAT(
        again.activate(Jobs{}.replaying().complete_activity(1, "S").complete_activity(3, "N")),
        ElementsAre("start_timer 1 1000ms")
    );
    EXPECT_THAT(again.activate(Jobs{}.fire(1)), ElementsAre(R"(complete "N, and the loser came")"));
}

struct PatchedAfterEviction {
    hg::Task<std::string> run() {
        std::string way = wf::patched("new way") ? "new" : "old";
        co_await wf::sleep(1s);
        way += wf::patched("new way") ? " new" : " old";
        way += wf::patched("later") ? " later" : " before";
        co_return way;
    }
};
HOURGLASS_WORKFLOW(PatchedAfterEviction, run)

TEST(Regression, patched_workflow_that_was_evicted_goes_the_way_that_it_began) {
    RunOf<PatchedAfterEviction> run;
    EXPECT_THAT(run.start(), ElementsAre("patch new way", "start_timer 1 1000ms"));
    run.activate(Jobs{}.evict());
    RunOf<PatchedAfterEviction> again;
    EXPECT_THAT(
        again.activate(Jobs{}.replaying().start("PatchedAfterEviction").has_patch("new way")),
        ElementsAre("patch new way", "start_timer 1 1000ms")
    );
    EXPECT_THAT(
        again.activate(Jobs{}.fire(1)), ElementsAre("patch later", R"(complete "new new later")")
    );
    RunOf<PatchedAfterEviction> without_marker;
    EXPECT_THAT(
        without_marker.activate(Jobs{}.replaying().start("PatchedAfterEviction")),
        ElementsAre("start_timer 1 1000ms")
    );
    EXPECT_THAT(
        without_marker.activate(Jobs{}.fire(1)),
        ElementsAre("patch later", R"(complete "old old later")")
    );
}

struct GreetedEarly {
    hg::Task<std::string> run() {
        log_ += "run";
        co_await wf::wait_condition(wf::all_handlers_finished);
        co_return log_;
    }
    hg::Task<void> poke(int number) {
        log_ += "signal" + std::to_string(number) + " ";
        co_await wf::execute_activity<int>("of the signal", kQuick);
        log_ += " signalled";
    }
    hg::Task<std::string> set(int number) {
        log_ += "update" + std::to_string(number) + " ";
        const int result = co_await wf::execute_activity<int>("of the update", kQuick);
        log_ += " updated";
        co_return "got " + std::to_string(result);
    }

private:
    std::string log_;
};
HOURGLASS_WORKFLOW(GreetedEarly, run, signals(poke), updates(set))

TEST(Regression, update_and_signal_of_the_first_activation_run_first_and_are_waited_for) {
    for (const bool replaying : {false, true}) {
        RunOf<GreetedEarly> run;
        Jobs first;
        if (replaying) {
            first.replaying();
        }
        EXPECT_THAT(
            run.activate(first.start("GreetedEarly").update("u", "set", 1).signal("poke", 2)),
            ElementsAre(
                "accepted protocol-u", "schedule 1 of the update", "schedule 2 of the signal"
            )
        );
        EXPECT_THAT(
            run.activate(Jobs{}.complete_activity(1, 7)),
            ElementsAre(R"(completed protocol-u "got 7")")
        );
        EXPECT_THAT(
            run.activate(Jobs{}.complete_activity(2, 8)),
            ElementsAre(R"(complete "update1 signal2 run updated signalled")")
        );
    }
}

struct NotUtf8 {
    hg::Task<void> run() { co_await wf::sleep(1h); }
    std::string ask() const { return "\xff"; }
    std::string set() { return "\xff"; }
};
HOURGLASS_WORKFLOW(NotUtf8, run, queries(ask), updates(set))

TEST(Regression, result_that_cannot_be_written_fails_the_query_and_the_update_s_task) {
    RunOf<NotUtf8> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.query("ask")),
        ElementsAre(AllOf(HasSubstr("query failed"), HasSubstr("UTF-8")))
    );
    EXPECT_THAT(
        run.activate(Jobs{}.update("u", "set")),
        ElementsAre(AllOf(HasSubstr("task failed"), HasSubstr("update 'set'"), HasSubstr("UTF-8")))
    );
}

struct KeepsItsState {
    hg::Task<int> run() {
        state_ = 1;
        co_await wf::sleep(1s);
        state_ = 2;
        co_return 3;
    }
    int state() const { return state_; }

private:
    int state_ = 0;
};
HOURGLASS_WORKFLOW(KeepsItsState, run, queries(state))

TEST(Regression, query_of_an_evicted_workflow_is_answered_by_its_replay_and_of_a_closed_one_too) {
    RunOf<KeepsItsState> run;
    run.start();
    run.activate(Jobs{}.evict());
    RunOf<KeepsItsState> again;
    // A query comes alone: at the end of the replay in an activation of its own.
    EXPECT_THAT(
        again.activate(Jobs{}.replaying().start("KeepsItsState")),
        ElementsAre("start_timer 1 1000ms")
    );
    EXPECT_THAT(again.activate(Jobs{}.query("state")), ElementsAre("answer 1"));
    EXPECT_THAT(again.activate(Jobs{}.replaying().fire(1)), ElementsAre("complete 3"));
    EXPECT_THAT(again.activate(Jobs{}.query("state")), ElementsAre("answer 2"));
}

struct Wide {
    hg::Task<int> run(int count) {
        std::vector<wf::ActivityHandle<int>> pending;
        for (int i = 0; i < count; ++i) {
            pending.push_back(wf::execute_activity<int>("one", kQuick, i));
        }
        const auto results = co_await wf::all(std::move(pending));
        int sum = 0;
        for (const int each : results) {
            sum += each;
        }
        co_return sum;
    }
};
HOURGLASS_WORKFLOW(Wide, run)

TEST(Regression, ten_thousand_pending_activities_end_in_any_order_or_are_evicted) {
    constexpr int kCount = 10'000;
    RunOf<Wide> run;
    EXPECT_EQ(run.start(kCount).size(), std::size_t{kCount});
    for (std::uint32_t i = kCount; i > 1; --i) {
        EXPECT_THAT(run.activate(Jobs{}.complete_activity(i, 1)), IsEmpty());
    }
    EXPECT_THAT(run.activate(Jobs{}.complete_activity(1, 1)), ElementsAre("complete 10000"));

    RunOf<Wide> cancelled;
    cancelled.start(kCount);
    EXPECT_EQ(cancelled.activate(Jobs{}.cancel("enough")).size(), std::size_t{kCount});

    RunOf<Wide> evicted;
    evicted.start(kCount);
    EXPECT_THAT(evicted.activate(Jobs{}.evict()), IsEmpty());
}

struct SwallowsEverything {
    hg::Task<int> run() {
        for (int i = 0; i < 3; ++i) {
            try {
                co_await wf::sleep(1s);
            } catch (...) {
                ++swallowed;
            }
        }
        co_return swallowed;
    }
    hg::Task<void> poke() {
        try {
            co_await wf::wait_condition([] { return false; });
        } catch (...) {
            ++swallowed;
        }
    }
    static inline int swallowed = 0;
};
HOURGLASS_WORKFLOW(SwallowsEverything, run, signals(poke))

TEST(Regression, catch_all_around_an_await_does_not_see_an_eviction) {
    {
        RunOf<SwallowsEverything> run;
        run.activate(Jobs{}.start("SwallowsEverything").signal("poke"));
        EXPECT_THAT(run.activate(Jobs{}.evict()), IsEmpty());
    }
    EXPECT_EQ(SwallowsEverything::swallowed, 0);
}

struct HalfSpoken {
    hg::Task<void> run() {
        static_cast<void>(wf::execute_activity<int>("asked for", kQuick));
        co_await wf::sleep(1s);
        static_cast<void>(wf::start_timer(1s));
        throw std::logic_error{"a bug"};
    }
};
HOURGLASS_WORKFLOW(HalfSpoken, run)

TEST(Regression, task_that_fails_sends_none_of_what_it_asked_for) {
    RunOf<HalfSpoken> run;
    run.start();
    const auto completion = run.completion(Jobs{}.fire(1));
    EXPECT_TRUE(completion.has_failed());
    EXPECT_EQ(completion.successful().commands_size(), 0);
    EXPECT_EQ(run.state(), wf::RunState::Failed);
}
