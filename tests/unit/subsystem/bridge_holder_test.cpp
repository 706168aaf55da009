#include "src/subsystem/bridge_holder.hpp"

#include "src/subsystem/runtime.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

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

}  // namespace
}  // namespace hourglass::subsystem
