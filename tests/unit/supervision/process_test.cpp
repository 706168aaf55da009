#include "tests/unit/supervision/support.hpp"

namespace hourglass::supervision::testing {
namespace {

class ProcessTest : public SupervisionTest {};

struct FailsToConstruct : Process {
    FailsToConstruct() { throw std::runtime_error{"no"}; }
};

struct KnowsItself : Process {
    KnowsItself() : known{self()} {}
    Pid known;
};

TEST_F(ProcessTest, RunsItsMessagesInTheOrderOfSending) {
    const auto process = probe("a");
    for (int i = 0; i < 200; ++i) {
        process.cast([i](Probe& p) { p.note(std::to_string(i)); });
    }
    EXPECT_EQ(process.pid().mailbox_length(), 200U);
    journal_->take();
    system_.run_until_idle();
    const auto lines = journal_->lines();
    ASSERT_EQ(lines.size(), 200U);
    for (int i = 0; i < 200; ++i) {
        EXPECT_EQ(lines[static_cast<std::size_t>(i)], "a " + std::to_string(i));
    }
    EXPECT_EQ(process.pid().mailbox_length(), 0U);
}

TEST_F(ProcessTest, LetsOthersRunWhileItHasManyMessages) {
    const auto busy = probe("busy");
    const auto other = probe("other");
    journal_->take();
    for (int i = 0; i < 200; ++i) {
        busy.cast([](Probe& p) { p.note("x"); });
    }
    other.cast([](Probe& p) { p.note("y"); });
    system_.run_until_idle();
    const auto lines = journal_->lines();
    EXPECT_LT(std::ranges::find(lines, "other y") - lines.begin(), 100);
}

TEST_F(ProcessTest, IsConstructedAndInitialisedInItself) {
    const auto process = system_.spawn<KnowsItself>();
    EXPECT_TRUE(process.alive());
    EXPECT_EQ(system_.run(process.call([](KnowsItself& p) { return p.known; })), process.pid());
}

TEST_F(ProcessTest, EndsWithTheExceptionThatEscapesAHandler) {
    const auto process = probe("a");
    in(process, &Probe::crash);
    EXPECT_FALSE(process.alive());
    EXPECT_EQ(end_of(process.pid()).text(), "crashed: std::runtime_error: boom");
    EXPECT_EQ(
        journal_->lines(), (Lines{"start a", "end a: crashed: std::runtime_error: boom", "gone a"})
    );
}

TEST_F(ProcessTest, EndsWithAnExceptionOfAnyType) {
    const auto process = probe("a");
    in(process, &Probe::crash_with_int);
    EXPECT_EQ(end_of(process.pid()).text(), "crashed: int");
}

TEST_F(ProcessTest, StopsWhenTheHandlerHasReturned) {
    const auto process = probe("a");
    process.cast([](Probe& p) {
        p.end(ExitReason::named("first"));
        p.end(ExitReason::named("second"));
        p.note("goes on");
    });
    process.cast([](Probe& p) { p.note("never"); });
    system_.run_until_idle();
    EXPECT_EQ(journal_->lines(), (Lines{"start a", "a goes on", "end a: first", "gone a"}));
}

TEST_F(ProcessTest, ExitLeavesTheHandlerAtOnce) {
    const auto process = probe("a");
    in(process, [](Probe& p) {
        p.exit_now(ExitReason::named("enough"));
        p.note("never");
    });
    EXPECT_EQ(end_of(process.pid()), ExitReason::named("enough"));
    EXPECT_EQ(journal_->count("a never"), 0U);
}

TEST_F(ProcessTest, IsDestroyedBeforeAnybodyHearsOfItsEnd) {
    const auto process = probe("a");
    const auto watcher = probe("w");
    in(watcher, [&](Probe& w) { w.watch(process.pid()); });
    journal_->take();
    in(process, &Probe::crash);
    const auto lines = journal_->lines();
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[1], "gone a");
    EXPECT_EQ(lines[2], "w down <0.1.0>: crashed: std::runtime_error: boom");
}

TEST_F(ProcessTest, AFailingStartSaysWhy) {
    const auto error =
        error_of<ChildError>([&] { system_.run(system_.start<FailsToConstruct>()); });
    EXPECT_EQ(error.code(), ChildErrorCode::StartFailed);
    EXPECT_EQ(error.reason().text(), "crashed: std::runtime_error: no");
    auto shared = std::make_shared<Probe::Shared>();
    shared->plan.fail_first = true;
    const auto in_init =
        error_of<ChildError>([&] { system_.run(system_.start<Probe>("a", journal_, shared)); });
    EXPECT_EQ(in_init.reason().detail(), "cannot start");
    EXPECT_EQ(journal_->lines(), Lines{"gone a"}) << "no terminate without a start";
}

TEST_F(ProcessTest, AStartMayChooseNotToRun) {
    auto shared = std::make_shared<Probe::Shared>();
    shared->plan.ignore = true;
    const auto error =
        error_of<ChildError>([&] { system_.run(system_.start<Probe>("a", journal_, shared)); });
    EXPECT_EQ(error.code(), ChildErrorCode::Ignored);
}

TEST_F(ProcessTest, ADeferredInitIsDoneWhenItSaysSo) {
    auto shared = std::make_shared<Probe::Shared>();
    shared->plan.defer = true;
    const auto started = system_.start<Probe>("a", journal_, shared);
    system_.run_until_idle();
    EXPECT_FALSE(started.ready());
    const auto process = system_.processes().back().as<Probe>();
    in(process, &Probe::done_with_init);
    EXPECT_EQ(started.get(), process);
}

TEST_F(ProcessTest, ADeferredInitThatEndsIsAFailedStart) {
    auto shared = std::make_shared<Probe::Shared>();
    shared->plan.defer = true;
    const auto started = system_.start<Probe>("a", journal_, shared);
    system_.run_until_idle();
    in(system_.processes().back().as<Probe>(),
       [](Probe& p) { p.end(ExitReason::named("no_server")); });
    const auto error = error_of<ChildError>([&] { static_cast<void>(started.get()); });
    EXPECT_EQ(error.reason(), ExitReason::named("no_server"));
}

TEST_F(ProcessTest, TimersRunInTheProcessAfterTheirDelay) {
    const auto process = probe("a");
    in(process, [](Probe& p) {
        p.after(2s, "late");
        p.after(1s, "early");
    });
    journal_->take();
    system_.advance(999ms);
    EXPECT_EQ(journal_->lines(), Lines{});
    system_.advance(1ms);
    EXPECT_EQ(journal_->lines(), Lines{"a early"});
    system_.advance(10s);
    EXPECT_EQ(journal_->lines(), (Lines{"a early", "a late"}));
}

TEST_F(ProcessTest, ACancelledTimerDoesNotRunEvenIfItsTimeHasCome) {
    const auto process = probe("a");
    TimerRef timer;
    in(process, [&](Probe& p) { timer = p.after(0s, "never"); });
    // Fired and run already: too late.
    EXPECT_FALSE(system_.run(process.call([&](Probe& p) { return p.cancel(timer); })));
    journal_->take();
    in(process, [&](Probe& p) {
        const auto next = p.after(1s, "never");
        EXPECT_TRUE(p.cancel(next));
        EXPECT_FALSE(p.cancel(next));
    });
    system_.advance(5s);
    EXPECT_EQ(journal_->lines(), Lines{});
}

TEST_F(ProcessTest, TheTimersOfADeadProcessAreGone) {
    const auto process = probe("a");
    in(process, [](Probe& p) { p.after(1s, "never"); });
    in(process, &Probe::crash);
    journal_->take();
    system_.advance(5s);
    EXPECT_EQ(journal_->lines(), Lines{});
}

TEST_F(ProcessTest, AnAddressIsPrintedComparedAndTyped) {
    const auto a = probe("a");
    const auto b = probe("b");
    EXPECT_EQ(a.pid().text(), "<0.1.0>");
    EXPECT_EQ(Pid{}.text(), "<none>");
    EXPECT_FALSE(Pid{}.alive());
    EXPECT_NE(a.pid(), b.pid());
    EXPECT_LT(a.pid(), b.pid());
    EXPECT_EQ(std::hash<Pid>{}(a.pid()), std::hash<Pid>{}(a.pid()));
    EXPECT_EQ(a.pid().as<Probe>(), a);
    EXPECT_THROW(static_cast<void>(a.pid().as<KnowsItself>()), ConfigurationError);
    const Ref<Process> base = a;
    EXPECT_EQ(base.pid(), a.pid());
}

TEST_F(ProcessTest, AnObjectMadeByHandSaysThatItRunsNowhere) {
    const Probe alone{"a", journal_};
    EXPECT_THROW(static_cast<void>(alone.me()), ConfigurationError);
}

}  // namespace
}  // namespace hourglass::supervision::testing
