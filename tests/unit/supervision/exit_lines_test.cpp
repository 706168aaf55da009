// Each exit is one line of the log, whatever its kind, with the same fields.
#include "support.hpp"

#include <gtest/gtest.h>

namespace hourglass::supervision::testing {
namespace {

struct Line {
    log::Level level;
    std::string child;
    std::string reason;
    std::string restarts;
    std::string restarting;
    std::string asked;

    friend bool operator==(const Line&, const Line&) = default;
    friend void PrintTo(const Line& line, std::ostream* out) {
        *out << log::to_text(line.level) << " " << line.child << ": " << line.reason << ", "
             << line.restarts << ", restarting " << line.restarting << ", asked " << line.asked;
    }
};
using Exits = std::vector<Line>;

constexpr auto kError = log::Level::Error;
constexpr auto kInfo = log::Level::Info;
constexpr auto kDebug = log::Level::Debug;
const std::string kBoom = "crashed: std::runtime_error: boom";

class ExitLinesTest : public SupervisionTest {
protected:
    ExitLinesTest() { log::set_level(log::Level::Debug); }
    ~ExitLinesTest() override { log::set_level(log::Level::Info); }

    /// rest_for_one of a, b and c, under the name "app".
    Ref<Supervisor> three() {
        return supervise(
            {.name = "app",
             .strategy = Strategy::RestForOne,
             .max_restarts = 1,
             .children = {spec("a"), spec("b"), spec("c")}}
        );
    }

    [[nodiscard]] static Line line_of(const log::Record& record) {
        return {
            record.level,
            field(record, "child"),
            field(record, "reason"),
            field(record, "restarts"),
            field(record, "restarting"),
            field(record, "asked")
        };
    }

    [[nodiscard]] Exits exits() const {
        Exits lines;
        for (const auto& record : log_->with("child exited")) {
            EXPECT_EQ(field(record, "supervisor"), "app");
            EXPECT_EQ(field(record, "pid").substr(0, 3), "<0.");
            lines.push_back(line_of(record));
        }
        return lines;
    }

    void end(const Ref<Supervisor>& supervisor, const std::string& child, ExitReason reason) {
        in(probe_of(supervisor, child), [&](Probe& probe) { probe.end(reason); });
    }
};

TEST_F(ExitLinesTest, ACrash) {
    in(probe_of(three(), "c"), &Probe::crash);
    EXPECT_EQ(exits(), (Exits{{kError, "c", kBoom, "0", "c", "no"}}));
}

TEST_F(ExitLinesTest, AKill) {
    pid_of(three(), "c").exit(ExitReason::kill());
    system_.run_until_idle();
    EXPECT_EQ(exits(), (Exits{{kError, "c", "killed", "0", "c", "no"}}));
}

TEST_F(ExitLinesTest, ANamedReason) {
    end(three(), "c", ExitReason::named("bridge_reloaded", "stale"));
    EXPECT_EQ(exits(), (Exits{{kError, "c", "bridge_reloaded: stale", "0", "c", "no"}}));
}

TEST_F(ExitLinesTest, AnOrderlyEndThatIsRestarted) {
    end(three(), "c", ExitReason::shutdown("done"));
    EXPECT_EQ(exits(), (Exits{{kInfo, "c", "shutdown: done", "0", "c", "no"}}));
}

TEST_F(ExitLinesTest, AnOrderlyEndThatIsNot) {
    const auto supervisor =
        supervise({.name = "app", .children = {spec("t", {}, Restart::Transient)}});
    end(supervisor, "t", ExitReason::normal());
    EXPECT_EQ(exits(), (Exits{{kDebug, "t", "normal", "0", "nothing", "no"}}));
}

TEST_F(ExitLinesTest, ACascadeNamesItsRootCauseAndWhatIsRestarted) {
    in(probe_of(three(), "a"), &Probe::crash);
    EXPECT_EQ(
        exits(),
        (Exits{
            {kError, "a", kBoom, "0", "a,b,c", "no"},
            {kDebug, "c", "shutdown", "0", "nothing", "yes"},
            {kDebug, "b", "shutdown", "0", "nothing", "yes"},
        })
    );
    EXPECT_EQ(log_->with("child restarted").size(), 3U);
    EXPECT_EQ(field(log_->with("child restarted")[0], "restarts"), "1");
}

TEST_F(ExitLinesTest, ADeathThatWaitsBehindACascadeIsNoLessOfOne) {
    const auto supervisor = supervise(
        {.name = "app",
         .strategy = Strategy::OneForAll,
         .children = {spec("a"), spec("b"), spec("c", {.stop_later = true})}}
    );
    const auto a = probe_of(supervisor, "a");
    const auto b = probe_of(supervisor, "b");
    const auto c = probe_of(supervisor, "c");
    in(a, &Probe::crash);  // the cascade waits for c
    b.exit(ExitReason::kill());
    system_.run_until_idle();
    in(c, &Probe::finish);
    EXPECT_EQ(
        exits(),
        (Exits{
            {kError, "a", kBoom, "0", "a,b,c", "no"},
            {kDebug, "c", "shutdown", "0", "nothing", "yes"},
            {kError, "b", "killed", "0", "nothing", "no"},
        })
    );
}

TEST_F(ExitLinesTest, ACrashWhileItWasAskedToEnd) {
    auto spiteful = spec("s", {.stop_later = true});
    const auto supervisor = supervise({.name = "app", .children = {spiteful}});
    const auto s = probe_of(supervisor, "s");
    const auto stopped = system_.stop(supervisor.pid());
    system_.run_until_idle();
    in(s, &Probe::crash);
    EXPECT_EQ(exits(), (Exits{{kError, "s", kBoom, "0", "nothing", "yes"}}));
    EXPECT_TRUE(stopped.ready());
}

TEST_F(ExitLinesTest, OneThatHadToBeKilledWhenItsTimeWasOver) {
    auto stubborn = spec("s", {.refuse_stop = true});
    stubborn.shutdown = 2s;
    const auto supervisor = supervise({.name = "app", .children = {stubborn}});
    const auto stopped = system_.stop(supervisor.pid(), ExitReason::shutdown(), kInfinity);
    system_.advance(2s);
    EXPECT_EQ(exits(), (Exits{{kDebug, "s", "killed", "0", "nothing", "yes"}}));
    EXPECT_TRUE(stopped.ready());
}

TEST_F(ExitLinesTest, TheEndOfASupervisorThatGaveUpIsAnErrorOfTheOneAbove) {
    const auto above = supervise(
        {.name = "app",
         .children = {supervisor_child("below", {.max_restarts = 0, .children = {spec("x")}})}}
    );
    in(probe_of(pid_of(above, "below").as<Supervisor>(), "x"), &Probe::crash);
    const std::string too_many =
        "too_many_restarts: more than 0 in 5 s, the last of child \"x\"; caused by " + kBoom;
    const auto lines = log_->with("child exited");
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(field(lines[0], "supervisor"), "app/below");
    EXPECT_EQ(line_of(lines[0]), (Line{kError, "x", kBoom, "0", "nothing", "no"}));
    EXPECT_EQ(field(lines[1], "supervisor"), "app");
    EXPECT_EQ(
        line_of(lines[1]),
        (Line{kError, "below", "shutdown; caused by " + too_many, "0", "below", "no"})
    );
    const auto gave_up = log_->with("gives up");
    ASSERT_EQ(gave_up.size(), 1U);
    EXPECT_EQ(field(gave_up[0], "supervisor"), "app/below");
    EXPECT_EQ(field(gave_up[0], "child"), "x");
    EXPECT_EQ(field(gave_up[0], "max_restarts"), "0");
}

TEST_F(ExitLinesTest, AStartThatFailsIsALineOfItsOwnAndNoExit) {
    const auto supervisor = supervise(
        {.name = "app",
         .strategy = Strategy::RestForOne,
         .children = {spec("a"), spec("b", {.failing_starts = 2}), spec("c")}}
    );
    in(probe_of(supervisor, "a"), &Probe::crash);
    EXPECT_EQ(
        exits(),
        (Exits{
            {kError, "a", kBoom, "0", "a,b,c", "no"},
            {kDebug, "c", "shutdown", "0", "nothing", "yes"},
            {kDebug, "b", "shutdown", "0", "nothing", "yes"},
        })
    );
    const auto failed = log_->with("child failed to start");
    ASSERT_EQ(failed.size(), 2U);
    for (const auto& line : failed) {
        EXPECT_EQ(field(line, "child"), "b");
        EXPECT_EQ(field(line, "reason"), "crashed: std::runtime_error: cannot start again");
        EXPECT_EQ(field(line, "restarting"), "b,c");
    }
    EXPECT_EQ(probe_of(supervisor, "c").alive(), true);
}

TEST_F(ExitLinesTest, AStartThatFailsTooOftenIsNoExitEither) {
    const auto supervisor =
        supervise({.name = "app", .max_restarts = 2, .children = {spec("a", {.failing_starts = 9})}}
        );
    in(probe_of(supervisor, "a"), &Probe::crash);
    EXPECT_EQ(exits(), (Exits{{kError, "a", kBoom, "0", "a", "no"}}));
    EXPECT_EQ(log_->with("child failed to start").size(), 2U);
    EXPECT_EQ(log_->with("gives up").size(), 1U);
}

TEST_F(ExitLinesTest, OneThatIsStoppedBeforeItHadStarted) {
    const auto started = system_.start<Supervisor>(
        SupervisorSpec{.name = "app", .children = {spec("slow", {.defer = true})}}
    );
    system_.run_until_idle();
    system_.run(system_.stop(system_.processes().front()));
    EXPECT_EQ(exits(), (Exits{{kDebug, "slow", "shutdown", "0", "nothing", "yes"}}));
    EXPECT_THROW(static_cast<void>(started.get()), ChildError);
}

/// The same of a dynamic supervisor, which stands below one with a name.
class DynamicExitLinesTest : public ExitLinesTest {
protected:
    Ref<DynamicSupervisor> dynamic(DynamicSupervisorSpec limits = {}) {
        const auto above =
            supervise({.name = "app", .children = {child<DynamicSupervisor>("workers", limits)}});
        return pid_of(above, "workers").as<DynamicSupervisor>();
    }

    [[nodiscard]] Exits of_workers() const {
        Exits lines;
        for (const auto& record : log_->with("child exited")) {
            if (field(record, "supervisor") == "app/workers") {
                lines.push_back(line_of(record));
            }
        }
        return lines;
    }
};

TEST_F(DynamicExitLinesTest, ACrashAnOrderlyEndAndAStop) {
    const auto supervisor = dynamic();
    const auto permanent =
        system_.run(DynamicSupervisor::start_child(supervisor, spec("p"))).as<Probe>();
    const auto temporary =
        system_.run(DynamicSupervisor::start_child(supervisor, spec("t", {}, Restart::Temporary)))
            .as<Probe>();
    in(permanent, &Probe::crash);
    in(temporary, [](Probe& probe) { probe.end(ExitReason::normal()); });
    system_.run(system_.stop(supervisor.pid()));
    EXPECT_EQ(
        of_workers(),
        (Exits{
            {kError, "p", kBoom, "0", "p", "no"},
            {kDebug, "t", "normal", "0", "nothing", "no"},
            {kDebug, "p", "shutdown", "1", "nothing", "yes"},
        })
    );
}

TEST_F(DynamicExitLinesTest, AStartThatFailsAgainIsNoExit) {
    const auto supervisor = dynamic({.max_restarts = 5});
    const auto child =
        system_.run(DynamicSupervisor::start_child(supervisor, spec("p", {.failing_starts = 2})));
    in(child.as<Probe>(), &Probe::crash);
    EXPECT_EQ(of_workers(), (Exits{{kError, "p", kBoom, "0", "p", "no"}}));
    const auto failed = log_->with("child failed to start");
    ASSERT_EQ(failed.size(), 2U);
    EXPECT_EQ(field(failed[1], "restarting"), "p");
}

TEST_F(DynamicExitLinesTest, OneTooManyGivesUp) {
    const auto supervisor = dynamic({.max_restarts = 0});
    const auto child = system_.run(DynamicSupervisor::start_child(supervisor, spec("p")));
    in(child.as<Probe>(), &Probe::crash);
    EXPECT_EQ(of_workers(), (Exits{{kError, "p", kBoom, "0", "nothing", "no"}}));
    EXPECT_EQ(log_->with("gives up").size(), 1U);
}

TEST_F(ExitLinesTest, ATaskThatCrashesHasALineAndOneThatDoesNotHasNone) {
    const auto above = supervise({.name = "app", .children = {child<TaskSupervisor>("tasks")}});
    const auto tasks = pid_of(above, "tasks").as<TaskSupervisor>();
    TaskSupervisor::start_task(tasks, [] {});
    TaskSupervisor::start_task(tasks, [] { throw std::runtime_error{"boom"}; });
    system_.run_until_idle();
    const auto lines = log_->with("child exited");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(line_of(lines[0]), (Line{kError, "task", kBoom, "0", "nothing", "no"}));
    EXPECT_EQ(field(lines[0], "supervisor"), "app/tasks");
}

}  // namespace
}  // namespace hourglass::supervision::testing
