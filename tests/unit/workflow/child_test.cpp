#include "tests/unit/workflow/harness.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

struct Child {
    hg::Task<int> run(std::string name, int number) {
        co_return static_cast<int>(name.size()) + number;
    }
    void poke(std::string /*by*/) {}
};
HOURGLASS_WORKFLOW(Child, run, signals(named(poke, "poke it")))

namespace {
using coresdk::child_workflow::
    START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_INVALID_VERSIONING_OVERRIDE;
using coresdk::child_workflow::START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_NAMESPACE_NOT_FOUND;
using coresdk::child_workflow::START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_WORKFLOW_ALREADY_EXISTS;
}  // namespace

struct Parent {
    hg::Task<std::string> run() {
        const auto child = wf::execute_child<&Child::run>({.id = "child-1"}, "ada", 2);
        std::string log = child.id() + "/" + child.first_execution_run_id();
        const std::string run_id = co_await child.started();
        log += " " + run_id + "/" + child.first_execution_run_id() + (child.ready() ? "!" : "");
        const int result = co_await child;
        co_return log + " " + std::to_string(result);
    }
};
HOURGLASS_WORKFLOW(Parent, run)

TEST(Child, is_started_when_it_is_called_and_gives_its_run_and_then_its_result) {
    RunOf<Parent> run;
    EXPECT_THAT(run.start(), ElementsAre(R"(child 1 Child child-1 "ada" 2)"));
    EXPECT_THAT(run.activate(Jobs{}.child_started(1, "run-7")), IsEmpty());
    EXPECT_THAT(
        run.activate(Jobs{}.complete_child(1, 5)),
        ElementsAre(R"(complete "child-1/ run-7/run-7 5")")
    );
}

TEST(Child, that_starts_and_ends_in_one_activation_is_no_exception) {
    RunOf<Parent> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.child_started(1, "run-7").complete_child(1, 5)),
        ElementsAre(R"(complete "child-1/ run-7/run-7! 5")")
    );
}

TEST(Child, that_fails_fails_the_workflow_with_the_whole_chain_of_causes) {
    RunOf<Parent> run;
    run.start();
    run.activate(Jobs{}.child_started(1, "run-7"));
    const auto completion = run.completion(Jobs{}.fail_child(1, "no money"));
    const auto& failure = completion.successful().commands(0).fail_workflow_execution().failure();
    EXPECT_TRUE(failure.has_child_workflow_execution_failure_info());
    EXPECT_EQ(failure.cause().message(), "no money");
    EXPECT_EQ(failure.cause().application_failure_info().type(), "Declined");
}

struct AllChildOptions {
    hg::Task<void> run() {
        wf::ChildWorkflowOptions options{
            .id = "child-1",
            .task_queue = "other",
            .cancellation_type = wf::ChildWorkflowCancellationType::TryCancel,
            .parent_close_policy = wf::ParentClosePolicy::RequestCancel,
            .id_reuse_policy = hg::WorkflowIdReusePolicy::RejectDuplicate,
            .execution_timeout = 3s,
            .run_timeout = 2s,
            .task_timeout = 1s,
            .retry_policy = hg::RetryPolicy{.maximum_attempts = 6},
            .cron_schedule = "@daily",
            .memo = {{"customer", hg::to_payload("ada")}, {"cents", hg::to_payload(5)}},
            .search_attributes = {hg::search_attribute::keyword("Customer").set("ada")},
            .static_summary = "sends the invoice",
            .static_details = "*at once*",
            .priority = {.key = 2, .fairness_key = "tenant", .fairness_weight = 1.5F},
            .versioning_override =
                hg::VersioningOverride::pinned({.deployment_name = "shop", .build_id = "v2"}),
        };
        auto child = wf::execute_child<&Child::run>(options, "ada", 2);
        auto plain = wf::execute_child<void>("Plain", {});
        co_await plain;
    }
};
HOURGLASS_WORKFLOW(AllChildOptions, run)

TEST(Child, takes_every_option_and_leaves_unset_ones_unset) {
    RunOf<AllChildOptions> run;
    const auto completion = run.completion(Jobs{}.start("AllChildOptions"));
    const auto& wrapper = completion.successful().commands(0);
    const auto& command = wrapper.start_child_workflow_execution();
    EXPECT_EQ(command.namespace_(), "default");
    EXPECT_EQ(command.workflow_id(), "child-1");
    EXPECT_EQ(command.task_queue(), "other");
    EXPECT_EQ(command.cancellation_type(), coresdk::child_workflow::TRY_CANCEL);
    EXPECT_EQ(
        command.parent_close_policy(), coresdk::child_workflow::PARENT_CLOSE_POLICY_REQUEST_CANCEL
    );
    EXPECT_EQ(
        command.workflow_id_reuse_policy(),
        temporal::api::enums::v1::WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE
    );
    EXPECT_EQ(command.workflow_execution_timeout().seconds(), 3);
    EXPECT_EQ(command.workflow_run_timeout().seconds(), 2);
    EXPECT_EQ(command.workflow_task_timeout().seconds(), 1);
    EXPECT_EQ(command.retry_policy().maximum_attempts(), 6);
    EXPECT_EQ(command.cron_schedule(), "@daily");
    EXPECT_EQ(command.memo().at("customer").data(), R"("ada")");
    EXPECT_EQ(command.memo().at("cents").data(), "5");
    EXPECT_EQ(command.search_attributes().indexed_fields().at("Customer").data(), R"("ada")");
    EXPECT_EQ(command.priority().priority_key(), 2);
    EXPECT_EQ(command.priority().fairness_key(), "tenant");
    EXPECT_EQ(command.priority().fairness_weight(), 1.5F);
    EXPECT_EQ(command.versioning_override().pinned().version().deployment_name(), "shop");
    EXPECT_EQ(command.versioning_override().pinned().version().build_id(), "v2");
    EXPECT_EQ(wrapper.user_metadata().summary().data(), R"("sends the invoice")");
    EXPECT_EQ(wrapper.user_metadata().details().data(), R"("*at once*")");

    const auto& plain = completion.successful().commands(1).start_child_workflow_execution();
    EXPECT_EQ(plain.workflow_id().size(), 36U);
    EXPECT_EQ(plain.task_queue(), "queue-1");
    EXPECT_EQ(plain.cancellation_type(), coresdk::child_workflow::WAIT_CANCELLATION_COMPLETED);
    EXPECT_EQ(plain.parent_close_policy(), coresdk::child_workflow::PARENT_CLOSE_POLICY_TERMINATE);
    EXPECT_EQ(
        plain.workflow_id_reuse_policy(),
        temporal::api::enums::v1::WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
    );
    EXPECT_FALSE(plain.has_priority());
    EXPECT_FALSE(plain.has_versioning_override());
    EXPECT_FALSE(plain.has_workflow_execution_timeout());
    EXPECT_FALSE(plain.has_workflow_run_timeout());
    EXPECT_FALSE(plain.has_workflow_task_timeout());
    EXPECT_FALSE(plain.has_retry_policy());
    EXPECT_FALSE(plain.has_priority());
    EXPECT_TRUE(plain.memo().empty());
    EXPECT_FALSE(plain.has_search_attributes());
    EXPECT_FALSE(completion.successful().commands(1).has_user_metadata());
}

struct Family {
    hg::Task<std::vector<int>> run(int count) {
        std::vector<wf::ChildWorkflowHandle<int>> children;
        for (int i = 0; i < count; ++i) {
            children.push_back(wf::execute_child<&Child::run>({}, "x", i));
        }
        const std::vector<int> results = co_await wf::all(children);
        co_return results;
    }
};
HOURGLASS_WORKFLOW(Family, run)

TEST(Child, without_an_id_gets_one_of_its_own_that_is_the_same_on_replay_only) {
    const auto ids = [](std::uint64_t seed) {
        RunOf<Family> run;
        Jobs jobs;
        jobs.start("Family", 3);
        jobs.activation().mutable_jobs(0)->mutable_initialize_workflow()->set_randomness_seed(seed);
        std::set<std::string> found;
        const auto completion = run.completion(jobs);
        for (const auto& command : completion.successful().commands()) {
            found.insert(command.start_child_workflow_execution().workflow_id());
        }
        return found;
    };
    EXPECT_EQ(ids(1).size(), 3U);
    EXPECT_EQ(ids(1), ids(1));
    EXPECT_NE(ids(1), ids(2));
}

TEST(Child, many_at_once_keep_the_order_of_their_results) {
    RunOf<Family> run;
    EXPECT_THAT(
        run.start(2), ElementsAre(R"(child 1 Child <uuid> "x" 0)", R"(child 2 Child <uuid> "x" 1)")
    );
    run.activate(Jobs{}.child_started(2, "b").child_started(1, "a"));
    run.activate(Jobs{}.complete_child(2, 20));
    EXPECT_THAT(run.activate(Jobs{}.complete_child(1, 10)), ElementsAre("complete [10,20]"));
}

struct StartFails {
    hg::Task<std::string> run() {
        const auto child = wf::execute_child<int>("Child", {.id = "child-1"});
        const auto signal = child.signal("poke it", "ada");
        std::string log;
        try {
            co_await child.started();
        } catch (const wf::ChildAlreadyStartedError& error) {
            log += "already " + error.workflow_id();
        } catch (const wf::ChildWorkflowStartError& error) {
            log += "start error " + std::to_string(static_cast<int>(error.reason()));
        }
        try {
            co_await signal;
        } catch (const wf::ChildWorkflowStartError&) {
            log += ", no signal";
        }
        try {
            co_await child.signal("poke it", "bob");
        } catch (const wf::ChildWorkflowStartError&) {
            log += ", nor a later one";
        }
        try {
            co_await child;
        } catch (const hg::ChildWorkflowError& error) {
            log += std::string{", "} + error.what();
        }
        co_return log;
    }
};
HOURGLASS_WORKFLOW(StartFails, run)

TEST(Child, that_cannot_be_started_throws_why_wherever_it_is_awaited_or_signalled) {
    RunOf<StartFails> exists;
    EXPECT_THAT(exists.start(), ElementsAre("child 1 Child child-1"));
    EXPECT_THAT(
        exists.activate(Jobs{}.child_not_started(
            1, START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_WORKFLOW_ALREADY_EXISTS
        )),
        ElementsAre(AllOf(
            HasSubstr(
                "already child-1, no signal, nor a later one, child workflow 'Child' with the "
                "id 'child-1' could not be started"
            ),
            HasSubstr("id_reuse_policy")
        ))
    );
    const auto refused = [](auto why) {
        RunOf<StartFails> run;
        run.start();
        return run.activate(Jobs{}.child_not_started(1, why));
    };
    EXPECT_THAT(
        refused(START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_NAMESPACE_NOT_FOUND),
        ElementsAre(HasSubstr("start error 2, no signal"))
    );
    EXPECT_THAT(
        refused(START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_INVALID_VERSIONING_OVERRIDE),
        ElementsAre(AllOf(HasSubstr("start error 3, no signal"), HasSubstr("versioning override")))
    );
}

struct ForgetsStartFailure {
    hg::Task<void> run() { co_await wf::execute_child<int>("Child", {.id = "child-1"}); }
};
HOURGLASS_WORKFLOW(ForgetsStartFailure, run)

TEST(Child, that_cannot_be_started_fails_the_workflow_if_nobody_catches_it) {
    RunOf<ForgetsStartFailure> run;
    run.start();
    const auto completion = run.completion(Jobs{}.child_not_started(
        1, START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_WORKFLOW_ALREADY_EXISTS
    ));
    const auto& failure = completion.successful().commands(0).fail_workflow_execution().failure();
    EXPECT_EQ(
        failure.child_workflow_execution_failure_info().workflow_execution().workflow_id(),
        "child-1"
    );
}

struct CancelsChild {
    hg::Task<std::string> run(bool by_scope) {
        const wf::CancellationScope scope;
        auto task = wf::spawn(scope.run(work()));
        co_await wf::sleep(1s);
        if (by_scope) {
            scope.cancel("by its scope");
        } else {
            handle_->cancel("by its handle");
            handle_->cancel("again");
        }
        co_await task;
        co_return log_;
    }
    hg::Task<void> work() {
        handle_ = wf::execute_child<int>("Child", {.id = "child-1"});
        try {
            co_await handle_->started();
            log_ += "started, ";
            const int result = co_await *handle_;
            log_ += std::to_string(result);
        } catch (const hg::CancelledError& error) {
            log_ += std::string{"cancelled: "} + error.what();
        } catch (const hg::ChildWorkflowError& error) {
            log_ += wf::is_cancelled_error(error) ? "child cancelled" : "child failed";
        }
    }

private:
    std::optional<wf::ChildWorkflowHandle<int>> handle_;
    std::string log_;
};
HOURGLASS_WORKFLOW(CancelsChild, run)

TEST(Child, that_is_cancelled_is_waited_for_until_core_says_how_it_ended) {
    RunOf<CancelsChild> by_handle;
    by_handle.start(false);
    by_handle.activate(Jobs{}.child_started(1, "run-7"));
    EXPECT_THAT(by_handle.activate(Jobs{}.fire(1)), ElementsAre("cancel_child 1 'by its handle'"));
    EXPECT_THAT(
        by_handle.activate(Jobs{}.child_cancelled(1)),
        ElementsAre(R"(complete "started, child cancelled")")
    );
    RunOf<CancelsChild> by_scope;
    by_scope.start(true);
    by_scope.activate(Jobs{}.child_started(1, "run-7"));
    EXPECT_THAT(by_scope.activate(Jobs{}.fire(1)), ElementsAre("cancel_child 1 'by its scope'"));
    EXPECT_THAT(
        by_scope.activate(Jobs{}.child_cancelled(1)),
        ElementsAre(R"(complete "started, cancelled: by its scope")")
    );
}

TEST(Child, that_completes_though_it_was_asked_to_cancel_gives_its_result) {
    RunOf<CancelsChild> run;
    run.start(true);
    run.activate(Jobs{}.child_started(1, "run-7"));
    run.activate(Jobs{}.fire(1));
    EXPECT_THAT(run.activate(Jobs{}.complete_child(1, 5)), ElementsAre(R"(complete "started, 5")"));
}

TEST(Child, that_is_cancelled_before_its_start_ends_start_and_result) {
    RunOf<CancelsChild> before_sent;
    before_sent.start(false);
    before_sent.activate(Jobs{}.fire(1));
    EXPECT_THAT(
        before_sent.activate(Jobs{}.child_start_cancelled(1)),
        ElementsAre(R"(complete "child cancelled")")
    );
    // As Core does with TryCancel while the start is on its way: the end comes without a start.
    RunOf<CancelsChild> on_its_way;
    on_its_way.start(false);
    on_its_way.activate(Jobs{}.fire(1));
    EXPECT_THAT(
        on_its_way.activate(Jobs{}.child_cancelled(1)), ElementsAre(R"(complete "child cancelled")")
    );
}

struct InCancelledScope {
    hg::Task<std::string> run() {
        const wf::CancellationScope scope;
        scope.cancel();
        auto task = wf::spawn(scope.run(start()));
        const std::string said = co_await task;
        co_return said;
    }
    hg::Task<std::string> start() {
        const auto child = wf::execute_child<int>("Child", {});
        co_return std::string{child.ready() ? "ended " : "runs "} +
            (child.started().ready() ? "too" : "");
    }
};
HOURGLASS_WORKFLOW(InCancelledScope, run)

TEST(Child, is_not_started_in_a_cancelled_scope) {
    RunOf<InCancelledScope> run;
    EXPECT_THAT(run.start(), ElementsAre(R"(complete "ended too")"));
}

struct SignalsChild {
    hg::Task<std::string> run() {
        const auto child = wf::execute_child<&Child::run>({.id = "child-1"}, "ada", 2);
        const auto early = child.signal<&Child::poke>("early");
        const auto taken_back = child.signal("poke it", "never");
        taken_back.cancel();
        co_await early;
        std::string log = "arrived";
        try {
            co_await taken_back;
        } catch (const hg::CancelledError&) {
            log += ", taken back";
        }
        try {
            co_await child.signal<&Child::poke>("late");
        } catch (const wf::ExternalWorkflowError& error) {
            log += error.reason() == wf::ExternalFailure::WorkflowNotFound ? ", gone: " : ", ?: ";
            log += error.workflow_id();
        }
        co_return log;
    }
};
HOURGLASS_WORKFLOW(SignalsChild, run)

TEST(Child, gets_signals_when_it_has_started_and_in_their_order) {
    RunOf<SignalsChild> run;
    EXPECT_THAT(run.start(), ElementsAre(R"(child 1 Child child-1 "ada" 2)"));
    EXPECT_THAT(
        run.activate(Jobs{}.child_started(1, "run-7")),
        ElementsAre(R"(signal 1 child child-1 poke it "early")")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.signal_sent(1)), ElementsAre(R"(signal 2 child child-1 poke it "late")")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.signal_not_sent(2)),
        ElementsAre(R"(complete "arrived, taken back, gone: child-1")")
    );
}

struct LeavesItsChild {
    hg::Task<void> run() {
        start_child();
        co_await wf::sleep(1s);
    }
    static void start_child() {
        const auto child = wf::execute_child<int>("Child", {.id = "child-1"});
        const auto signal = child.signal("poke it", "ada");
    }
};
HOURGLASS_WORKFLOW(LeavesItsChild, run)

TEST(Child, that_fails_while_nobody_awaits_it_is_in_the_log_and_so_is_its_signal) {
    const CapturedLog log;
    RunOf<LeavesItsChild> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.child_started(1, "run-7")),
        ElementsAre(R"(signal 1 child child-1 poke it "ada")")
    );
    run.activate(Jobs{}.signal_not_sent(1).fail_child(1, "no money"));
    EXPECT_THAT(
        log.lines(),
        ElementsAre(
            HasSubstr("a signal to another workflow failed and nobody awaited it"),
            AllOf(HasSubstr("a child workflow failed and nobody awaited it"), HasSubstr("no money"))
        )
    );
}

struct HandlesAFailedStart {
    hg::Task<std::string> run() {
        const auto child = wf::execute_child<int>("Child", {.id = "child-1"});
        try {
            co_await child.started();
        } catch (const wf::ChildWorkflowStartError&) {
            co_return "another one then";
        }
        co_return "started";
    }
};
HOURGLASS_WORKFLOW(HandlesAFailedStart, run)

TEST(Child, whose_failed_start_was_handled_is_no_lost_failure) {
    const CapturedLog log;
    {
        RunOf<HandlesAFailedStart> run;
        run.start();
        EXPECT_THAT(
            run.activate(Jobs{}.child_not_started(
                1, START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_WORKFLOW_ALREADY_EXISTS
            )),
            ElementsAre(R"(complete "another one then")")
        );
    }
    EXPECT_THAT(log.lines(), IsEmpty());
}

struct BadChildOptions {
    hg::Task<void> run(int which) {
        wf::ChildWorkflowOptions options;
        if (which == 0) {
            options.run_timeout = 0s;
        } else {
            options.retry_policy = hg::RetryPolicy{.maximum_attempts = -1};
        }
        co_await wf::execute_child<void>("Child", options);
    }
};
HOURGLASS_WORKFLOW(BadChildOptions, run)

TEST(Child, with_options_that_cannot_be_meant_fails_the_task) {
    RunOf<BadChildOptions> zero;
    EXPECT_THAT(
        zero.start(0), ElementsAre(HasSubstr("execute_child of 'Child': run_timeout is 0 ns"))
    );
    RunOf<BadChildOptions> retry;
    EXPECT_THAT(retry.start(1), ElementsAre(HasSubstr("maximum_attempts")));
}

TEST(Child, that_the_workflow_does_not_know_fails_the_task) {
    RunOf<Parent> start;
    start.start();
    EXPECT_THAT(
        start.activate(Jobs{}.child_started(7, "x")), ElementsAre(HasSubstr("child workflow 7"))
    );
    RunOf<Parent> end;
    end.start();
    EXPECT_THAT(
        end.activate(Jobs{}.complete_child(7, 1)), ElementsAre(HasSubstr("child workflow 7 ended"))
    );
}
