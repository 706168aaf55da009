// What becomes of operations when a part of the tree, or the worker, ends while they are handled.
#include "tests/integration/nexus/shop.hpp"

#include <atomic>
#include <future>
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
            while (!let_go_ && !cancelled.stop_requested()) {
                std::this_thread::yield();
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
};

TEST_F(Survives, TheEndOfTheExecutorsSupervisor) {
    start_with_slow_service();
    const auto handle = start_call("slow");
    ASSERT_TRUE(begun(1));
    ASSERT_TRUE(app_->kill("NexusExecutorSupervisor"));
    let_go_ = true;
    EXPECT_THAT(handle.result(), HasSubstr("done at call"));
    EXPECT_EQ(app_->counters().restarts.at("NexusExecutorSupervisor"), 1U);
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
    std::thread stopping{[this] { app_->stop(); }};
    let_go_ = true;
    stopping.join();
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
