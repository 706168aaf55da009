#include "tests/unit/workflow/harness.hpp"
#include "tests/unit/workflow/nexus_jobs.hpp"

#include <string>
#include <utility>
#include <vector>

namespace nexus_flows {

/// Nobody defines the functions: callers do not need them.
struct Greetings {
    std::string greet(std::string name);
    void forget(std::string name);
    int count();
};

}  // namespace nexus_flows

HOURGLASS_NEXUS_SERVICE(
    nexus_flows::Greetings, operations(greet, named(forget, "forget-me"), count), name("greetings")
)

namespace nexus_flows {

const std::string kEndpoint = "greetings-prod";

struct Greets {
    hg::Task<std::string> run(std::string name) {
        const auto greetings = wf::nexus_client<Greetings>(kEndpoint);
        const auto called = greetings.execute<&Greetings::greet>({}, name);
        const std::string token = co_await called.started();
        const std::string text = co_await called;
        co_return text + (token.empty() ? " at once" : " by " + called.operation_token());
    }
};

/// One operation with every option, one with none.
struct AllNexusOptions {
    hg::Task<void> run() {
        const auto greetings = wf::nexus_client<Greetings>(kEndpoint);
        const wf::NexusOperationOptions options{
            .schedule_to_close_timeout = 3s,
            .schedule_to_start_timeout = 2s,
            .start_to_close_timeout = 1s,
            .cancellation_type = wf::NexusOperationCancellationType::Abandon,
            .headers = {{"tenant", "blue"}, {"trace", "7"}},
            .summary = "says hello"
        };
        const auto greeted = greetings.execute<&Greetings::greet>(options, "ada");
        const auto plain = wf::nexus_client(kEndpoint, "other").execute<void>("count", {});
        static_cast<void>(co_await greeted);
        co_await plain;
    }
};

struct CallsAll {
    hg::Task<int> run() {
        const auto greetings = wf::nexus_client<Greetings>(kEndpoint);
        const auto forgotten = greetings.execute<&Greetings::forget>({}, "ada");
        const auto counted = greetings.execute<&Greetings::count>({});
        co_await forgotten;
        co_return co_await counted;
    }
};

std::string told(const hg::NexusOperationError& error) {
    std::string said = error.endpoint() + "/" + error.service() + "/" + error.operation() + " " +
                       error.operation_token() + ": ";
    if (const auto handler = error.find_cause<hg::NexusHandlerError>()) {
        said += "handler " + handler->type();
    } else if (const auto application = error.find_cause<hg::ApplicationError>()) {
        said += application->type() + " " + application->message();
    } else if (const auto timeout = error.find_cause<hg::TimeoutError>()) {
        said += timeout->type() == hg::TimeoutType::StartToClose ? "start to close" : "timeout";
    } else if (wf::is_cancelled_error(error)) {
        said += "cancelled";
    }
    return said;
}

struct TellsWhy {
    hg::Task<std::string> run(bool awaits_start) {
        const auto called =
            wf::nexus_client<Greetings>(kEndpoint).execute<&Greetings::greet>({}, "ada");
        std::string said;
        try {
            if (awaits_start) {
                static_cast<void>(co_await called.started());
            }
            said = co_await called;
        } catch (const hg::NexusOperationError& error) {
            said = told(error);
        }
        co_return said;
    }
};

/// Cancels the operation when it is told, and says how it ended.
struct CancelsCall {
    hg::Task<std::string> run(int type) {
        const wf::NexusOperationOptions options{
            .cancellation_type = static_cast<wf::NexusOperationCancellationType>(type)
        };
        const auto called =
            wf::nexus_client<Greetings>(kEndpoint).execute<&Greetings::greet>(options, "ada");
        co_await wf::wait_condition([this] { return told_; });
        called.cancel();
        called.cancel();
        std::string said;
        try {
            said = co_await called;
        } catch (const hg::NexusOperationError& error) {
            said = told(error);
        }
        co_await wf::wait_condition([this] { return enough_; });
        co_return said;
    }
    void cancel_it() { told_ = true; }
    void end() { enough_ = true; }

private:
    bool told_ = false;
    bool enough_ = false;
};

struct IsCancelledWhole {
    hg::Task<std::string> run() {
        static_cast<void>(
            co_await wf::nexus_client<Greetings>(kEndpoint).execute<&Greetings::greet>({}, "ada")
        );
        co_return "not cancelled";
    }
};

struct CallsBadly {
    hg::Task<std::string> run() {
        std::string said;
        try {
            auto called = wf::nexus_client("", "greetings").execute<void>("greet", {});
        } catch (const hg::ConfigurationError& error) {
            said = error.what();
        }
        try {
            auto called = wf::nexus_client(kEndpoint, "greetings")
                              .execute<void>("greet", {.start_to_close_timeout = 0s});
        } catch (const hg::ConfigurationError& error) {
            said += std::string{"; "} + error.what();
        }
        co_return said;
    }
    int tries() const {
        auto called = wf::nexus_client(kEndpoint, "greetings").execute<void>("greet", {});
        return 1;
    }
};

}  // namespace nexus_flows

HOURGLASS_WORKFLOW(nexus_flows::Greets, run)
HOURGLASS_WORKFLOW(nexus_flows::AllNexusOptions, run)
HOURGLASS_WORKFLOW(nexus_flows::CallsAll, run)
HOURGLASS_WORKFLOW(nexus_flows::TellsWhy, run)
HOURGLASS_WORKFLOW(nexus_flows::CancelsCall, run, signals(cancel_it, end))
HOURGLASS_WORKFLOW(nexus_flows::IsCancelledWhole, run)
HOURGLASS_WORKFLOW(nexus_flows::CallsBadly, run, queries(tries))

using namespace nexus_flows;
using hg::workflow::testing::NexusJobs;

TEST(Nexus, operation_starts_and_ends_later) {
    RunOf<Greets> run;
    EXPECT_THAT(run.start("ada"), ElementsAre(R"(nexus 1 greetings-prod/greetings/greet "ada")"));
    EXPECT_THAT(run.activate(NexusJobs{}.nexus_started(1, "token-1")), IsEmpty());
    EXPECT_THAT(
        run.activate(NexusJobs{}.complete_nexus(1, "hello ada")),
        ElementsAre(R"(complete "hello ada by token-1")")
    );
}

TEST(Nexus, operation_that_is_answered_at_once_starts_and_ends_in_one_activation) {
    RunOf<Greets> run;
    run.start("ada");
    EXPECT_THAT(
        run.activate(NexusJobs{}.nexus_answered(1, "hello ada")),
        ElementsAre(R"(complete "hello ada at once")")
    );
}

TEST(Nexus, operations_take_nothing_and_give_nothing) {
    RunOf<CallsAll> run;
    EXPECT_THAT(
        run.start(),
        ElementsAre(
            R"(nexus 1 greetings-prod/greetings/forget-me "ada")",
            "nexus 2 greetings-prod/greetings/count null"
        )
    );
    EXPECT_THAT(run.activate(NexusJobs{}.nexus_started(1, "a").nexus_answered(2, 7)), IsEmpty());
    EXPECT_THAT(run.activate(NexusJobs{}.complete_nexus(1)), ElementsAre("complete 7"));
}

TEST(Nexus, operation_takes_every_option_and_leaves_unset_ones_unset) {
    namespace nexus = coresdk::nexus;
    RunOf<AllNexusOptions> run;
    const auto completion = run.completion(Jobs{}.start("AllNexusOptions"));
    const auto& wrapper = completion.successful().commands(0);
    const auto& call = wrapper.schedule_nexus_operation();
    EXPECT_EQ(call.schedule_to_close_timeout().seconds(), 3);
    EXPECT_EQ(call.schedule_to_start_timeout().seconds(), 2);
    EXPECT_EQ(call.start_to_close_timeout().seconds(), 1);
    EXPECT_EQ(call.cancellation_type(), nexus::ABANDON);
    EXPECT_EQ(call.nexus_header().at("tenant"), "blue");
    EXPECT_EQ(call.nexus_header().at("trace"), "7");
    EXPECT_EQ(wrapper.user_metadata().summary().data(), R"("says hello")");

    const auto& plain = completion.successful().commands(1).schedule_nexus_operation();
    EXPECT_EQ(plain.service(), "other");
    EXPECT_FALSE(plain.has_schedule_to_close_timeout());
    EXPECT_FALSE(plain.has_schedule_to_start_timeout());
    EXPECT_FALSE(plain.has_start_to_close_timeout());
    EXPECT_EQ(plain.cancellation_type(), nexus::WAIT_CANCELLATION_COMPLETED);
    EXPECT_EQ(plain.nexus_header_size(), 0);
    EXPECT_FALSE(completion.successful().commands(1).has_user_metadata());
}

TEST(Nexus, operation_that_cannot_start_throws_from_its_start_and_from_its_end) {
    for (const bool awaits_start : {true, false}) {
        RunOf<TellsWhy> run;
        run.start(awaits_start);
        EXPECT_THAT(
            run.activate(NexusJobs{}.nexus_not_started(1, "NOT_FOUND")),
            ElementsAre(R"(complete "greetings-prod/greetings/greet token-1: handler NOT_FOUND")")
        );
    }
}

TEST(Nexus, operation_that_fails_brings_the_chain_of_its_causes) {
    RunOf<TellsWhy> failed;
    failed.start(true);
    failed.activate(NexusJobs{}.nexus_started(1, "token-1"));
    EXPECT_THAT(
        failed.activate(NexusJobs{}.fail_nexus(1, "no money")),
        ElementsAre(R"(complete "greetings-prod/greetings/greet token-1: Declined no money")")
    );
    RunOf<TellsWhy> late;
    late.start(true);
    late.activate(NexusJobs{}.nexus_started(1, "token-1"));
    EXPECT_THAT(
        late.activate(NexusJobs{}.nexus_timed_out(1)),
        ElementsAre(R"(complete "greetings-prod/greetings/greet token-1: start to close")")
    );
}

TEST(Nexus, cancellation_is_asked_for_once_and_core_says_when_it_is_over) {
    using Type = wf::NexusOperationCancellationType;
    namespace nexus = coresdk::nexus;
    const std::vector<std::pair<Type, nexus::NexusOperationCancellationType>> types{
        {Type::WaitCancellationCompleted, nexus::WAIT_CANCELLATION_COMPLETED},
        {Type::WaitCancellationRequested, nexus::WAIT_CANCELLATION_REQUESTED},
        {Type::TryCancel, nexus::TRY_CANCEL},
        {Type::Abandon, nexus::ABANDON}
    };
    for (const auto& [type, proto] : types) {
        RunOf<CancelsCall> run;
        const auto first = run.completion(Jobs{}.start("CancelsCall", static_cast<int>(type)));
        EXPECT_EQ(
            first.successful().commands(0).schedule_nexus_operation().cancellation_type(), proto
        );
        run.activate(NexusJobs{}.nexus_started(1, "token-1"));
        EXPECT_THAT(run.activate(Jobs{}.signal("cancel_it")), ElementsAre("cancel_nexus 1"));
        EXPECT_THAT(
            run.activate(NexusJobs{}.nexus_cancelled(1).signal("end")),
            ElementsAre(R"(complete "greetings-prod/greetings/greet token-1: cancelled")")
        );
    }
}

TEST(Nexus, operation_may_end_well_although_it_was_asked_to_stop) {
    RunOf<CancelsCall> run;
    run.start(0);
    run.activate(NexusJobs{}.nexus_started(1, "token-1"));
    run.activate(Jobs{}.signal("cancel_it"));
    EXPECT_THAT(
        run.activate(NexusJobs{}.complete_nexus(1, "hello").signal("end")),
        ElementsAre(R"(complete "hello")")
    );
}

// Core: an operation that is cancelled with TryCancel before it has started ends, and Core tells of
// its start and its end all the same.
TEST(Nexus, news_of_an_operation_that_has_ended_are_passed_over) {
    RunOf<CancelsCall> run;
    run.start(static_cast<int>(wf::NexusOperationCancellationType::TryCancel));
    run.activate(Jobs{}.signal("cancel_it"));
    EXPECT_THAT(run.activate(NexusJobs{}.nexus_cancelled(1)), IsEmpty());
    EXPECT_THAT(run.activate(NexusJobs{}.nexus_started(1, "token-1")), IsEmpty());
    EXPECT_THAT(run.activate(NexusJobs{}.complete_nexus(1, "hello")), IsEmpty());
    EXPECT_THAT(
        run.activate(Jobs{}.signal("end")),
        ElementsAre(R"(complete "greetings-prod/greetings/greet token-1: cancelled")")
    );
}

TEST(Nexus, news_of_an_operation_that_was_never_called_fail_the_task) {
    RunOf<Greets> run;
    run.start("ada");
    EXPECT_TRUE(run.completion(NexusJobs{}.nexus_started(2, "token-2")).has_failed());
    EXPECT_EQ(run.state(), wf::RunState::Failed);
}

TEST(Nexus, operation_is_cancelled_with_its_workflow) {
    RunOf<IsCancelledWhole> run;
    run.start();
    run.activate(NexusJobs{}.nexus_started(1, "token-1"));
    EXPECT_THAT(run.activate(Jobs{}.cancel("enough")), ElementsAre("cancel_nexus 1"));
    EXPECT_THAT(run.activate(NexusJobs{}.nexus_cancelled(1)), ElementsAre("cancelled"));
}

TEST(Nexus, call_without_a_name_or_with_a_timeout_of_nothing_is_refused) {
    RunOf<CallsBadly> run;
    const auto lines = run.start();
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_THAT(
        lines[0],
        AllOf(HasSubstr("lacks a name: the endpoint"), HasSubstr("start_to_close_timeout is 0 ns"))
    );
}

TEST(Nexus, query_calls_nothing) {
    RunOf<CallsBadly> run;
    run.activate(Jobs{}.start("CallsBadly"));
    EXPECT_THAT(
        run.activate(Jobs{}.query("tries")),
        ElementsAre(HasSubstr("query failed NexusClient::execute() was called in"))
    );
}
