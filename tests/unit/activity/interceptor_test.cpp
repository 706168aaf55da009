#include "hourglass/activity/interceptor.hpp"

#include "hourglass/convert/failures.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/test_server.hpp"
#include "tests/unit/activity/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <pthread.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace hg = hourglass;

namespace hourglass::activity {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// Puts its name behind the first argument and around the result.
class Names final : public ActivityInterceptor {
public:
    explicit Names(std::string name) : name_{std::move(name)} {}

    // [around]
    hg::activity::Task<hg::Payload> execute_activity(
        hg::activity::ExecuteActivityCall call,
        hg::Next<hg::activity::ExecuteActivityCall, hg::activity::Task<hg::Payload>> next
    ) override {
        hg::Payload& name = call.arguments.at(0);
        name = hg::to_payload(hg::from_payload<std::string>(name) + name_);
        hg::activity::Task<hg::Payload> rest = next(std::move(call));
        const hg::Payload result = co_await std::move(rest);
        co_return hg::to_payload(name_ + "(" + hg::from_payload<std::string>(result) + ")");
    }
    // [around]
    void heartbeat(const Info& /*info*/, Payloads& details) override {
        details.push_back(to_payload(name_));
    }

private:
    const std::string name_;
};

class InterceptedActivity : public testing::Test {
protected:
    InterceptedActivity() {
        harness_.interceptors = {std::make_shared<Names>("1"), std::make_shared<Names>("2")};
        harness_.definitions.add("greet", [](std::string name) { return "hello " + name; });
    }

    Harness harness_;
};

TEST_F(InterceptedActivity, GoesThroughTheFirstInterceptorFirst) {
    EXPECT_EQ(value_of<std::string>(harness_.run("greet", "ada")), "1(2(hello ada12))");
}

TEST_F(InterceptedActivity, MayBeACoroutineThatWaits) {
    harness_.definitions.add("wait", [](std::string name) -> Task<std::string> {
        co_await sleep_async(1s);
        co_return info().activity_type + " " + name;
    });
    auto running = harness_.start("wait", "ada");
    ASSERT_TRUE(test::eventually([this] { return harness_.timers->pending() == 1; }));
    harness_.timers->advance(1s);
    EXPECT_EQ(value_of<std::string>(running.result.get()), "1(2(wait ada12))");
}

TEST_F(InterceptedActivity, ThrowsToItsInterceptorsAndFailsAsWithoutThem) {
    harness_.definitions.add("decline", [](std::string) -> std::string {
        throw ApplicationError{"no", {.type = "Declined"}};
    });
    const auto result = harness_.run("decline", "ada");
    EXPECT_EQ(result.failed().failure().application_failure_info().type(), "Declined");
    EXPECT_EQ(result.failed().failure().message(), "no");
}

TEST_F(InterceptedActivity, MayBeCompletedLater) {
    harness_.definitions.add("later", [](std::string) -> std::string { complete_async(); });
    EXPECT_TRUE(harness_.run("later", "ada").has_will_complete_async());
}

TEST_F(InterceptedActivity, HasItsHeartbeatsChanged) {
    harness_.definitions.add("beat", [](std::string detail) {
        heartbeat(detail);
        return detail;
    });
    static_cast<void>(harness_.run("beat", "x"));
    const auto beats = harness_.heartbeats();
    ASSERT_EQ(beats.size(), 1U);
    ASSERT_EQ(beats[0].details_size(), 3);
    EXPECT_EQ(beats[0].details(0).data(), R"("x12")");
    EXPECT_EQ(beats[0].details(1).data(), R"("2")");
    EXPECT_EQ(beats[0].details(2).data(), R"("1")");
}

/// Throws, answers by itself, or tries again, as the header "do" says.
class Decides final : public ActivityInterceptor {
public:
    Task<Payload> execute_activity(
        ExecuteActivityCall call, Next<ExecuteActivityCall, Task<Payload>> next
    ) override {
        const auto what = from_payload<std::string>(call.headers.at("do"));
        if (what == "throw") {
            throw ApplicationError{"refused " + info().activity_type, {.type = "Refused"}};
        }
        if (what == "answer") {
            co_return to_payload("from the interceptor");
        }
        bool failed = false;
        Payload result;
        try {
            const ExecuteActivityCall first = call;
            Task<Payload> rest = next(first);
            result = co_await std::move(rest);
        } catch (const std::runtime_error&) {
            failed = true;
        }
        if (failed) {
            Task<Payload> rest = next(std::move(call));
            result = co_await std::move(rest);
        }
        co_return result;
    }
    void heartbeat(const Info& /*info*/, Payloads& /*details*/) override {
        throw std::runtime_error{"not this one"};
    }
};

class DecidedActivity : public testing::Test {
protected:
    DecidedActivity() { harness_.interceptors = {std::make_shared<Decides>()}; }

    static coresdk::activity_task::Start task(const std::string& type, const std::string& what) {
        auto task = Harness::task(type);
        convert::to_proto(to_payload(what), &(*task.mutable_header_fields())["do"]);
        return task;
    }

    Harness harness_;
};

TEST_F(DecidedActivity, FailsWithWhatAnInterceptorThrows) {
    harness_.definitions.add("greet", [] { return 1; });
    const auto result = harness_.start(task("greet", "throw")).result.get();
    EXPECT_EQ(result.failed().failure().message(), "refused greet");
    EXPECT_EQ(result.failed().failure().application_failure_info().type(), "Refused");
}

TEST_F(DecidedActivity, NeedNotRunAtAll) {
    bool ran = false;
    harness_.definitions.add("greet", [&ran] { ran = true; });
    EXPECT_EQ(
        value_of<std::string>(harness_.start(task("greet", "answer")).result.get()),
        "from the interceptor"
    );
    EXPECT_FALSE(ran);
}

TEST_F(DecidedActivity, MayRunTwice) {
    int runs = 0;
    harness_.definitions.add("flaky", [&runs] {
        if (++runs == 1) {
            throw std::runtime_error{"the first one fails"};
        }
        return runs;
    });
    EXPECT_EQ(value_of<int>(harness_.start(task("flaky", "again")).result.get()), 2);
}

TEST_F(DecidedActivity, RunsOnTheThreadOfItsInterceptorAndKnowsItsHeaders) {
    std::thread::id interceptor;
    std::optional<std::thread::id> body;
    class Looks final : public ActivityInterceptor {
    public:
        explicit Looks(std::thread::id* thread) : thread_{thread} {}
        Task<Payload> execute_activity(
            ExecuteActivityCall call, Next<ExecuteActivityCall, Task<Payload>> next
        ) override {
            *thread_ = std::this_thread::get_id();
            return next(std::move(call));
        }

    private:
        std::thread::id* thread_;
    };
    harness_.interceptors.push_back(std::make_shared<Looks>(&interceptor));
    harness_.definitions.add("look", [&body] {
        body = std::this_thread::get_id();
        return from_payload<std::string>(info().headers.at("do"));
    });
    EXPECT_EQ(value_of<std::string>(harness_.start(task("look", "run")).result.get()), "run");
    EXPECT_EQ(body, interceptor);
}

/// Runs the body twice, each time with a header of that run.
class Marks final : public ActivityInterceptor {
public:
    Task<Payload> execute_activity(
        ExecuteActivityCall call, Next<ExecuteActivityCall, Task<Payload>> next
    ) override {
        std::string said;
        for (int run = 1; run <= 2; ++run) {
            ExecuteActivityCall marked = call;
            marked.headers["mark"] = to_payload("run " + std::to_string(run));
            Task<Payload> rest = next(std::move(marked));
            Payload result = co_await std::move(rest);
            said += from_payload<std::string>(result);
        }
        co_return to_payload(said);
    }
};

TEST(ActivityWithChangedHeaders, FindsThemInItsInfo) {
    Harness harness;
    harness.interceptors = {std::make_shared<Marks>()};
    harness.definitions.add("look", [] {
        return from_payload<std::string>(info().headers.at("mark")) + ",";
    });
    EXPECT_EQ(value_of<std::string>(harness.run("look")), "run 1,run 2,");
}

TEST_F(DecidedActivity, DoesNotSendAHeartbeatThatAnInterceptorRefuses) {
    const test::LogLines log;
    harness_.definitions.add("beat", [] { heartbeat("x"); });
    EXPECT_TRUE(harness_.start(task("beat", "run")).result.get().has_completed());
    EXPECT_TRUE(harness_.heartbeats().empty());
    EXPECT_EQ(log.count("a heartbeat could not be sent"), 1U);
}

/// Ends the thread that it runs on, as a coroutine or as a plain function.
class EndsItsThread final : public ActivityInterceptor {
public:
    explicit EndsItsThread(bool in_coroutine) : in_coroutine_{in_coroutine} {}
    Task<Payload> execute_activity(
        ExecuteActivityCall /*call*/, Next<ExecuteActivityCall, Task<Payload>> /*next*/
    ) override {
        if (in_coroutine_) {
            return coroutine();
        }
        ::pthread_exit(nullptr);
    }

private:
    static Task<Payload> coroutine() {
        ::pthread_exit(nullptr);
        co_return Payload{};
    }

    const bool in_coroutine_;
};

class ThreadEndDeathTest : public testing::Test {
protected:
    ThreadEndDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

    /// The answer to an activity with this body, if the program lives to see it.
    static ExecutionResult answer_of(
        void (*body)(), const std::shared_ptr<ActivityInterceptor>& interceptor
    ) {
        Harness harness;
        harness.interceptors = {interceptor};
        harness.definitions.add("exit", body);
        return harness.run("exit");
    }
    static void end_thread() { ::pthread_exit(nullptr); }
};

// glibc's words, when a coroutine has caught what was to unwind the thread.
constexpr const char* kThreadDoesNotEnd = "exception not rethrown";

TEST_F(ThreadEndDeathTest, OfABodyWithAnInterceptorEndsTheProgram) {
    EXPECT_DEATH(answer_of(end_thread, std::make_shared<ActivityInterceptor>()), kThreadDoesNotEnd);
}

TEST_F(ThreadEndDeathTest, OfAnInterceptorThatIsACoroutineEndsTheProgram) {
    EXPECT_DEATH(answer_of([] {}, std::make_shared<EndsItsThread>(true)), kThreadDoesNotEnd);
}

TEST(ThreadEnd, OfAnInterceptorThatIsNoCoroutineIsAnswered) {
    Harness harness;
    harness.interceptors = {std::make_shared<EndsItsThread>(false)};
    harness.definitions.add("idle", [] {});
    EXPECT_EQ(
        harness.run("idle").failed().failure().application_failure_info().type(), "ThreadEnded"
    );
}

}  // namespace
}  // namespace hourglass::activity
