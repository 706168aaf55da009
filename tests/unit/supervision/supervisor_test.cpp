// Start, stop and restart, as OTP's documentation of supervisors states them.
#include "tests/unit/supervision/support.hpp"

namespace hourglass::supervision::testing {
namespace {

class SupervisorTest : public SupervisionTest {
protected:
    Ref<Supervisor> three(Strategy strategy) {
        return supervise({.strategy = strategy, .children = {spec("a"), spec("b"), spec("c")}});
    }
    void crash(const Ref<Supervisor>& supervisor, const std::string& id) {
        in(probe_of(supervisor, id), &Probe::crash);
    }
    ChildReport report_of(const Ref<Supervisor>& supervisor, const std::string& id) {
        for (auto& child : system_.run(SupervisorBase::which_children(supervisor))) {
            if (child.id == id) {
                return child;
            }
        }
        return {};
    }
    /// The journal without destructions.
    Lines events() {
        auto lines = journal_->take();
        std::erase_if(lines, [](const std::string& line) { return line.starts_with("gone"); });
        return lines;
    }
};

const std::string kBoom = ": crashed: std::runtime_error: boom";

TEST_F(SupervisorTest, StartsItsChildrenInOrderAndStopsThemInReverse) {
    const auto supervisor = three(Strategy::OneForOne);
    EXPECT_EQ(events(), (Lines{"start a", "start b", "start c"}));
    EXPECT_EQ(system_.run(system_.stop(supervisor.pid())), ExitReason::shutdown());
    EXPECT_EQ(events(), (Lines{"end c: shutdown", "end b: shutdown", "end a: shutdown"}));
}

TEST_F(SupervisorTest, WaitsForEachStartBeforeTheNext) {
    const auto started = system_.start<Supervisor>(
        SupervisorSpec{.children = {spec("a", {.defer = true}), spec("b")}}
    );
    system_.run_until_idle();
    EXPECT_EQ(events(), Lines{"start a"});
    EXPECT_FALSE(started.ready());
    in(system_.processes().back().as<Probe>(), &Probe::done_with_init);
    EXPECT_EQ(events(), Lines{"start b"});
    EXPECT_TRUE(started.ready());
}

TEST_F(SupervisorTest, WaitsForEachStopBeforeTheNext) {
    const auto supervisor = supervise({.children = {spec("a"), spec("b", {.stop_later = true})}});
    const auto b = probe_of(supervisor, "b");
    events();
    const auto stopped = system_.stop(supervisor.pid(), ExitReason::shutdown(), kInfinity);
    system_.run_until_idle();
    EXPECT_EQ(events(), Lines{"b is asked to stop"});
    in(b, &Probe::finish);
    EXPECT_EQ(events(), (Lines{"end b: shutdown", "end a: shutdown"}));
    EXPECT_TRUE(stopped.ready());
}

TEST_F(SupervisorTest, AFailingStartStopsWhatWasStartedAndSaysWhichChildAndWhy) {
    const auto error = error_of<ChildError>([&] {
        supervise({.children = {spec("a"), spec("b"), spec("c", {.fail_first = true}), spec("d")}});
    });
    EXPECT_EQ(events(), (Lines{"start a", "start b", "end b: shutdown", "end a: shutdown"}));
    EXPECT_EQ(error.code(), ChildErrorCode::StartFailed);
    EXPECT_TRUE(error.reason().is_shutdown());
    EXPECT_EQ(error.reason().detail(), "failed to start child \"c\"");
    ASSERT_NE(error.reason().cause(), nullptr);
    EXPECT_EQ(error.reason().cause()->detail(), "cannot start");
    EXPECT_TRUE(system_.processes().empty());
}

TEST_F(SupervisorTest, AFailingStartBelowFailsTheTreeAbove) {
    const auto error = error_of<ChildError>([&] {
        supervise(
            {.children =
                 {
                     spec("a"),
                     supervisor_child("below", {.children = {spec("x", {.fail_first = true})}}),
                 }}
        );
    });
    EXPECT_EQ(
        error.reason().text(),
        "shutdown: failed to start child \"below\"; caused by shutdown: failed to start child "
        "\"x\"; "
        "caused by crashed: std::runtime_error: cannot start"
    );
}

TEST_F(SupervisorTest, RefusesTwoChildrenOfOneId) {
    const auto error =
        error_of<ChildError>([&] { supervise({.children = {spec("a"), spec("a")}}); });
    EXPECT_EQ(error.reason().exception_type(), "hourglass::ConfigurationError");
}

TEST_F(SupervisorTest, OneForOneRestartsTheChildAlone) {
    const auto supervisor = three(Strategy::OneForOne);
    const Pid before = pid_of(supervisor, "b");
    events();
    crash(supervisor, "b");
    EXPECT_EQ(events(), (Lines{"end b" + kBoom, "start b"}));
    EXPECT_NE(pid_of(supervisor, "b"), before);
}

TEST_F(SupervisorTest, OneForAllStopsTheOthersInReverseAndStartsAllInOrder) {
    const auto supervisor = three(Strategy::OneForAll);
    events();
    crash(supervisor, "b");
    EXPECT_EQ(
        events(),
        (Lines{
            "end b" + kBoom, "end c: shutdown", "end a: shutdown", "start a", "start b", "start c"
        })
    );
}

TEST_F(SupervisorTest, RestForOneStopsAndStartsTheChildrenAfterIt) {
    const auto supervisor = three(Strategy::RestForOne);
    events();
    crash(supervisor, "b");
    EXPECT_EQ(events(), (Lines{"end b" + kBoom, "end c: shutdown", "start b", "start c"}));
    crash(supervisor, "c");
    EXPECT_EQ(events(), (Lines{"end c" + kBoom, "start c"}));
}

TEST_F(SupervisorTest, APermanentChildIsRestartedAfterAnyEnd) {
    const auto supervisor = supervise({.max_restarts = 10, .children = {spec("a")}});
    for (const auto& reason :
         {ExitReason::normal(), ExitReason::shutdown(), ExitReason::named("x"), ExitReason::killed()
         }) {
        in(probe_of(supervisor, "a"), [&](Probe& p) { p.end(reason); });
    }
    EXPECT_EQ(report_of(supervisor, "a").restarts, 4U);
}

TEST_F(SupervisorTest, ATransientChildIsRestartedOnlyAfterAnAbnormalEnd) {
    const auto supervisor = supervise({.children = {spec("a", {}, Restart::Transient)}});
    crash(supervisor, "a");
    EXPECT_EQ(report_of(supervisor, "a").restarts, 1U);
    in(probe_of(supervisor, "a"), [](Probe& p) { p.end(ExitReason::shutdown("done")); });
    const auto report = report_of(supervisor, "a");
    EXPECT_EQ(report.state, ChildState::Undefined) << "it is kept, and does not run";
    EXPECT_EQ(report.restarts, 1U);
    EXPECT_EQ(report.last_exit, ExitReason::shutdown("done"));
}

TEST_F(SupervisorTest, ATemporaryChildIsNeverRestartedAndForgotten) {
    const auto supervisor = supervise(
        {.strategy = Strategy::OneForAll, .children = {spec("a"), spec("t", {}, Restart::Temporary)}
        }
    );
    events();
    crash(supervisor, "t");
    EXPECT_EQ(events(), Lines{"end t" + kBoom}) << "nor does it take others along";
    EXPECT_EQ(system_.run(SupervisorBase::count_children(supervisor)).specs, 1U);
}

TEST_F(SupervisorTest, ATemporarySiblingOfACascadeIsStoppedAndForgotten) {
    const auto supervisor = supervise(
        {.strategy = Strategy::RestForOne,
         .children = {spec("a"), spec("t", {}, Restart::Temporary), spec("c")}}
    );
    events();
    crash(supervisor, "a");
    EXPECT_EQ(
        events(),
        (Lines{"end a" + kBoom, "end c: shutdown", "end t: shutdown", "start a", "start c"})
    );
    EXPECT_EQ(report_of(supervisor, "t").id, "");
}

TEST_F(SupervisorTest, TooManyRestartsEndItWithShutdownAfterStoppingAllChildren) {
    const auto supervisor = three(Strategy::OneForOne);
    for (int i = 0; i < 3; ++i) {
        crash(supervisor, "b");
    }
    EXPECT_TRUE(supervisor.alive()) << "three restarts in five seconds are allowed";
    events();
    crash(supervisor, "b");
    const auto reason = end_of(supervisor.pid());
    EXPECT_EQ(reason, ExitReason::shutdown());
    ASSERT_NE(reason.cause(), nullptr);
    EXPECT_EQ(
        reason.cause()->text(),
        "too_many_restarts: more than 3 in 5 s, the last of child \"b\"; caused by crashed: "
        "std::runtime_error: boom"
    );
    EXPECT_EQ(events(), (Lines{"end b" + kBoom, "end c: shutdown", "end a: shutdown"}));
}

TEST_F(SupervisorTest, RestartsThatLieFurtherBackDoNotCount) {
    const auto supervisor = three(Strategy::OneForOne);
    for (int i = 0; i < 10; ++i) {
        crash(supervisor, "b");
        system_.advance(1700ms);
    }
    EXPECT_TRUE(supervisor.alive());
    EXPECT_EQ(report_of(supervisor, "b").restarts, 10U);
}

TEST_F(SupervisorTest, AnExceededIntensityBelowIsARestartAbove) {
    const auto supervisor = supervise(
        {.children = {supervisor_child("below", {.max_restarts = 0, .children = {spec("x")}})}}
    );
    const auto below = pid_of(supervisor, "below").as<Supervisor>();
    crash(below, "x");
    EXPECT_EQ(report_of(supervisor, "below").restarts, 1U);
    EXPECT_TRUE(supervisor.alive());
}

TEST_F(SupervisorTest, AFailingRestartCountsAndIsTriedAgain) {
    const auto supervisor = supervise({.children = {spec("a", {.failing_starts = 2})}});
    crash(supervisor, "a");
    EXPECT_EQ(report_of(supervisor, "a").state, ChildState::Running) << "the third attempt";
    EXPECT_EQ(system_.run(SupervisorBase::report(supervisor)).restarts, 3U);
    crash(supervisor, "a");
    EXPECT_FALSE(supervisor.alive()) << "the fourth within five seconds";
}

TEST_F(SupervisorTest, AStartThatKeepsFailingEndsTheSupervisor) {
    const auto supervisor = supervise({.children = {spec("a"), spec("b", {.failing_starts = 99})}});
    crash(supervisor, "b");
    EXPECT_EQ(end_of(supervisor.pid()), ExitReason::shutdown());
}

TEST_F(SupervisorTest, AFailingRestartInACascadeIsTriedAgainFromThereOn) {
    const auto supervisor = supervise(
        {.strategy = Strategy::RestForOne,
         .children = {spec("a"), spec("b", {.failing_starts = 1}), spec("c")}}
    );
    events();
    crash(supervisor, "a");
    EXPECT_EQ(
        events(),
        (Lines{
            "end a" + kBoom, "end c: shutdown", "end b: shutdown", "start a", "start b", "start c"
        })
    );
    EXPECT_EQ(system_.run(SupervisorBase::report(supervisor)).restarts, 2U);
}

TEST_F(SupervisorTest, AChildThatIgnoresItsStartIsKeptWithoutAProcess) {
    const auto supervisor = supervise(
        {.strategy = Strategy::RestForOne,
         .children = {spec("a"), spec("launcher", {.ignore = true}), spec("c")}}
    );
    EXPECT_EQ(report_of(supervisor, "launcher").state, ChildState::Undefined);
    EXPECT_EQ(system_.run(SupervisorBase::count_children(supervisor)).active, 2U);
    crash(supervisor, "a");
    EXPECT_TRUE(supervisor.alive());
    EXPECT_EQ(report_of(supervisor, "c").restarts, 1U);
}

TEST_F(SupervisorTest, AFactoryThatMakesNothingIsIgnoredToo) {
    const auto supervisor =
        supervise({.children = {{.id = "none", .start = [] { return nullptr; }}}});
    EXPECT_EQ(report_of(supervisor, "none").state, ChildState::Undefined);
}

TEST_F(SupervisorTest, ChildrenThatDieDuringACascadeDoNotStartAnother) {
    const auto supervisor = supervise(
        {.strategy = Strategy::OneForAll,
         .children = {spec("a"), spec("b"), spec("c", {.stop_later = true})}}
    );
    const auto a = probe_of(supervisor, "a");
    const auto b = probe_of(supervisor, "b");
    const auto c = probe_of(supervisor, "c");
    events();
    in(a, &Probe::crash);  // the cascade waits for c
    in(b, &Probe::crash);
    in(c, &Probe::crash);
    EXPECT_EQ(
        events(),
        (Lines{
            "end a" + kBoom,
            "c is asked to stop",
            "end b" + kBoom,
            "end c" + kBoom,
            "start a",
            "start b",
            "start c"
        })
    );
    EXPECT_EQ(system_.run(SupervisorBase::report(supervisor)).restarts, 1U);
}

TEST_F(SupervisorTest, EndsThatComeInAnyOrderAreAllDealtWith) {
    std::vector<std::string> order{"a", "b", "c"};
    do {
        const auto supervisor = supervise(
            {.strategy = Strategy::RestForOne, .children = {spec("a"), spec("b"), spec("c")}}
        );
        std::vector<Ref<Probe>> processes;
        for (const auto& id : order) {
            processes.push_back(probe_of(supervisor, id));
        }
        for (const auto& process : processes) {
            process.cast(&Probe::crash);
        }
        system_.run_until_idle();
        EXPECT_TRUE(supervisor.alive());
        EXPECT_EQ(system_.run(SupervisorBase::count_children(supervisor)).active, 3U);
        system_.run(system_.stop(supervisor.pid()));
    } while (std::ranges::next_permutation(order).found);
    EXPECT_TRUE(system_.processes().empty());
}

TEST_F(SupervisorTest, AnOrderToStopInterruptsACascade) {
    const auto supervisor = supervise(
        {.strategy = Strategy::OneForAll,
         .children = {spec("a"), spec("b"), spec("c", {.stop_later = true})}}
    );
    const auto a = probe_of(supervisor, "a");
    const auto c = probe_of(supervisor, "c");
    in(a, &Probe::crash);
    const auto stopped = system_.stop(supervisor.pid());
    system_.run_until_idle();
    events();
    in(c, &Probe::finish);
    EXPECT_EQ(events(), (Lines{"end c: shutdown", "end b: shutdown"}))
        << "nothing is started again";
    EXPECT_EQ(stopped.get(), ExitReason::shutdown());
}

TEST_F(SupervisorTest, AnOrderToStopEndsAChildThatIsStillStarting) {
    const auto started = system_.start<Supervisor>(
        SupervisorSpec{.children = {spec("a"), spec("b", {.defer = true})}}
    );
    system_.run_until_idle();
    const Pid supervisor = system_.processes().front();
    EXPECT_EQ(system_.run(system_.stop(supervisor)), ExitReason::shutdown());
    EXPECT_TRUE(system_.processes().empty());
    EXPECT_THROW(static_cast<void>(started.get()), ChildError);
}

TEST_F(SupervisorTest, AChildThatDoesNotStopInItsTimeIsKilled) {
    auto stubborn = spec("b", {.refuse_stop = true});
    stubborn.shutdown = 2s;
    const auto supervisor = supervise({.children = {spec("a"), stubborn}});
    const Pid b = pid_of(supervisor, "b");
    const auto stopped = system_.stop(supervisor.pid(), ExitReason::shutdown(), kInfinity);
    system_.advance(1999ms);
    EXPECT_TRUE(b.alive());
    system_.advance(1ms);
    EXPECT_EQ(end_of(b), ExitReason::killed());
    EXPECT_TRUE(stopped.ready());
}

TEST_F(SupervisorTest, ABrutalKillDoesNotAsk) {
    auto brutal = spec("a", {.stop_later = true});
    brutal.shutdown = Shutdown::brutal_kill();
    const auto supervisor = supervise({.children = {brutal}});
    events();
    system_.run(system_.stop(supervisor.pid()));
    EXPECT_EQ(events(), Lines{}) << "neither asked nor terminated";
}

TEST_F(SupervisorTest, AKilledSupervisorTakesItsTreeWithIt) {
    const auto supervisor = supervise(
        {.children =
             {
                 spec("a"),
                 spec("t", {.trap = true}),
                 supervisor_child("below", {.children = {spec("x")}}),
             }}
    );
    supervisor.exit(ExitReason::kill());
    system_.run_until_idle();
    EXPECT_TRUE(system_.processes().empty());
}

TEST_F(SupervisorTest, IgnoresExitSignalsOfStrangersButNotOfTheProgram) {
    const auto supervisor = three(Strategy::OneForOne);
    const auto stranger = probe("s");
    in(stranger, [&](Probe& p) { p.send_exit(supervisor.pid(), ExitReason::shutdown()); });
    EXPECT_TRUE(supervisor.alive());
    supervisor.exit(ExitReason::shutdown());
    EXPECT_EQ(end_of(supervisor.pid()), ExitReason::shutdown());
}

TEST_F(SupervisorTest, AChildCannotUnlinkItself) {
    const auto supervisor = three(Strategy::OneForOne);
    const auto a = probe_of(supervisor, "a");
    in(a, [&](Probe& p) { p.unlink_from(supervisor.pid()); });
    in(a, &Probe::crash);
    EXPECT_EQ(report_of(supervisor, "a").restarts, 1U);
}

}  // namespace
}  // namespace hourglass::supervision::testing
