// OTP's rules of exit/2, links and monitors.
#include "tests/unit/supervision/support.hpp"

namespace hourglass::supervision::testing {
namespace {

class LinkTest : public SupervisionTest {
protected:
    const Ref<Probe> a_ = probe("a");
    const Ref<Probe> b_ = probe("b");
    const Ref<Probe> trapping_ = probe("t", {.trap = true});
    const std::string b_text_ = b_.pid().text();

    void SetUp() override { journal_->take(); }

    void a_sends_exit(const Ref<Probe>& to, const ExitReason& reason) {
        in(a_, [&](Probe& p) { p.send_exit(to.pid(), reason); });
    }
};

TEST_F(LinkTest, AnExitSignalEndsTheReceiverWithItsReason) {
    a_sends_exit(b_, ExitReason::named("enough"));
    EXPECT_EQ(end_of(b_.pid()), ExitReason::named("enough"));
    EXPECT_TRUE(a_.alive());
}

TEST_F(LinkTest, AnExitSignalGoesBeforeTheMessagesThatWait) {
    b_.cast([](Probe& p) { p.note("never"); });
    b_.exit(ExitReason::shutdown());
    system_.run_until_idle();
    EXPECT_EQ(journal_->count("b never"), 0U);
}

TEST_F(LinkTest, NormalFromAnotherIsIgnored) {
    a_sends_exit(b_, ExitReason::normal());
    EXPECT_TRUE(b_.alive());
}

TEST_F(LinkTest, NormalFromItselfEndsIt) {
    in(a_, [](Probe& p) { p.send_exit(p.me(), ExitReason::normal()); });
    EXPECT_EQ(end_of(a_.pid()), ExitReason::normal());
}

TEST_F(LinkTest, ATrappingProcessGetsTheSignalAsAMessageEvenIfNormal) {
    a_sends_exit(trapping_, ExitReason::named("enough"));
    a_sends_exit(trapping_, ExitReason::normal());
    EXPECT_EQ(
        journal_->lines(), (Lines{"t exit from <0.1.0>: enough", "t exit from <0.1.0>: normal"})
    );
    EXPECT_TRUE(trapping_.alive());
}

TEST_F(LinkTest, ATrappedSignalKeepsItsPlaceAmongTheMessages) {
    trapping_.cast([](Probe& p) { p.note("1"); });
    trapping_.exit(ExitReason::named("x"));
    trapping_.cast([](Probe& p) { p.note("2"); });
    system_.run_until_idle();
    EXPECT_EQ(journal_->lines(), (Lines{"t 1", "t exit from <none>: x", "t 2"}));
}

TEST_F(LinkTest, KillCannotBeTrappedAndIsSeenAsKilled) {
    in(b_, [&](Probe& p) { p.watch(trapping_.pid()); });
    a_sends_exit(trapping_, ExitReason::kill());
    EXPECT_EQ(end_of(trapping_.pid()), ExitReason::killed());
    EXPECT_EQ(journal_->lines(), (Lines{"gone t", "b down <0.3.0>: killed"})) << "and no terminate";
}

TEST_F(LinkTest, AnAbnormalEndTakesTheLinkedWithIt) {
    in(a_, [&](Probe& p) { p.link_to(b_.pid()); });
    in(b_, &Probe::crash);
    EXPECT_EQ(end_of(a_.pid()).detail(), "boom");
}

TEST_F(LinkTest, LinksWorkBothWaysAndAcrossSeveralProcesses) {
    const auto c = probe("c");
    in(a_, [&](Probe& p) { p.link_to(b_.pid()); });
    in(b_, [&](Probe& p) { p.link_to(c.pid()); });
    in(a_, [](Probe& p) { p.end(ExitReason::shutdown()); });
    EXPECT_EQ(end_of(b_.pid()), ExitReason::shutdown());
    EXPECT_EQ(end_of(c.pid()), ExitReason::shutdown());
}

TEST_F(LinkTest, ANormalEndLeavesTheLinkedAlone) {
    in(a_, [&](Probe& p) { p.link_to(b_.pid()); });
    in(b_, [](Probe& p) { p.end(ExitReason::normal()); });
    EXPECT_TRUE(a_.alive());
}

TEST_F(LinkTest, AKilledProcessTakesTheLinkedWithKilledWhichCanBeTrapped) {
    in(a_, [&](Probe& p) { p.link_to(b_.pid()); });
    in(trapping_, [&](Probe& p) { p.link_to(b_.pid()); });
    b_.exit(ExitReason::kill());
    system_.run_until_idle();
    EXPECT_EQ(end_of(a_.pid()), ExitReason::killed());
    EXPECT_TRUE(trapping_.alive());
    EXPECT_EQ(journal_->count("t exit from " + b_text_ + ": killed"), 1U);
}

TEST_F(LinkTest, ATrappingProcessHearsOfALinkedEndEvenIfNormal) {
    in(trapping_, [&](Probe& p) { p.link_to(b_.pid()); });
    in(b_, [](Probe& p) { p.end(ExitReason::normal()); });
    EXPECT_EQ(journal_->count("t exit from " + b_text_ + ": normal"), 1U);
}

TEST_F(LinkTest, UnlinkTakesTheLinkAway) {
    in(a_, [&](Probe& p) {
        p.link_to(b_.pid());
        p.unlink_from(b_.pid());
    });
    in(b_, &Probe::crash);
    EXPECT_TRUE(a_.alive());
}

TEST_F(LinkTest, UnlinkAlsoTakesBackASignalThatWaitsInTheMailbox) {
    in(trapping_, [&](Probe& p) { p.link_to(b_.pid()); });
    trapping_.cast([&](Probe& p) { p.unlink_from(b_.pid()); });
    // b ends after the cast was sent, and its signal waits behind it.
    b_.exit(ExitReason::kill());
    system_.run_until_idle();
    EXPECT_EQ(journal_->count("t exit from " + b_text_ + ": killed"), 0U);
}

TEST_F(LinkTest, LinkingToADeadProcessSendsNoProcess) {
    in(b_, &Probe::crash);
    in(trapping_, [&](Probe& p) { p.link_to(b_.pid()); });
    EXPECT_EQ(journal_->count("t exit from " + b_text_ + ": no_process"), 1U);
    in(a_, [&](Probe& p) { p.link_to(b_.pid()); });
    EXPECT_EQ(end_of(a_.pid()), ExitReason::no_process());
}

TEST_F(LinkTest, AMonitorTellsTheEndOnceWithItsReasonAndHarmsNobody) {
    in(a_, [&](Probe& p) { p.watch(b_.pid()); });
    in(b_, [](Probe& p) { p.end(ExitReason::normal()); });
    EXPECT_EQ(journal_->count("a down " + b_text_ + ": normal"), 1U);
    EXPECT_TRUE(a_.alive());
}

TEST_F(LinkTest, SeveralMonitorsOfOneProcessEachTell) {
    in(a_, [&](Probe& p) { EXPECT_NE(p.watch(b_.pid()), p.watch(b_.pid())); });
    in(b_, &Probe::crash);
    EXPECT_EQ(journal_->count("a down " + b_text_ + ": crashed: std::runtime_error: boom"), 2U);
}

TEST_F(LinkTest, MonitoringADeadProcessTellsNoProcessAtOnce) {
    in(b_, &Probe::crash);
    in(a_, [&](Probe& p) { p.watch(b_.pid()); });
    EXPECT_EQ(journal_->count("a down " + b_text_ + ": no_process"), 1U);
    in(a_, [](Probe& p) { p.watch(Pid{}); });
    EXPECT_EQ(journal_->count("a down <none>: no_process"), 1U);
}

TEST_F(LinkTest, AfterDemonitorNothingComesEvenIfItWaitsAlready) {
    MonitorRef monitor;
    in(a_, [&](Probe& p) { monitor = p.watch(b_.pid()); });
    b_.cast(&Probe::crash);
    a_.cast([&](Probe& p) {
        EXPECT_TRUE(p.unwatch(monitor));
        EXPECT_FALSE(p.unwatch(monitor));
    });
    system_.run_until_idle();
    EXPECT_EQ(journal_->count("a down " + b_text_ + ": crashed: std::runtime_error: boom"), 0U);
}

TEST_F(LinkTest, AnExitSignalToADeadProcessIsAnsweredByFalse) {
    in(b_, &Probe::crash);
    EXPECT_FALSE(b_.exit(ExitReason::kill()));
    EXPECT_FALSE(Pid{}.exit(ExitReason::kill()));
}

TEST_F(LinkTest, TheParentsOrderToStopEndsATrappingProcessInOrder) {
    const auto stopped = system_.run(system_.stop(trapping_.pid()));
    EXPECT_EQ(stopped, ExitReason::shutdown());
    EXPECT_EQ(journal_->lines(), (Lines{"end t: shutdown", "gone t"}));
}

TEST_F(LinkTest, AProcessThatDoesNotStopInTimeIsKilled) {
    const auto stubborn = probe("s", {.refuse_stop = true});
    const auto stopped = system_.stop(stubborn.pid(), ExitReason::shutdown(), 2s);
    system_.advance(1999ms);
    EXPECT_FALSE(stopped.ready());
    system_.advance(1ms);
    EXPECT_EQ(stopped.get(), ExitReason::killed());
}

}  // namespace
}  // namespace hourglass::supervision::testing
