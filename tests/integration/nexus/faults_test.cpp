// What becomes of operations when a part of the tree, or the worker, ends while they are handled.
#include "tests/integration/nexus/shop.hpp"

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <thread>

namespace shop {
namespace {

class Survives : public ShopTest {
protected:
    /// A service whose handlers wait until they are let go, or told to end.
    void start_with_slow_service(std::chrono::milliseconds grace = 0ms) {
        hg::WorkerOptions worker;
        worker.graceful_shutdown_timeout = grace;
        worker.nexus_services.add("shop", "slow", [this]() -> std::string {
            const int number = ++begun_;
            const auto cancelled = nexus::cancellation();
            const auto shutdown = nexus::worker_shutdown();
            while (!let_go_ && !cancelled.stop_requested() &&
                   !(ends_with_worker_ && shutdown.stop_requested()) &&
                   !(number > 1 && only_first_waits_)) {
                std::this_thread::yield();
            }
            if (number == 1) {
                first_saw_shutdown_ = shutdown.stop_requested();
                first_ended_with_ = nexus::cancellation_reason();
            }
            nexus::throw_if_cancelled();
            return "done at call " + std::to_string(number);
        });
        start_app(worker);
    }
    [[nodiscard]] bool begun(int handlers) const {
        return eventually([this, handlers] { return begun_ >= handlers; }, 30s);
    }
    void TearDown() override {
        let_go_ = true;
        app_.reset();
    }

    std::atomic<int> begun_ = 0;
    std::atomic<bool> let_go_ = false;
    std::atomic<bool> ends_with_worker_ = false;
    std::atomic<bool> only_first_waits_ = false;
    std::atomic<bool> first_saw_shutdown_ = false;
    /// What had cancelled the first handler when it ended.
    std::atomic<std::optional<nexus::CancellationReason>> first_ended_with_{};
};

TEST_F(Survives, TheEndOfTheExecutorsSupervisor) {
    start_with_slow_service();
    const auto handle = start_call("slow");
    ASSERT_TRUE(begun(1));
    ASSERT_TRUE(app_->kill("NexusExecutorSupervisor"));
    // The first handler's answer is lost with its executor: who asked has to ask again.
    ASSERT_TRUE(begun(2));
    EXPECT_TRUE(eventually([this] {
        return app_->counters().restarts.at("NexusExecutorSupervisor") == 1U;
    }));
    let_go_ = true;
    EXPECT_THAT(handle.result(), HasSubstr("done at call"));
}

TEST_F(Survives, ACascade) {
    start_with_slow_service();
    const auto handle = start_call("slow");
    ASSERT_TRUE(begun(1));
    ASSERT_TRUE(app_->kill("BridgeHolder"));
    // Who asked was told to ask again, and the successor is asked.
    ASSERT_TRUE(begun(2));
    let_go_ = true;
    EXPECT_EQ(handle.result(), "done at call 2");
}

TEST_F(Survives, ACascadeAndTheFirstHandlerStillTimesOut) {
    start_with_slow_service();
    const auto handle = start_call("slow");
    ASSERT_TRUE(begun(1));
    only_first_waits_ = true;
    ASSERT_TRUE(app_->kill("BridgeHolder"));
    EXPECT_EQ(handle.result(), "done at call 2");
    // Its registration has ended, and nobody lets it go: its thread must come back all the same.
    EXPECT_TRUE(eventually([this] { return first_ended_with_.load().has_value(); }, 30s));
    EXPECT_EQ(first_ended_with_.load(), nexus::CancellationReason::TimedOut);
}

TEST_F(Survives, ACascadeAndTheEndOfTheProgramDoesNotWaitForTheFirstHandler) {
    start_with_slow_service(60s);
    const auto handle = start_call("slow");
    ASSERT_TRUE(begun(1));
    only_first_waits_ = true;
    ASSERT_TRUE(app_->kill("BridgeHolder"));
    EXPECT_EQ(handle.result(), "done at call 2");
    ASSERT_EQ(first_ended_with_.load(), std::nullopt) << "the request's deadline was too near";
    app_->stop();
    // With a grace period it would have come to its deadline.
    EXPECT_EQ(first_ended_with_.load(), nexus::CancellationReason::WorkerShutdown);
}

TEST_F(Survives, TheEndOfThePollLoop) {
    start_with_slow_service();
    ASSERT_TRUE(app_->kill("NexusPollLoop"));
    let_go_ = true;
    EXPECT_EQ(call("slow"), "done at call 1");
}

TEST_F(Survives, AnOrderlyEndOfTheWorker) {
    start_with_slow_service(20s);
    const auto handle = start_call("slow");
    ASSERT_TRUE(begun(1));
    ends_with_worker_ = true;
    app_->stop();
    EXPECT_TRUE(first_saw_shutdown_) << "it was not told while its answer could still be given";
    EXPECT_EQ(first_ended_with_.load(), std::nullopt) << "it was cancelled in its grace period";
    // Its answer was waited for; the workflow goes on when there is a worker again.
    app_.reset();
    start_app({});
    EXPECT_EQ(client_->handle<&Calls::run>(handle.id()).result(), "done at call 1");
}

TEST_F(Survives, AWorkerThatDoesNotWaitForIt) {
    start_with_slow_service(0ms);
    const auto handle = start_call("slow");
    ASSERT_TRUE(begun(1));
    app_->stop();
    EXPECT_EQ(begun_, 1);
    app_.reset();
    start_with_slow_service();
    let_go_ = true;
    EXPECT_THAT(client_->handle<&Calls::run>(handle.id()).result(), HasSubstr("done at call"));
    EXPECT_GE(begun_, 2);
}

}  // namespace
}  // namespace shop
