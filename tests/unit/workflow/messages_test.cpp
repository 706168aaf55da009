#include "tests/unit/workflow/harness.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

struct Cart {
    hg::Task<std::vector<std::string>> run() {
        log_.push_back("run");
        co_await wf::wait_condition([this] { return done_; });
        co_return log_;
    }
    void add(std::string item) { log_.push_back("add " + item); }
    hg::Task<void> add_slowly(std::string item) {
        log_.push_back("slowly " + item);
        co_await wf::sleep(1s);
        log_.push_back("at last " + item);
    }
    void finish() { done_ = true; }
    void fail(std::string how) {
        if (how == "failure") {
            throw hg::ApplicationError{"the signal does not like it"};
        }
        throw std::logic_error{"a bug"};
    }
    int size() const { return static_cast<int>(log_.size()); }
    std::string item(int index) const { return log_.at(static_cast<std::size_t>(index)); }
    std::string meddle() const {
        static_cast<void>(wf::execute_activity<int>("forbidden", {.start_to_close_timeout = 1s}));
        return "never";
    }
    std::string roll() const { return wf::uuid4(); }

    int set(int index, std::string item) {
        log_.at(static_cast<std::size_t>(index)) = item;
        return index;
    }
    void check_set(int index, const std::string& item) const {
        if (item.empty()) {
            throw hg::ApplicationError{"an item needs a name", {.type = "Empty"}};
        }
        if (index < 0) {
            throw std::out_of_range{"no such index"};
        }
        if (index == 99) {
            static_cast<void>(wf::start_timer(1s));
        }
    }
    hg::Task<std::string> price(std::string item) {
        const int cents =
            co_await wf::execute_activity<int>("price_of", {.start_to_close_timeout = 1s}, item);
        if (cents == 0) {
            throw hg::ApplicationError{"not for sale"};
        }
        if (cents < 0) {
            throw 42;
        }
        co_return item + " " + std::to_string(cents);
    }
    void clear() { log_.clear(); }
    hg::Task<void> restart() {
        wf::continue_as_new({});
        co_return;
    }

private:
    std::vector<std::string> log_;
    bool done_ = false;
};
HOURGLASS_WORKFLOW(
    Cart,
    run,
    signals(add, named(add_slowly, "add-slowly"), finish, fail),
    queries(item, meddle, roll, size),
    updates(validated(set, check_set), price, clear, restart)
)

TEST(Signal, of_the_first_activation_runs_before_the_run_method_and_in_order) {
    RunOf<Cart> run;
    EXPECT_THAT(
        run.activate(Jobs{}.start("Cart").signal("add", "a").signal("add", "b").signal("finish")),
        ElementsAre(R"(complete ["add a","add b","run"])")
    );
}

TEST(Signal, handler_may_await_and_goes_on_beside_the_run_method) {
    RunOf<Cart> run;
    EXPECT_THAT(
        run.activate(Jobs{}.start("Cart").signal("add-slowly", "a")),
        ElementsAre("start_timer 1 1000ms")
    );
    EXPECT_THAT(run.activate(Jobs{}.fire(1).signal("add", "b")), IsEmpty());
    EXPECT_THAT(
        run.activate(Jobs{}.signal("finish")),
        ElementsAre(R"(complete ["slowly a","run","at last a","add b"])")
    );
}

TEST(Signal, without_a_handler_is_kept_and_the_log_says_so_now_and_at_the_end) {
    const CapturedLog log;
    RunOf<Cart> run;
    EXPECT_THAT(run.activate(Jobs{}.start("Cart").signal("nobody", 1)), IsEmpty());
    EXPECT_THAT(run.activate(Jobs{}.signal("finish")), ElementsAre(R"(complete ["run"])"));
    EXPECT_THAT(
        log.lines(),
        ElementsAre(
            AllOf(HasSubstr("it is kept until one is set signal=nobody"), HasSubstr("add")),
            HasSubstr("signals that nobody handled signals=nobody")
        )
    );
}

TEST(Signal, with_arguments_that_do_not_fit_is_dropped_with_an_error_and_the_run_goes_on) {
    const CapturedLog log;
    RunOf<Cart> run;
    run.activate(Jobs{}.start("Cart").signal("add", 5).signal("add-slowly").signal("finish", 1));
    EXPECT_THAT(
        log.lines(),
        ElementsAre(
            AllOf(
                HasSubstr("error "),
                HasSubstr("it is dropped signal=add index=0 reason="),
                HasSubstr("std::string"),
                HasSubstr("workflow_type=Cart")
            ),
            HasSubstr("signal=add-slowly reason=wrong number of arguments: expected 1 argument"),
            HasSubstr("signal=finish reason=wrong number of arguments: expected 0 arguments, got 1")
        )
    );
    EXPECT_THAT(
        run.activate(Jobs{}.signal("add", "b").signal("finish")),
        ElementsAre(R"(complete ["run","add b"])")
    );
}

TEST(Signal, may_come_with_nulls_that_its_handler_has_no_parameters_for_as_from_clients_in_Go) {
    const CapturedLog log;
    RunOf<Cart> run;
    EXPECT_THAT(
        run.activate(Jobs{}.start("Cart").signal("add", "a", nullptr).signal("finish", nullptr)),
        ElementsAre(R"(complete ["add a","run"])")
    );
    EXPECT_THAT(log.lines(), IsEmpty());
}

TEST(Signal, that_is_dropped_on_replay_too_is_not_logged_again) {
    const CapturedLog log;
    RunOf<Cart> run;
    run.start();
    EXPECT_THAT(run.activate(Jobs{}.signal("add", 5).replaying()), IsEmpty());
    EXPECT_THAT(log.lines(), IsEmpty());
}

TEST(Signal, that_throws_a_failure_fails_the_workflow_and_any_other_exception_the_task) {
    RunOf<Cart> failure;
    failure.start();
    EXPECT_THAT(
        failure.activate(Jobs{}.signal("fail", "failure")),
        ElementsAre("fail the signal does not like it")
    );
    RunOf<Cart> bug;
    bug.start();
    EXPECT_THAT(
        bug.activate(Jobs{}.signal("fail", "bug")),
        ElementsAre(HasSubstr("signal 'fail': std::logic_error: a bug"))
    );
}

TEST(Query, reads_the_state_and_takes_arguments) {
    RunOf<Cart> run;
    run.activate(Jobs{}.start("Cart").signal("add", "a"));
    EXPECT_THAT(run.activate(Jobs{}.query("size")), ElementsAre("answer 2"));
    EXPECT_THAT(run.activate(Jobs{}.query("item", 0)), ElementsAre(R"(answer "add a")"));
}

TEST(Query, that_is_not_known_fails_and_lists_the_known_ones) {
    RunOf<Cart> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.query("colour")),
        ElementsAre(AllOf(
            HasSubstr("query failed"), HasSubstr("'colour'"), HasSubstr("item, meddle, roll, size")
        ))
    );
    EXPECT_EQ(run.state(), wf::RunState::Open);
}

TEST(Query, must_not_start_anything_or_use_up_random_numbers) {
    RunOf<Cart> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.query("meddle")),
        ElementsAre(AllOf(HasSubstr("execute_activity()"), HasSubstr("the query 'meddle'")))
    );
    EXPECT_THAT(run.activate(Jobs{}.query("roll")), ElementsAre(HasSubstr("uuid4()")));
}

TEST(Query, with_wrong_arguments_or_an_exception_fails_and_leaves_the_run_alone) {
    RunOf<Cart> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.query("item", "first")),
        ElementsAre(AllOf(HasSubstr("query 'item'"), HasSubstr("index 0"), HasSubstr("int")))
    );
    EXPECT_THAT(run.activate(Jobs{}.query("item", 7)), ElementsAre(HasSubstr("query failed")));
    EXPECT_THAT(run.activate(Jobs{}.signal("finish")), ElementsAre(HasSubstr("complete")));
}

TEST(Query, is_answered_after_the_workflow_has_closed) {
    RunOf<Cart> run;
    run.activate(Jobs{}.start("Cart").signal("finish"));
    EXPECT_THAT(run.activate(Jobs{}.query("size")), ElementsAre("answer 1"));
    EXPECT_EQ(run.state(), wf::RunState::Closed);
}

TEST(Update, is_accepted_then_completed) {
    RunOf<Cart> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.update("u1", "set", 0, "RUN")),
        ElementsAre("accepted protocol-u1", "completed protocol-u1 0")
    );
    EXPECT_THAT(run.activate(Jobs{}.query("item", 0)), ElementsAre(R"(answer "RUN")"));
}

TEST(Update, is_rejected_by_its_validator_with_any_exception) {
    RunOf<Cart> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.update("u1", "set", 0, "")),
        ElementsAre("rejected protocol-u1 an item needs a name")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.update("u2", "set", -1, "x")),
        ElementsAre("rejected protocol-u2 no such index")
    );
    EXPECT_EQ(run.state(), wf::RunState::Open);
}

TEST(Update, validator_is_not_asked_again_on_replay) {
    RunOf<Cart> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.replaying().update("u1", "set", 0, "").unvalidated()),
        ElementsAre("accepted protocol-u1", "completed protocol-u1 0")
    );
}

TEST(Update, validator_that_starts_something_fails_the_task) {
    RunOf<Cart> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.update("u1", "set", 99, "x")),
        ElementsAre(AllOf(HasSubstr("validator of update 'set'"), HasSubstr("start_timer()")))
    );
}

TEST(Update, handler_may_await_an_activity_and_complete_later) {
    RunOf<Cart> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.update("u1", "price", "tea")),
        ElementsAre("accepted protocol-u1", R"(schedule 1 price_of "tea")")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.complete_activity(1, 300)),
        ElementsAre(R"(completed protocol-u1 "tea 300")")
    );
}

TEST(Update, whose_handler_throws_a_failure_is_rejected_and_any_other_exception_fails_the_task) {
    RunOf<Cart> run;
    run.start();
    run.activate(Jobs{}.update("u1", "price", "tea"));
    EXPECT_THAT(
        run.activate(Jobs{}.complete_activity(1, 0)),
        ElementsAre("rejected protocol-u1 not for sale")
    );
    run.activate(Jobs{}.update("u2", "price", "tea"));
    EXPECT_THAT(
        run.activate(Jobs{}.complete_activity(2, -1)), ElementsAre(HasSubstr("update 'price'"))
    );
    EXPECT_EQ(run.state(), wf::RunState::Failed);
}

TEST(Update, that_returns_nothing_completes_with_null) {
    RunOf<Cart> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.update("u1", "clear")),
        ElementsAre("accepted protocol-u1", "completed protocol-u1 null")
    );
}

TEST(Update, that_is_not_known_or_has_wrong_arguments_is_rejected_with_the_reason) {
    RunOf<Cart> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.update("u1", "paint", 1)),
        ElementsAre(AllOf(
            HasSubstr("rejected protocol-u1"),
            HasSubstr("'paint'"),
            HasSubstr("clear, price, restart, set")
        ))
    );
    EXPECT_THAT(
        run.activate(Jobs{}.update("u2", "set", 0, 5)),
        ElementsAre(AllOf(HasSubstr("rejected"), HasSubstr("update 'set'"), HasSubstr("index 1")))
    );
}

TEST(Update, must_not_continue_as_new) {
    RunOf<Cart> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.update("u1", "restart")), ElementsAre(HasSubstr("continue_as_new()"))
    );
}

TEST(Update, two_in_the_first_activation_run_in_order_before_the_run_method) {
    RunOf<Cart> run;
    EXPECT_THAT(
        run.activate(Jobs{}
                         .start("Cart")
                         .signal("add", "a")
                         .update("u1", "set", 0, "b")
                         .update("u2", "set", 0, "c")
                         .signal("finish")),
        ElementsAre(
            "accepted protocol-u1",
            "completed protocol-u1 0",
            "accepted protocol-u2",
            "completed protocol-u2 0",
            R"(complete ["c","run"])"
        )
    );
}

struct LateUpdate {
    hg::Task<int> run() {
        co_await wf::wait_condition([this] { return closing_; });
        finished_ = true;
        co_return 1;
    }
    void close() { closing_ = true; }
    hg::Task<std::string> after() {
        co_await wf::wait_condition([this] { return finished_; });
        co_return "after the end";
    }

private:
    bool closing_ = false;
    bool finished_ = false;
};
HOURGLASS_WORKFLOW(LateUpdate, run, signals(close), updates(after))

TEST(Update, that_can_end_in_the_activation_that_closes_the_workflow_does) {
    RunOf<LateUpdate> run;
    run.start();
    EXPECT_THAT(run.activate(Jobs{}.update("u1", "after")), ElementsAre("accepted protocol-u1"));
    EXPECT_THAT(
        run.activate(Jobs{}.signal("close")),
        ElementsAre("complete 1", R"(completed protocol-u1 "after the end")")
    );
}

struct Even {
    int value = 0;
};
void from_json(const nlohmann::json& json, Even& even) {
    even.value = json.get<int>();
    if (even.value % 2 != 0) {
        throw hg::ApplicationError{"odd"};
    }
}

// What is inherited lies behind the first base, at another address than the workflow.
struct Level {
    int level = 7;
};
struct Approvable {
    void approve(std::string who) { by = std::move(who); }
    void halve(Even even) { by = std::to_string(even.value / 2); }
    std::string approver() const { return by; }
    std::string hand_over(std::string who) { return std::exchange(by, std::move(who)); }
    void check_hand_over(const std::string& who) const {
        if (who == by) {
            throw hg::ApplicationError{"it is " + by + "'s"};
        }
    }
    std::string by;
};
struct Heir : Level, Approvable {
    hg::Task<std::string> run() {
        co_await wf::wait_condition([this] { return by == "eve"; });
        co_return std::to_string(level) + by;
    }
};
HOURGLASS_WORKFLOW(
    Heir,
    run,
    signals(approve, halve),
    queries(approver),
    updates(validated(hand_over, check_hand_over))
)

TEST(Handlers, may_be_inherited) {
    RunOf<Heir> run;
    run.start();
    run.activate(Jobs{}.signal("approve", "ada"));
    EXPECT_THAT(run.activate(Jobs{}.query("approver")), ElementsAre(R"(answer "ada")"));
    EXPECT_THAT(
        run.activate(Jobs{}.update("u1", "hand_over", "ada")),
        ElementsAre("rejected protocol-u1 it is ada's")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.update("u2", "hand_over", "eve")),
        ElementsAre("accepted protocol-u2", R"(completed protocol-u2 "ada")", R"(complete "7eve")")
    );
}

TEST(Signal, whose_argument_s_own_conversion_throws_a_failure_is_dropped_as_well) {
    const CapturedLog log;
    RunOf<Heir> run;
    run.start();
    run.activate(Jobs{}.signal("halve", 4).signal("halve", 3));
    EXPECT_THAT(run.activate(Jobs{}.query("approver")), ElementsAre(R"(answer "2")"));
    EXPECT_THAT(log.lines(), ElementsAre(HasSubstr("signal=halve reason=odd")));
}
