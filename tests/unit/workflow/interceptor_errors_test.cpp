// What becomes of what interceptors throw.
#include "hourglass/convert/failures.hpp"
#include "hourglass/workflow/interceptor.hpp"
#include "tests/unit/workflow/interceptors.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

using hg::workflow::testing::made_by;

struct Quiet {
    hg::Task<std::string> run() {
        std::string caught = "nothing";
        try {
            static_cast<void>(wf::execute_activity<int>("charge", kQuick));
        } catch (const std::exception& error) {
            caught = error.what();
        }
        co_await wf::wait_condition([this] { return done_; });
        co_return caught;
    }
    void finish() { done_ = true; }
    bool done() const { return done_; }
    int count(int number) { return number; }

private:
    bool done_ = false;
};
HOURGLASS_WORKFLOW(Quiet, run, signals(finish), queries(done), updates(count))

namespace {

/// Throws in one of its methods: a failure, or what is a bug.
class Throws final : public wf::WorkflowInterceptor {
public:
    Throws(std::string where, bool failure) : where_{std::move(where)}, failure_{failure} {}

    hg::Task<hg::Payload> execute(
        wf::ExecuteWorkflowCall call, hg::Next<wf::ExecuteWorkflowCall, hg::Task<hg::Payload>> next
    ) override {
        throw_in("execute");
        return next(std::move(call));
    }
    hg::Task<void> handle_signal(
        wf::HandleSignalCall call, hg::Next<wf::HandleSignalCall, hg::Task<void>> next
    ) override {
        hg::Task<void> rest = next(std::move(call));
        co_await std::move(rest);
        throw_in("signal");
    }
    hg::Payload handle_query(
        wf::HandleQueryCall call, hg::Next<wf::HandleQueryCall, hg::Payload> next
    ) override {
        throw_in("query");
        return next(std::move(call));
    }
    void validate_update(wf::HandleUpdateCall call, hg::Next<wf::HandleUpdateCall, void> next)
        override {
        throw_in("validate");
        next(std::move(call));
    }
    hg::Task<hg::Payload> handle_update(
        wf::HandleUpdateCall call, hg::Next<wf::HandleUpdateCall, hg::Task<hg::Payload>> next
    ) override {
        throw_in("update");
        return next(std::move(call));
    }
    void schedule_activity(wf::ScheduleActivityCall& /*call*/) override { throw_in("activity"); }

private:
    void throw_in(const std::string& place) const {
        if (place != where_) {
            return;
        }
        if (failure_) {
            throw hg::ApplicationError{"refused in " + where_};
        }
        throw std::logic_error{"a bug in " + where_};
    }

    const std::string where_;
    const bool failure_;
};

/// A run whose interceptor throws there.
struct Thrown {
    Thrown(const std::string& where, bool failure)
        : run{made_by([=] { return std::make_unique<Throws>(where, failure); })} {}

    RunOf<Quiet> run;
};

}  // namespace

TEST(WhatAnInterceptorThrows, around_the_run_method_ends_the_workflow_or_fails_its_task) {
    EXPECT_THAT((Thrown{"execute", true}.run.start()), ElementsAre("fail refused in execute"));
    EXPECT_THAT(
        (Thrown{"execute", false}.run.start()),
        ElementsAre(HasSubstr("'Quiet', run method: std::logic_error: a bug in execute"))
    );
}

TEST(WhatAnInterceptorThrows, around_a_signal_counts_as_its_handlers) {
    Thrown failure{"signal", true};
    failure.run.start();
    EXPECT_THAT(
        failure.run.activate(Jobs{}.signal("finish")), ElementsAre("fail refused in signal")
    );
    Thrown bug{"signal", false};
    bug.run.start();
    EXPECT_THAT(
        bug.run.activate(Jobs{}.signal("finish")),
        ElementsAre(AllOf(HasSubstr("signal 'finish', after"), HasSubstr("a bug in signal")))
    );
}

TEST(WhatAnInterceptorThrows, around_a_query_is_the_answer) {
    for (const bool failure : {true, false}) {
        Thrown thrown{"query", failure};
        thrown.run.start();
        EXPECT_THAT(thrown.run.activate(Jobs{}.query("done")), ElementsAre(HasSubstr(" in query")));
        EXPECT_EQ(thrown.run.state(), wf::RunState::Open);
    }
}

TEST(WhatAnInterceptorThrows, before_an_update_is_accepted_rejects_it) {
    for (const bool failure : {true, false}) {
        Thrown thrown{"validate", failure};
        thrown.run.start();
        EXPECT_THAT(
            thrown.run.activate(Jobs{}.update("U", "count", 1)),
            ElementsAre(AllOf(HasSubstr("rejected protocol-U"), HasSubstr(" in validate")))
        );
        EXPECT_EQ(thrown.run.state(), wf::RunState::Open);
    }
}

TEST(WhatAnInterceptorThrows, around_an_update_fails_the_update_or_the_task) {
    Thrown failure{"update", true};
    failure.run.start();
    EXPECT_THAT(
        failure.run.activate(Jobs{}.update("U", "count", 1)),
        ElementsAre("accepted protocol-U", "rejected protocol-U refused in update")
    );
    Thrown bug{"update", false};
    bug.run.start();
    EXPECT_THAT(
        bug.run.activate(Jobs{}.update("U", "count", 1)),
        ElementsAre(HasSubstr("update 'count': std::logic_error: a bug in update"))
    );
}

namespace {

/// Takes all updates for good.
struct AcceptsAll : wf::WorkflowInterceptor {
    void
    validate_update(wf::HandleUpdateCall /*call*/, hg::Next<wf::HandleUpdateCall, void> /*next*/)
        override {}
};

}  // namespace

TEST(WorkflowInterceptor, that_accepts_an_update_whose_arguments_nobody_can_take_fails_no_task) {
    RunOf<Quiet> run{made_by([] { return std::make_unique<AcceptsAll>(); })};
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.update("U", "count", "not a number")),
        ElementsAre(
            "accepted protocol-U",
            AllOf(HasSubstr("rejected protocol-U"), HasSubstr("update 'count'"))
        )
    );
    EXPECT_EQ(run.state(), wf::RunState::Open);
    EXPECT_THAT(
        run.activate(Jobs{}.update("V", "count", 7)),
        ElementsAre("accepted protocol-V", "completed protocol-V 7")
    );
}

TEST(WhatAnInterceptorThrows, outwards_is_thrown_where_the_workflow_calls) {
    Thrown thrown{"activity", false};
    EXPECT_THAT(thrown.run.start(), IsEmpty());  // no command
    EXPECT_THAT(
        thrown.run.activate(Jobs{}.signal("finish")), ElementsAre(R"(complete "a bug in activity")")
    );
}

TEST(WhatAnInterceptorThrows, when_it_is_made_counts_as_the_constructors) {
    RunOf<Quiet> failed{[](const wf::WorkflowInfo& info) -> wf::Interceptors {
        throw hg::ApplicationError{"not for " + info.workflow_id};
    }};
    EXPECT_THAT(failed.start(), ElementsAre("fail not for workflow-1"));
    RunOf<Quiet> broken{[](const wf::WorkflowInfo&) -> wf::Interceptors {
        throw std::logic_error{"a bug"};
    }};
    EXPECT_THAT(
        broken.start(),
        ElementsAre(HasSubstr("'Quiet', WorkerInterceptor::workflow(): std::logic_error: a bug"))
    );
}

namespace {

struct GoesOnAfterCancel {
    hg::Task<void> run() {
        try {
            co_await wf::sleep(1h);
        } catch (const hg::CancelledError&) {
            wf::continue_as_new<&GoesOnAfterCancel::run>({});
        }
    }
};

struct Names : wf::WorkflowInterceptor {
    void continue_as_new(wf::ContinueAsNewCall& call) override { call.type = "Named"; }
};

/// Awaits what the inner ones give.
struct Around : wf::WorkflowInterceptor {
    hg::Task<void> handle_signal(
        wf::HandleSignalCall call, hg::Next<wf::HandleSignalCall, hg::Task<void>> next
    ) override {
        hg::Task<void> rest = next(std::move(call));
        co_await std::move(rest);
    }
};
struct Drops : wf::WorkflowInterceptor {
    hg::Task<void> handle_signal(
        wf::HandleSignalCall /*call*/, hg::Next<wf::HandleSignalCall, hg::Task<void>> /*next*/
    ) override {
        return {};
    }
};

}  // namespace

HOURGLASS_WORKFLOW(GoesOnAfterCancel, run)

TEST(WorkflowInterceptor, sees_a_run_that_continues_as_new_after_it_was_cancelled) {
    RunOf<GoesOnAfterCancel> run{made_by([] { return std::make_unique<Names>(); })};
    run.start();
    const auto answer = run.completion(Jobs{}.cancel());
    const auto& commands = answer.successful().commands();
    ASSERT_FALSE(commands.empty());
    EXPECT_EQ(commands.rbegin()->continue_as_new_workflow_execution().workflow_type(), "Named");
}

TEST(WorkflowInterceptor, may_drop_a_signal_inside_of_one_that_awaits_what_it_gets) {
    RunOf<Quiet> run{
        made_by([] { return std::make_unique<Around>(); }, [] { return std::make_unique<Drops>(); })
    };
    run.start();
    EXPECT_THAT(run.activate(Jobs{}.signal("finish")), IsEmpty());
    EXPECT_EQ(run.state(), wf::RunState::Open);
}
