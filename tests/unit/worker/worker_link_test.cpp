#include "src/worker/worker_link.hpp"

#include "hourglass/supervision/virtual_system.hpp"
#include "tests/support/log_lines.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace hourglass::worker {
namespace {

using namespace std::chrono_literals;
using supervision::ExitReason;
using supervision::Pid;

/// A BridgeHolder of the test's making.
class FakeBridge final : public BridgeAccess {
public:
    Future<RegisterResult> register_worker(WorkerOptions /*options*/, Pid /*owner*/) override {
        Promise<RegisterResult> promise;
        auto future = promise.future();
        ++tries;
        if (fails > 0) {
            --fails;
            promise.set_value(failure(error));
        } else {
            promise.set_value(registration);
        }
        return future;
    }
    Future<void> unregister_worker(std::shared_ptr<Registration> ended) override {
        unregistered = std::move(ended);
        Promise<void> promise;
        auto future = promise.future();
        promise.set_value();
        return future;
    }
    void report_stale_handle(const std::string& detail) override { stale = detail; }

    int tries = 0;
    int fails = 0;
    core::CallError error{.status = core::Status::ConnectFailed, .message = "refused"};
    // Without a worker of Core: as if it was revoked.
    std::shared_ptr<Registration> registration = std::make_shared<Registration>(
        1, std::make_shared<const WorkerOptions>(), nullptr, LateWork{}
    );
    std::shared_ptr<Registration> unregistered;
    std::string stale;
};

class WorkerLinkTest : public ::testing::Test {
protected:
    supervision::Ref<WorkerLink> start() {
        return system_.run(system_.start<WorkerLink>(
            WorkerOptions{.task_queue = "orders"},
            bridge_,
            registry_,
            std::make_shared<Slot<supervision::Ref<WorkerLink>>>()
        ));
    }
    Future<std::shared_ptr<Registration>> when_registered(const supervision::Ref<WorkerLink>& link
    ) {
        return link.call_async<std::shared_ptr<Registration>>(
            &WorkerLink::when_registered, supervision::kInfinity
        );
    }

    test::LogLines lines_;
    supervision::VirtualSystem system_;
    std::shared_ptr<FakeBridge> bridge_ = std::make_shared<FakeBridge>();
    supervision::Ref<supervision::Registry> registry_ =
        system_.run(system_.start<supervision::Registry>());
};

TEST_F(WorkerLinkTest, RegistersUnderTheNameOfItsQueue) {
    const auto link = start();
    EXPECT_EQ(system_.run(when_registered(link)), bridge_->registration);
    EXPECT_EQ(
        system_.run(registry_.call([](supervision::Registry& names) { return names.find("orders"); }
        )),
        link.pid()
    );
}

TEST_F(WorkerLinkTest, TriesAgainWithGrowingWaitsAndOneWarning) {
    bridge_->fails = 5;
    const auto link = start();
    auto registered = when_registered(link);
    system_.run_until_idle();
    EXPECT_EQ(bridge_->tries, 1) << "no hot loop";
    EXPECT_EQ(system_.run(std::move(registered), 60s), bridge_->registration);
    EXPECT_EQ(bridge_->tries, 6);
    EXPECT_EQ(lines_.count("the worker cannot register; trying until it works"), 1u);
    EXPECT_EQ(lines_.count("the worker can register again"), 1u);
}

TEST_F(WorkerLinkTest, ReportsAStaleHandleAndWaitsForTheCascade) {
    bridge_->fails = 1;
    bridge_->error = {.status = core::Status::StaleHandle, .message = "old"};
    const auto link = start();
    system_.advance(1min);
    EXPECT_EQ(bridge_->stale, "old");
    EXPECT_EQ(bridge_->tries, 1);
    EXPECT_TRUE(link.pid().alive());
}

TEST_F(WorkerLinkTest, TakesTheNameOverFromOneThatIsOnItsWayOut) {
    const auto old = start();
    const auto link = start();
    EXPECT_EQ(system_.run(when_registered(link)), bridge_->registration);
    old.exit(ExitReason::kill());
    system_.run_until_idle();
    EXPECT_EQ(
        system_.run(registry_.call([](supervision::Registry& names) { return names.find("orders"); }
        )),
        link.pid()
    ) << "the end of the old one must not take the name along";
}

TEST_F(WorkerLinkTest, EndsAbnormallyWhenCoreEndedItsRegistrationAndNoOther) {
    const auto link = start();
    system_.run(when_registered(link));
    const auto other = std::make_shared<Registration>(
        2, std::make_shared<const WorkerOptions>(), nullptr, LateWork{}
    );
    link.cast([other](WorkerLink& self) { self.registration_ended(other.get()); });
    system_.run_until_idle();
    EXPECT_TRUE(link.pid().alive());
    link.cast([mine = bridge_->registration](WorkerLink& self) {
        self.registration_ended(mine.get());
    });
    const auto reason = system_.run(system_.ended(link.pid()));
    EXPECT_EQ(reason.name(), "core_shut_down");
    EXPECT_TRUE(reason.is_abnormal());
}

}  // namespace
}  // namespace hourglass::worker
