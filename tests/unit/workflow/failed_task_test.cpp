// What a failure tells of where in the workflow's code it came from.
#include "tests/unit/workflow/harness.hpp"

#include <stdexcept>
#include <string>
#include <vector>

struct Stumbles {
    static constexpr int kInner = __LINE__ + 2;
    hg::Task<void> inner(std::string how) {
        co_await wf::sleep(1s);
        if (how == "failure") {
            throw hg::ApplicationError{"out of stock"};
        }
        throw std::out_of_range{"no such row"};
    }
    static constexpr int kRun = __LINE__ + 14;
    hg::Task<void> run(std::string how) {
        if (how == "at once") {
            throw std::out_of_range{"no such row"};
        }
        if (how == "second") {
            try {
                co_await inner("first");
            } catch (const std::out_of_range&) {
                how = "other";
            }
            co_await wf::sleep(1s);
            throw std::logic_error{"later"};
        }
        co_await inner(how);
    }
};
HOURGLASS_WORKFLOW(Stumbles, run)

namespace {

std::string at(const char* function, int line) {
    return std::string{"at Stumbles::"} + function + " (" + __FILE__ + ":" + std::to_string(line) +
           ")";
}

}  // namespace

TEST(FailedTask, names_the_type_of_the_exception_and_the_await_it_came_after) {
    RunOf<Stumbles> run;
    run.start("error");
    const auto completion = run.completion(Jobs{}.fire(1));
    const auto& failure = completion.failed().failure();
    EXPECT_EQ(
        failure.message(),
        "workflow 'Stumbles', run method, after the await " + at("inner", Stumbles::kInner) +
            ": std::out_of_range: no such row"
    );
    EXPECT_EQ(
        failure.stack_trace(),
        at("inner", Stumbles::kInner) + "\n" + at("run", Stumbles::kRun) + "\n"
    );
}

TEST(FailedTask, tells_the_place_of_the_exception_that_counts_not_of_one_that_was_caught) {
    RunOf<Stumbles> run;
    run.start("second");
    run.activate(Jobs{}.fire(1));
    const auto completion = run.completion(Jobs{}.fire(2));
    const auto& failure = completion.failed().failure();
    EXPECT_THAT(failure.message(), HasSubstr(at("run", Stumbles::kRun - 3)));
    EXPECT_EQ(failure.stack_trace(), at("run", Stumbles::kRun - 3) + "\n");
}

TEST(FailedTask, tells_no_place_where_nothing_was_awaited_yet) {
    RunOf<Stumbles> run;
    const auto completion = run.completion(Jobs{}.start("Stumbles", "at once"));
    const auto& failure = completion.failed().failure();
    EXPECT_EQ(failure.message(), "workflow 'Stumbles', run method: std::out_of_range: no such row");
    EXPECT_EQ(failure.stack_trace(), "");
}

TEST(FailedWorkflow, has_the_coroutines_that_the_failure_left_as_its_stack_trace) {
    RunOf<Stumbles> run;
    run.start("failure");
    const auto completion = run.completion(Jobs{}.fire(1));
    const auto& failure = completion.successful().commands(0).fail_workflow_execution().failure();
    EXPECT_EQ(failure.message(), "out of stock");
    EXPECT_EQ(
        failure.stack_trace(),
        at("inner", Stumbles::kInner) + "\n" + at("run", Stumbles::kRun) + "\n"
    );
}

struct PassesOn {
    hg::Task<void> run() { co_await wf::execute_activity<int>("fails", kQuick); }
};

struct TakesOrder {
    hg::Task<void> run(int /*number*/) { co_return; }
    hg::Task<void> note() { co_await wf::execute_activity<int>("noted", kQuick); }
};
HOURGLASS_WORKFLOW(PassesOn, run)
HOURGLASS_WORKFLOW(TakesOrder, run, signals(note), failure_types(std::exception))

TEST(FailedWorkflow, passes_on_what_came_from_elsewhere_as_it_came) {
    RunOf<PassesOn> run;
    run.start();
    const auto completion = run.completion(Jobs{}.fail_activity(1, "no"));
    const auto& failure = completion.successful().commands(0).fail_workflow_execution().failure();
    EXPECT_TRUE(failure.has_activity_failure_info()) << failure.DebugString();
    EXPECT_EQ(failure.stack_trace(), "");
}

// Commands are matched with the history in their order: the signal's came first when it was
// recorded.
TEST(FailedWorkflow, by_arguments_that_cannot_be_read_fails_after_the_signals_that_came_with_it) {
    RunOf<TakesOrder> run;
    EXPECT_THAT(
        run.activate(Jobs{}.start("TakesOrder", "no number").signal("note")),
        ElementsAre(HasSubstr("noted"), AllOf(HasSubstr("fail "), HasSubstr("index 0")))
    );
}

struct WaitsTwice {
    static constexpr int kWaiter = __LINE__ + 1;
    hg::Task<void> waiter(wf::TaskHandle<void> failing) { co_await failing; }
    hg::Task<void> fail() {
        co_await wf::sleep(1s);
        throw std::out_of_range{"no such row"};
    }
    static constexpr int kRun = __LINE__ + 4;
    hg::Task<void> run() {
        const auto failing = wf::spawn(fail());
        static_cast<void>(wf::spawn(waiter(failing)));
        co_await waiter(failing);
    }
};
HOURGLASS_WORKFLOW(WaitsTwice, run)

TEST(FailedTask, tells_the_way_of_an_exception_that_two_have_got_without_the_other_one) {
    RunOf<WaitsTwice> run;
    run.start();
    const auto completion = run.completion(Jobs{}.fire(1));
    EXPECT_EQ(
        completion.failed().failure().stack_trace(),
        "at WaitsTwice::waiter (" + std::string{__FILE__} + ":" +
            std::to_string(WaitsTwice::kWaiter) + ")\nat WaitsTwice::run (" + __FILE__ + ":" +
            std::to_string(WaitsTwice::kRun) + ")\n"
    );
}
