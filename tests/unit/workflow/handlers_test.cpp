#include "tests/unit/workflow/harness.hpp"

#include <optional>
#include <string>
#include <vector>

struct LateHandlers {
    hg::Task<std::vector<std::string>> run() {
        co_await wf::sleep(1s);
        wf::set_signal_handler("late", [this](std::string by, int times) {
            log_.push_back("late " + by + std::to_string(times));
        });
        co_await wf::sleep(1s);
        wf::set_signal_handler("slow", [this](std::string by) { return slowly(by); });
        wf::set_signal_handler("late", [this](std::string by, int /*times*/) {
            log_.push_back("replaced " + by);
        });
        wf::set_dynamic_signal_handler([this](std::string name, hg::Payloads arguments) {
            log_.push_back("any " + name + std::to_string(arguments.size()));
        });
        co_await wf::wait_condition([this] { return done_; });
        co_return log_;
    }
    void finish() { done_ = true; }
    hg::Task<void> slowly(std::string by) {
        co_await wf::sleep(1s);
        log_.push_back("slowly " + by);
    }

private:
    std::vector<std::string> log_;
    bool done_ = false;
};
HOURGLASS_WORKFLOW(LateHandlers, run, signals(finish))

TEST(SetSignalHandler, gets_what_came_before_in_its_order_and_then_the_rest) {
    const CapturedLog log;
    RunOf<LateHandlers> run;
    run.activate(Jobs{}
                     .start("LateHandlers")
                     .signal("late", "a", 1)
                     .signal("other", 1, 2)
                     .signal("late", "b", 2)
                     .signal("slow", "c"));
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), ElementsAre("start_timer 2 1000ms"));
    EXPECT_THAT(run.activate(Jobs{}.fire(2)), ElementsAre("start_timer 3 1000ms"));
    run.activate(Jobs{}.fire(3).signal("late", "d", 4).signal("more"));
    EXPECT_THAT(
        run.activate(Jobs{}.signal("finish")),
        ElementsAre(
            R"(complete ["late a1","late b2","any other2","slowly c","replaced d","any more0"])"
        )
    );
    EXPECT_EQ(log.lines().size(), 4U);  // one for each that had to wait
}

struct SetsItsUpdateLate {
    hg::Task<void> run() {
        co_await wf::sleep(1s);
        wf::set_update_handler("late", [](int number) { return number + 1; });
        co_await wf::sleep(1h);
    }
};
HOURGLASS_WORKFLOW(SetsItsUpdateLate, run)

TEST(SetUpdateHandler, gets_what_came_first_in_the_activation_that_sets_it_and_no_later_one) {
    RunOf<SetsItsUpdateLate> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.update("1", "late", 1)),
        ElementsAre(
            HasSubstr("rejected protocol-1 workflow 'SetsItsUpdateLate' has no update 'late'")
        )
    );
    EXPECT_THAT(
        run.activate(Jobs{}.update("2", "late", 2).fire(1)),
        ElementsAre("start_timer 2 3600000ms", "accepted protocol-2", "completed protocol-2 3")
    );
}

struct DynamicHandlers {
    DynamicHandlers() {
        wf::set_query_handler("state", [this] { return state_; });
        wf::set_dynamic_query_handler([](std::string name, hg::Payloads /*arguments*/) {
            return "any " + name;
        });
        wf::set_update_handler(
            "set",
            [this](std::string state) { return change(state); },
            [](std::string state) {
                if (state.empty()) {
                    throw hg::ApplicationError{"empty"};
                }
            }
        );
        wf::set_update_handler("touch", [this] { state_ += "!"; });
        wf::set_dynamic_update_handler([](std::string name, hg::Payloads arguments) {
            return name + hg::from_payload<std::string>(arguments.at(0));
        });
    }
    hg::Task<void> run() { co_await wf::sleep(1h); }
    hg::Task<std::string> change(std::string state) {
        co_await wf::sleep(1s);
        state_.swap(state);
        co_return state;
    }
    std::string own() const { return "own"; }

private:
    std::string state_ = "new";
};
HOURGLASS_WORKFLOW(DynamicHandlers, run, queries(own))

TEST(SetHandlers, answer_queries_and_updates_and_those_of_unknown_names) {
    RunOf<DynamicHandlers> run;
    run.start();
    EXPECT_THAT(run.activate(Jobs{}.query("state")), ElementsAre(R"(answer "new")"));
    EXPECT_THAT(run.activate(Jobs{}.query("own")), ElementsAre(R"(answer "own")"));
    EXPECT_THAT(run.activate(Jobs{}.query("x", 1, 2)), ElementsAre(R"(answer "any x")"));
    EXPECT_THAT(
        run.activate(Jobs{}.query("__stack_trace_of_the_future")),
        ElementsAre(HasSubstr("has no query"))
    );
    EXPECT_THAT(
        run.activate(Jobs{}.update("1", "set", "")), ElementsAre("rejected protocol-1 empty")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.update("2", "set", "old")),
        ElementsAre("accepted protocol-2", "start_timer 2 1000ms")
    );
    EXPECT_THAT(run.activate(Jobs{}.fire(2)), ElementsAre(R"(completed protocol-2 "new")"));
    EXPECT_THAT(
        run.activate(Jobs{}.update("3", "touch")),
        ElementsAre("accepted protocol-3", "completed protocol-3 null")
    );
    EXPECT_THAT(run.activate(Jobs{}.query("state")), ElementsAre(R"(answer "old!")"));
    EXPECT_THAT(
        run.activate(Jobs{}.update("4", "who", "ever")),
        ElementsAre("accepted protocol-4", R"(completed protocol-4 "whoever")")
    );
}

struct Described {
    Described() {
        wf::set_signal_handler("b signal", [] {});
        wf::set_dynamic_update_handler([](std::string name, hg::Payloads /*none*/) { return name; }
        );
    }
    hg::Task<void> run() {
        wf::set_current_details("*waits*");
        co_await wf::sleep(1h);
    }
    void a_signal() {}
    std::string details() const { return wf::current_details(); }
};
HOURGLASS_WORKFLOW(Described, run, signals(a_signal), queries(details))

TEST(Metadata, names_the_handlers_and_has_the_current_details) {
    RunOf<Described> run;
    run.start();
    EXPECT_THAT(run.activate(Jobs{}.query("details")), ElementsAre(R"(answer "*waits*")"));
    const auto completion = run.completion(Jobs{}.query("__temporal_workflow_metadata"));
    const auto& answer = completion.successful().commands(0).respond_to_query().succeeded();
    EXPECT_EQ(answer.response().metadata().at("encoding"), "json/protobuf");
    const auto json = nlohmann::json::parse(answer.response().data());
    EXPECT_EQ(json["currentDetails"], "*waits*");
    const auto& definition = json["definition"];
    EXPECT_EQ(definition["type"], "Described");
    EXPECT_EQ(
        definition["signalDefinitions"],
        nlohmann::json::parse(R"([{"name":"a_signal"},{"name":"b signal"}])")
    );
    EXPECT_EQ(definition["queryDefinitions"], nlohmann::json::parse(R"([{"name":"details"}])"));
    EXPECT_EQ(definition["updateDefinitions"], nlohmann::json::parse("[{}]"));
}

struct KnowsItsUpdate {
    hg::Task<std::string> run(bool waits) {
        std::string log = say();
        co_await wf::wait_condition([this] { return seen_ > 0; });
        if (waits) {
            co_await wf::wait_condition(wf::all_handlers_finished);
        }
        co_return log + log_;
    }
    static std::string say() {
        const auto update = wf::current_update_info();
        return update ? update->id + "/" + update->name + " " : "none ";
    }
    hg::Task<void> slow() {
        ++seen_;
        log_ += say();
        co_await deeper();
    }
    hg::Task<void> deeper() {
        co_await wf::all(beside());
        log_ += say();
    }
    hg::Task<void> beside() {
        co_await wf::sleep(1s);
        if (say() != "7/slow ") {
            throw hg::ApplicationError{"a Task of the handler's does not know its update"};
        }
    }
    void check() const {
        if (say() != "7/slow ") {
            throw hg::ApplicationError{say()};
        }
    }
    hg::Task<void> signal() {
        ++seen_;
        log_ += say();
        co_await wf::sleep(1s);
    }

private:
    int seen_ = 0;
    std::string log_;
};
HOURGLASS_WORKFLOW(KnowsItsUpdate, run, signals(signal), updates(validated(slow, check)))

TEST(Handlers, know_which_update_they_are_and_can_be_waited_for) {
    RunOf<KnowsItsUpdate> run;
    run.start(true);
    EXPECT_THAT(
        run.activate(Jobs{}.update("7", "slow")),
        ElementsAre("accepted protocol-7", "start_timer 1 1000ms")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.fire(1)),
        ElementsAre("completed protocol-7 null", R"(complete "none 7/slow 7/slow ")")
    );
}

struct SpawnsInItsUpdate {
    hg::Task<std::string> run() {
        co_await wf::wait_condition([this] { return done_; });
        co_return log_;
    }
    hg::Task<void> change() {
        auto beside = wf::spawn(work("beside", 1s));
        static_cast<void>(wf::spawn(work("left", 2s)));
        co_await beside;
    }
    hg::Task<void> work(std::string name, std::chrono::seconds time) {
        log_ += name + " " + KnowsItsUpdate::say();
        co_await wf::sleep(time);
        log_ += name + " " + KnowsItsUpdate::say();
        done_ = name == "left";
    }

private:
    bool done_ = false;
    std::string log_;
};
HOURGLASS_WORKFLOW(SpawnsInItsUpdate, run, updates(change))

TEST(Handlers, know_which_update_they_are_in_tasks_that_they_spawned_until_they_end) {
    RunOf<SpawnsInItsUpdate> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.update("7", "change")),
        ElementsAre("accepted protocol-7", "start_timer 1 1000ms", "start_timer 2 2000ms")
    );
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), ElementsAre("completed protocol-7 null"));
    EXPECT_THAT(
        run.activate(Jobs{}.fire(2)),
        ElementsAre(R"(complete "beside 7/change left 7/change beside 7/change left none ")")
    );
}

TEST(Handlers, that_are_under_way_when_the_workflow_ends_are_warned_of) {
    const CapturedLog log;
    RunOf<KnowsItsUpdate> run;
    run.start(false);
    EXPECT_THAT(
        run.activate(Jobs{}.signal("signal").update("7", "slow")),
        ElementsAre(
            "start_timer 1 1000ms",
            "accepted protocol-7",
            "start_timer 2 1000ms",
            R"(complete "none none 7/slow ")"
        )
    );
    EXPECT_THAT(
        log.lines(),
        ElementsAre(
            AllOf(HasSubstr("[TMPRL1102]"), HasSubstr("handlers=signal signal, update slow"))
        )
    );
}

struct LeavesHandlers {
    LeavesHandlers() {
        wf::set_signal_handler(
            "late",
            [this] { return slow(); },
            {.description = "set late", .unfinished = wf::UnfinishedPolicy::Abandon}
        );
        wf::set_update_handler(
            "late", [this] { return slow(); }, {.unfinished = wf::UnfinishedPolicy::Abandon}
        );
        wf::set_update_handler(
            "checked",
            [this] { return slow(); },
            [] {},
            {.description = "is checked", .unfinished = wf::UnfinishedPolicy::Abandon}
        );
        wf::set_dynamic_query_handler(
            [](std::string name, hg::Payloads /*none*/) { return name; }, {.description = "any"}
        );
    }
    hg::Task<void> run() { co_await wf::sleep(1s); }
    hg::Task<void> slow() { co_await wf::sleep(1h); }
    hg::Task<void> slow_signal() { co_await slow(); }
    hg::Task<void> slow_update() { co_await slow(); }
    int state() const { return 1; }
};
// [described]
HOURGLASS_WORKFLOW(
    LeavesHandlers,
    run,
    describe(slow_signal, "Takes its time\nand more."),
    signals(slow, slow_signal),
    queries(state),
    updates(named(slow_update, "slow-update")),
    describe(state, "How it stands"),
    describe(slow_update, "Takes longer"),
    abandonable(slow_signal, slow_update)
)
// [described]

TEST(Handlers, that_may_be_abandoned_are_not_warned_of) {
    const CapturedLog log;
    RunOf<LeavesHandlers> run;
    run.activate(Jobs{}
                     .start("LeavesHandlers")
                     .signal("slow_signal")
                     .signal("late")
                     .update("1", "slow-update")
                     .update("2", "late")
                     .update("3", "checked"));
    run.activate(Jobs{}.fire(6));
    EXPECT_EQ(run.state(), wf::RunState::Closed);
    EXPECT_THAT(log.lines(), IsEmpty());
}

TEST(Handlers, of_both_kinds_are_warned_of_by_the_names_of_those_that_matter) {
    const CapturedLog log;
    RunOf<LeavesHandlers> run;
    run.activate(Jobs{}.start("LeavesHandlers").signal("slow_signal").signal("slow"));
    run.activate(Jobs{}.fire(3));
    EXPECT_EQ(run.state(), wf::RunState::Closed);
    EXPECT_THAT(
        log.lines(),
        ElementsAre(AllOf(HasSubstr("[TMPRL1102]"), HasSubstr("handlers=signal slow ")))
    );
}

TEST(Metadata, has_the_descriptions_of_handlers) {
    RunOf<LeavesHandlers> run;
    run.start();
    const auto completion = run.completion(Jobs{}.query("__temporal_workflow_metadata"));
    const auto& answer = completion.successful().commands(0).respond_to_query().succeeded();
    const auto definition = nlohmann::json::parse(answer.response().data())["definition"];
    EXPECT_EQ(
        definition["signalDefinitions"],
        nlohmann::json::parse(R"([{"name":"late","description":"set late"},{"name":"slow"},)"
                              R"({"name":"slow_signal","description":"Takes its time\nand more."}])"
        )
    );
    EXPECT_EQ(
        definition["queryDefinitions"],
        nlohmann::json::parse(R"([{"name":"state","description":"How it stands"},)"
                              R"({"description":"any"}])")
    );
    EXPECT_EQ(
        definition["updateDefinitions"],
        nlohmann::json::parse(R"([{"name":"checked","description":"is checked"},{"name":"late"},)"
                              R"({"name":"slow-update","description":"Takes longer"}])")
    );
}
