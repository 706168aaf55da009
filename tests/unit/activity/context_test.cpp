#include "hourglass/activity/context.hpp"

#include "hourglass/base/log.hpp"
#include "hourglass/convert/failures.hpp"
#include "src/convert/proto_time.hpp"
#include "tests/support/measured.hpp"
#include "tests/unit/activity/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace hourglass::activity {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::ThrowsMessage;

class ActivityContext : public testing::Test {
protected:
    Harness harness_;
};

TEST(ActivityContextOutside, IsAClearError) {
    EXPECT_FALSE(in_activity());
    EXPECT_THAT(
        [] { heartbeat(1); }, ThrowsMessage<Error>(HasSubstr("no activity runs on this thread"))
    );
    EXPECT_THROW(static_cast<void>(info()), Error);
    EXPECT_THROW(static_cast<void>(is_cancelled()), Error);
    EXPECT_THROW(sleep(0s), Error);
    EXPECT_THROW(static_cast<void>(logger()), Error);
    EXPECT_THROW(static_cast<void>(meter()), Error);
}

TEST_F(ActivityContext, TellsWhatIsKnownAboutTheAttempt) {
    Info seen;
    harness_.definitions.add("look", [&seen] { seen = info(); });
    auto task = Harness::task("look");
    task.set_attempt(3);
    const auto scheduled = std::chrono::system_clock::time_point{1000s};
    convert::to_proto(scheduled, task.mutable_scheduled_time());
    convert::to_proto(scheduled + 1s, task.mutable_current_attempt_scheduled_time());
    convert::to_proto(scheduled + 2s, task.mutable_started_time());
    convert::to_proto(30s, task.mutable_start_to_close_timeout());
    convert::to_proto(0s, task.mutable_heartbeat_timeout());
    task.mutable_retry_policy()->set_maximum_attempts(5);
    task.mutable_priority()->set_priority_key(2);
    ASSERT_TRUE(harness_.start(task).result.get().has_completed());
    EXPECT_EQ(seen.activity_id, "7");
    EXPECT_EQ(seen.activity_type, "look");
    EXPECT_EQ(seen.task_token, "token");
    EXPECT_EQ(seen.attempt, 3U);
    EXPECT_EQ(seen.workflow_namespace, "default");
    EXPECT_EQ(seen.task_queue, "orders");
    EXPECT_EQ(seen.workflow_id, "order-7");
    EXPECT_EQ(seen.workflow_run_id, "run-1");
    EXPECT_EQ(seen.workflow_type, "Checkout");
    EXPECT_EQ(seen.activity_run_id, std::nullopt);
    EXPECT_EQ(seen.scheduled_time, scheduled);
    EXPECT_EQ(seen.current_attempt_scheduled_time, scheduled + 1s);
    EXPECT_EQ(seen.started_time, scheduled + 2s);
    EXPECT_EQ(seen.start_to_close_timeout, 30s);
    EXPECT_EQ(seen.schedule_to_close_timeout, std::nullopt);
    EXPECT_EQ(seen.heartbeat_timeout, std::nullopt) << "the server writes \"none\" as zero";
    EXPECT_EQ(seen.retry_policy.value().maximum_attempts, 5);
    EXPECT_EQ(seen.priority.key, 2);
}

TEST_F(ActivityContext, HasNoWorkflowIfNoneStartedTheActivity) {
    Info seen;
    harness_.definitions.add("look", [&seen] { seen = info(); });
    coresdk::activity_task::Start task;
    task.set_activity_type("look");
    task.set_run_id("own-run");
    ASSERT_TRUE(harness_.start(task).result.get().has_completed());
    EXPECT_EQ(seen.workflow_id, std::nullopt);
    EXPECT_EQ(seen.workflow_type, std::nullopt);
    EXPECT_EQ(seen.activity_run_id, "own-run");
    EXPECT_EQ(seen.workflow_namespace, "of-the-client");
}

TEST_F(ActivityContext, HasTheEarlierOfTwoTimeoutsAsItsDeadline) {
    std::vector<std::optional<std::chrono::system_clock::time_point>> seen;
    harness_.definitions.add("look", [&seen] { seen.push_back(deadline()); });
    const auto scheduled = std::chrono::system_clock::time_point{1000s};
    auto task = Harness::task("look");
    harness_.start(task).result.wait();
    convert::to_proto(scheduled, task.mutable_scheduled_time());
    convert::to_proto(scheduled + 50s, task.mutable_started_time());
    convert::to_proto(20s, task.mutable_start_to_close_timeout());
    harness_.start(task).result.wait();
    convert::to_proto(60s, task.mutable_schedule_to_close_timeout());
    harness_.start(task).result.wait();
    convert::to_proto(std::chrono::nanoseconds::max(), task.mutable_start_to_close_timeout());
    task.clear_schedule_to_close_timeout();
    harness_.start(task).result.wait();
    EXPECT_THAT(
        seen,
        testing::ElementsAre(
            std::nullopt,
            scheduled + 70s,
            scheduled + 60s,
            std::chrono::system_clock::time_point::max()
        )
    );
}

TEST_F(ActivityContext, SendsHeartbeatsWithTheirDetails) {
    harness_.definitions.add("beat", [] {
        heartbeat();
        heartbeat("half", 50);
    });
    harness_.run("beat");
    const auto beats = harness_.heartbeats();
    ASSERT_EQ(beats.size(), 2U);
    EXPECT_EQ(beats[0].task_token(), "token");
    EXPECT_EQ(beats[0].details_size(), 0);
    EXPECT_EQ(beats[1].details(1).data(), "50");
}

TEST_F(ActivityContext, SendsNoHeartbeatForALocalActivity) {
    harness_.definitions.add("beat", [] { heartbeat(); });
    auto task = Harness::task("beat");
    task.set_is_local(true);
    EXPECT_TRUE(harness_.start(task).result.get().has_completed());
    EXPECT_TRUE(harness_.heartbeats().empty());
}

TEST_F(ActivityContext, ThrowsOnlyForADetailThatCannotBeEncoded) {
    harness_.definitions.add("beat", [] {
        EXPECT_THROW(heartbeat(std::numeric_limits<double>::infinity()), ConversionError);
        heartbeat(1);
    });
    EXPECT_TRUE(harness_.run("beat").has_completed());
    EXPECT_EQ(harness_.heartbeats().size(), 1U);
}

TEST_F(ActivityContext, HasTheLastAttemptsHeartbeatDetails) {
    harness_.definitions.add("resume", [] {
        EXPECT_EQ(heartbeat_details<int>(), 50);
        EXPECT_EQ(heartbeat_details<std::string>(1), "page");
        EXPECT_EQ(heartbeat_details<int>(2), std::nullopt);
        EXPECT_THROW(static_cast<void>(heartbeat_details<int>(1)), ConversionError);
    });
    auto task = Harness::task("resume");
    convert::to_proto(encode_arguments(50, "page"), task.mutable_heartbeat_details());
    EXPECT_TRUE(harness_.start(task).result.get().has_completed());
}

TEST_F(ActivityContext, GoesWithAThreadThatTheBodyStarts) {
    harness_.definitions.add("beat", [] {
        const auto context = Context::current();
        std::thread helper{[context] {
            EXPECT_FALSE(in_activity());
            context.heartbeat(1);
            context.run([] { heartbeat(2); });
            EXPECT_FALSE(in_activity());
        }};
        helper.join();
    });
    EXPECT_TRUE(harness_.run("beat").has_completed());
    EXPECT_EQ(harness_.heartbeats().size(), 2U);
}

TEST_F(ActivityContext, IsDeafAndMuteOnceTheAttemptEnded) {
    std::optional<Context> kept;
    harness_.definitions.add("keep", [&kept] { kept = Context::current(); });
    const auto running = harness_.start("keep");
    running.result.wait();
    kept->heartbeat(1);
    EXPECT_TRUE(harness_.heartbeats().empty());
    EXPECT_FALSE(kept->wait_for_cancellation());
    EXPECT_EQ(kept->info().activity_id, "7");
}

TEST_F(ActivityContext, TellsOfACancellationInEveryWay) {
    Promise<void> begun;
    const auto begins = begun.future();
    harness_.definitions.add("wait", [&begun] {
        EXPECT_FALSE(is_cancelled());
        EXPECT_FALSE(cancellation_details());
        EXPECT_FALSE(wait_for_cancellation(0s));
        throw_if_cancelled();
        bool called = false;
        {
            Promise<void> stopped;
            const auto stops = stopped.future();
            const std::stop_callback callback{cancellation(), [&] {
                                                  called = true;
                                                  stopped.set_value();
                                              }};
            begun.set_value();
            stops.wait();
        }
        EXPECT_TRUE(called);
        EXPECT_TRUE(is_cancelled());
        EXPECT_TRUE(wait_for_cancellation());
        EXPECT_TRUE(cancellation().stop_requested());
        EXPECT_THROW(throw_if_cancelled(), CancelledError);
        EXPECT_THROW(sleep(0s), CancelledError);
        EXPECT_THROW(sleep_async(1h).get(), CancelledError);
        const auto details = cancellation_details().value();
        EXPECT_EQ(details.reason, CancellationReason::Paused);
        EXPECT_TRUE(details.paused);
        EXPECT_TRUE(details.requested);
        EXPECT_FALSE(details.reset);
    });
    const auto running = harness_.start("wait");
    begins.wait();
    auto cancel = Harness::cancellation(coresdk::activity_task::PAUSED);
    cancel.mutable_details()->set_is_cancelled(true);
    cancel.mutable_details()->set_is_paused(true);
    running.attempt->cancel(cancel);
    EXPECT_TRUE(running.result.get().has_completed());
}

TEST_F(ActivityContext, SleepsAsLongAsItWasTold) {
    harness_.definitions.add("nap", [] {
        sleep(-1s);
        const auto start = std::chrono::steady_clock::now();
        sleep(1ms);
        EXPECT_GE(std::chrono::steady_clock::now() - start, 1ms);
    });
    EXPECT_TRUE(harness_.run("nap").has_completed());
}

TEST_F(ActivityContext, TellsOfTheWorkersShutdown) {
    harness_.definitions.add("look", [] { return worker_shutdown().stop_requested(); });
    EXPECT_FALSE(value_of<bool>(harness_.run("look")));
    harness_.worker_shutdown.request_stop();
    EXPECT_TRUE(value_of<bool>(harness_.run("look")));
}

class KeepingSink final : public log::Sink {
public:
    void write(const log::Record& record) noexcept override {
        const std::lock_guard lock{mutex};
        records.push_back(record);
    }
    std::mutex mutex;
    std::vector<log::Record> records;
};

TEST_F(ActivityContext, LogsWithTheAttemptsNames) {
    const auto sink = std::make_shared<KeepingSink>();
    log::set_sink(sink);
    harness_.definitions.add("note", [] { logger().info("half way", {{"percent", "50"}}); });
    harness_.run("note");
    log::set_sink(nullptr);
    ASSERT_EQ(sink->records.size(), 1U);
    std::string line = sink->records[0].message;
    for (const auto& field : sink->records[0].fields) {
        line += " " + field.name + "=" + field.value;
    }
    EXPECT_EQ(
        line,
        "half way percent=50 activity=note activity_id=7 attempt=1 task_queue=orders "
        "workflow_id=order-7 run_id=run-1"
    );
}

TEST_F(ActivityContext, MeasuresWithTheActivitysNames) {
    const auto measured = std::make_shared<test::Measured>();
    harness_.metrics = measured;
    harness_.definitions.add("brew", [] {
        meter().counter("cups").with_attributes({{"of", "tea"}}).add(2);
        meter().histogram<std::chrono::nanoseconds>("brewing").record(3s);
    });
    harness_.run("brew");
    const std::string here = "{namespace=default,task_queue=orders,activity_type=brew";
    EXPECT_THAT(
        measured->lines(),
        testing::ElementsAre(
            "counter cups" + here + ",of=tea} 2", "histogram brewing" + here + "} 3000 ms"
        )
    );
}

TEST_F(ActivityContext, MeasuresFromThreadsOfTheBodyAndAfterItsEnd) {
    const auto measured = std::make_shared<test::Measured>();
    harness_.metrics = measured;
    std::optional<Context> left;
    harness_.definitions.add("brew", [&] {
        left = Context::current();
        std::jthread{[context = *left] { context.meter().counter("cups").add(); }};
    });
    harness_.run("brew");
    left->meter().counter("cups").add();
    EXPECT_EQ(measured->lines().size(), 2U);
}

TEST_F(ActivityContext, MeasuresForNobodyIfNobodyIsToldButStillMindsNames) {
    harness_.definitions.add("brew", [] { meter().counter("cups").add(); });
    harness_.definitions.add("misname", [] { meter().counter("cups-of-tea").add(); });
    EXPECT_TRUE(harness_.run("brew").has_completed());
    EXPECT_THAT(harness_.run("misname").failed().failure().message(), HasSubstr("\"cups-of-tea\""));
}

TEST_F(ActivityContext, LogsAFailedAttemptUnlessItIsBenign) {
    const auto sink = std::make_shared<KeepingSink>();
    log::set_sink(sink);
    harness_.definitions.add("benign", [] {
        throw ApplicationError{"as usual", {.category = ErrorCategory::Benign}};
    });
    harness_.definitions.add("broken", [] { throw ApplicationError{"not as usual"}; });
    harness_.run("benign");
    harness_.run("broken");
    log::set_sink(nullptr);
    ASSERT_EQ(sink->records.size(), 1U);
    EXPECT_EQ(sink->records[0].level, log::Level::Warn);
    EXPECT_THAT(sink->records[0].fields.back().value, HasSubstr("not as usual"));
}

}  // namespace
}  // namespace hourglass::activity
