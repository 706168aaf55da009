// Whose values a workflow converts: its own, and those of what it calls.
#include "tests/support/probe.hpp"
#include "tests/unit/workflow/harness.hpp"
#include "tests/unit/workflow/interceptors.hpp"
#include "tests/unit/workflow/nexus_jobs.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace contexts {

/// Asks twice whose it is.
struct AskingTwice {};

}  // namespace contexts

template <>
struct hourglass::PayloadFormat<contexts::AskingTwice> {
    /// Whether the first answer is still good after the second.
    static Payload encode(const contexts::AskingTwice& /*value*/) {
        const auto first = serialization_context();
        const auto second = serialization_context();
        return to_payload(
            !first.workflow_id.empty() && first.workflow_id.data() == second.workflow_id.data()
        );
    }
    static contexts::AskingTwice decode(const Payload& /*payload*/) { return {}; }
};

namespace contexts {

using probe::Probe;

const Probe kProbe;
const wf::ActivityOptions kNamed{.start_to_close_timeout = 30s, .activity_id = "named"};
const wf::LocalActivityOptions kLocal{.start_to_close_timeout = 30s};
const wf::ChildWorkflowOptions kUnnamedChild;
const wf::ChildWorkflowOptions kNamedChild{.id = "child-2"};
const wf::NexusOperationOptions kNexus;

Probe charge(Probe order);
Probe charge(Probe order) {
    return order;
}

class AskedChild {
public:
    hg::Task<Probe> run(Probe value) { co_return value; }
    void poke(Probe value);
};
inline void AskedChild::poke(Probe /*value*/) {}

class Own {
public:
    hg::Task<Probe> run(Probe value) {
        seen_.push_back(value.decoded);
        co_await wf::wait_condition([this] { return done_; });
        use_memo();
        if (again_) {
            go_on();
        }
        co_return kProbe;
    }
    void poke(Probe value) { seen_.push_back(value.decoded); }
    hg::Task<Probe> change(Probe value) {
        seen_.push_back(value.decoded);
        co_await wf::sleep(1s);
        co_return kProbe;
    }
    Probe ask(Probe value) const { return value; }
    std::vector<std::string> seen() const { return seen_; }
    void finish(bool again) {
        again_ = again;
        done_ = true;
    }

private:
    void use_memo() {
        wf::upsert_memo({{"probe", hg::to_payload(kProbe)}});
        seen_.push_back(wf::memo<Probe>("probe")->decoded);
    }
    [[noreturn]] static void go_on() { wf::continue_as_new<&AskedChild::run>({}, kProbe); }

    std::vector<std::string> seen_;
    bool again_ = false;
    bool done_ = false;
};

class Caller {
public:
    hg::Task<std::vector<std::string>> run(std::string what) {
        std::vector<std::string> seen;
        if (what == "activity") {
            const auto plain = wf::execute_activity<&charge>(kQuick, kProbe);
            const auto by_name = wf::execute_activity<Probe>("book", kNamed, kProbe);
            const Probe first = co_await plain;
            seen.push_back(first.decoded);
            const Probe second = co_await by_name;
            seen.push_back(second.decoded);
        } else if (what == "local") {
            const Probe result = co_await wf::execute_local_activity<&charge>(kLocal, kProbe);
            seen.push_back(result.decoded);
        } else if (what == "child") {
            const auto unnamed = wf::execute_child<&AskedChild::run>(kUnnamedChild, kProbe);
            const auto by_name = wf::execute_child<Probe>("Other", kNamedChild, kProbe);
            const auto sent = unnamed.signal<&AskedChild::poke>(kProbe);
            seen.push_back(unnamed.id());
            const Probe first = co_await unnamed;
            seen.push_back(first.decoded);
            const Probe second = co_await by_name;
            seen.push_back(second.decoded);
            co_await sent;
        } else if (what == "twice") {
            static_cast<void>(
                wf::execute_child<Probe>("Other", kUnnamedChild, AskingTwice(), AskingTwice())
            );
        } else if (what == "signal") {
            const auto other = wf::external_workflow<&AskedChild::run>("other");
            co_await other.signal<&AskedChild::poke>(kProbe);
        } else if (what == "nexus") {
            const auto client = wf::nexus_client("prod", "greetings");
            const Probe result = co_await client.execute<Probe>("greet", kNexus, kProbe);
            seen.push_back(result.decoded);
        } else if (what == "failure") {
            const auto plain = wf::execute_activity<&charge>(kQuick, kProbe);
            const auto local = wf::execute_local_activity<&charge>(kLocal, kProbe);
            const std::string first = co_await detail_of(plain);
            seen.push_back(first);
            const std::string second = co_await detail_of(local);
            seen.push_back(second);
        }
        co_return seen;
    }

private:
    static hg::Task<std::string> detail_of(wf::ActivityHandle<Probe> handle) {
        try {
            const Probe result = co_await handle;
            co_return result.decoded;
        } catch (const hg::ActivityError& error) {
            co_return error.find_cause<hg::ApplicationError>()->detail<Probe>(0).decoded;
        }
    }
};

}  // namespace contexts

HOURGLASS_WORKFLOW(contexts::AskedChild, run, signals(poke));
HOURGLASS_WORKFLOW(contexts::Own, run, signals(poke, finish), queries(ask, seen), updates(change));
HOURGLASS_WORKFLOW(contexts::Caller, run);

namespace {

using contexts::Own;
using probe::Probe;
using Commands = std::vector<coresdk::workflow_commands::WorkflowCommand>;

/// A run in the server's namespace "default", with the id workflow-1, and its last commands.
template <class W>
struct Activated {
    explicit Activated(
        const std::function<wf::Interceptors(const wf::WorkflowInfo&)>& interceptors = {}
    )
        : run{wf::definition_of<W>(),
              "run-1",
              {.workflow_namespace = "default",
               .task_queue = "queue-1",
               .make_interceptors = interceptors}} {}

    const Commands& activate(Jobs&& jobs) { return activate(jobs); }
    const Commands& activate(Jobs& jobs) {
        const auto completion = run.activate(jobs.activation());
        EXPECT_FALSE(completion.has_failed()) << completion.failed().failure().message();
        const auto& all = completion.successful().commands();
        commands = {all.begin(), all.end()};
        return commands;
    }
    template <class... A>
    const Commands& start(const A&... arguments) {
        return activate(Jobs{}.start(std::string{wf::definition_of<W>().name}, arguments...));
    }

    wf::WorkflowRun run;
    Commands commands;
};

/// What the probe in a payload was encoded as.
std::string encoded(const hg::convert::ProtoPayload& payload) {
    return hg::from_payload<std::string>(hg::convert::from_proto(payload));
}
std::vector<std::string> result_of(const Commands& commands) {
    return hg::from_payload<std::vector<std::string>>(
        hg::convert::from_proto(commands.at(0).complete_workflow_execution().result())
    );
}
/// A failure of an activity whose detail is a probe.
void write_declined(temporal::api::failure::v1::Failure& failure) {
    failure.set_message("declined");
    hg::convert::to_proto(
        hg::encode_arguments(Probe{}), failure.mutable_application_failure_info()->mutable_details()
    );
}

constexpr const char* kOwn = "default/workflow-1 Own";
constexpr const char* kCaller = "default/workflow-1 Caller";

}  // namespace

TEST(SerializationContextOfWorkflows, is_the_workflows_own_for_what_comes_to_it_and_what_it_gives) {
    Activated<Own> run;
    run.start(Probe{});
    run.activate(Jobs{}.signal("poke", Probe{}).update("u1", "change", Probe{}));
    const auto& updated = run.activate(Jobs{}.fire(1));
    ASSERT_EQ(updated.size(), 1U);
    EXPECT_EQ(encoded(updated[0].update_response().completed()), kOwn);
    const auto& asked = run.activate(Jobs{}.query("ask", Probe{}));
    EXPECT_EQ(encoded(asked.at(0).respond_to_query().succeeded().response()), kOwn);
    const auto& done = run.activate(Jobs{}.signal("finish", false));
    ASSERT_EQ(done.size(), 2U);
    EXPECT_EQ(
        encoded(done[0].modify_workflow_properties().upserted_memo().fields().at("probe")), kOwn
    );
    EXPECT_EQ(encoded(done[1].complete_workflow_execution().result()), kOwn);
    const auto& seen = run.activate(Jobs{}.query("seen"));
    EXPECT_EQ(
        hg::from_payload<std::vector<std::string>>(
            hg::convert::from_proto(seen.at(0).respond_to_query().succeeded().response())
        ),
        (std::vector<std::string>{kOwn, kOwn, kOwn, kOwn})
    );
    EXPECT_EQ(hg::serialization_context(), hg::SerializationContext{}) << "after the activation";
}

TEST(SerializationContextOfWorkflows, of_the_next_run_has_its_type) {
    Activated<Own> run;
    run.start(Probe{});
    const auto& commands = run.activate(Jobs{}.signal("finish", true));
    EXPECT_EQ(
        encoded(commands.at(1).continue_as_new_workflow_execution().arguments(0)),
        "default/workflow-1 AskedChild"
    );
}

TEST(SerializationContextOfWorkflows, of_an_activity_is_the_same_for_its_arguments_and_its_result) {
    const std::vector<std::string> expected{
        std::string{kCaller} + ", activity 1 charge", std::string{kCaller} + ", activity named book"
    };
    Activated<contexts::Caller> run;
    const auto& commands = run.start("activity");
    ASSERT_EQ(commands.size(), 2U);
    EXPECT_EQ(encoded(commands[0].schedule_activity().arguments(0)), expected[0]);
    EXPECT_EQ(encoded(commands[1].schedule_activity().arguments(0)), expected[1]);
    EXPECT_EQ(
        result_of(run.activate(Jobs{}.complete_activity(1, Probe{}).complete_activity(2, Probe{}))),
        expected
    );
}

TEST(SerializationContextOfWorkflows, of_a_local_activity_says_so) {
    const std::string expected = std::string{kCaller} + ", local activity 1 charge";
    Activated<contexts::Caller> run;
    const auto& commands = run.start("local");
    EXPECT_EQ(encoded(commands.at(0).schedule_local_activity().arguments(0)), expected);
    EXPECT_EQ(
        result_of(run.activate(Jobs{}.complete_activity(1, Probe{}))),
        std::vector<std::string>{expected}
    );
}

TEST(SerializationContextOfWorkflows, of_a_child_is_the_childs_also_if_its_id_is_a_uuid) {
    Activated<contexts::Caller> run;
    const Commands commands = run.start("child");
    ASSERT_EQ(commands.size(), 2U) << "the signal waits for the child's start";
    const auto& first = commands[0].start_child_workflow_execution();
    const std::string own_id = "default/" + first.workflow_id() + " AskedChild";
    EXPECT_EQ(first.workflow_id().size(), 36U);
    EXPECT_EQ(encoded(first.input(0)), own_id);
    const auto& second = commands[1].start_child_workflow_execution();
    EXPECT_EQ(encoded(second.input(0)), "default/child-2 Other");
    const auto& signal = run.activate(Jobs{}.child_started(1, "run-2").child_started(2, "run-3"));
    EXPECT_EQ(encoded(signal.at(0).signal_external_workflow_execution().args(0)), own_id);
    EXPECT_EQ(
        result_of(run.activate(
            Jobs{}.signal_sent(1).complete_child(1, Probe{}).complete_child(2, Probe{})
        )),
        (std::vector<std::string>{first.workflow_id(), own_id, "default/child-2 Other"})
    );
}

TEST(SerializationContextOfWorkflows, keeps_its_texts_until_the_conversion_ends) {
    Activated<contexts::Caller> run;
    const auto& commands = run.start("twice");
    const auto& input = commands.at(0).start_child_workflow_execution().input();
    ASSERT_EQ(input.size(), 2);
    for (const auto& each : input) {
        EXPECT_TRUE(hg::from_payload<bool>(hg::convert::from_proto(each)));
    }
}

TEST(SerializationContextOfWorkflows, of_a_signal_to_another_workflow_is_the_other_ones) {
    Activated<contexts::Caller> run;
    const auto& commands = run.start("signal");
    EXPECT_EQ(
        encoded(commands.at(0).signal_external_workflow_execution().args(0)), "default/other -"
    );
}

TEST(SerializationContextOfWorkflows, of_a_nexus_operation_names_it) {
    const std::string expected = std::string{kCaller} + ", operation prod/greetings/greet";
    Activated<contexts::Caller> run;
    const auto& commands = run.start("nexus");
    EXPECT_EQ(encoded(commands.at(0).schedule_nexus_operation().input()), expected);
    EXPECT_EQ(
        result_of(run.activate(wf::testing::NexusJobs{}.nexus_answered(1, Probe{}))),
        std::vector<std::string>{expected}
    );
}

TEST(SerializationContextOfWorkflows, of_a_failures_details_is_that_of_the_activity) {
    Activated<contexts::Caller> run;
    run.start("failure");
    Jobs jobs;
    jobs.fail_activity(1, "declined");
    auto& remote = *jobs.activation()
                        .mutable_jobs(0)
                        ->mutable_resolve_activity()
                        ->mutable_result()
                        ->mutable_failed()
                        ->mutable_failure();
    remote.mutable_activity_failure_info()->mutable_activity_type()->set_name("charge");
    write_declined(*remote.mutable_cause());
    auto& local = *jobs.add().mutable_resolve_activity();  // Core hands on what it threw
    local.set_seq(2);
    local.set_is_local(true);
    write_declined(*local.mutable_result()->mutable_failed()->mutable_failure());
    EXPECT_EQ(
        result_of(run.activate(jobs)),
        (std::vector<std::string>{
            std::string{kCaller} + ", activity 1 charge",
            std::string{kCaller} + ", local activity 2 charge"
        })
    );
}

TEST(SerializationContextOfWorkflows, of_a_result_follows_what_an_interceptor_made_of_the_call) {
    struct Renaming final : wf::WorkflowInterceptor {
        void schedule_activity(wf::ScheduleActivityCall& call) override {
            call.type = "renamed";
            call.options.activity_id = "its-id";
        }
    };
    Activated<contexts::Caller> run{wf::testing::made_by([] { return std::make_unique<Renaming>(); }
    )};
    run.start("activity");
    const std::string expected = std::string{kCaller} + ", activity its-id renamed";
    EXPECT_EQ(
        result_of(run.activate(Jobs{}.complete_activity(1, Probe{}).complete_activity(2, Probe{}))),
        (std::vector<std::string>{expected, expected})
    );
}
