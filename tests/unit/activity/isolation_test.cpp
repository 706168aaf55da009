// Attempts in processes of their own: what crosses the boundary, and what each kind of death costs.
#include "src/activity/isolation/failures.hpp"
#include "src/activity/isolation/server_handle.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/measured.hpp"
#include "tests/unit/activity/harness.hpp"
#include "tests/unit/activity/isolated_bodies.hpp"
#include "tests/unit/activity/processes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <ostream>
#include <signal.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <vector>

namespace hourglass::activity {
namespace {

using namespace std::chrono_literals;
namespace bodies = isolated_bodies;
using test::eventually;
using testing::AllOf;
using testing::HasSubstr;

const temporal::api::failure::v1::Failure& failure_of(const ExecutionResult& result) {
    return result.failed().failure();
}

const std::string& type_of(const ExecutionResult& result) {
    return failure_of(result).application_failure_info().type();
}

class IsolatedActivity : public testing::Test {
protected:
    IsolatedActivity() {
        harness_.definitions.add<&bodies::add>("add", isolated);
        harness_.definitions.add<&bodies::process_id>(isolated);
        // Those of the test before are on their way out.
        EXPECT_TRUE(eventually([] { return no_process_is_left(); }));
    }

    static bool no_process_is_left() { return test::children_of(isolation::server_pid()).empty(); }

    void wait_until_begun() {
        ASSERT_TRUE(eventually([this] { return !harness_.heartbeats().empty(); }));
    }

    /// What every kind of death leaves behind: nothing.
    void expect_the_next_attempt_to_work() {
        EXPECT_EQ(value_of<int>(harness_.run("add", 40, 2)), 42);
    }

    Harness harness_;
};

TEST_F(IsolatedActivity, GetsItsArgumentsAndGivesItsResult) {
    EXPECT_EQ(value_of<int>(harness_.run("add", 40, 2)), 42);
}

TEST_F(IsolatedActivity, RunsInAnotherProcessWhichTheNextAttemptGetsToo) {
    const auto first = value_of<long>(harness_.run("process_id"));
    EXPECT_NE(first, ::getpid());
    EXPECT_EQ(value_of<long>(harness_.run("process_id")), first);
}

TEST_F(IsolatedActivity, MayBeACoroutine) {
    harness_.definitions.add<&bodies::doubled>(isolated);
    EXPECT_EQ(value_of<int>(harness_.run("doubled", 21)), 42);
}

TEST_F(IsolatedActivity, HeartbeatsAndReadsTheLastAttemptsDetails) {
    harness_.definitions.add<&bodies::beat>(isolated);
    auto task = Harness::task("beat", encode_arguments("half"));
    convert::to_proto(encode_arguments("a third"), task.mutable_heartbeat_details());
    EXPECT_EQ(value_of<std::string>(harness_.start(task).result.get()), "a third");
    const auto heartbeats = harness_.heartbeats();
    ASSERT_EQ(heartbeats.size(), 1U);
    EXPECT_EQ(heartbeats[0].task_token(), "token");
    EXPECT_EQ(from_payload<std::string>(convert::from_proto(heartbeats[0].details(0))), "half");
}

TEST_F(IsolatedActivity, KnowsWhatAnAttemptKnowsAboutItself) {
    harness_.definitions.add<&bodies::describe>(isolated);
    EXPECT_EQ(value_of<std::string>(harness_.run("tell")), "7 token orders order-7 1");
}

TEST_F(IsolatedActivity, LogsToTheProgramsLogWithItsProcessId) {
    harness_.definitions.add<&bodies::log_a_line>(isolated);
    const test::LogLines lines;
    harness_.run("log_a_line");
    EXPECT_EQ(lines.count("from the other side activity=log_a_line activity_id=7"), 1U);
    EXPECT_EQ(lines.count(" isolated_pid="), 1U);
}

TEST_F(IsolatedActivity, MeasuresForTheProgram) {
    harness_.definitions.add<&bodies::measure>(isolated);
    const auto measured = std::make_shared<test::Measured>();
    harness_.metrics = measured;
    EXPECT_TRUE(harness_.run("measure").has_completed());
    const std::string here = "{namespace=default,task_queue=orders,activity_type=measure";
    EXPECT_THAT(
        measured->lines(),
        testing::ElementsAre(
            "counter cups" + here + ",of=tea} 2",
            "histogram brewing" + here + "} 1.5 ms",
            "gauge level" + here + "} -0.25"
        )
    );
    harness_.metrics = nullptr;
    EXPECT_TRUE(harness_.run("measure").has_completed()) << "nobody is told any more";
    EXPECT_EQ(measured->lines().size(), 3U);
}

TEST_F(IsolatedActivity, FailsWithTheApplicationErrorThatTheBodyThrows) {
    harness_.definitions.add<&bodies::decline>(isolated);
    const auto result = harness_.run("decline");
    EXPECT_EQ(failure_of(result).message(), "no money");
    EXPECT_EQ(type_of(result), "Declined");
    const auto& info = failure_of(result).application_failure_info();
    EXPECT_TRUE(info.non_retryable());
    EXPECT_EQ(info.next_retry_delay().seconds(), 3);
    EXPECT_EQ(from_payload<int>(convert::from_proto(info.details().payloads(0))), 7);
}

TEST_F(IsolatedActivity, FailsIfAnArgumentCannotBeRead) {
    EXPECT_EQ(type_of(harness_.run("add", 1, "two")), "hourglass::ConversionError");
}

TEST_F(IsolatedActivity, CompletesLaterIfTheBodySaysSo) {
    harness_.definitions.add<&bodies::complete_later>(isolated);
    EXPECT_TRUE(harness_.run("complete_later").has_will_complete_async());
}

TEST_F(IsolatedActivity, IsToldOfItsCancellationAndWhy) {
    harness_.definitions.add<&bodies::wait_for_cancellation>(isolated);
    const auto running = harness_.start("wait_for_cancellation");
    wait_until_begun();
    running.attempt->cancel(Harness::cancellation(coresdk::activity_task::TIMED_OUT));
    EXPECT_EQ(value_of<std::string>(running.result.get()), "timed out");
    EXPECT_EQ(harness_.timers->pending(), 1U) << "the idle process's, and not the grace";
}

TEST_F(IsolatedActivity, IsCancelledIfTheBodyLetsTheCancellationOut) {
    harness_.definitions.add<&bodies::sleep_until_cancelled>(isolated);
    const auto running = harness_.start("sleep_until_cancelled");
    running.attempt->cancel(Harness::cancellation());
    EXPECT_TRUE(running.result.get().has_cancelled());
}

TEST_F(IsolatedActivity, IsToldThatTheWorkerShutsDown) {
    harness_.definitions.add<&bodies::wait_for_shutdown>(isolated);
    const auto running = harness_.start("wait_for_shutdown");
    wait_until_begun();
    harness_.worker_shutdown.request_stop();
    EXPECT_EQ(value_of<std::string>(running.result.get()), "told");
}

TEST_F(IsolatedActivity, IsKilledIfItIgnoresItsCancellationForLongerThanTheGrace) {
    harness_.definitions.add<&bodies::ignore_cancellation>(isolated({.cancellation_grace = 2s}));
    const auto running = harness_.start("ignore_cancellation");
    wait_until_begun();
    running.attempt->cancel(Harness::cancellation());
    harness_.timers->advance(1999ms);
    EXPECT_FALSE(running.result.ready());
    harness_.timers->advance(1ms);
    const auto result = running.result.get();
    EXPECT_EQ(type_of(result), isolation::kIgnoredCancellation);
    EXPECT_THAT(
        failure_of(result).message(),
        AllOf(HasSubstr("'ignore_cancellation'"), HasSubstr("cancellation_grace of 2000 ms"))
    );
    expect_the_next_attempt_to_work();
}

struct Death {
    std::string name;
    Definition definition;
    std::string says;
};

void PrintTo(const Death& death, std::ostream* out) {
    *out << death.name;
}

class IsolatedActivityThatDies : public IsolatedActivity,
                                 public testing::WithParamInterface<Death> {};

TEST_P(IsolatedActivityThatDies, CostsItsAttemptAloneWhichSaysHow) {
    const Death& death = GetParam();
    harness_.definitions.add(death.definition);
    const auto result = harness_.run(death.definition.name);
    EXPECT_EQ(type_of(result), isolation::kCrashed);
    EXPECT_FALSE(failure_of(result).application_failure_info().non_retryable());
    EXPECT_THAT(
        failure_of(result).message(),
        AllOf(HasSubstr("'" + death.definition.name + "'"), HasSubstr(death.says))
    );
    expect_the_next_attempt_to_work();
}

INSTANTIATE_TEST_SUITE_P(
    Of,
    IsolatedActivityThatDies,
    testing::Values(
        Death{"Segfault", define<&bodies::segfault>(isolated), "SIGSEGV (Segmentation fault)"},
        Death{"StackOverflow", define<&bodies::overflow_the_stack>(isolated), "SIGSEGV"},
        Death{"Abort", define<&bodies::abort_the_process>(isolated), "SIGABRT (Aborted)"},
        Death{"Exit", define<&bodies::exit_with_three>(isolated), "exit code 3"},
        Death{"Terminate", define<&bodies::terminate_in_a_thread>(isolated), "SIGABRT"},
        Death{"Close", define<&bodies::close_every_descriptor>(isolated), "exit code 1"},
        Death{"Garbage", define<&bodies::write_into_every_descriptor>(isolated), "wrote where"}
    ),
    [](const auto& with) { return with.param.name; }
);

TEST_F(IsolatedActivity, SaysWhereItCrashed) {
    harness_.definitions.add<&bodies::segfault>(isolated);
    EXPECT_THAT(
        failure_of(harness_.run("segfault")).stack_trace(), HasSubstr("isolated_bodies::segfault()")
    );
}

TEST_F(IsolatedActivity, NamesItsMemoryLimitWhenItCrashes) {
    harness_.definitions.add<&bodies::abort_the_process>(isolated({.memory_limit = 12345 << 10}));
    EXPECT_THAT(
        failure_of(harness_.run("abort_the_process")).message(),
        HasSubstr("its memory_limit is 12641280 bytes")
    );
}

TEST_F(IsolatedActivity, IsKilledFromOutsideAndSaysSo) {
    harness_.definitions.add<&bodies::ignore_cancellation>(isolated);
    const auto running = harness_.start("ignore_cancellation");
    wait_until_begun();
    const auto processes = test::children_of(isolation::server_pid());
    ASSERT_EQ(processes.size(), 1U);
    ::kill(*processes.begin(), SIGKILL);
    EXPECT_THAT(
        failure_of(running.result.get()).message(),
        AllOf(HasSubstr("SIGKILL (Killed)"), HasSubstr("out of memory"))
    );
}

TEST_F(IsolatedActivity, TakesWhatItStartedWithItWhenItCrashes) {
    harness_.definitions.add<&bodies::start_a_subprocess_and_crash>(isolated);
    EXPECT_EQ(type_of(harness_.run("start_a_subprocess_and_crash")), isolation::kCrashed);
    ASSERT_EQ(harness_.heartbeats().size(), 1U);
    const auto subprocess =
        from_payload<int>(convert::from_proto(harness_.heartbeats()[0].details(0)));
    EXPECT_TRUE(eventually([subprocess] { return !test::runs(subprocess); }));
}

class IsolatedActivityWithADaemon : public IsolatedActivity {
protected:
    IsolatedActivityWithADaemon() {
        harness_.definitions.add<&bodies::leave_a_daemon_behind>(isolated({.cancellation_grace = 2s}
        ));
    }
    ~IsolatedActivityWithADaemon() override {
        for (const auto& beat : harness_.heartbeats()) {
            ::kill(from_payload<int>(convert::from_proto(beat.details(0))), SIGKILL);
        }
    }
};

TEST_F(IsolatedActivityWithADaemon, DoesNotWaitForItAfterACrash) {
    const auto running = harness_.start("leave_a_daemon_behind", true);
    ASSERT_TRUE(eventually([&] { return running.result.ready(); }));
    EXPECT_EQ(type_of(running.result.get()), isolation::kCrashed);
    expect_the_next_attempt_to_work();
}

TEST_F(IsolatedActivityWithADaemon, DoesNotWaitForItAfterTheGrace) {
    const auto running = harness_.start("leave_a_daemon_behind", false);
    wait_until_begun();
    running.attempt->cancel(Harness::cancellation());
    harness_.timers->advance(2s);
    ASSERT_TRUE(eventually([&] { return running.result.ready(); }));
    EXPECT_EQ(type_of(running.result.get()), isolation::kIgnoredCancellation);
}

// An allocation beyond the limit ends a program under a sanitizer instead of throwing.
#if !defined(HOURGLASS_TEST_SANITIZED)
TEST_F(IsolatedActivity, FailsAtItsMemoryLimitAndNamesIt) {
    harness_.definitions.add<&bodies::take_memory>(
        "take_memory", isolated({.memory_limit = 64 << 20})
    );
    const auto result = harness_.run("take_memory", 65);
    EXPECT_EQ(type_of(result), isolation::kMemoryLimit);
    EXPECT_FALSE(failure_of(result).application_failure_info().non_retryable());
    EXPECT_THAT(
        failure_of(result).message(), AllOf(HasSubstr("'take_memory'"), HasSubstr("67108864 bytes"))
    );
    EXPECT_TRUE(harness_.run("take_memory", 32).has_completed());
}

TEST_F(IsolatedActivity, HasItsWholeLimitAgainAfterAnotherAttemptLeakedToTheEnd) {
    harness_.definitions.add<&bodies::leak_memory>(isolated({.memory_limit = 64 << 20}));
    EXPECT_EQ(type_of(harness_.run("leak_memory", 100)), isolation::kMemoryLimit);
    EXPECT_TRUE(harness_.run("leak_memory", 30).has_completed());
}
#endif

TEST_F(IsolatedActivity, FailsIfItsArgumentsAreTooLargeForAFrame) {
    const auto result = harness_.run("add", std::string(isolation::kMaxFrameBytes, 'x'));
    EXPECT_EQ(type_of(result), isolation::kTooLarge);
    expect_the_next_attempt_to_work();
}

TEST_F(IsolatedActivity, FailsIfItsResultIsTooLargeForAFrame) {
    harness_.definitions.add<&bodies::large>(isolated);
    const auto result = harness_.run("large", 64);
    EXPECT_EQ(type_of(result), isolation::kTooLarge);
    EXPECT_THAT(failure_of(result).message(), HasSubstr("67108864"));
    expect_the_next_attempt_to_work();
}

TEST_F(IsolatedActivity, FailsIfItsProcessHasNotItsCode) {
    const auto no_code = std::make_unique<char[]>(std::size_t{1} << 20);  // on the heap
    Definition definition = define<&bodies::beat>(isolated);
    definition.isolated->run = reinterpret_cast<decltype(definition.isolated->run)>(no_code.get());
    harness_.definitions.add(definition);
    const auto result = harness_.run("beat", "x");
    EXPECT_EQ(type_of(result), isolation::kNotLoaded);
    EXPECT_THAT(failure_of(result).message(), HasSubstr("loaded after isolation::start()"));
}

TEST_F(IsolatedActivity, IsNotEndedByTheSignalsThatStopPrograms) {
    harness_.definitions.add<&bodies::wait_for_cancellation>(isolated);
    const auto running = harness_.start("wait_for_cancellation");
    wait_until_begun();
    const pid_t server = isolation::server_pid();
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
        for (const pid_t process : test::children_of(server)) {
            ::kill(process, signal);
        }
        ::kill(server, signal);
    }
    running.attempt->cancel(Harness::cancellation());
    EXPECT_EQ(value_of<std::string>(running.result.get()), "cancellation requested");
    expect_the_next_attempt_to_work();
}

TEST_F(IsolatedActivity, LeavesNoZombieAndNoDescriptorBehind) {
    harness_.definitions.add<&bodies::abort_the_process>(isolated);
    log::set_level(log::Level::Error);  // fifty times the same warning
    expect_the_next_attempt_to_work();
    const pid_t server = isolation::server_pid();
    const auto here = test::open_descriptors(::getpid());
    const auto there = test::open_descriptors(server);
    for (int i = 0; i < 200; ++i) {
        if (i % 4 == 0) {
            EXPECT_EQ(type_of(harness_.run("abort_the_process")), isolation::kCrashed);
        } else {
            expect_the_next_attempt_to_work();
        }
    }
    log::set_level(log::Level::Info);
    EXPECT_EQ(test::open_descriptors(::getpid()), here);
    EXPECT_TRUE(eventually([&] { return test::open_descriptors(server) == there; }));
    EXPECT_EQ(test::children_of(server).size(), 1U) << "zombies count as children";
}

TEST_F(IsolatedActivity, EndsItsProcessWhenThatWasIdleForLong) {
    expect_the_next_attempt_to_work();
    EXPECT_EQ(harness_.processes->count(), 1U);
    harness_.timers->advance(30s);
    EXPECT_EQ(harness_.processes->count(), 1U);
    harness_.timers->advance(30s);
    EXPECT_EQ(harness_.processes->count(), 0U);
    EXPECT_TRUE(eventually([] { return no_process_is_left(); }));
    EXPECT_EQ(harness_.timers->pending(), 0U);
}

TEST_F(IsolatedActivity, EndsItsIdleProcessesWithTheirOwner) {
    expect_the_next_attempt_to_work();
    harness_.processes->close();
    EXPECT_TRUE(eventually([] { return no_process_is_left(); }));
    expect_the_next_attempt_to_work();  // one that ran on meanwhile, say
    EXPECT_EQ(harness_.processes->count(), 0U);
    EXPECT_TRUE(eventually([] { return no_process_is_left(); }));
}

TEST_F(IsolatedActivity, IsInTheCatalogAsItsLineSays) {
    const Definitions catalog = Catalog::definitions();
    EXPECT_EQ(catalog.find("add")->isolated->bounds, Isolation{});
    EXPECT_TRUE(catalog.find("tell")->isolated);
    EXPECT_EQ(catalog.find("take_memory")->isolated->bounds.memory_limit, 64U << 20);
    EXPECT_TRUE(catalog.any_isolated());
}

TEST_F(IsolatedActivity, CannotHaveBoundsThatMakeNoSense) {
    Definitions definitions;
    EXPECT_THROW(definitions.add<&bodies::beat>(isolated({.memory_limit = 0})), ConfigurationError);
    EXPECT_THROW(
        definitions.add<&bodies::beat>(isolated({.cancellation_grace = -1ms})), ConfigurationError
    );
}

TEST_F(IsolatedActivity, IsNotTheSameAsTheOneInTheProgram) {
    Definitions definitions;
    definitions.add<&bodies::beat>(isolated).add<&bodies::beat>(isolated);
    EXPECT_THROW(definitions.add<&bodies::beat>(), DuplicateRegistrationError);
}

/// How long so many attempts take, eight at a time.
std::chrono::nanoseconds time_of(Harness& harness, const std::string& type, int attempts) {
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&harness, &type, attempts] {
            for (int k = 0; k < attempts / 8; ++k) {
                if (!harness.run(type).has_completed()) {
                    ADD_FAILURE() << type;
                }
            }
        });
    }
    threads.clear();
    return std::chrono::steady_clock::now() - begin;
}

TEST_F(IsolatedActivity, OfAMillisecondHasAThirdOfTheThroughputOfOneInTheProgramAtLeast) {
    constexpr int kAttempts = 400;
    constexpr int kRounds = 10;
    harness_.definitions.add<&bodies::millisecond>("in-process");
    harness_.definitions.add<&bodies::millisecond>("isolated", isolated);
    time_of(harness_, "in-process", 80);  // both with what they need at hand
    time_of(harness_, "isolated", 80);
    const auto processes = test::children_of(isolation::server_pid());
    EXPECT_LE(processes.size(), 8U) << "as many as ran at once";
    // In turn, so that both meet the same machine. One good round is enough: what makes a round
    // slow, other than the code, comes and goes.
    double factor = 1e9;
    for (int round = 0; round < kRounds && factor >= 3; ++round) {
        const auto here = time_of(harness_, "in-process", kAttempts);
        const auto there = time_of(harness_, "isolated", kAttempts);
        factor = static_cast<double>(there.count()) / static_cast<double>(here.count());
        std::cout << "attempts/s: in the program "
                  << kAttempts * 1e9 / static_cast<double>(here.count()) << ", isolated "
                  << kAttempts * 1e9 / static_cast<double>(there.count()) << "; factor " << factor
                  << "\n";
    }
    EXPECT_LT(factor, 3) << "in each of " << kRounds << " rounds";
    EXPECT_EQ(test::children_of(isolation::server_pid()), processes) << "an attempt costs no fork";
}

}  // namespace
}  // namespace hourglass::activity
