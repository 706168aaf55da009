#include "src/core/reaper.hpp"

#include "src/core/generation.hpp"
#include "src/core/replayer.hpp"
#include "tests/unit/core/awaiting.hpp"
#include "tests/unit/core/replaying.hpp"

#include <gtest/gtest.h>

#include <future>
#include <memory>

namespace hourglass::core {
namespace {

using test::await;
using test::Awaited;

/// Waits until a reaping is done.
class Done {
public:
    [[nodiscard]] UniqueFunction<void()> callback() {
        return [promise = promise_] { promise->set_value(); };
    }
    [[nodiscard]] bool comes() {
        return future_.wait_for(std::chrono::seconds{30}) == std::future_status::ready;
    }

private:
    std::shared_ptr<std::promise<void>> promise_ = std::make_shared<std::promise<void>>();
    std::future<void> future_ = promise_->get_future();
};

TEST(Reaper, EndsAWorkerThatNeverPolled) {
    Done done;
    Reaper::reap({.worker = test::make_replayer(test::make_runtime())->worker()}, done.callback());
    EXPECT_TRUE(done.comes());
}

TEST(Reaper, AnswersThePollThatItsOwnerLeftOpen) {
    const auto replayer = test::make_replayer(test::make_runtime());
    Awaited<BytesResult> polled;
    replayer->worker()->poll_workflow_activation(polled.callback());
    Done done;
    Reaper::reap({.worker = replayer->worker()}, done.callback());
    EXPECT_EQ(polled.get().error().status, Status::Shutdown);
    EXPECT_TRUE(done.comes());
}

TEST(Reaper, FailsTheActivationThatItsOwnerLeft) {
    auto replayer = test::make_replayer(test::make_runtime());
    const auto pushed = await<VoidResult>([&](VoidCallback callback) {
        replayer->push("brief", test::brief_history(), std::move(callback));
    });
    ASSERT_TRUE(pushed);
    const auto activation = await<BytesResult>([&](BytesCallback callback) {
        replayer->worker()->poll_workflow_activation(std::move(callback));
    });
    ASSERT_TRUE(activation);
    Done done;
    Reaper::reap({.worker = replayer->worker(), .run_ids = {test::kRunId}}, done.callback());
    EXPECT_TRUE(done.comes());
}

TEST(Reaper, RefusesFurtherPollsOfTheOwner) {
    const auto replayer = test::make_replayer(test::make_runtime());
    Done done;
    Reaper::reap({.worker = replayer->worker()}, done.callback());
    const auto polled = await<BytesResult>([&](BytesCallback callback) {
        replayer->worker()->poll_workflow_activation(std::move(callback));
    });
    EXPECT_EQ(polled.error().status, Status::Shutdown);
    EXPECT_TRUE(done.comes());
}

TEST(Reaper, IsDoneWithAStaleWorkerToo) {
    const auto replayer = test::make_replayer(test::make_runtime());
    generation::bump();
    Done done;
    Reaper::reap(
        {.worker = replayer->worker(), .run_ids = {test::kRunId}, .task_tokens = {"token"}},
        done.callback()
    );
    EXPECT_TRUE(done.comes());
}

}  // namespace
}  // namespace hourglass::core
