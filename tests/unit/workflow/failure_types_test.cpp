#include "hourglass/workflow/failure_types.hpp"

#include "tests/unit/workflow/harness.hpp"

#include <exception>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

struct Declined : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct ChoosesItsFailures {
    hg::Task<void> run(std::string what) {
        co_await wf::sleep(1s);
        fail(what);
    }
    void poke(std::string what) { fail(what); }
    void set(std::string what) { fail(what); }
    static void fail(const std::string& what) {
        if (what == "declined") {
            throw Declined{"declined"};
        }
        if (what == "derived") {
            throw std::invalid_argument{"derived"};
        }
        if (what == "number") {
            throw 42;
        }
        throw std::runtime_error{what};
    }
};
HOURGLASS_WORKFLOW(
    ChoosesItsFailures, run, signals(poke), updates(set), failure_types(Declined, std::logic_error)
)

TEST(FailureTypes, that_the_workflow_names_fail_it_and_others_its_task) {
    for (const auto& [what, outcome] : std::vector<std::pair<std::string, std::string>>{
             {"declined", "fail declined"},
             {"derived", "fail derived"},
             {"other", "std::runtime_error: other"},
             {"number", "task failed"}
         }) {
        RunOf<ChoosesItsFailures> run;
        run.start(what);
        EXPECT_THAT(run.activate(Jobs{}.fire(1)), ElementsAre(HasSubstr(outcome)));
    }
}

TEST(FailureTypes, that_fail_the_workflow_say_their_own_type) {
    RunOf<ChoosesItsFailures> run;
    run.start("declined");
    const auto completion = run.completion(Jobs{}.fire(1));
    const auto& failure = completion.successful().commands(0).fail_workflow_execution().failure();
    EXPECT_EQ(failure.application_failure_info().type(), "Declined");
}

TEST(FailureTypes, hold_for_signals_and_reject_updates) {
    RunOf<ChoosesItsFailures> run;
    run.start("nothing");
    EXPECT_THAT(
        run.activate(Jobs{}.update("u", "set", "declined")),
        ElementsAre("accepted protocol-u", "rejected protocol-u declined")
    );
    EXPECT_THAT(run.activate(Jobs{}.signal("poke", "derived")), ElementsAre("fail derived"));
}

TEST(FailureTypes, of_the_worker_hold_for_every_workflow) {
    wf::WorkflowRun run{
        wf::definition_of<ChoosesItsFailures>(),
        "run-1",
        {.fails_workflow = [](const std::exception& error
                           ) { return std::string{error.what()} == "by its text"; }}
    };
    static_cast<void>(run.activate(Jobs{}.start("ChoosesItsFailures", "by its text").activation()));
    EXPECT_THAT(
        wf::testing::lines_of(run.activate(Jobs{}.fire(1).activation())),
        ElementsAre("fail by its text")
    );
}

TEST(FailureTypes, whose_question_throws_fail_the_task_with_the_workflow_s_error) {
    const CapturedLog log;
    wf::WorkflowRun run{
        wf::definition_of<ChoosesItsFailures>(),
        "run-1",
        {.fails_workflow = [](const std::exception& /*error*/) -> bool {
            throw std::runtime_error{"no idea"};
        }}
    };
    static_cast<void>(run.activate(Jobs{}.start("ChoosesItsFailures", "other").activation()));
    EXPECT_THAT(
        wf::testing::lines_of(run.activate(Jobs{}.fire(1).activation())),
        ElementsAre(AllOf(HasSubstr("task failed: "), HasSubstr("std::runtime_error: other")))
    );
    EXPECT_THAT(log.lines(), ElementsAre(HasSubstr("no idea")));
}

struct TakesANumber {
    hg::Task<void> run(int /*number*/) { co_return; }
};
HOURGLASS_WORKFLOW(TakesANumber, run, failure_types(std::exception))

TEST(FailureTypes, reach_arguments_that_cannot_be_read_and_the_constructor) {
    RunOf<TakesANumber> run;
    EXPECT_THAT(run.start("no number"), ElementsAre(HasSubstr("fail ")));
}

struct NeverMade {
    NeverMade() { throw Declined{"not today"}; }
    hg::Task<void> run() { co_return; }
};
HOURGLASS_WORKFLOW(NeverMade, run, failure_types(Declined))

TEST(FailureTypes, of_a_constructor_fail_the_workflow_and_leave_nothing_to_ask) {
    RunOf<NeverMade> run;
    EXPECT_THAT(
        run.activate(Jobs{}.start("NeverMade").signal("never")), ElementsAre("fail not today")
    );
    EXPECT_EQ(run.state(), wf::RunState::Closed);
    EXPECT_THAT(run.activate(Jobs{}.query("any")), ElementsAre(HasSubstr("query failed")));
    EXPECT_THAT(run.activate(Jobs{}.evict()), IsEmpty());
}

TEST(FailureTypes, know_whether_nondeterminism_is_one_of_them) {
    const wf::NondeterminismError error{"differs"};
    EXPECT_TRUE(wf::failure_types<wf::NondeterminismError>()(error));
    EXPECT_TRUE(wf::failure_types<std::exception>()(error));
    EXPECT_FALSE(wf::failure_types<Declined>()(error));
    EXPECT_EQ(wf::definition_of<NeverMade>().fails_workflow(error), false);
    EXPECT_EQ(wf::definition_of<TakesANumber>().fails_workflow(error), true);
}
