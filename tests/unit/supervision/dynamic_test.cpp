// Dynamic supervisor, task supervisor, registry.
#include "tests/unit/supervision/support.hpp"

namespace hourglass::supervision::testing {
namespace {

class DynamicSupervisorTest : public SupervisionTest {
protected:
    Ref<DynamicSupervisor> dynamic(DynamicSupervisorSpec given = {}) {
        return system_.run(system_.start<DynamicSupervisor>(given));
    }
    Pid start(const Ref<DynamicSupervisor>& supervisor, ChildSpec child) {
        return system_.run(DynamicSupervisor::start_child(supervisor, std::move(child)));
    }
};

TEST_F(DynamicSupervisorTest, StartsChildrenOnDemandWithWhateverIds) {
    const auto supervisor = dynamic();
    const Pid first = start(supervisor, spec("a"));
    const Pid second = start(supervisor, spec("a"));
    EXPECT_NE(first, second);
    EXPECT_EQ(system_.run(SupervisorBase::count_children(supervisor)).active, 2U);
}

TEST_F(DynamicSupervisorTest, RefusesMoreThanMaxChildren) {
    const auto supervisor = dynamic({.max_children = 1});
    const Pid first = start(supervisor, spec("a"));
    const auto error = error_of<ChildError>([&] { start(supervisor, spec("b")); });
    EXPECT_EQ(error.code(), ChildErrorCode::MaxChildren);
    system_.run(DynamicSupervisor::terminate_child(supervisor, first));
    EXPECT_TRUE(start(supervisor, spec("b")).alive());
}

TEST_F(DynamicSupervisorTest, AnswersAFailedAndAnIgnoredStart) {
    const auto supervisor = dynamic();
    const auto failed =
        error_of<ChildError>([&] { start(supervisor, spec("a", {.fail_first = true})); });
    EXPECT_EQ(failed.code(), ChildErrorCode::StartFailed);
    const auto ignored =
        error_of<ChildError>([&] { start(supervisor, spec("a", {.ignore = true})); });
    EXPECT_EQ(ignored.code(), ChildErrorCode::Ignored);
    EXPECT_EQ(system_.run(SupervisorBase::count_children(supervisor)).specs, 0U);
}

TEST_F(DynamicSupervisorTest, RestartsByTheSpecificationOfTheChild) {
    const auto supervisor = dynamic();
    const Pid permanent = start(supervisor, spec("p"));
    const Pid transient = start(supervisor, spec("t", {}, Restart::Transient));
    const Pid temporary = start(supervisor, spec("x", {}, Restart::Temporary));
    in(permanent.as<Probe>(), [](Probe& p) { p.end(ExitReason::normal()); });
    in(transient.as<Probe>(), [](Probe& p) { p.end(ExitReason::normal()); });
    in(temporary.as<Probe>(), &Probe::crash);
    const auto children = system_.run(SupervisorBase::which_children(supervisor));
    ASSERT_EQ(children.size(), 1U);
    EXPECT_EQ(children[0].id, "p");
    EXPECT_EQ(children[0].restarts, 1U);
}

TEST_F(DynamicSupervisorTest, GivesUpAfterTooManyRestarts) {
    const auto supervisor = dynamic({.max_restarts = 1});
    start(supervisor, spec("other"));
    Pid pid = start(supervisor, spec("a"));
    in(pid.as<Probe>(), &Probe::crash);
    EXPECT_TRUE(supervisor.alive());
    for (const auto& each : system_.run(SupervisorBase::which_children(supervisor))) {
        pid = each.id == "a" ? each.pid : pid;
    }
    in(pid.as<Probe>(), &Probe::crash);
    EXPECT_EQ(end_of(supervisor.pid()), ExitReason::shutdown());
    EXPECT_TRUE(system_.processes().empty());
}

TEST_F(DynamicSupervisorTest, TriesAFailingRestartAgain) {
    const auto supervisor = dynamic();
    const Pid pid = start(supervisor, spec("a", {.failing_starts = 2}));
    in(pid.as<Probe>(), &Probe::crash);
    const auto children = system_.run(SupervisorBase::which_children(supervisor));
    ASSERT_EQ(children.size(), 1U);
    EXPECT_EQ(children[0].state, ChildState::Running);
    EXPECT_EQ(system_.run(SupervisorBase::report(supervisor)).restarts, 3U);
}

TEST_F(DynamicSupervisorTest, TerminatesAChildForGoodAndAnswersWhenItHasEnded) {
    const auto supervisor = dynamic();
    const Pid pid = start(supervisor, spec("a", {.stop_later = true}));
    const auto first = DynamicSupervisor::terminate_child(supervisor, pid);
    const auto second = DynamicSupervisor::terminate_child(supervisor, pid);
    system_.run_until_idle();
    EXPECT_FALSE(first.ready());
    in(pid.as<Probe>(), &Probe::finish);
    EXPECT_TRUE(first.ready());
    EXPECT_TRUE(second.ready());
    EXPECT_EQ(system_.run(SupervisorBase::count_children(supervisor)).specs, 0U);
    const auto error = error_of<ChildError>([&] {
        system_.run(DynamicSupervisor::terminate_child(supervisor, pid));
    });
    EXPECT_EQ(error.code(), ChildErrorCode::NotFound);
}

TEST_F(DynamicSupervisorTest, StopsItsChildrenSideBySide) {
    const auto supervisor = dynamic();
    auto stubborn = spec("s", {.refuse_stop = true});
    stubborn.shutdown = 2s;
    start(supervisor, stubborn);
    start(supervisor, stubborn);
    const auto stopped = system_.stop(supervisor.pid(), ExitReason::shutdown(), kInfinity);
    system_.advance(1999ms);
    EXPECT_FALSE(stopped.ready());
    system_.advance(1ms);
    EXPECT_TRUE(stopped.ready()) << "two seconds for both, not for each";
}

TEST_F(DynamicSupervisorTest, ComesBackEmptyWhenItIsRestarted) {
    const auto root = supervise({.children = {child<DynamicSupervisor>("d")}});
    const Pid before = pid_of(root, "d");
    const Pid pid = start(before.as<DynamicSupervisor>(), spec("a"));
    before.exit(ExitReason::kill());
    system_.run_until_idle();
    EXPECT_FALSE(pid.alive());
    const auto after = pid_of(root, "d").as<DynamicSupervisor>();
    EXPECT_EQ(system_.run(SupervisorBase::count_children(after)).specs, 0U);
}

class TaskSupervisorTest : public SupervisionTest {
protected:
    const Ref<TaskSupervisor> tasks_ = system_.run(system_.start<TaskSupervisor>());
};

TEST_F(TaskSupervisorTest, RunsAFunctionInAProcessOfItsOwn) {
    int runs = 0;
    const auto task = TaskSupervisor::start_task(tasks_, [&runs, only = std::make_unique<int>(1)] {
        runs += *only;
    });
    EXPECT_TRUE(task.pid.alive());
    EXPECT_EQ(system_.run(SupervisorBase::count_children(tasks_)).active, 0U) << "it ran first";
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(end_of(task.pid), ExitReason::normal());
}

TEST_F(TaskSupervisorTest, ItsStarterHearsTheRealEndHoweverSoonItComes) {
    const auto starter = probe("s");
    journal_->take();
    TaskRef good;
    TaskRef bad;
    in(starter, [&](Probe& p) {
        good = TaskSupervisor::start_monitored(p, tasks_, [] {});
        bad = TaskSupervisor::start_monitored(p, tasks_, [] { throw std::runtime_error{"boom"}; });
    });
    EXPECT_EQ(journal_->count("s down " + good.pid.text() + ": normal"), 1U);
    EXPECT_EQ(
        journal_->count("s down " + bad.pid.text() + ": crashed: std::runtime_error: boom"), 1U
    );
    EXPECT_NE(good.monitor, bad.monitor);
}

TEST_F(TaskSupervisorTest, AFailedTaskIsLoggedNotRepeatedAndHarmsNobody) {
    int runs = 0;
    TaskSupervisor::start_task(tasks_, [&runs] {
        ++runs;
        throw 42;
    });
    system_.run_until_idle();
    EXPECT_EQ(runs, 1);
    EXPECT_TRUE(tasks_.alive());
    ASSERT_EQ(log_->with("child exited").size(), 1U);
    EXPECT_EQ(field(log_->with("child exited")[0], "reason"), "crashed: int");
}

TEST_F(TaskSupervisorTest, ATaskForADeadSupervisorNeverRunsAndIsDead) {
    const auto starter = probe("s");
    tasks_.exit(ExitReason::kill());
    system_.run_until_idle();
    bool ran = false;
    const auto task = TaskSupervisor::start_task(tasks_, [&ran] { ran = true; });
    EXPECT_FALSE(task.pid.alive());
    TaskRef watched;
    in(starter, [&](Probe& p) {
        watched = TaskSupervisor::start_monitored(p, tasks_, [&ran] { ran = true; });
    });
    EXPECT_EQ(journal_->count("s down " + watched.pid.text() + ": no_process"), 1U);
    EXPECT_FALSE(ran);
}

TEST_F(TaskSupervisorTest, StoppingItEndsTheTasksThatHaveNotBegun) {
    bool ran = false;
    const auto stopped = system_.stop(tasks_.pid());
    // Ready to run after the supervisor has taken the order.
    tasks_.cast([&](TaskSupervisor&) {});
    const auto task = TaskSupervisor::start_task(tasks_, [&ran] { ran = true; });
    system_.run_until_idle();
    EXPECT_EQ(stopped.get(), ExitReason::shutdown());
    EXPECT_FALSE(task.pid.alive());
    EXPECT_TRUE(system_.processes().empty());
}

TEST_F(TaskSupervisorTest, ManyTasksLeaveNothingBehind) {
    int runs = 0;
    for (int i = 0; i < 10'000; ++i) {
        TaskSupervisor::start_task(tasks_, [&runs] { ++runs; });
    }
    EXPECT_EQ(system_.processes().size(), 10'001U);
    system_.run_until_idle();
    EXPECT_EQ(runs, 10'000);
    EXPECT_EQ(system_.processes().size(), 1U);
}

class RegistryTest : public SupervisionTest {
protected:
    const Ref<Registry> registry_ = system_.run(system_.start<Registry>());

    bool add(const std::string& name, const Pid& pid) {
        return system_.run(registry_.call([&](Registry& r) { return r.add(name, pid); }));
    }
    Pid find(const std::string& name) {
        return system_.run(registry_.call([&](Registry& r) { return r.find(name); }));
    }
};

TEST_F(RegistryTest, FindsProcessesByName) {
    const auto a = probe("a");
    EXPECT_TRUE(add("first", a.pid()));
    EXPECT_TRUE(add("second", a.pid()));
    EXPECT_EQ(find("first"), a.pid());
    EXPECT_EQ(find("third"), Pid{});
    const auto entries = system_.run(registry_.call(&Registry::entries));
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[0].first, "first");
}

TEST_F(RegistryTest, RefusesANameThatIsTaken) {
    const auto a = probe("a");
    const auto b = probe("b");
    EXPECT_TRUE(add("x", a.pid()));
    EXPECT_FALSE(add("x", b.pid()));
    EXPECT_FALSE(add("x", a.pid()));
    EXPECT_TRUE(system_.run(registry_.call([](Registry& r) { return r.remove("x"); })));
    EXPECT_FALSE(system_.run(registry_.call([](Registry& r) { return r.remove("x"); })));
    EXPECT_TRUE(add("x", b.pid()));
    in(a, &Probe::crash);
    EXPECT_EQ(find("x"), b.pid()) << "the end of its former holder means nothing";
}

TEST_F(RegistryTest, ForgetsTheNamesOfADeadProcessAndRefusesNewOnes) {
    const auto a = probe("a");
    add("x", a.pid());
    add("y", a.pid());
    in(a, &Probe::crash);
    EXPECT_EQ(find("x"), Pid{});
    EXPECT_TRUE(system_.run(registry_.call(&Registry::entries)).empty());
    EXPECT_FALSE(add("x", a.pid()));
}

TEST_F(RegistryTest, LosesTheNamesWithItsProcess) {
    const auto root = supervise({.children = {child<Registry>("registry")}});
    const auto a = probe("a");
    const auto before = pid_of(root, "registry").as<Registry>();
    EXPECT_TRUE(system_.run(before.call([&](Registry& r) { return r.add("x", a.pid()); })));
    before.exit(ExitReason::kill());
    system_.run_until_idle();
    const auto after = pid_of(root, "registry").as<Registry>();
    EXPECT_EQ(system_.run(after.call([](Registry& r) { return r.find("x"); })), Pid{});
    EXPECT_TRUE(a.alive());
}

}  // namespace
}  // namespace hourglass::supervision::testing
