// Children that come and go while the supervisor runs, and what it tells about them.
#include "tests/unit/supervision/support.hpp"

namespace hourglass::supervision::testing {
namespace {

class SupervisorChildrenTest : public SupervisionTest {
protected:
    template <class F>
    ChildErrorCode code_of(F f) {
        return error_of<ChildError>(f).code();
    }
};

TEST_F(SupervisorChildrenTest, AChildIsAddedAfterTheOthers) {
    const auto supervisor = supervise({.children = {spec("a")}});
    const Pid b = system_.run(Supervisor::start_child(supervisor, spec("b")));
    EXPECT_EQ(pid_of(supervisor, "b"), b);
    journal_->take();
    system_.run(system_.stop(supervisor.pid()));
    EXPECT_EQ(journal_->lines().front(), "end b: shutdown");
}

TEST_F(SupervisorChildrenTest, AnIdIsTakenWhetherItsChildRunsOrNot) {
    const auto supervisor = supervise({.children = {spec("a"), spec("b", {}, Restart::Transient)}});
    in(probe_of(supervisor, "b"), [](Probe& p) { p.end(ExitReason::normal()); });
    EXPECT_EQ(
        code_of([&] { system_.run(Supervisor::start_child(supervisor, spec("a"))); }),
        ChildErrorCode::AlreadyStarted
    );
    EXPECT_EQ(
        code_of([&] { system_.run(Supervisor::start_child(supervisor, spec("b"))); }),
        ChildErrorCode::AlreadyPresent
    );
}

TEST_F(SupervisorChildrenTest, AChildThatFailsToStartIsNotKept) {
    const auto supervisor = supervise({.children = {spec("a")}});
    const auto error = error_of<ChildError>([&] {
        system_.run(Supervisor::start_child(supervisor, spec("b", {.fail_first = true})));
    });
    EXPECT_EQ(error.code(), ChildErrorCode::StartFailed);
    EXPECT_EQ(error.reason().detail(), "cannot start");
    EXPECT_EQ(system_.run(SupervisorBase::count_children(supervisor)).specs, 1U);
    EXPECT_TRUE(supervisor.alive());
}

TEST_F(SupervisorChildrenTest, AnUnusableSpecificationIsRefusedAndHarmsNobody) {
    const auto supervisor = supervise({.children = {spec("a")}});
    EXPECT_THROW(system_.run(Supervisor::start_child(supervisor, {.id = "b"})), ConfigurationError);
    EXPECT_THROW(system_.run(Supervisor::start_child(supervisor, {})), ConfigurationError);
    EXPECT_TRUE(supervisor.alive());
}

TEST_F(SupervisorChildrenTest, ATerminatedChildStaysKnownAndCanBeRestartedOrDeleted) {
    const auto supervisor = supervise({.children = {spec("a"), spec("b")}});
    EXPECT_EQ(
        code_of([&] { system_.run(Supervisor::delete_child(supervisor, "b")); }),
        ChildErrorCode::Running
    );
    EXPECT_EQ(
        code_of([&] { system_.run(Supervisor::restart_child(supervisor, "b")); }),
        ChildErrorCode::Running
    );
    system_.run(Supervisor::terminate_child(supervisor, "b"));
    EXPECT_EQ(system_.run(SupervisorBase::count_children(supervisor)).active, 1U);
    EXPECT_TRUE(system_.run(Supervisor::restart_child(supervisor, "b")).alive());
    system_.run(Supervisor::terminate_child(supervisor, "b"));
    system_.run(Supervisor::delete_child(supervisor, "b"));
    EXPECT_EQ(
        code_of([&] { system_.run(Supervisor::restart_child(supervisor, "b")); }),
        ChildErrorCode::NotFound
    );
    EXPECT_EQ(
        code_of([&] { system_.run(Supervisor::terminate_child(supervisor, "b")); }),
        ChildErrorCode::NotFound
    );
    EXPECT_EQ(
        code_of([&] { system_.run(Supervisor::delete_child(supervisor, "b")); }),
        ChildErrorCode::NotFound
    );
    EXPECT_EQ(code_of([&] { pid_of(supervisor, "b"); }), ChildErrorCode::NotFound);
}

TEST_F(SupervisorChildrenTest, ATerminatedTemporaryChildIsForgotten) {
    const auto supervisor = supervise({.children = {spec("t", {}, Restart::Temporary)}});
    system_.run(Supervisor::terminate_child(supervisor, "t"));
    EXPECT_EQ(system_.run(SupervisorBase::count_children(supervisor)).specs, 0U);
}

TEST_F(SupervisorChildrenTest, OperationsAreDoneOneAfterTheOther) {
    const auto supervisor = supervise({.children = {spec("a", {.stop_later = true})}});
    const auto a = probe_of(supervisor, "a");
    const auto terminated = Supervisor::terminate_child(supervisor, "a");
    const auto restarted = Supervisor::restart_child(supervisor, "a");
    const auto added = Supervisor::start_child(supervisor, spec("b"));
    system_.run_until_idle();
    EXPECT_FALSE(terminated.ready() || restarted.ready() || added.ready());
    in(a, &Probe::finish);
    EXPECT_TRUE(terminated.ready());
    EXPECT_TRUE(restarted.get().alive());
    EXPECT_TRUE(added.get().alive());
}

TEST_F(SupervisorChildrenTest, OperationsThatWaitAreAnsweredWhenTheSupervisorEnds) {
    const auto supervisor = supervise({.children = {spec("a", {.stop_later = true})}});
    const auto a = probe_of(supervisor, "a");
    const auto terminated = Supervisor::terminate_child(supervisor, "a");
    const auto added = Supervisor::start_child(supervisor, spec("b"));
    const auto stopped = system_.stop(supervisor.pid());
    system_.run_until_idle();
    in(a, &Probe::finish);
    EXPECT_EQ(stopped.get(), ExitReason::shutdown());
    const auto error = error_of<CallError>([&] { terminated.get(); });
    EXPECT_EQ(error.code(), CallErrorCode::ProcessExited);
    EXPECT_EQ(error.reason(), ExitReason::shutdown());
    EXPECT_THROW(static_cast<void>(added.get()), CallError);
    EXPECT_EQ(journal_->count("start b"), 0U);
}

TEST_F(SupervisorChildrenTest, ListsItsChildrenInTheOrderOfTheirStart) {
    const auto supervisor = supervise(
        {.children =
             {
                 spec("a"),
                 child<DynamicSupervisor>("d"),
                 spec("t", {}, Restart::Transient),
             }}
    );
    system_.advance(3s);
    in(probe_of(supervisor, "t"), &Probe::crash);
    system_.advance(2s);
    const auto children = system_.run(SupervisorBase::which_children(supervisor));
    ASSERT_EQ(children.size(), 3U);
    EXPECT_EQ(children[0].id, "a");
    EXPECT_EQ(children[0].uptime, 5s);
    EXPECT_EQ(children[0].pid.name(), "a");
    EXPECT_EQ(children[1].type, ChildType::Supervisor);
    EXPECT_EQ(children[2].restart, Restart::Transient);
    EXPECT_EQ(children[2].restarts, 1U);
    EXPECT_EQ(children[2].uptime, 2s);
    EXPECT_EQ(children[2].last_exit->detail(), "boom");
    const auto counts = system_.run(SupervisorBase::count_children(supervisor));
    EXPECT_EQ(counts.specs, 3U);
    EXPECT_EQ(counts.active, 3U);
    EXPECT_EQ(counts.supervisors, 1U);
    EXPECT_EQ(counts.workers, 2U);
}

TEST_F(SupervisorChildrenTest, TheTreeShowsEverythingBelowWithRestarts) {
    const auto root = supervise(
        {.name = "app",
         .strategy = Strategy::RestForOne,
         .children =
             {
                 spec("a"),
                 supervisor_child(
                     "sub", {.strategy = Strategy::OneForAll, .children = {spec("x"), spec("y")}}
                 ),
                 child<TaskSupervisor>("tasks"),
                 spec("launcher", {.ignore = true}),
             }}
    );
    const auto sub = pid_of(root, "sub").as<Supervisor>();
    in(probe_of(sub, "x"), &Probe::crash);
    const auto report = system_.run(SupervisorBase::report(root));
    EXPECT_EQ(
        tree_text(report),
        "app <0.1.0> rest_for_one, 0 restarts below (gives up after more than 3 in 5 s)\n"
        "├── a <0.2.0> worker, permanent, running, 0 restarts\n"
        "├── sub <0.3.0> supervisor one_for_all, permanent, running, 0 restarts\n"
        "│   ├── x <0.8.0> worker, permanent, running, 1 restart, last exit: crashed: "
        "std::runtime_error: boom\n"
        "│   └── y <0.9.0> worker, permanent, running, 1 restart, last exit: shutdown\n"
        "├── tasks <0.6.0> supervisor tasks, permanent, running, 0 restarts\n"
        "└── launcher worker, permanent, not running, 0 restarts, last exit: normal\n"
    );
    EXPECT_EQ(report.children[1].children[0].pid.name(), "app/sub/x");
}

class Deaf final : public SupervisorBase {
public:
    std::vector<ChildReport> which_children() const override { return {}; }

protected:
    SupervisorReport own_report() const override { throw std::runtime_error{"not today"}; }
};

TEST_F(SupervisorChildrenTest, ASupervisorThatDoesNotAnswerIsMarkedInTheTree) {
    const auto root = supervise({.children = {spec("a"), child<Deaf>("deaf")}});
    const auto report = system_.run(SupervisorBase::report(root));
    EXPECT_FALSE(report.children[0].unavailable);
    EXPECT_TRUE(report.children[1].unavailable);
}

class Recorder final : public SupervisorObserver {
public:
    explicit Recorder(JournalPtr journal) : journal_{std::move(journal)} {}
    void child_started(const ChildEvent& event) noexcept override { add("started", event); }
    void child_exited(const ChildEvent& event) noexcept override {
        std::string line = event.reason.text() + " restarting";
        for (const auto& id : event.restarting) {
            line += " " + id;
        }
        add("exited " + line, event);
    }
    void child_restarted(const ChildEvent& event) noexcept override { add("restarted", event); }
    void intensity_exceeded(const ChildEvent& event) noexcept override { add("exceeded", event); }

private:
    void add(const std::string& what, const ChildEvent& event) {
        journal_->add(event.child_id + " " + what + " #" + std::to_string(event.restarts));
    }
    JournalPtr journal_;
};

TEST_F(SupervisorChildrenTest, ObserversHearWhatItDoes) {
    const auto heard = std::make_shared<Journal>();
    system_.observe(std::make_shared<Recorder>(heard));
    const auto supervisor = supervise(
        {.strategy = Strategy::RestForOne, .max_restarts = 1, .children = {spec("a"), spec("b")}}
    );
    EXPECT_EQ(heard->take(), (Lines{"a started #0", "b started #0"}));
    in(probe_of(supervisor, "a"), &Probe::crash);
    EXPECT_EQ(
        heard->take(),
        (Lines{
            "a exited crashed: std::runtime_error: boom restarting a b #0",
            "b exited shutdown restarting #0",
            "a restarted #1",
            "b restarted #1",
        })
    );
    in(probe_of(supervisor, "b"), &Probe::crash);
    EXPECT_EQ(
        heard->take(),
        (Lines{
            "b exited crashed: std::runtime_error: boom restarting #1",
            "b exceeded #1",
            "a exited shutdown restarting #1",
        })
    );
}

TEST_F(SupervisorChildrenTest, EveryAbnormalExitIsOneLineOfTheLog) {
    const auto supervisor = supervise(
        {.name = "app", .strategy = Strategy::RestForOne, .children = {spec("a"), spec("b")}}
    );
    in(probe_of(supervisor, "a"), &Probe::crash);
    const auto lines = log_->with("child exited");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].level, log::Level::Error);
    EXPECT_EQ(field(lines[0], "supervisor"), "app");
    EXPECT_EQ(field(lines[0], "child"), "a");
    EXPECT_EQ(field(lines[0], "reason"), "crashed: std::runtime_error: boom");
    EXPECT_EQ(field(lines[0], "restarts"), "0");
    EXPECT_EQ(field(lines[0], "restarting"), "a,b");
}

TEST_F(SupervisorChildrenTest, AnOrderlyEndIsNoErrorInTheLog) {
    const auto supervisor = supervise({.children = {spec("a")}});
    system_.run(system_.stop(supervisor.pid()));
    EXPECT_TRUE(log_->records().empty());
}

}  // namespace
}  // namespace hourglass::supervision::testing
