#include "hourglass/workflow/interceptor.hpp"

#include "hourglass/convert/failures.hpp"
#include "tests/unit/workflow/interceptors.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using hg::workflow::testing::append;
using hg::workflow::testing::header;
using hg::workflow::testing::made_by;

struct Parcel {
    hg::Task<std::string> run(std::string to) {
        to_ = to;
        co_await wf::wait_condition([this] { return sent_; });
        co_return to_;
    }
    void address(std::string to) { to_ = to; }
    hg::Task<void> address_slowly(std::string to) {
        co_await wf::sleep(1s);
        to_ = to;
    }
    void send() { sent_ = true; }
    std::string label(std::string prefix) const { return prefix + to_; }
    hg::Task<std::string> insure(std::string sum) {
        co_await wf::sleep(1s);
        to_ += " insured " + sum;
        co_return sum;
    }
    void check_insure(std::string sum) const {
        if (sum.empty()) {
            throw hg::ApplicationError{"no sum"};
        }
    }

private:
    std::string to_;
    bool sent_ = false;
};
HOURGLASS_WORKFLOW(
    Parcel,
    run,
    signals(address, address_slowly, send),
    queries(label),
    updates(validated(insure, check_insure))
)

namespace {

/// Puts its name behind each first argument, and around each result.
class Names final : public wf::WorkflowInterceptor {
public:
    explicit Names(std::string name) : name_{std::move(name)} {}

    // [around]
    hg::Task<hg::Payload> execute(
        wf::ExecuteWorkflowCall call, hg::Next<wf::ExecuteWorkflowCall, hg::Task<hg::Payload>> next
    ) override {
        append(call.arguments[0], name_);
        hg::Task<hg::Payload> rest = next(std::move(call));
        hg::Payload result = co_await std::move(rest);
        co_return around(result);
    }
    // [around]
    hg::Task<void> handle_signal(
        wf::HandleSignalCall call, hg::Next<wf::HandleSignalCall, hg::Task<void>> next
    ) override {
        if (!call.arguments.empty()) {
            append(call.arguments[0], name_);
        }
        hg::Task<void> rest = next(std::move(call));
        co_await std::move(rest);
    }
    hg::Payload handle_query(
        wf::HandleQueryCall call, hg::Next<wf::HandleQueryCall, hg::Payload> next
    ) override {
        append(call.arguments[0], name_);
        return around(next(std::move(call)));
    }
    hg::Task<hg::Payload> handle_update(
        wf::HandleUpdateCall call, hg::Next<wf::HandleUpdateCall, hg::Task<hg::Payload>> next
    ) override {
        append(call.arguments[0], name_ + call.id);
        hg::Task<hg::Payload> rest = next(std::move(call));
        hg::Payload result = co_await std::move(rest);
        co_return around(result);
    }

private:
    [[nodiscard]] hg::Payload around(const hg::Payload& result) const {
        return hg::to_payload(name_ + "(" + hg::from_payload<std::string>(result) + ")");
    }

    const std::string name_;
};

std::function<wf::Interceptors(const wf::WorkflowInfo&)> two_names() {
    return made_by(
        [] { return std::make_unique<Names>("1"); }, [] { return std::make_unique<Names>("2"); }
    );
}

}  // namespace

TEST(WorkflowInterceptor, stands_around_the_run_method_the_first_one_outermost) {
    RunOf<Parcel> run{two_names()};
    run.start("ada");
    EXPECT_THAT(run.activate(Jobs{}.signal("send")), ElementsAre(R"x(complete "1(2(ada12))")x"));
}

TEST(WorkflowInterceptor, stands_around_signals_whether_their_handler_is_a_coroutine_or_not) {
    RunOf<Parcel> run{two_names()};
    run.start("ada");
    run.activate(Jobs{}.signal("address", "ben"));
    EXPECT_THAT(
        run.activate(Jobs{}.query("label", "to ")), ElementsAre(R"x(answer "1(2(to 12ben12))")x")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.signal("address_slowly", "cy")), ElementsAre("start_timer 1 1000ms")
    );
    run.activate(Jobs{}.fire(1));
    EXPECT_THAT(
        run.activate(Jobs{}.query("label", "to ")), ElementsAre(R"x(answer "1(2(to 12cy12))")x")
    );
}

TEST(WorkflowInterceptor, stands_around_updates_and_knows_their_ids) {
    RunOf<Parcel> run{two_names()};
    run.start("ada");
    EXPECT_THAT(
        run.activate(Jobs{}.update("U", "insure", "9")),
        ElementsAre("accepted protocol-U", "start_timer 1 1000ms")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.fire(1)), ElementsAre(R"x(completed protocol-U "1(2(91U2U))")x")
    );
}

TEST(WorkflowInterceptor, drops_a_signal_whose_arguments_fit_nobody_as_without_one) {
    const CapturedLog log;
    RunOf<Parcel> run{two_names()};
    run.start("ada");
    EXPECT_THAT(run.activate(Jobs{}.signal("address", "ben", 2)), IsEmpty());
    EXPECT_THAT(
        log.lines(), ElementsAre(HasSubstr("arguments that its handler cannot take; it is dropped"))
    );
    EXPECT_THAT(run.activate(Jobs{}.signal("send")), ElementsAre(R"x(complete "1(2(ada12))")x"));
}

namespace {

/// Stops what the header "stop" names.
class Stops final : public wf::WorkflowInterceptor {
public:
    hg::Task<void> handle_signal(
        wf::HandleSignalCall call, hg::Next<wf::HandleSignalCall, hg::Task<void>> next
    ) override {
        if (call.headers.contains("stop")) {
            return {};
        }
        return next(std::move(call));
    }
    void validate_update(wf::HandleUpdateCall call, hg::Next<wf::HandleUpdateCall, void> next)
        override {
        if (call.headers.contains("stop")) {
            throw hg::ApplicationError{"stopped"};
        }
        call.arguments[0] = hg::to_payload("the validator's alone");
        next(std::move(call));
    }
    hg::Payload handle_query(
        wf::HandleQueryCall call, hg::Next<wf::HandleQueryCall, hg::Payload> next
    ) override {
        return call.headers.contains("stop") ? hg::to_payload("stopped") : next(std::move(call));
    }
};

template <class Job>
void stop(Job& job) {
    hg::convert::to_proto(hg::to_payload(true), &(*job.mutable_headers())["stop"]);
}

}  // namespace

TEST(WorkflowInterceptor, sees_headers_and_may_answer_without_going_on) {
    RunOf<Parcel> run{made_by([] { return std::make_unique<Stops>(); })};
    run.start("ada");
    Jobs jobs;
    jobs.signal("address", "ben");
    stop(*jobs.activation().mutable_jobs(0)->mutable_signal_workflow());
    jobs.update("U", "insure", "9");
    stop(*jobs.activation().mutable_jobs(1)->mutable_do_update());
    EXPECT_THAT(run.activate(jobs), ElementsAre("rejected protocol-U stopped"));
    Jobs query;
    query.query("label", "to ");
    stop(*query.activation().mutable_jobs(0)->mutable_query_workflow());
    EXPECT_THAT(run.activate(query), ElementsAre(R"(answer "stopped")"));
    EXPECT_THAT(run.activate(Jobs{}.query("label", "to ")), ElementsAre(R"(answer "to ada")"));
}

TEST(WorkflowInterceptor, gives_a_validator_arguments_that_the_handler_does_not_get) {
    RunOf<Parcel> run{made_by([] { return std::make_unique<Stops>(); })};
    run.start("ada");
    run.activate(Jobs{}.update("U", "insure", ""));
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), ElementsAre(R"(completed protocol-U "")"));
}

TEST(WorkflowInterceptor, is_not_asked_to_validate_what_was_accepted_before) {
    RunOf<Parcel> run{made_by([] { return std::make_unique<Stops>(); })};
    run.start("ada");
    Jobs jobs;
    jobs.update("U", "insure", "9").unvalidated().replaying();
    stop(*jobs.activation().mutable_jobs(0)->mutable_do_update());
    EXPECT_THAT(run.activate(jobs), ElementsAre("accepted protocol-U", "start_timer 1 1000ms"));
}

TEST(WorkflowInterceptor, adds_no_coroutine_where_it_overrides_nothing) {
    const auto stack = [](RunOf<Parcel>& run) {
        run.start("ada");
        return run.activate(Jobs{}.query("__stack_trace"));
    };
    RunOf<Parcel> plain;
    RunOf<Parcel> around{made_by([] { return std::make_unique<wf::WorkflowInterceptor>(); })};
    RunOf<Parcel> named{two_names()};
    const auto expected = stack(plain);
    EXPECT_EQ(stack(around), expected);
    EXPECT_NE(stack(named), expected);
}

struct AsksForAll {
    hg::Task<void> run(std::string how) {
        const auto activity = wf::execute_activity<int>("charge", kQuick, "a");
        const auto local =
            wf::execute_local_activity<int>("look", {.start_to_close_timeout = 1s}, "l");
        const auto child = wf::execute_child<int>("Invoice", {.id = "child-1"}, "c");
        const auto signal = wf::external_workflow("other", "run-9").signal("wake", "s");
        const auto nexus =
            wf::nexus_client("endpoint", "service").execute<int>("operation", {}, "n");
        const auto timer = wf::start_timer(2s);
        const auto waits = child.signal("poke", "p");
        if (how == "again") {
            wf::continue_as_new({}, "x");
        }
        co_await wf::sleep(1h);
    }
};
HOURGLASS_WORKFLOW(AsksForAll, run)

namespace {

/// Changes all that leaves, and counts: with a member, as it is the run's own.
class Marks final : public wf::WorkflowInterceptor {
public:
    explicit Marks(std::string name) : name_{std::move(name)} {}

    void schedule_activity(wf::ScheduleActivityCall& call) override { mark(call); }
    void schedule_local_activity(wf::ScheduleLocalActivityCall& call) override { mark(call); }
    void start_child(wf::StartChildCall& call) override { mark(call); }
    void send_signal(wf::SendSignalCall& call) override {
        mark(call);
        call.name += call.to_child ? " child" : " " + call.workflow_id + call.run_id;
    }
    void start_nexus_operation(wf::StartNexusOperationCall& call) override {
        append(call.input, name_);
        call.options.headers = std::map<std::string, std::string>{{"mark", number()}};
    }
    void start_timer(wf::StartTimerCall& call) override { call.duration += 1ms; }
    void continue_as_new(wf::ContinueAsNewCall& call) override { mark(call); }

private:
    template <class Call>
    void mark(Call& call) {
        append(call.arguments[0], name_);
        call.headers[name_] = hg::to_payload(number());
    }
    std::string number() { return name_ + std::to_string(++seen_); }

    const std::string name_;
    int seen_ = 0;
};

std::function<wf::Interceptors(const wf::WorkflowInfo&)> two_marks() {
    return made_by(
        [] { return std::make_unique<Marks>("A"); }, [] { return std::make_unique<Marks>("B"); }
    );
}

}  // namespace

TEST(WorkflowInterceptor, changes_what_leaves_before_it_becomes_a_command) {
    RunOf<AsksForAll> run{two_marks()};
    EXPECT_THAT(
        run.start("once"),
        ElementsAre(
            R"(schedule 1 charge "aBA")",
            R"(local 2 look "lBA")",
            R"(child 1 Invoice child-1 "cBA")",
            R"(signal 1 default/other/run-9 wake otherrun-9 otherrun-9 "sBA")",
            R"(nexus 1 endpoint/service/operation "nBA")",
            "start_timer 1 2002ms",
            "start_timer 2 3600002ms"
        )
    );
    // It waited for the child's start, as the interceptors left it.
    EXPECT_THAT(
        run.activate(Jobs{}.child_started(1, "run-2")),
        ElementsAre(R"(signal 2 child child-1 poke child child "pBA")")
    );
}

TEST(WorkflowInterceptor, writes_headers_into_each_command) {
    RunOf<AsksForAll> run{two_marks()};
    const auto answer = run.completion(Jobs{}.start("AsksForAll", "again"));
    const auto& commands = answer.successful().commands();
    ASSERT_EQ(commands.size(), 7);
    EXPECT_EQ(header(commands[0].schedule_activity().headers(), "A"), R"("A1")");
    EXPECT_EQ(header(commands[0].schedule_activity().headers(), "B"), R"("B1")");
    EXPECT_EQ(header(commands[1].schedule_local_activity().headers(), "B"), R"("B2")");
    EXPECT_EQ(header(commands[2].start_child_workflow_execution().headers(), "A"), R"("A3")");
    EXPECT_EQ(header(commands[3].signal_external_workflow_execution().headers(), "A"), R"("A4")");
    EXPECT_EQ(commands[4].schedule_nexus_operation().nexus_header().at("mark"), "A5");
    EXPECT_EQ(header(commands[6].continue_as_new_workflow_execution().headers(), "A"), R"("A7")");
}

TEST(WorkflowInterceptor, is_made_for_each_run_and_does_the_same_when_that_is_replayed) {
    RunOf<AsksForAll> first{two_marks()};
    RunOf<AsksForAll> again{two_marks()};
    const auto commands = [](const wf::Completion& completion) {
        return completion.successful().ShortDebugString();
    };
    const auto sent = commands(first.completion(Jobs{}.start("AsksForAll", "again")));
    EXPECT_EQ(commands(again.completion(Jobs{}.start("AsksForAll", "again").replaying())), sent);
}

struct CancelledAsker {
    hg::Task<void> run() {
        try {
            co_await wf::sleep(1h);
        } catch (const hg::CancelledError&) {  // what follows is in a cancelled scope
        }
        static_cast<void>(wf::execute_activity<int>("charge", kQuick, "a"));
    }
    int ask() const {
        static_cast<void>(wf::execute_activity<int>("charge", kQuick, "a"));
        return 1;
    }
};
HOURGLASS_WORKFLOW(CancelledAsker, run, queries(ask))

namespace {

class CountsActivities final : public wf::WorkflowInterceptor {
public:
    explicit CountsActivities(int* seen) : seen_{seen} {}
    void schedule_activity(wf::ScheduleActivityCall& /*call*/) override { ++*seen_; }

private:
    int* seen_;
};

}  // namespace

TEST(WorkflowInterceptor, does_not_see_what_becomes_no_command) {
    int seen = 0;
    RunOf<CancelledAsker> run{made_by([&] { return std::make_unique<CountsActivities>(&seen); })};
    run.start();
    EXPECT_THAT(run.activate(Jobs{}.query("ask")), ElementsAre(HasSubstr("which may only read")));
    run.activate(Jobs{}.cancel());
    EXPECT_EQ(seen, 0);
}

namespace {

std::vector<std::string> ends;

struct SaysItsEnd {
    std::string name;
    ~SaysItsEnd() { ends.push_back(name); }
};

class OutlivesItsRun final : public wf::WorkflowInterceptor {
public:
    hg::Task<hg::Payload> execute(
        wf::ExecuteWorkflowCall call, hg::Next<wf::ExecuteWorkflowCall, hg::Task<hg::Payload>> next
    ) override {
        const SaysItsEnd frame{"frame of the interceptor"};
        hg::Task<hg::Payload> rest = next(std::move(call));
        hg::Payload result = co_await std::move(rest);
        co_return result;
    }

private:
    const SaysItsEnd end_{"interceptor"};
};

}  // namespace

struct EndsBefore {
    hg::Task<void> run() {
        const SaysItsEnd frame{"frame of the workflow"};
        co_await wf::sleep(1h);
    }
    const SaysItsEnd end{"workflow"};
};
HOURGLASS_WORKFLOW(EndsBefore, run)

TEST(WorkflowInterceptor, ends_after_the_coroutines_and_the_object_of_its_workflow) {
    ends.clear();
    {
        RunOf<EndsBefore> run{made_by([] { return std::make_unique<OutlivesItsRun>(); })};
        run.start();
        run.activate(Jobs{}.evict());
    }
    EXPECT_THAT(
        ends,
        ElementsAre("frame of the workflow", "frame of the interceptor", "workflow", "interceptor")
    );
}

TEST(WorkflowInterceptor, may_await_the_rest_where_it_calls_it) {
    class Inline final : public wf::WorkflowInterceptor {
    public:
        hg::Task<hg::Payload> execute(
            wf::ExecuteWorkflowCall call,
            hg::Next<wf::ExecuteWorkflowCall, hg::Task<hg::Payload>> next
        ) override {
            append(call.arguments[0], " with a text that is too long for a small string");
            hg::Payload result = co_await next(std::move(call));
            co_return result;
        }
    };
    RunOf<Parcel> run{made_by([] { return std::make_unique<Inline>(); })};
    run.start("ada");
    EXPECT_THAT(
        run.activate(Jobs{}.signal("send")),
        ElementsAre(R"(complete "ada with a text that is too long for a small string")")
    );
}
