#include "tests/unit/workflow/harness.hpp"

#include <string>

struct Other {
    hg::Task<void> run() { co_return; }
    void poke(std::string /*by*/, int /*times*/) {}
};
HOURGLASS_WORKFLOW(Other, run, signals(poke))

struct TalksToOthers {
    hg::Task<std::string> run() {
        const auto other = wf::external_workflow<&Other::run>("other-1");
        const auto unknown = wf::external_workflow("other-2", "run-9");
        std::string log = other.id() + other.run_id() + unknown.id() + unknown.run_id();
        const auto first = other.signal<&Other::poke>("ada", 2);
        const auto second = unknown.signal("poke", "bob");
        co_await first;
        try {
            co_await second;
        } catch (const wf::ExternalWorkflowError& error) {
            log += " " + error.workflow_id() + " " + error.type() + " " +
                   std::to_string(static_cast<int>(error.reason())) + " " + error.what();
        }
        co_await other.cancel("enough");
        try {
            co_await unknown.cancel();
        } catch (const wf::ExternalWorkflowError& error) {
            log += std::string{"; "} + error.what();
        }
        co_return log;
    }
};
HOURGLASS_WORKFLOW(TalksToOthers, run)

TEST(External, takes_signals_and_requests_to_cancel_and_says_what_did_not_arrive) {
    RunOf<TalksToOthers> run;
    EXPECT_THAT(
        run.start(),
        ElementsAre(
            R"(signal 1 default/other-1/ poke "ada" 2)",
            R"(signal 2 default/other-2/run-9 poke "bob")"
        )
    );
    EXPECT_THAT(
        run.activate(Jobs{}.signal_not_sent(2).signal_sent(1)),
        ElementsAre("request_cancel 1 default/other-1/ 'enough'")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.cancel_requested(1)),
        ElementsAre("request_cancel 2 default/other-2/run-9 ''")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.cancel_not_requested(2)),
        ElementsAre(
            R"(complete "other-1other-2run-9 other-2 NotFound 1 not signalled; the workflow's id is 'other-2'; not cancelled; the workflow's id is 'other-2'")"
        )
    );
}

struct SaysWhyNot {
    hg::Task<int> run(bool cancels) {
        const auto other = wf::external_workflow("other-1");
        const auto sent = cancels ? other.cancel() : other.signal("poke");
        try {
            co_await sent;
        } catch (const wf::ExternalWorkflowError& error) {
            co_return static_cast<int>(error.reason());
        }
        co_return -1;
    }
};
HOURGLASS_WORKFLOW(SaysWhyNot, run)

namespace {

namespace enums = temporal::api::enums::v1;

std::string said(wf::ExternalFailure reason) {
    return "complete " + std::to_string(static_cast<int>(reason));
}

}  // namespace

TEST(External, says_why_a_signal_did_not_arrive) {
    const auto answer = [](enums::SignalExternalWorkflowExecutionFailedCause cause) {
        RunOf<SaysWhyNot> run;
        run.start(false);
        Jobs jobs;
        jobs.signal_not_sent(1);
        jobs.activation().mutable_jobs(0)->mutable_resolve_signal_external_workflow()->set_cause(
            cause
        );
        return run.activate(jobs);
    };
    EXPECT_THAT(
        answer(enums::SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_SIGNAL_COUNT_LIMIT_EXCEEDED),
        ElementsAre(said(wf::ExternalFailure::SignalLimitExceeded))
    );
    EXPECT_THAT(
        answer(enums::SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_NAMESPACE_NOT_FOUND),
        ElementsAre(said(wf::ExternalFailure::NamespaceNotFound))
    );
    EXPECT_THAT(
        answer(enums::SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_UNSPECIFIED),
        ElementsAre(said(wf::ExternalFailure::Unspecified))
    );
}

TEST(External, says_why_a_request_to_cancel_did_not_arrive) {
    const auto answer = [](enums::CancelExternalWorkflowExecutionFailedCause cause) {
        RunOf<SaysWhyNot> run;
        run.start(true);
        Jobs jobs;
        jobs.cancel_not_requested(1);
        jobs.activation()
            .mutable_jobs(0)
            ->mutable_resolve_request_cancel_external_workflow()
            ->set_cause(cause);
        return run.activate(jobs);
    };
    EXPECT_THAT(
        answer(enums::CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_NAMESPACE_NOT_FOUND),
        ElementsAre(said(wf::ExternalFailure::NamespaceNotFound))
    );
    EXPECT_THAT(
        answer(enums::CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_UNSPECIFIED),
        ElementsAre(said(wf::ExternalFailure::Unspecified))
    );
}

struct NobodyThere {
    hg::Task<void> run() { co_await wf::external_workflow("nobody").signal("poke"); }
};
HOURGLASS_WORKFLOW(NobodyThere, run)

TEST(External, that_is_not_there_fails_the_workflow_if_nobody_catches_it) {
    RunOf<NobodyThere> run;
    run.start();
    const auto completion = run.completion(Jobs{}.signal_not_sent(1));
    const auto& failure = completion.successful().commands(0).fail_workflow_execution().failure();
    EXPECT_EQ(failure.application_failure_info().type(), "NotFound");
}

TEST(External, signal_that_is_under_way_is_waited_for_when_the_workflow_is_cancelled) {
    RunOf<NobodyThere> arrives;
    arrives.start();
    EXPECT_THAT(arrives.activate(Jobs{}.cancel()), ElementsAre("cancel_signal 1"));
    EXPECT_THAT(arrives.activate(Jobs{}.signal_sent(1)), ElementsAre("complete null"));
    RunOf<NobodyThere> taken_back;
    taken_back.start();
    taken_back.activate(Jobs{}.cancel());
    EXPECT_THAT(taken_back.activate(Jobs{}.signal_taken_back(1)), ElementsAre("cancelled"));
}

TEST(External, nothing_is_sent_by_a_cancelled_workflow) {
    RunOf<NobodyThere> run;
    EXPECT_THAT(run.activate(Jobs{}.start("NobodyThere").cancel()), ElementsAre("cancelled"));
}

TEST(External, answers_that_the_workflow_did_not_ask_for_fail_the_task) {
    RunOf<NobodyThere> signal;
    signal.start();
    EXPECT_THAT(signal.activate(Jobs{}.signal_sent(7)), ElementsAre(HasSubstr("signal 7")));
    RunOf<NobodyThere> request;
    request.start();
    EXPECT_THAT(request.activate(Jobs{}.cancel_requested(7)), ElementsAre(HasSubstr("request 7")));
}
