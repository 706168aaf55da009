#include "src/core/replayer.hpp"

#include "tests/unit/core/awaiting.hpp"
#include "tests/unit/core/replaying.hpp"

#include "temporal/sdk/core/workflow_activation/workflow_activation.pb.h"
#include "temporal/sdk/core/workflow_completion/workflow_completion.pb.h"

#include <gtest/gtest.h>

#include <string>

namespace hourglass::core {
namespace {

using coresdk::workflow_activation::WorkflowActivation;
using test::await;

BytesResult poll(CoreWorker& worker) {
    return await<BytesResult>([&](BytesCallback callback) {
        worker.poll_workflow_activation(std::move(callback));
    });
}

WorkflowActivation parsed(const BytesResult& polled) {
    WorkflowActivation activation;
    if (polled) {
        activation.ParseFromString(polled->to_string());
    }
    return activation;
}

VoidResult complete(CoreWorker& worker, const std::string& completion) {
    return await<VoidResult>([&](VoidCallback callback) {
        worker.complete_workflow_activation(completion, std::move(callback));
    });
}

VoidResult push(Replayer& replayer, const std::string& history) {
    return await<VoidResult>([&](VoidCallback callback) {
        replayer.push("brief", history, std::move(callback));
    });
}

TEST(Replayer, ReplaysAHistoryAndEndsWhenItIsClosed) {
    const auto replayer = test::make_replayer(test::make_runtime());
    CoreWorker& worker = *replayer->worker();
    ASSERT_TRUE(push(*replayer, test::brief_history()));

    const auto first = parsed(poll(worker));
    EXPECT_EQ(first.run_id(), test::kRunId);
    ASSERT_EQ(first.jobs_size(), 1);
    EXPECT_EQ(first.jobs(0).initialize_workflow().workflow_type(), "Brief");
    EXPECT_TRUE(complete(worker, test::brief_completion()));

    const auto last = parsed(poll(worker));
    ASSERT_EQ(last.jobs_size(), 1);
    EXPECT_TRUE(last.jobs(0).has_remove_from_cache());
    EXPECT_EQ(
        last.jobs(0).remove_from_cache().reason(),
        coresdk::workflow_activation::RemoveFromCache::LANG_REQUESTED
    ) << "the replay went well: "
      << last.ShortDebugString();
    coresdk::workflow_completion::WorkflowActivationCompletion empty;
    empty.set_run_id(last.run_id());
    empty.mutable_successful();
    EXPECT_TRUE(complete(worker, empty.SerializeAsString()));

    replayer->close();
    EXPECT_EQ(poll(worker).error().status, Status::Shutdown);
    const auto ended = await<VoidResult>([&](VoidCallback callback) {
        worker.finalize_shutdown(std::move(callback));
    });
    EXPECT_TRUE(ended);
    EXPECT_EQ(worker.initiate_shutdown().error().status, Status::Shutdown);
}

TEST(Replayer, RefusesAHistoryThatIsNone) {
    const auto replayer = test::make_replayer(test::make_runtime());
    for (const char* wrong : {"", "\xff\xff"}) {
        const auto pushed = push(*replayer, wrong);
        ASSERT_FALSE(pushed);
        EXPECT_EQ(pushed.error().status, Status::InvalidArgument);
    }
    test::end(*replayer);
}

TEST(CoreWorker, TakesOnePollOfAKindAtATime) {
    const auto replayer = test::make_replayer(test::make_runtime());
    test::Awaited<BytesResult> first;
    replayer->worker()->poll_workflow_activation(first.callback());
    const auto second = poll(*replayer->worker());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().status, Status::InvalidArgument);
    EXPECT_FALSE(first.ready());
    test::end(*replayer);
}

}  // namespace
}  // namespace hourglass::core
