#include "hourglass/testing/activity_environment.hpp"

#include "hourglass/activity/activity.hpp"
#include "hourglass/convert/failures.hpp"
#include "tests/support/probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// [bodies]
std::string charge(std::string card, int cents) {
    if (card.empty()) {
        throw hg::ApplicationError{"no card", {.type = "BadCard", .non_retryable = true}};
    }
    return card + " pays " + std::to_string(cents);
}

int import_rows(int rows) {
    int done = hg::activity::heartbeat_details<int>().value_or(0);
    for (; done < rows; ++done) {
        hg::activity::heartbeat(done);
        hg::activity::throw_if_cancelled();
    }
    return done;
}
// [bodies]

void brew(int cups) {
    const auto counter = hg::activity::meter().counter("cups", {.unit = "cups"});
    counter.with_attributes({{"of", "te\"a"}}).add(static_cast<std::uint64_t>(cups));
}

struct Till {
    int balance = 0;
    int pay_in(int cents) { return balance += cents; }
};

void nothing() {}
hg::activity::Task<int> twice(int number) {
    co_await hg::activity::sleep_async(0ns);
    co_return 2 * number;
}
void throws_what_is_no_failure() {
    throw std::out_of_range{"beyond"};
}
void later() {
    hg::activity::complete_async();
}
std::string tell() {
    const auto& info = hg::activity::info();
    return info.activity_type + "/" + info.workflow_id.value() + "/" + std::to_string(info.attempt);
}
// [dynamic_body]
hg::RawValue forward(hg::Payloads arguments) {  // HOURGLASS_ACTIVITY(forward, dynamic)
    const std::string& type = hg::activity::info().activity_type;
    if (type == "refund") {
        throw hg::ApplicationError{"no refunds", {.type = "Refused"}};
    }
    const auto card = hg::from_payload<std::string>(arguments.at(0));
    return {hg::to_payload(type + "s " + card)};
}
// [dynamic_body]

bool until_the_worker_stops() {
    hg::activity::heartbeat();
    while (!hg::activity::worker_shutdown().stop_requested()) {
    }
    return true;
}

using hg::activity::CancellationReason;
using hg::testing::ActivityEnvironment;

// [run]
TEST(Charge, NeedsACard) {
    ActivityEnvironment environment;
    EXPECT_EQ(environment.run<&charge>("visa", 199), "visa pays 199");
    EXPECT_THROW(environment.run<&charge>("", 199), hg::ApplicationError);
}
// [run]

// [cancel]
TEST(ImportRows, StopsWhenItIsCancelled) {
    ActivityEnvironment* running = nullptr;
    ActivityEnvironment environment{{.on_heartbeat = [&running](const hg::Payloads& details) {
        if (hg::from_payload<int>(details.at(0)) == 3) {
            running->cancel();
        }
    }}};
    running = &environment;
    EXPECT_THROW(environment.run<&import_rows>(1000), hg::CancelledError);
    EXPECT_THAT(environment.heartbeats(), SizeIs(4));
}
// [cancel]

// [resume]
TEST(ImportRows, GoesOnWhereTheLastAttemptStopped) {
    auto info = hg::testing::default_activity_info();
    info.attempt = 2;
    info.heartbeat_details = hg::encode_arguments(7);
    ActivityEnvironment environment{{.info = info}};
    EXPECT_EQ(environment.run<&import_rows>(10), 10);
    EXPECT_THAT(environment.heartbeats(), SizeIs(3));
}
// [resume]

TEST(ActivityEnvironment, ConvertsItsValuesAsThoseOfTheAttempt) {
    ActivityEnvironment environment;
    std::string seen;
    const auto definition = hg::activity::define("charge", [&seen](const probe::Probe& value) {
        seen = value.encoded + " | " + value.decoded;
        return probe::Probe{};
    });
    const auto result = environment.run<probe::Probe>(definition, probe::Probe{});
    const std::string attempt = "default/test-workflow TestWorkflow, activity test-activity charge";
    EXPECT_EQ(seen, attempt + " | " + attempt);
    EXPECT_EQ(result.encoded + " | " + result.decoded, attempt + " | " + attempt);
}

TEST(ActivityEnvironment, RunsMemberFunctionsOfItsObjects) {
    const auto till = std::make_shared<Till>();
    hg::testing::ActivityEnvironmentOptions options;
    options.objects.add(till);
    ActivityEnvironment environment{options};
    EXPECT_EQ(environment.run<&Till::pay_in>(5), 5);
    EXPECT_EQ(environment.run<&Till::pay_in>(5), 10);
    EXPECT_EQ(till->balance, 10);
}

TEST(ActivityEnvironment, RunsWhatReturnsNothingAndCoroutinesAndCallables) {
    ActivityEnvironment environment;
    environment.run<&nothing>();
    EXPECT_EQ(environment.run<&twice>(21), 42);
    const auto add = hg::activity::define("add", [](int a, int b) { return a + b; });
    EXPECT_EQ((environment.run<int>(add, 1, 2)), 3);
}

// [dynamic]
TEST(ADynamicActivity, IsRunUnderTheNameThatTheWorkflowCalls) {
    ActivityEnvironment environment;
    EXPECT_EQ((environment.run_dynamic<&forward, std::string>("charge", "visa")), "charges visa");
    EXPECT_THROW(environment.run_dynamic<&forward>("refund", "visa"), hg::ApplicationError);
}
// [dynamic]

TEST(ADynamicActivity, MayBeACallableAndHasAllThatTheOthersHave) {
    ActivityEnvironment environment;
    const auto count = hg::activity::define("fallback", [](const hg::Payloads& arguments) {
        hg::activity::heartbeat(hg::activity::info().activity_type);
        return arguments.size();
    });
    EXPECT_EQ((environment.run_dynamic<int>(count, "charge", "visa", 199)), 2);
    EXPECT_EQ((environment.start_dynamic<int>(count, "nothing").get()), 0);
    EXPECT_EQ(hg::from_payload<std::string>(environment.heartbeats().at(0).at(0)), "charge");
}

TEST(ActivityEnvironment, TellsTheActivityWhatTheTestSays) {
    EXPECT_EQ(ActivityEnvironment{}.run<&tell>(), "tell/test-workflow/1");
    auto info = hg::testing::default_activity_info();
    info.workflow_id = "order-7";
    info.attempt = 3;
    EXPECT_EQ((ActivityEnvironment{{.info = info}}.run<&tell>()), "tell/order-7/3");
}

TEST(ActivityEnvironment, TellsTheTestWhatTheActivityMeasures) {
    std::vector<std::string> measured;
    ActivityEnvironment environment{{.on_measurement = [&](const hg::Measurement& each) {
        EXPECT_EQ(each.kind, hg::MetricKind::Counter);
        measured.push_back(
            std::string{each.name} + " " + std::to_string(static_cast<int>(each.value)) + " " +
            std::string{each.unit} + " " + std::string{each.attributes_json}
        );
    }}};
    environment.run<&brew>(2);
    EXPECT_THAT(
        measured,
        ::testing::ElementsAre(
            R"(cups 2 cups {"activity_type":"brew","namespace":"default","of":"te\"a","task_queue":"test-queue"})"
        )
    );
    ActivityEnvironment{}.run<&brew>(2);
}

TEST(ActivityEnvironment, ThrowsWhatAWorkflowWouldSee) {
    ActivityEnvironment environment;
    try {
        environment.run<&throws_what_is_no_failure>();
        FAIL() << "nothing was thrown";
    } catch (const hg::ApplicationError& error) {
        EXPECT_THAT(error.what(), HasSubstr("beyond"));
        EXPECT_THAT(error.type(), HasSubstr("out_of_range"));
    }
    EXPECT_THROW(environment.run<&later>(), hg::testing::CompletesAsyncError);
}

TEST(ActivityEnvironment, PassesTheReasonOfACancellation) {
    ActivityEnvironment* running = nullptr;
    ActivityEnvironment environment{{.on_heartbeat = [&running](const hg::Payloads&) {
        running->cancel(CancellationReason::TimedOut);
    }}};
    running = &environment;
    const auto body = hg::activity::define("body", [] {
        hg::activity::heartbeat();
        return hg::activity::cancellation_details().value().reason == CancellationReason::TimedOut;
    });
    EXPECT_TRUE((environment.run<bool>(body)));
}

TEST(ActivityEnvironment, TellsOfTheWorkersEnd) {
    ActivityEnvironment* running = nullptr;
    ActivityEnvironment environment{{.on_heartbeat = [&running](const hg::Payloads&) {
        running->shut_down_worker();
    }}};
    running = &environment;
    EXPECT_TRUE(environment.run<&until_the_worker_stops>());
}

TEST(ActivityEnvironment, RunsSeveralAtOnce) {
    ActivityEnvironment environment;
    std::vector<hg::Future<std::string>> running;
    for (int i = 0; i < 20; ++i) {
        running.push_back(environment.start<&charge>("visa", i));
    }
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(running[static_cast<std::size_t>(i)].get(), "visa pays " + std::to_string(i));
    }
}

TEST(ActivityEnvironment, EndsWhatStillRunsWhenItEnds) {
    hg::Future<void> waiting;
    {
        ActivityEnvironment environment;
        waiting = environment.start<void>(hg::activity::define("waits", [] {
            hg::activity::wait_for_cancellation();
            hg::activity::throw_if_cancelled();
        }));
    }
    EXPECT_THROW(waiting.get(), hg::FailureError);
}

}  // namespace
