// Activations of a worker of Core that replays: there is no server, but whatever is not answered
// stays unanswered.
#include "src/worker/evaluate.hpp"

#include "hourglass/base/log.hpp"
#include "hourglass/supervision/task_supervisor.hpp"
#include "hourglass/supervision/virtual_system.hpp"
#include "hourglass/workflow/workflow.hpp"
#include "src/core/reaper.hpp"
#include "src/supervision/abandon.hpp"
#include "src/worker/evaluation_watch.hpp"
#include "src/worker/registration.hpp"
#include "tests/unit/core/awaiting.hpp"
#include "tests/unit/core/replaying.hpp"

#include "temporal/sdk/core/workflow_activation/workflow_activation.pb.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// As core::test::brief_history has it.
class Brief {
public:
    hourglass::Task<void> run() { co_await work(); }
    hourglass::Task<void> work() {
        if (during) {
            during();
        }
        co_return;
    }
    /// Runs in the workflow's code.
    static inline std::function<void()> during;
};
HOURGLASS_WORKFLOW(Brief, run);

/// What no history of this test has.
class Stale {
public:
    hourglass::Task<void> run() { co_await hourglass::workflow::sleep(std::chrono::hours{1}); }
};
HOURGLASS_WORKFLOW(Stale, run);

namespace hourglass::worker {
namespace {

using coresdk::workflow_activation::RemoveFromCache;
using coresdk::workflow_activation::WorkflowActivation;
using Lease = std::shared_ptr<TaskLease>;

/// Why Core evicts a run whose replay went well.
constexpr auto kAfterReplay = RemoveFromCache::LANG_REQUESTED;

class EvaluateTest : public ::testing::Test {
protected:
    EvaluateTest() {
        const auto pushed = core::test::await<core::VoidResult>([&](core::VoidCallback callback) {
            replayer_->push("brief", core::test::brief_history(), std::move(callback));
        });
        EXPECT_TRUE(pushed);
    }
    ~EvaluateTest() override {
        std::promise<void> done;
        core::Reaper::reap(
            {.worker = replayer_->worker(), .run_ids = std::move(unanswered_)},
            [&done] { done.set_value(); }
        );
        done.get_future().wait();
    }

    std::shared_ptr<Registration> registration(std::uint64_t id) {
        LateWork late;
        late.forget_run = [this](std::uint64_t registration_id, const std::string& run_id) {
            runs_.take(registration_id, run_id).reset();
        };
        return std::make_shared<Registration>(
            id, std::make_shared<const WorkerOptions>(), replayer_->worker(), std::move(late)
        );
    }

    /// The next activation; an error if Core has none to give, since the last one was not answered.
    Lease next() {
        auto promise = std::make_shared<std::promise<Lease>>();
        auto polled = promise->get_future();
        registration_->poll(TaskKind::Workflow, [promise](PollOutcome outcome) {
            promise->set_value(std::move(outcome.task));
        });
        if (polled.wait_for(std::chrono::seconds{30}) != std::future_status::ready) {
            throw std::runtime_error{"there is no next activation: the last one is not answered"};
        }
        return polled.get();
    }

    /// Why Core evicts the run, which it does next.
    RemoveFromCache::EvictionReason eviction() {
        const Lease lease = next();
        WorkflowActivation activation;
        activation.ParseFromString(std::string{lease->bytes()});
        EXPECT_TRUE(activation.jobs(0).has_remove_from_cache());
        evaluate(*lease, runs_, {.namespace_name = "replay"});
        return activation.jobs(0).remove_from_cache().reason();
    }

    static std::unique_ptr<workflow::WorkflowRun> stale_run() {
        const auto* definition = workflow::Catalog::process().find("Stale");
        return std::make_unique<workflow::WorkflowRun>(
            *definition, core::test::kRunId, workflow::RunOptions{}
        );
    }

    std::shared_ptr<core::Replayer> replayer_ =
        core::test::make_replayer(core::test::make_runtime());
    std::shared_ptr<Registration> registration_ = registration(1);
    CachedRuns runs_;
    std::vector<std::string> unanswered_;
};

TEST_F(EvaluateTest, KeepsARunUntilItHasFinishedAndCoreLetsGoOfIt) {
    evaluate(*next(), runs_, {.namespace_name = "replay"});
    EXPECT_EQ(runs_.size(), 1u) << "it may be queried";
    EXPECT_EQ(eviction(), kAfterReplay);
    EXPECT_EQ(runs_.size(), 0u);
    EXPECT_EQ(registration_->outstanding(), 0u);
}

TEST_F(EvaluateTest, StartsAfreshWhatIsInitializedAlthoughARunOfThatIdIsHere) {
    runs_.put(1, stale_run());
    evaluate(*next(), runs_, {.namespace_name = "replay"});
    EXPECT_EQ(eviction(), kAfterReplay) << "not the stale run's timer";
}

TEST_F(EvaluateTest, NeverTakesTheRunOfAnotherRegistration) {
    runs_.put(2, stale_run());
    evaluate(*next(), runs_, {.namespace_name = "replay"});
    EXPECT_EQ(eviction(), kAfterReplay);
    EXPECT_NE(runs_.take(2, core::test::kRunId), nullptr);
}

TEST_F(EvaluateTest, OfARevokedRegistrationLeavesNoRunBehind) {
    const Lease lease = next();
    unanswered_ = registration_->revoke().value().run_ids;
    EXPECT_EQ(unanswered_, std::vector<std::string>{core::test::kRunId});
    evaluate(*lease, runs_, {.namespace_name = "replay"});
    EXPECT_EQ(runs_.size(), 0u);
}

TEST_F(EvaluateTest, ATaskThatIsDroppedFailsAndIsNotStuck) {
    next().reset();
    EXPECT_EQ(eviction(), RemoveFromCache::LANG_FAIL);
}

TEST_F(EvaluateTest, AnEvictionThatIsDroppedTakesItsRunWithIt) {
    evaluate(*next(), runs_, {.namespace_name = "replay"});
    ASSERT_EQ(runs_.size(), 1u);
    next().reset();
    EXPECT_EQ(runs_.size(), 0u) << "Core has forgotten it, and evicts it no second time";
    EXPECT_EQ(registration_->outstanding(), 0u);
}

/// Timers that fire when the tests say so; most look themselves.
class HeldTimers final : public activity::Timers {
public:
    Id after(std::chrono::nanoseconds /*delay*/, UniqueFunction<void()> callback) override {
        ++set;
        last_ = std::move(callback);
        return 1;
    }
    void cancel(Id /*id*/) override {}
    void fire() {
        UniqueFunction<void()> callback = std::move(last_);  // which sets the next one
        callback();
    }
    int set = 0;

private:
    UniqueFunction<void()> last_;
};

class StuckEvaluationTest : public EvaluateTest {
protected:
    ~StuckEvaluationTest() override {
        Brief::during = nullptr;
        log::set_sink(nullptr);
    }

    /// Evaluates the first activation; its code does `during`, in which time passes.
    void evaluate_stuck(std::function<void()> during) {
        Brief::during = std::move(during);
        evaluate(*next(), runs_, {.namespace_name = "replay", .watch = watch_});
    }
    void look_after(std::chrono::milliseconds time) {
        watch_->check(EvaluationWatch::Clock::now() + time);
    }
    void give_up_after(std::chrono::milliseconds limit) {
        WorkerOptions options;
        options.deadlock_timeout = limit;
        registration_ = std::make_shared<Registration>(
            1, std::make_shared<const WorkerOptions>(options), replayer_->worker(), LateWork{}
        );
    }
    [[nodiscard]] bool logged(const std::string& text) const {
        return std::ranges::any_of(log_->lines, [&text](const std::string& line) {
            return line.find(text) != std::string::npos;
        });
    }

    struct Sink final : log::Sink {
        void write(const log::Record& record) noexcept override {
            std::string line = record.message;
            for (const auto& field : record.fields) {
                line += " " + field.name + "=" + field.value;
            }
            lines.push_back(line);
        }
        std::vector<std::string> lines;
    };
    std::shared_ptr<Sink> log_ = [] {
        auto sink = std::make_shared<Sink>();
        log::set_sink(sink);
        return sink;
    }();
    bool paused_ = false;
    std::shared_ptr<HeldTimers> timers_ = std::make_shared<HeldTimers>();
    std::shared_ptr<EvaluationWatch> watch_ = std::make_shared<EvaluationWatch>(
        timers_, EvaluationWatch::Options{.paused = [this] { return paused_; }, .enabled = true}
    );
};

TEST_F(StuckEvaluationTest, ThatReturnsInTimeIsLeftAlone) {
    evaluate_stuck([this] { look_after(std::chrono::milliseconds{1200}); });
    EXPECT_EQ(timers_->set, 1);
    EXPECT_EQ(eviction(), kAfterReplay);
}

TEST_F(StuckEvaluationTest, FailsItsTaskAndNamesTheWorkflowAndDropsWhatItDoesLater) {
    evaluate_stuck([this] { look_after(std::chrono::milliseconds{2100}); });
    EXPECT_EQ(runs_.size(), 0u);
    EXPECT_TRUE(logged("[TMPRL1101] workflow 'Brief' (id 'brief', run '"));
    EXPECT_TRUE(logged("run_id=" + std::string{core::test::kRunId}));
    EXPECT_TRUE(logged("The coroutine that runs had last come to:\n    at Brief::run (" __FILE__ ":"
    ));
    EXPECT_TRUE(logged("workflow code that had been given up has returned"));
    EXPECT_EQ(eviction(), RemoveFromCache::LANG_FAIL);
    EXPECT_EQ(registration_->outstanding(), 0u);
}

TEST_F(StuckEvaluationTest, IsNotEvictedBeforeItsCodeHasReturned) {
    evaluate_stuck([this] {
        look_after(std::chrono::milliseconds{2100});
        evaluate(*next(), runs_, {.namespace_name = "replay", .watch = watch_});  // its eviction
        EXPECT_EQ(registration_->outstanding(), 1u);
    });
    EXPECT_EQ(registration_->outstanding(), 0u);
}

TEST_F(StuckEvaluationTest, IsEvictedWhenItsWorkerShutsDownAndNamedAgain) {
    evaluate_stuck([this] {
        look_after(std::chrono::milliseconds{2100});
        evaluate(*next(), runs_, {.namespace_name = "replay", .watch = watch_});
        registration_->initiate_shutdown();
        look_after(std::chrono::milliseconds{2200});
        EXPECT_EQ(registration_->outstanding(), 0u);
        EXPECT_TRUE(logged("the worker shuts down while workflow code has not returned"));
    });
}

TEST_F(StuckEvaluationTest, IsNotLookedForWhileADebuggerHoldsTheProcess) {
    paused_ = true;
    evaluate_stuck([this] {
        look_after(std::chrono::minutes{5});
        paused_ = false;
        look_after(std::chrono::minutes{5} + std::chrono::milliseconds{1200});
    });
    EXPECT_EQ(eviction(), kAfterReplay);
}

TEST_F(StuckEvaluationTest, IsNotLookedForWhereTheOptionSaysSo) {
    give_up_after(std::chrono::milliseconds{0});
    evaluate_stuck([this] { look_after(std::chrono::minutes{5}); });
    EXPECT_EQ(timers_->set, 0);
    EXPECT_EQ(eviction(), kAfterReplay);
}

/// Of the machine's time, which is what the looks come by.
void let_pass(std::chrono::milliseconds time) {
    activity::ThreadTimers clock;
    std::promise<void> passed;
    clock.after(time, [&passed] { passed.set_value(); });
    passed.get_future().wait();
}

TEST_F(StuckEvaluationTest, IsNotBlamedForTimeInWhichNobodyCouldLook) {
    constexpr std::chrono::milliseconds kLimit{1000};
    give_up_after(kLimit);
    evaluate_stuck([this, kLimit] {
        let_pass(kLimit + std::chrono::milliseconds{100});  // as if the process was stopped
        timers_->fire();
        EXPECT_FALSE(logged("[TMPRL1101]"));
        EXPECT_EQ(timers_->set, 2) << "it is looked for again";
        look_after(2 * kLimit);
        EXPECT_TRUE(logged("[TMPRL1101]")) << "time counts again";
    });
    EXPECT_EQ(eviction(), RemoveFromCache::LANG_FAIL);
}

TEST_F(StuckEvaluationTest, HasItsWholeTimeHoweverOftenItIsLookedFor) {
    evaluate_stuck([this] {
        for (int look = 1; look <= 20; ++look) {
            timers_->fire();
            EXPECT_EQ(timers_->set, 1 + look);
        }
        EXPECT_FALSE(logged("[TMPRL1101]"));
    });
    EXPECT_EQ(eviction(), kAfterReplay);
}

TEST_F(StuckEvaluationTest, IsNotLookedForAnyMoreOnceItHasReturned) {
    evaluate_stuck([] {});
    timers_->fire();
    EXPECT_EQ(timers_->set, 1);
    EXPECT_EQ(eviction(), kAfterReplay);
}

TEST_F(StuckEvaluationTest, LosesItsProcessAndTheOthersGoOn) {
    supervision::VirtualSystem system;
    const auto tasks = system.run(system.start<supervision::TaskSupervisor>());
    bool alive = true;
    supervision::Pid process;
    Brief::during = [&] {
        process = supervision::running_process();
        look_after(std::chrono::milliseconds{2100});
        alive = process.alive();
    };
    supervision::TaskSupervisor::start_task(tasks, [this, lease = next()] {
        evaluate(*lease, runs_, {.namespace_name = "replay", .watch = watch_});
    });
    system.run_until_idle();
    EXPECT_FALSE(alive);
    EXPECT_TRUE(tasks.pid().alive());
    EXPECT_EQ(eviction(), RemoveFromCache::LANG_FAIL);
}

TEST(EvaluationWatchTest, KnowsWhetherItIsSwitchedOff) {
    EXPECT_FALSE(debugger_attached()) << "or somebody debugs this test";
    ::setenv("TEMPORAL_DEBUG", "1", 1);
    EXPECT_TRUE(debug_mode());
    const EvaluationWatch::Options options;
    EXPECT_FALSE(options.enabled);
    ::setenv("TEMPORAL_DEBUG", "", 1);
    EXPECT_FALSE(debug_mode());
    ::unsetenv("TEMPORAL_DEBUG");
    EXPECT_FALSE(debug_mode());
}

/// What may become of the process that evaluates an activation.
struct Death {
    std::string name;
    std::function<void(const supervision::TaskRef&)> befalls;
    bool runs;
};

class EvaluatorDeath : public EvaluateTest, public ::testing::WithParamInterface<Death> {};

TEST_P(EvaluatorDeath, IsAnsweredWithAFailureOfTheTask) {
    supervision::VirtualSystem system;
    const auto tasks = system.run(system.start<supervision::TaskSupervisor>());
    bool ran = false;
    const auto task = supervision::TaskSupervisor::start_task(tasks, [lease = next(), &ran] {
        ran = true;
        throw std::runtime_error{"the evaluator crashes"};
    });
    GetParam().befalls(task);
    system.run_until_idle();
    EXPECT_EQ(ran, GetParam().runs);
    EXPECT_FALSE(task.pid.alive());
    EXPECT_TRUE(tasks.pid().alive());
    EXPECT_EQ(eviction(), RemoveFromCache::LANG_FAIL);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    EvaluatorDeath,
    ::testing::Values(
        Death{
            "Killed",
            [](const supervision::TaskRef& task) {
                task.pid.exit(supervision::ExitReason::kill());
            },
            false
        },
        Death{"Crashed", [](const supervision::TaskRef&) {}, true}
    ),
    [](const auto& death) { return death.param.name; }
);

}  // namespace
}  // namespace hourglass::worker
