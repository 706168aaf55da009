// Whose values an activity converts.
#include "hourglass/convert/failures.hpp"
#include "tests/support/probe.hpp"
#include "tests/unit/activity/harness.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>

namespace hourglass::activity {
namespace {

using probe::Probe;

constexpr const char* kAttempt = "default/order-7 Checkout, activity 7 charge";

std::string encoded(const temporal::api::common::v1::Payload& payload) {
    return from_payload<std::string>(convert::from_proto(payload));
}

TEST(ContextOfActivities, OfArgumentsAndResultIsTheActivity) {
    Harness harness;
    std::string seen;
    harness.definitions.add("charge", [&seen](Probe value) {
        seen = value.decoded;
        return Probe{};
    });
    const auto result = harness.run("charge", Probe{});
    EXPECT_EQ(seen, kAttempt);
    EXPECT_EQ(encoded(result.completed().result()), kAttempt);
}

TEST(ContextOfActivities, IsThereAfterAnAwaitOnAnotherThread) {
    Harness harness;
    Promise<void> promise;
    const Future<void> future = promise.future();
    struct Body {
        static Task<Probe> wait(Future<void> future) {
            co_await std::move(future);
            co_return Probe();
        }
    };
    harness.definitions.add("charge", [future] { return Body::wait(future); });
    auto running = harness.start("charge");
    promise.set_value();
    EXPECT_EQ(encoded(running.result.get().completed().result()), kAttempt);
}

TEST(ContextOfActivities, OfHeartbeatsIsTheActivityOnThreadsOfItsBodyToo) {
    Harness harness;
    harness.definitions.add("charge", [] {
        const std::string before = activity::heartbeat_details<Probe>()->decoded;
        const Context context = Context::current();
        std::thread{[&context] { context.heartbeat(Probe{}); }}.join();
        return before;
    });
    auto task = Harness::task("charge");
    convert::to_proto(encode_arguments(Probe{}), task.mutable_heartbeat_details());
    const auto result = harness.start(std::move(task)).result.get();
    EXPECT_EQ(encoded(result.completed().result()), kAttempt);
    ASSERT_EQ(harness.heartbeats().size(), 1U);
    EXPECT_EQ(encoded(harness.heartbeats().at(0).details(0)), kAttempt);
}

TEST(ContextOfActivities, OfDetailsOfItsFailureIsTheActivity) {
    Harness harness;
    harness.definitions.add("charge", [] {
        throw ApplicationError{"declined", {.details = encode_arguments(Probe{})}};
    });
    const auto result = harness.run("charge");
    EXPECT_EQ(
        encoded(result.failed().failure().application_failure_info().details().payloads(0)),
        kAttempt
    );
}

TEST(ContextOfActivities, OfALocalOneSaysSo) {
    Harness harness;
    harness.definitions.add("charge", [] { return Probe{}; });
    auto task = Harness::task("charge");
    task.set_is_local(true);
    EXPECT_EQ(
        encoded(harness.start(std::move(task)).result.get().completed().result()),
        "default/order-7 Checkout, local activity 7 charge"
    );
}

}  // namespace
}  // namespace hourglass::activity
