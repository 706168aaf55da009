#include "tests/unit/workflow/harness.hpp"

#include <google/protobuf/arena.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <vector>

namespace {

/// Counts itself: what is left at the end was not destroyed.
struct Counted {
    Counted() { ++alive; }
    Counted(const Counted& /*other*/) { ++alive; }
    Counted& operator=(const Counted&) = default;
    ~Counted() { --alive; }
    static inline int alive = 0;
};

}  // namespace

struct Thrower {
    hg::Task<int> run(std::string what) {
        const Counted counted;
        if (what == "application") {
            throw hg::ApplicationError{"out of stock", {.type = "Stock", .non_retryable = true}};
        }
        if (what == "number") {
            throw 42;
        }
        if (what == "logic") {
            throw std::logic_error{"a bug"};
        }
        if (what == "deep") {
            const int depth = co_await fail_below(3);
            co_return depth;
        }
        co_return 1;
    }
    hg::Task<int> fail_below(int depth) {
        const Counted counted;
        if (depth == 0) {
            throw hg::ApplicationError{"from below"};
        }
        const int result = co_await fail_below(depth - 1);
        co_return result;
    }
};
HOURGLASS_WORKFLOW(Thrower, run)

TEST(Outcome, a_failure_exception_fails_the_workflow) {
    RunOf<Thrower> run;
    const auto completion = run.completion(Jobs{}.start("Thrower", "application"));
    const auto& failure = completion.successful().commands(0).fail_workflow_execution().failure();
    EXPECT_EQ(failure.message(), "out of stock");
    EXPECT_EQ(failure.application_failure_info().type(), "Stock");
    EXPECT_TRUE(failure.application_failure_info().non_retryable());
    EXPECT_EQ(run.state(), wf::RunState::Closed);
    RunOf<Thrower> deep;
    EXPECT_THAT(deep.start("deep"), ElementsAre("fail from below"));
    EXPECT_EQ(Counted::alive, 0);
}

TEST(Outcome, any_other_exception_fails_the_task_with_a_cause_also_when_it_is_a_number) {
    RunOf<Thrower> number;
    const auto completion = number.completion(Jobs{}.start("Thrower", "number"));
    EXPECT_THAT(
        completion.failed().failure().message(), HasSubstr("workflow 'Thrower', run method: ")
    );
    EXPECT_EQ(
        completion.failed().force_cause(),
        temporal::api::enums::v1::WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE
    );
    EXPECT_EQ(completion.run_id(), "run-1");
    EXPECT_EQ(number.state(), wf::RunState::Failed);
    RunOf<Thrower> logic;
    EXPECT_THAT(logic.start("logic"), ElementsAre(HasSubstr("a bug")));
    EXPECT_THAT(logic.activate(Jobs{}.evict()), IsEmpty());
    EXPECT_EQ(logic.state(), wf::RunState::Evicted);
}

TEST(Outcome, wrong_run_arguments_fail_the_task_with_type_index_and_reason) {
    RunOf<Thrower> wrong_type;
    EXPECT_THAT(
        wrong_type.start(3),
        ElementsAre(AllOf(HasSubstr("index 0"), HasSubstr("std::string"), HasSubstr("Thrower")))
    );
    RunOf<Thrower> wrong_count;
    EXPECT_THAT(wrong_count.start("a", "b"), ElementsAre(HasSubstr("argument")));
}

struct Unencodable {
    hg::Task<std::string> run() { co_return "\xff"; }
};
HOURGLASS_WORKFLOW(Unencodable, run)

TEST(Outcome, a_result_that_cannot_be_encoded_fails_the_task) {
    RunOf<Unencodable> run;
    EXPECT_THAT(run.start(), ElementsAre(AllOf(HasSubstr("task failed"), HasSubstr("UTF-8"))));
}

struct BadConstructor {
    BadConstructor() { throw std::runtime_error{"no such luck"}; }
    hg::Task<void> run() { co_return; }
};
HOURGLASS_WORKFLOW(BadConstructor, run)

TEST(Outcome, a_constructor_that_throws_fails_the_task) {
    RunOf<BadConstructor> run;
    EXPECT_THAT(
        run.start(), ElementsAre(HasSubstr("constructor: std::runtime_error: no such luck"))
    );
}

struct Loop {
    hg::Task<int> run(int count) {
        const auto pending = wf::execute_activity<int>("pending", kQuick);
        co_await helper(count);
        co_return pending.ready() ? 1 : 0;
    }
    hg::Task<void> helper(int count) {
        if (count == 0) {
            wf::continue_as_new({.task_queue = "other", .run_timeout = 1h}, 7);
        }
        try {
            wf::continue_as_new<&Loop::run>({}, count - 1);
        } catch (const std::exception&) {
            throw std::logic_error{"continue_as_new must pass"};
        }
        co_return;
    }
};
HOURGLASS_WORKFLOW(Loop, run)

TEST(ContinueAsNew, ends_the_run_and_starts_the_next_with_its_arguments_and_options) {
    RunOf<Loop> run;
    EXPECT_THAT(run.start(3), ElementsAre("schedule 1 pending", "continue_as_new Loop 2"));
    EXPECT_EQ(run.state(), wf::RunState::Closed);
    RunOf<Loop> last;
    const auto completion = last.completion(Jobs{}.start("Loop", 0));
    const auto& command = completion.successful().commands(1).continue_as_new_workflow_execution();
    EXPECT_EQ(command.workflow_type(), "Loop");
    EXPECT_EQ(command.task_queue(), "other");
    EXPECT_EQ(command.workflow_run_timeout().seconds(), 3600);
    EXPECT_FALSE(command.has_workflow_task_timeout());
    EXPECT_FALSE(command.has_retry_policy());
}

struct Deep {
    hg::Task<int> run(int depth, bool waits) {
        const int result = co_await down(depth, waits);
        co_return result;
    }
    hg::Task<int> down(int depth, bool waits) {
        const Counted counted;
        if (depth == 0) {
            if (waits) {
                co_await wf::sleep(1s);
            }
            co_return 0;
        }
        const int below = co_await down(depth - 1, waits);
        co_return below + 1;
    }
};
HOURGLASS_WORKFLOW(Deep, run)

struct Many {
    hg::Task<int> run(int count) {
        const auto done = wf::spawn(one());
        static_cast<void>(co_await done);
        int sum = 0;
        for (int i = 0; i < count; ++i) {
            const int ready = co_await done;
            const int fresh = co_await one();
            sum += ready + fresh;
        }
        co_return sum;
    }
    hg::Task<int> one() { co_return 1; }
};
HOURGLASS_WORKFLOW(Many, run)

// On a stack of 256 KiB, which any growth per await would soon have used up.
template <class F>
void on_a_small_stack(F body) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 * 1024);
    pthread_t thread{};
    ASSERT_EQ(
        pthread_create(
            &thread,
            &attributes,
            [](void* work) -> void* {
                (*static_cast<F*>(work))();
                return nullptr;
            },
            &body
        ),
        0
    );
    pthread_join(thread, nullptr);
    pthread_attr_destroy(&attributes);
}

TEST(
    Scheduler, recursion_of_tasks_ten_thousand_deep_needs_no_stack_whether_it_waits_or_is_evicted
) {
    on_a_small_stack([] {
        RunOf<Deep> at_once;
        EXPECT_THAT(at_once.start(10'000, false), ElementsAre("complete 10000"));
        RunOf<Deep> waits;
        EXPECT_THAT(waits.start(10'000, true), ElementsAre("start_timer 1 1000ms"));
        EXPECT_THAT(waits.activate(Jobs{}.fire(1)), ElementsAre("complete 10000"));
        RunOf<Deep> evicted;
        evicted.start(10'000, true);
        EXPECT_GE(Counted::alive, 10'000);
        EXPECT_THAT(evicted.activate(Jobs{}.evict()), IsEmpty());
        EXPECT_EQ(Counted::alive, 0);
    });
}

TEST(Scheduler, a_hundred_thousand_awaits_that_complete_at_once_need_no_stack) {
    on_a_small_stack([] {
        RunOf<Many> run;
        EXPECT_THAT(run.start(100'000), ElementsAre("complete 200000"));
    });
}

struct Order {
    hg::Task<std::string> run() {
        std::vector<hg::Task<void>> tasks;
        for (int i = 0; i < 3; ++i) {
            tasks.push_back(step(i));
        }
        co_await wf::all(std::move(tasks));
        co_return log_;
    }
    hg::Task<void> step(int number) {
        log_ += std::to_string(number);
        co_await wf::sleep(1s);
        log_ += std::to_string(number);
    }

private:
    std::string log_;
};
HOURGLASS_WORKFLOW(Order, run)

TEST(Scheduler, runs_what_is_ready_in_the_order_in_which_it_became_ready) {
    RunOf<Order> run;
    run.start();
    EXPECT_THAT(run.activate(Jobs{}.fire(3).fire(1).fire(2)), ElementsAre(R"(complete "012201")"));
}

struct Evicted {
    Evicted() : member_{std::make_unique<Counted>()} {}
    hg::Task<void> run() {
        const Counted local;
        auto spawned = wf::spawn(forever());
        const Guard guard;
        try {
            co_await wf::execute_activity<int>("never", kQuick);
        } catch (...) {
            ++swallowed;
        }
        co_await spawned;
    }
    hg::Task<void> forever() {
        const Counted local;
        co_await wf::all(wf::sleep(1h), below());
    }
    hg::Task<void> below() {
        const Counted local;
        co_await wf::wait_condition([] { return false; });
    }
    hg::Task<void> waiting_signal() {
        const Counted local;
        co_await wf::sleep(1h);
    }

    static inline int swallowed = 0;
    static inline int guarded = 0;

private:
    /// Asks for something while the coroutines are destroyed.
    struct Guard {
        ~Guard() {
            ++guarded;
            static_cast<void>(wf::execute_activity<int>("from a destructor", kQuick));
            static_cast<void>(wf::start_timer(1s));
        }
    };
    std::unique_ptr<Counted> member_;
};
HOURGLASS_WORKFLOW(Evicted, run, signals(waiting_signal))

TEST(
    Eviction, destroys_every_coroutine_and_the_object_answers_with_nothing_and_runs_no_catch_block
) {
    ASSERT_EQ(Counted::alive, 0);
    Evicted::swallowed = Evicted::guarded = 0;
    RunOf<Evicted> run;
    run.activate(Jobs{}.start("Evicted").signal("waiting_signal"));
    EXPECT_EQ(Counted::alive, 5);
    const auto completion = run.completion(Jobs{}.evict());
    EXPECT_TRUE(completion.has_successful());
    EXPECT_EQ(completion.successful().commands_size(), 0);
    EXPECT_EQ(Counted::alive, 0);
    EXPECT_EQ(Evicted::swallowed, 0);
    EXPECT_EQ(Evicted::guarded, 1);
    EXPECT_EQ(run.state(), wf::RunState::Evicted);
}

TEST(Eviction, happens_too_when_the_run_is_just_dropped) {
    {
        RunOf<Evicted> run;
        run.start();
        EXPECT_EQ(Counted::alive, 4);
    }
    EXPECT_EQ(Counted::alive, 0);
}

TEST(Engine, answers_the_same_activations_byte_by_byte_the_same) {
    const auto bytes = [] {
        RunOf<Evicted> run;
        RunOf<Order> order;
        std::string all;
        all += run.completion(Jobs{}.start("Evicted").signal("waiting_signal")).SerializeAsString();
        all += run.completion(Jobs{}.cancel("why")).SerializeAsString();
        all += order.completion(Jobs{}.start("Order")).SerializeAsString();
        all += order.completion(Jobs{}.fire(2).fire(1).fire(3)).SerializeAsString();
        return all;
    };
    EXPECT_EQ(bytes(), bytes());
}

TEST(Engine, writes_its_answer_onto_an_arena_and_goes_on_on_another_thread) {
    wf::WorkflowRun run{wf::definition_of<Order>(), "run-1", {"default", "queue-1"}};
    google::protobuf::Arena arena;
    auto* first = google::protobuf::Arena::CreateMessage<wf::Completion>(&arena);
    Jobs start;
    EXPECT_EQ(run.activate(start.start("Order").activation(), *first), wf::RunState::Open);
    EXPECT_EQ(first->successful().commands_size(), 3);
    auto* second = google::protobuf::Arena::CreateMessage<wf::Completion>(&arena);
    std::thread elsewhere{[&run, second] {
        Jobs fire;
        EXPECT_EQ(
            run.activate(fire.fire(1).fire(2).fire(3).activation(), *second), wf::RunState::Closed
        );
    }};
    elsewhere.join();
    EXPECT_EQ(second->successful().commands_size(), 1);
}

TEST(Engine, refuses_jobs_that_do_not_fit_with_a_task_failure) {
    RunOf<Order> early;
    EXPECT_THAT(early.activate(Jobs{}.fire(1)), ElementsAre(HasSubstr("before its first one")));
    RunOf<Order> child;
    child.start();
    Jobs jobs;
    jobs.add().mutable_resolve_child_workflow_execution()->set_seq(1);
    EXPECT_THAT(child.activate(jobs), ElementsAre(HasSubstr("child workflow 1 ended")));
    RunOf<Order> unknown;
    unknown.start();
    Jobs empty;
    empty.add();
    EXPECT_THAT(unknown.activate(empty), ElementsAre(HasSubstr("not known here")));
    RunOf<Order> twice;
    twice.start();
    EXPECT_THAT(twice.activate(Jobs{}.start("Order")), ElementsAre(HasSubstr("initialized twice")));
}

TEST(Engine, passes_over_the_patches_of_a_history) {
    RunOf<Order> run;
    run.start();
    Jobs jobs;
    jobs.add().mutable_notify_has_patch()->set_patch_id("faster");
    EXPECT_THAT(run.activate(jobs), IsEmpty());
}

TEST(Engine, functions_of_a_workflow_outside_of_one_say_so) {
    EXPECT_THROW(static_cast<void>(wf::now()), wf::OutsideWorkflowError);
    EXPECT_THROW(static_cast<void>(wf::sleep(1s)), wf::OutsideWorkflowError);
    EXPECT_THROW(
        static_cast<void>(wf::execute_activity<int>("x", kQuick)), wf::OutsideWorkflowError
    );
    EXPECT_THROW(static_cast<void>(wf::random()), wf::OutsideWorkflowError);
    EXPECT_THROW(wf::logger().info("x"), wf::OutsideWorkflowError);
    EXPECT_THROW(static_cast<void>(wf::meter()), wf::OutsideWorkflowError);
    EXPECT_THROW(static_cast<void>(wf::CancellationScope{}), wf::OutsideWorkflowError);
    try {
        static_cast<void>(wf::info());
        FAIL();
    } catch (const wf::OutsideWorkflowError& error) {
        EXPECT_THAT(error.what(), HasSubstr("info() was called outside of a workflow"));
    }
}

TEST(WorkerHelpers, answer_for_runs_that_do_not_exist) {
    Jobs start;
    start.start("Missing");
    ASSERT_NE(wf::workflow_type_of(start.activation()), nullptr);
    EXPECT_EQ(*wf::workflow_type_of(start.activation()), "Missing");
    EXPECT_EQ(wf::workflow_type_of(Jobs{}.fire(1).activation()), nullptr);
    EXPECT_TRUE(wf::is_eviction(Jobs{}.evict().activation()));
    EXPECT_FALSE(wf::is_eviction(start.activation()));

    wf::Catalog catalog;
    catalog.add(wf::definition_of<Order>());
    wf::Completion unknown;
    wf::fail_unknown_type(start.activation(), catalog, unknown);
    EXPECT_THAT(
        unknown.failed().failure().message(), AllOf(HasSubstr("'Missing'"), HasSubstr("'Order'"))
    );
    wf::Completion empty;
    wf::answer_empty("run-9", empty);
    EXPECT_TRUE(empty.has_successful());
    EXPECT_EQ(empty.run_id(), "run-9");
}

/// No coroutine itself: what it starts is started when its turn comes.
struct PlainRun {
    hg::Task<int> run(int number) {
        auto first = wf::execute_activity<int>("of run", kQuick);
        return finish(first, number);
    }
    hg::Task<int> finish(wf::ActivityHandle<int> first, int number) {
        const int result = co_await first;
        co_return result + number;
    }
    hg::Task<void> poke() { co_await wf::execute_activity<int>("of the signal", kQuick); }
};
HOURGLASS_WORKFLOW(PlainRun, run, signals(poke))

TEST(RunMethod, that_is_a_plain_function_comes_after_the_signals_of_its_activation) {
    RunOf<PlainRun> run;
    EXPECT_THAT(
        run.activate(Jobs{}.start("PlainRun", 1).signal("poke")),
        ElementsAre(HasSubstr("of the signal"), HasSubstr("of run"))
    );
}
