#include "src/client/call.hpp"

#include "src/client/rpc_errors.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <utility>

namespace hourglass::client {
namespace {

using namespace std::chrono_literals;

/// A protobuf message with nothing in it.
struct NoBytes {
    [[nodiscard]] static std::string SerializeAsString() {
        return "answer";
    }  // NOLINT(readability-identifier-naming)
};

struct Calls : testing::Test {
    FakeServer server;

    RpcAnswer make(CallSpec spec) {
        std::promise<RpcAnswer> promise;
        auto answer = promise.get_future();
        spec.method = "Method";
        call(server.context->calls, std::move(spec), [&promise](RpcAnswer each) {
            promise.set_value(std::move(each));
        });
        return answer.get();
    }
};

TEST_F(Calls, AreMadeAgainAfterTransientFailures) {
    for (const auto code :
         {RpcCode::Unavailable,
          RpcCode::Unknown,
          RpcCode::Internal,
          RpcCode::ResourceExhausted,
          RpcCode::Aborted}) {
        server.channel->fail(code, "passes");
    }
    server.channel->answer(NoBytes{});
    const RpcAnswer answer = make({.timeout = 10s});
    ASSERT_TRUE(answer);
    EXPECT_EQ(*answer, "answer");
    EXPECT_EQ(server.channel->calls(), 6U);
}

TEST_F(Calls, EndAtOnceAfterAFailureThatStays) {
    server.channel->fail(RpcCode::NotFound, "gone");
    const RpcAnswer answer = make({.timeout = 10s});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, RpcCode::NotFound);
    EXPECT_EQ(answer.error().message, "gone");
    EXPECT_EQ(server.channel->calls(), 1U);
}

TEST_F(Calls, EndAtOnceWhenTheChannelIsClosedForGood) {
    server.channel->fail(
        RpcFailure{.code = RpcCode::Unavailable, .message = "stopped", .final = true}
    );
    const RpcAnswer answer = make({.timeout = 10s, .long_poll = true});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().message, "stopped");
    EXPECT_EQ(server.channel->calls(), 1U);
}

TEST_F(Calls, ReportTheOutageRatherThanTheTimeoutThatItLedTo) {
    for (int i = 0; i < 1000; ++i) {
        server.channel->fail(RpcCode::Unavailable, "connection refused");
    }
    const auto begin = std::chrono::steady_clock::now();
    const RpcAnswer answer = make({.timeout = 50ms});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, RpcCode::Unavailable);
    EXPECT_EQ(answer.error().message, "connection refused");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST_F(Calls, GiveEachAttemptWhatIsLeftOfTheTimeout) {
    server.channel->fail(RpcCode::Unavailable, "away").answer(NoBytes{});
    make({.timeout = 10s});
    EXPECT_LE(server.channel->call_at(0).timeout, 10s);
    EXPECT_GT(server.channel->call_at(0).timeout, 5s);
    EXPECT_LE(server.channel->call_at(1).timeout, server.channel->call_at(0).timeout);
    EXPECT_FALSE(server.channel->call_at(0).long_poll);
}

TEST_F(Calls, EndWithDeadlineExceededIfTheChannelNeverAnswers) {
    const RpcAnswer answer = make({.timeout = 1ms});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, RpcCode::DeadlineExceeded);
}

TEST_F(Calls, WhoseTimeHasPassedAreNotSentAndSaySo) {
    const RpcAnswer answer = make({.timeout = 0ms});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, RpcCode::DeadlineExceeded);
    EXPECT_EQ(answer.error().message, kNeverSent);
    EXPECT_EQ(server.channel->calls(), 0U);
}

TEST_F(Calls, PollAgainWhenAPollEndsWithoutAnAnswer) {
    server.channel->fail(RpcCode::DeadlineExceeded, "")
        .fail(RpcCode::DeadlineExceeded, "")
        .answer(NoBytes{});
    const RpcAnswer answer = make({.long_poll = true});
    ASSERT_TRUE(answer);
    EXPECT_EQ(server.channel->calls(), 3U);
    EXPECT_TRUE(server.channel->call_at(2).long_poll);
    EXPECT_EQ(server.channel->call_at(2).timeout, 70s);
}

TEST_F(Calls, WaitOutAnOutageWhileTheyPoll) {
    for (int i = 0; i < 100; ++i) {
        server.channel->fail(RpcCode::Unavailable, "away");
    }
    server.channel->answer(NoBytes{});
    EXPECT_TRUE(make({.long_poll = true}));
    EXPECT_EQ(server.channel->calls(), 101U);
}

TEST_F(Calls, GiveUpAPollWhenTheOutageLastsTooLong) {
    for (int i = 0; i < 10'000; ++i) {
        server.channel->fail(RpcCode::Unavailable, "away");
    }
    const RpcAnswer answer = make({.long_poll = true, .outage_limit = 10ms});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, RpcCode::Unavailable);
}

TEST(WaitingLogTest, SaysOnceForAllCallsThatTheyWaitAndOnceThatOneIsAnswered) {
    const test::LogLines lines;
    WaitingLog log;
    const auto count = [&] {
        return std::pair{
            lines.count("the server does not answer"), lines.count("the server answers again")
        };
    };
    const RpcFailure why{.code = RpcCode::Unavailable, .message = "refused"};
    log.answered("Other");
    log.waits("Method", why);
    log.waits("Other", why);
    EXPECT_EQ(count(), (std::pair<std::size_t, std::size_t>{1, 0}));
    log.answered("Method");
    log.answered("Other");
    EXPECT_EQ(count(), (std::pair<std::size_t, std::size_t>{1, 1}));
    log.waits("Method", why);
    EXPECT_EQ(count(), (std::pair<std::size_t, std::size_t>{2, 1}));
}

}  // namespace
}  // namespace hourglass::client
