#include "src/subsystem/bridge_holder.hpp"

#include "src/subsystem/runtime.hpp"
#include "src/testing/frontend.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace hourglass::subsystem {
namespace {

using namespace std::chrono_literals;
using supervision::ExitReason;

class BridgeHolderTest : public ::testing::Test {
protected:
    BridgeHolder::Options options() {
        return {
            .client = {.address = "127.0.0.1:9"},  // nobody is there
            .directory = directory_,
            .late = {.run = {}, .reports = {}},
            .registration_ended = [](std::uint64_t) {},
        };
    }

    supervision::ThreadedSystem system_;
    std::shared_ptr<Directory> directory_ = std::make_shared<Directory>();
    supervision::Ref<Runtime> runtime_ =
        system_
            .start<Runtime>(
                directory_,
                std::string{},
                std::make_shared<Meter>(TelemetryOptions{}, std::make_shared<CounterBook>())
            )
            .get();
    supervision::Ref<BridgeHolder> holder_ = system_.start<BridgeHolder>(options()).get();
};

TEST_F(BridgeHolderTest, EndsInOrderNotBeforeCoreHasFinalizedItsWorkers) {
    directory_->reapings.begun();  // by an incarnation that died

    const auto ended = system_.stop(holder_.pid(), ExitReason::shutdown(), 60s);
    // It has been told by the time that it answers.
    EXPECT_EQ(holder_.call([](BridgeHolder&) { return 1; }).get(), 1);
    EXPECT_FALSE(ended.ready());
    directory_->reapings.ended();
    EXPECT_EQ(ended.get(), ExitReason::shutdown());
    EXPECT_TRUE(runtime_.pid().alive());
}

TEST_F(BridgeHolderTest, EndsWithTheRuntimeWithoutWaiting) {
    directory_->reapings.begun();
    const auto ended = system_.ended(holder_.pid());
    runtime_.exit(ExitReason::named("bridge_reloaded"));
    EXPECT_TRUE(ended.wait_for(20s)) << "a cascade does not wait";
}

/// Connects in this process, and keeps what it was asked for.
struct Connects {
    core::Connect connect() {
        return
            [this, to = frontend->connector()](auto runtime, const auto& options, auto callback) {
                {
                    const std::lock_guard lock{mutex};
                    asked.push_back(options.api_key);
                }
                to(std::move(runtime), options, std::move(callback));
            };
    }
    std::vector<std::string> keys() {
        const std::lock_guard lock{mutex};
        return asked;
    }

    std::shared_ptr<testing::Frontend> frontend = std::make_shared<testing::Frontend>();
    std::mutex mutex;
    std::vector<std::string> asked;
};

TEST_F(BridgeHolderTest, ConnectsWithTheKeyThatTookThePlaceOfTheFirstAndSoDoesItsSuccessor) {
    system_.stop(holder_.pid(), ExitReason::shutdown(), 60s).get();
    Connects connects;
    auto with = options();
    with.client.api_key = "first";
    with.connect = connects.connect();
    const auto holder = system_.start<BridgeHolder>(with).get();
    while (!directory_->connection.get()) {
        std::this_thread::yield();
    }
    const auto before = directory_->connection.get();

    const auto replaced =
        holder
            .call_async<core::VoidResult>(
                [](BridgeHolder& its, supervision::Reply<core::VoidResult> reply) {
                    its.replace_credentials({.api_key = "second"}, std::move(reply));
                },
                supervision::kInfinity
            )
            .get();
    EXPECT_TRUE(replaced);
    EXPECT_NE(directory_->connection.get(), before);
    EXPECT_EQ(connects.keys(), (std::vector<std::string>{"first", "second"}));

    system_.stop(holder.pid(), ExitReason::shutdown(), 60s).get();
    const auto successor = system_.start<BridgeHolder>(with).get();
    EXPECT_EQ(successor.call([](BridgeHolder&) { return 1; }).get(), 1);
    while (connects.keys().size() < 3) {
        std::this_thread::yield();
    }
    EXPECT_EQ(connects.keys().back(), "second");
    system_.stop(successor.pid(), ExitReason::shutdown(), 60s).get();
}

}  // namespace
}  // namespace hourglass::subsystem
