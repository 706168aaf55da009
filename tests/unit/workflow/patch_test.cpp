#include "tests/unit/workflow/harness.hpp"

#include <string>

struct Patched {
    hg::Task<std::string> run() {
        std::string log = wf::patched("fraud-check") ? "new" : "old";
        co_await wf::sleep(1s);
        log += wf::patched("fraud-check") ? " new" : " old";
        log += wf::patched("later") ? " new" : " old";
        co_return log;
    }
    bool state() const { return wf::patched("fraud-check"); }
    bool unasked() const { return wf::patched("unasked"); }
};
HOURGLASS_WORKFLOW(Patched, run, queries(state, unasked))

TEST(Patch, is_taken_by_a_run_that_comes_to_it_for_the_first_time_and_marked_once) {
    RunOf<Patched> run;
    EXPECT_THAT(run.start(), ElementsAre("patch fraud-check", "start_timer 1 1000ms"));
    EXPECT_THAT(
        run.activate(Jobs{}.fire(1)), ElementsAre("patch later", R"(complete "new new new")")
    );
}

TEST(Patch, is_not_taken_on_replay_without_a_marker_and_stays_so_when_the_replay_is_over) {
    RunOf<Patched> run;
    EXPECT_THAT(
        run.activate(Jobs{}.start("Patched").replaying()), ElementsAre("start_timer 1 1000ms")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.fire(1)), ElementsAre("patch later", R"(complete "old old new")")
    );
}

TEST(Patch, is_taken_on_replay_with_a_marker) {
    RunOf<Patched> run;
    EXPECT_THAT(
        run.activate(Jobs{}.start("Patched").has_patch("fraud-check").replaying()),
        ElementsAre("patch fraud-check", "start_timer 1 1000ms")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.has_patch("later").fire(1).replaying()),
        ElementsAre("patch later", R"(complete "new new new")")
    );
}

TEST(Patch, that_was_asked_for_can_be_asked_for_by_a_query_and_no_other) {
    RunOf<Patched> run;
    run.start();
    EXPECT_THAT(run.activate(Jobs{}.query("state")), ElementsAre("answer true"));
    EXPECT_THAT(
        run.activate(Jobs{}.query("unasked")), ElementsAre(HasSubstr("query failed patched()"))
    );
}

struct Deprecated {
    hg::Task<std::string> run() {
        wf::deprecate_patch("fraud-check");
        co_await wf::sleep(1s);
        wf::deprecate_patch("fraud-check");
        co_return "done";
    }
};
HOURGLASS_WORKFLOW(Deprecated, run)

TEST(DeprecatedPatch, is_marked_as_such_once_but_not_on_replay_without_a_marker) {
    RunOf<Deprecated> live;
    EXPECT_THAT(live.start(), ElementsAre("patch fraud-check deprecated", "start_timer 1 1000ms"));
    EXPECT_THAT(live.activate(Jobs{}.fire(1)), ElementsAre(R"(complete "done")"));
    RunOf<Deprecated> replayed;
    EXPECT_THAT(
        replayed.activate(Jobs{}.start("Deprecated").replaying()),
        ElementsAre("start_timer 1 1000ms")
    );
}

struct NamelessPatch {
    hg::Task<bool> run() { co_return wf::patched(""); }
};
HOURGLASS_WORKFLOW(NamelessPatch, run)

TEST(Patch, without_an_id_fails_the_task) {
    RunOf<NamelessPatch> run;
    EXPECT_THAT(run.start(), ElementsAre(HasSubstr("patched() needs an id")));
}
