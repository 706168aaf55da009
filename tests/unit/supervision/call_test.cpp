#include "tests/unit/supervision/support.hpp"

namespace hourglass::supervision::testing {
namespace {

class CallTest : public SupervisionTest {
protected:
    CallError failed(const Future<int>& future) {
        return error_of<CallError>([&] { static_cast<void>(future.get()); });
    }
};

TEST_F(CallTest, AnswersWithTheResult) {
    const auto process = probe("a");
    EXPECT_EQ(system_.run(process.call(&Probe::value)), 7);
    EXPECT_EQ(system_.run(process.call<long>([](Probe& p) { return p.value(); })), 7L);
    EXPECT_NO_THROW(system_.run(process.call([](Probe&) {})));
}

TEST_F(CallTest, ToADeadProcessFailsAtOnceWithNoProcess) {
    const auto process = probe("a");
    in(process, &Probe::crash);
    const auto future = process.call(&Probe::value);
    ASSERT_TRUE(future.ready()) << "before anything runs";
    EXPECT_EQ(failed(future).code(), CallErrorCode::NoProcess);
    EXPECT_EQ(failed(future).reason(), ExitReason::no_process());
    const auto later = process.call_async<int>(&Probe::keep);
    ASSERT_TRUE(later.ready());
    EXPECT_EQ(failed(later).code(), CallErrorCode::NoProcess);
    EXPECT_FALSE(process.cast(&Probe::crash));
    EXPECT_EQ(failed(Ref<Probe>{}.call(&Probe::value)).code(), CallErrorCode::NoProcess);
}

TEST_F(CallTest, ThatCrashesTheProcessTellsTheCallerHow) {
    const auto process = probe("a");
    const auto future = process.call([](Probe& p) {
        p.crash();
        return 1;
    });
    system_.run_until_idle();
    EXPECT_EQ(failed(future).code(), CallErrorCode::ProcessExited);
    EXPECT_EQ(failed(future).reason().detail(), "boom");
    EXPECT_FALSE(process.alive());
}

TEST_F(CallTest, WaitingInTheMailboxOfADyingProcessFailsAtOnce) {
    const auto process = probe("a");
    process.cast(&Probe::crash);
    const auto future = process.call(&Probe::value);
    system_.run_until_idle();
    ASSERT_TRUE(future.ready());
    EXPECT_EQ(failed(future).code(), CallErrorCode::ProcessExited);
    EXPECT_EQ(failed(future).reason().detail(), "boom");
}

TEST_F(CallTest, MayBeAnsweredLater) {
    const auto process = probe("a");
    const auto future = process.call_async<int>(&Probe::keep);
    system_.run_until_idle();
    EXPECT_FALSE(future.ready());
    in(process, [](Probe& p) { p.answer_kept(9); });
    EXPECT_EQ(future.get(), 9);
}

TEST_F(CallTest, WhoseReplyIsKeptByADyingProcessFailsAtOnce) {
    const auto process = probe("a");
    const auto future = process.call_async<int>(&Probe::keep);
    system_.run_until_idle();
    in(process, [](Probe& p) { p.end(ExitReason::named("gone_fishing")); });
    EXPECT_EQ(failed(future).code(), CallErrorCode::ProcessExited);
    EXPECT_EQ(failed(future).reason(), ExitReason::named("gone_fishing"));
}

TEST_F(CallTest, WhoseReplyIsElsewhereFailsWithTheProcessAllTheSame) {
    const auto process = probe("a");
    const auto future = process.call_async<int>(&Probe::keep);
    auto replies = system_.run(process.call<std::shared_ptr<std::vector<Reply<int>>>>([](Probe& p) {
        return std::make_shared<std::vector<Reply<int>>>(p.take_kept());
    }));
    ASSERT_EQ(replies->size(), 1U);
    EXPECT_TRUE(replies->front().waiting());
    in(process, &Probe::crash);
    EXPECT_EQ(failed(future).code(), CallErrorCode::ProcessExited);
    EXPECT_FALSE(replies->front().waiting());
    EXPECT_FALSE(replies->front().send(1));
}

TEST_F(CallTest, WhoseReplyIsDroppedByALivingProcessSaysSo) {
    const auto process = probe("a");
    const auto future = process.call_async<int>([](Probe&, Reply<int>) {});
    system_.run_until_idle();
    EXPECT_EQ(failed(future).code(), CallErrorCode::NoReply);
    EXPECT_TRUE(process.alive());
}

TEST_F(CallTest, WhoseReplyIsLostInACrashTellsTheCrash) {
    const auto process = probe("a");
    const auto future = process.call_async<int>([](Probe& p, Reply<int>) { p.crash(); });
    system_.run_until_idle();
    EXPECT_EQ(failed(future).code(), CallErrorCode::ProcessExited);
    EXPECT_EQ(failed(future).reason().detail(), "boom");
}

TEST_F(CallTest, MayBeAnsweredWithAnErrorThatCrashesNobody) {
    const auto process = probe("a");
    const auto future = process.call_async<int>([](Probe&, Reply<int> reply) {
        reply.fail(std::invalid_argument{"not you"});
    });
    system_.run_until_idle();
    EXPECT_THROW(static_cast<void>(future.get()), std::invalid_argument);
    EXPECT_TRUE(process.alive());
}

TEST_F(CallTest, TimesOutAfterFiveSecondsUnlessToldOtherwise) {
    const auto process = probe("a");
    const auto standard = process.call_async<int>(&Probe::keep);
    const auto longer = process.call_async<int>(&Probe::keep, 10s);
    const auto endless = process.call_async<int>(&Probe::keep, kInfinity);
    system_.advance(4999ms);
    EXPECT_FALSE(standard.ready());
    system_.advance(1ms);
    EXPECT_EQ(failed(standard).code(), CallErrorCode::Timeout);
    system_.advance(5s);
    EXPECT_EQ(failed(longer).code(), CallErrorCode::Timeout);
    system_.advance(std::chrono::hours{24});
    EXPECT_FALSE(endless.ready());
    EXPECT_TRUE(process.alive());
}

TEST_F(CallTest, AnswersOfAProcessComeAsMessagesToTheOneThatAsked) {
    const auto a = probe("a");
    const auto b = probe("b");
    journal_->take();
    in(a, [&](Probe& p) { p.ask_value(b); });
    EXPECT_EQ(journal_->take(), Lines{"a got 7"});
    in(b, &Probe::crash);
    journal_->take();
    in(a, [&](Probe& p) { p.ask_value(b); });
    EXPECT_EQ(journal_->take(), Lines{"a failed no_process"});
    in(a, [&](Probe& p) { p.ask(a.call(&Probe::value)); });
    EXPECT_EQ(journal_->take(), Lines{"a got an answer"});
}

TEST_F(CallTest, AProcessMayAskItselfWithoutBlocking) {
    const auto a = probe("a");
    journal_->take();
    in(a, [&](Probe& p) { p.ask_value(a); });
    EXPECT_EQ(journal_->take(), Lines{"a got 7"});
}

TEST_F(CallTest, TheAnswerForADeadCallerIsDropped) {
    const auto a = probe("a");
    const auto b = probe("b");
    a.cast([&](Probe& p) {
        p.ask_value(b);
        p.end(ExitReason::normal());
    });
    system_.run_until_idle();
    EXPECT_TRUE(b.alive());
    EXPECT_EQ(journal_->count("a got 7"), 0U);
}

}  // namespace
}  // namespace hourglass::supervision::testing
